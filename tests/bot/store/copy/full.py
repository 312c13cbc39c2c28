"""A store with something in every table, and what whoever uses it sees."""

from __future__ import annotations

from bot.play.fact import Fact
from bot.store.drafts import Deed, DraftRow, InviteRow, Moved, PublicationRow, RehearsalRow, RoleRow
from bot.store.port import Commit, OutboxCard, Outcome, Session, Store, Trouble
from tests.bot.store.rooms import closing_at, decided, gather_room, paid, planned, stands, vote
from tests.bot.store.steps import STORY, after, begin, card, chose, due, event, step

DAY = 24 * 3600 * 1000


async def fill(store: Store, viewers: int = 3) -> None:
    """Put rows into every table: several where a table's rows hang together."""
    for number in range(viewers):
        session = await begin(store, f"viewer {number}", cards=())
        then = after(session, address=f"console:chat-{number}", state=bytes(range(256)) * 4)
        facts = (chose("get-on"), Fact("ending", "alone", None, 3 * DAY, None))
        made = step(session, cards=(card(session),), agenda=(due(then, 5_000),), facts=facts)
        assert await store.commit(Commit(made.event, then, session.revision, made.cards, made.agenda, facts)) is (
            Outcome.COMMITTED
        )
        await store.prefer(session.viewer, "sound", "off \N{GRINNING FACE} 'quoted'")
        await store.buy(event(), paid(session.viewer, f"charge {number}"))
        await store.keep_shown(stands(session.id, f"chat-{number}"))
    await store.speak(session.viewer, "zh")
    await store.keep_code("code", session.viewer, 0, DAY)
    await watch_together(store)
    await create(store, session.viewer)
    await store.lose_chat("console", "chat-lost", 4_000)
    await store.keep_version(STORY, "v1", '{"story.yaml": "' + "x" * 100_000 + '"}', 1_000)
    await store.keep_clip_file("bot", "clip", "file")
    await store.set_aside(Trouble(event("trouble"), "an error", 1_000))
    await store.serve(["telegram"], 1_000)
    await store.trim_facts(DAY, None, 100)


async def watch_together(store: Store) -> None:
    """A room, whose first ballot is decided, with votes; and one that is planned."""
    room = await gather_room(store)
    await store.cast(event(), vote(room))
    await store.cast(event(), vote(room, "console:bob", "stay get-on", weight=2))
    session = await store.session(room.session)
    assert session is not None
    made = step(session, agenda=(closing_at(room, 9_000),), ballot=decided(room))
    assert await store.commit(made) is Outcome.COMMITTED
    await store.plan(event(), planned())


def done(deed: str, viewer: int, story: str = "sent-in") -> Deed:
    return Deed(story, 1_000, viewer, deed, "1")


async def create(store: Store, viewer: int) -> None:
    """A story that was sent in, with two who work on it, and published."""

    def nobody(session: Session) -> Moved:
        raise AssertionError(f"{session} is not to be landed")

    sent = DraftRow("sent-in", 1, viewer, 1_000, '{"story.yaml": "' + "y" * 100_000 + '"}', "{}")
    assert await store.keep_draft(sent, done("sent", viewer)) is Outcome.COMMITTED
    await store.keep_draft(DraftRow("other", 1, viewer, 1_000, "{}", "{}"), done("sent", viewer, "other"))
    await store.give_role(RoleRow("sent-in", viewer + 1, "tester", 2_000), done("gave", viewer))
    await store.keep_invite(InviteRow("digest", "sent-in", "writer", viewer, DAY), done("invited", viewer))
    await store.keep_rehearsal(RehearsalRow(viewer, "sent-in", 1, 0, '{"scene": "whistle"}', 2_000), None)
    row = PublicationRow("sent-in", 1, "v1", "live", viewer, 3_000, "{}")
    assert await store.publish(row, "{}", [], nobody, done("published", viewer)) == []


async def look(store: Store) -> list[object]:
    """What the store says, without numbers that it gives by itself."""
    seen: list[object] = []
    for user in ("viewer 0", "viewer 2"):
        viewer = await store.viewer("console", user)
        about = await store.export(viewer.id)
        seen += [viewer, await store.preferences(viewer.id), await store.sessions_of(viewer.id), sorted(about)]
        seen += [await store.purchases(viewer.id), await store.shown_in("console", f"chat-{user[-1]}")]
    room = await store.room_by_code("red-fox")
    assert room is not None
    seen += [room, await store.room_at("console", "chat-1"), await store.votes_in(room.session)]
    seen += [await store.ballots(room.session), await store.tally(room.session, 0), await store.plans_due(9_999, 9)]
    seen += [[(one.id, one.body) for one in await store.pending("console", 0, 99)], await store.due(9_999, 99)]
    seen += [await store.choice_counts(STORY, "whistle"), await store.ending_counts(STORY), await store.troubles(9)]
    seen += [await store.code_of("code", 0), await store.chat_lost("console", "chat-lost")]
    seen += [await store.version(STORY, "v1"), await store.clip_file("bot", "clip"), await store.seen(event("trouble"))]
    return seen + await look_at_creators(store)


async def look_at_creators(store: Store) -> list[object]:
    """What they see of their story, and it of them."""
    [role, *_] = roles = await store.roles_in("sent-in")
    seen: list[object] = [roles, await store.roles_of(role.viewer), await store.draft("sent-in")]
    seen += [await store.audit("sent-in", 9), await store.audit("other", 9), await store.published()]
    return [*seen, await store.rehearsal(role.viewer)]


async def goes_on(store: Store) -> None:
    """New rows come after those that were there."""
    last = max(one.id for one in await store.pending("console", 0, 99))
    await store.post(None, [OutboxCard("console", "chat-1", 0, 0, b"new")])
    assert [one.body for one in await store.pending("console", last, 99)] == [b"new"]
    before = await store.room_by_code("red-fox")
    fresh = await gather_room(store, "blue-fox")
    assert await store.room_at("console", "chat-1") == fresh != before
    viewer = await store.viewer("console", "viewer 0")
    [session] = await store.sessions_of(viewer.id)
    assert await store.commit(step(session, facts=(chose("get-on"),))) is Outcome.COMMITTED
    await store.note_deed(done("looked", viewer.id))
    await store.note_deed(done("looked again", viewer.id))
    assert [one.deed for one in await store.audit("sent-in", 3)] == ["looked again", "looked", "published"]
    invite = await store.use_invite("digest", viewer.id, 2_000)
    assert invite is not None
    assert await store.role_in("sent-in", viewer.id) == "writer"
