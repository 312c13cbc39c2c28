"""What every store promises, whatever database is behind it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace

import pytest

from bot.store.errors import StoreError, Unstorable
from bot.store.port import Commit, EventKey, Outcome, Store, Trouble
from tests.bot.store.conftest import NewStore
from tests.bot.store.steps import STORY, after, begin, card, chose, due, event, step

# -- viewers


async def test_a_viewer_is_made_on_first_sight_and_found_again(store: Store) -> None:
    first = await store.viewer("console", "ann")
    assert first.language is None
    assert await store.viewer("console", "ann") == first
    assert (await store.viewer("console", "bob")).id != first.id
    assert (await store.viewer("telegram", "ann")).id != first.id


async def test_an_identity_seen_many_times_at_once_is_one_viewer(store: Store) -> None:
    seen = await asyncio.gather(*(store.viewer("console", "ann") for _ in range(50)))
    assert len({viewer.id for viewer in seen}) == 1


async def test_the_language_a_viewer_chose_is_remembered(store: Store) -> None:
    ann, bob = await store.viewer("console", "ann"), await store.viewer("console", "bob")
    await store.speak(ann.id, "es")
    assert (await store.viewer("console", "ann")).language == "es"
    assert await store.viewer("console", "bob") == bob


# -- sessions


async def test_a_session_comes_back_as_it_was_committed(store: Store) -> None:
    session = await begin(store)
    assert await store.session(session.id) == session
    assert await store.session_in(session.viewer, STORY) == session
    pushed = replace(after(session), state=b"\x00\xff", address=None, updated=2_000, version="v2", seed=2**62 - 1)
    assert await store.commit(Commit(event(), pushed, 0)) is Outcome.COMMITTED
    assert await store.session(session.id) == pushed


async def test_a_session_nobody_has_is_none(store: Store) -> None:
    await begin(store)
    assert await store.session(secrets.randbits(62)) is None
    assert await store.session_in(1, STORY) is None
    assert await store.sessions_of(1) == []


@pytest.mark.parametrize("forged", [2**63, -(2**63) - 1, 2**200, -1])
async def test_a_forged_session_id_is_nobodys_and_harms_nobody(store: Store, forged: int) -> None:
    session = await begin(store)
    found = await asyncio.gather(store.session(session.id), store.session(forged), store.session(session.id))
    assert list(found) == [session, None, session]


async def test_many_sessions_loaded_at_once_are_each_their_own(store: Store) -> None:
    sessions = [await begin(store, user=str(number)) for number in range(30)]
    wanted = [*sessions, *sessions[:5]]
    assert await asyncio.gather(*(store.session(one.id) for one in wanted)) == wanted


async def test_the_latest_session_of_a_viewer_comes_first(store: Store) -> None:
    old, new = await begin(store, story="old"), await begin(store, story="new")
    await store.commit(Commit(event(), after(old, updated=9_000), 0))
    assert [one.story for one in await store.sessions_of(old.viewer)] == ["old", "new"]
    assert new.viewer == old.viewer


async def test_viewers_see_nothing_of_each_other(store: Store) -> None:
    ann, bob = await begin(store, "ann"), await begin(store, "bob")
    await store.commit(step(ann))
    assert await store.sessions_of(bob.viewer) == [bob]
    assert await store.session_in(bob.viewer, STORY) == bob


# -- commits


async def test_an_event_counts_once(store: Store) -> None:
    session = await begin(store)
    tap = step(session, cards=(card(session),), agenda=(due(after(session), 5_000),), facts=(chose("get-on"),))
    assert await store.commit(tap) is Outcome.COMMITTED
    assert await store.commit(tap) is Outcome.DUPLICATE
    again = replace(step(after(session)), event=tap.event, facts=(chose("get-on"),))
    assert await store.commit(again) is Outcome.DUPLICATE
    assert await store.session(session.id) == tap.session
    assert len(await store.pending("console", 0, 10)) == 1
    assert len(await store.due(9_000, 10)) == 1
    assert await store.choice_counts(STORY, "whistle") == {"get-on": 1}


async def test_an_event_sent_many_times_at_once_counts_once(store: Store) -> None:
    tap = step(await begin(store))
    outcomes = await asyncio.gather(*(store.commit(tap) for _ in range(20)))
    assert sorted(outcome.value for outcome in outcomes) == ["committed"] + ["duplicate"] * 19


async def test_an_event_is_seen_once_it_is_committed_and_not_when_it_met_a_conflict(store: Store) -> None:
    session = await begin(store)
    tap = step(session)
    assert not await store.seen(tap.event)
    await store.commit(tap)
    assert await store.seen(tap.event)
    late = step(session)
    assert await store.commit(late) is Outcome.CONFLICT
    assert not await store.seen(late.event)
    assert not await store.seen(EventKey("telegram", tap.event.id))


async def test_equal_event_ids_of_two_platforms_are_two_events(store: Store) -> None:
    session = await begin(store)
    assert await store.commit(step(session, EventKey("telegram", "1"))) is Outcome.COMMITTED
    assert await store.commit(step(after(session), EventKey("discord", "1"))) is Outcome.COMMITTED


async def test_a_step_from_a_revision_that_has_passed_changes_nothing(store: Store) -> None:
    session = await begin(store)
    await store.commit(step(session))
    late = step(session, cards=(card(session),), agenda=(due(session, 5_000),), facts=(chose("get-on"),))
    assert await store.commit(late) is Outcome.CONFLICT
    assert await store.pending("console", 0, 10) == []
    assert await store.next_due() is None
    assert await store.choice_counts(STORY, "whistle") == {}
    # The event is free: made again from where the session is, it counts.
    assert await store.commit(step(after(session), late.event)) is Outcome.COMMITTED


async def test_of_two_steps_from_one_revision_one_wins(store: Store) -> None:
    session = await begin(store)
    left, right = replace(after(session), state=b"left"), replace(after(session), state=b"right")
    outcomes = await asyncio.gather(
        store.commit(Commit(event(), left, 0, cards=(card(left),))),
        store.commit(Commit(event(), right, 0, cards=(card(right),))),
    )
    assert sorted(outcome.value for outcome in outcomes) == ["committed", "conflict"]
    assert await store.session(session.id) == (left if outcomes[0] is Outcome.COMMITTED else right)
    assert len(await store.pending("console", 0, 10)) == 1


async def test_steps_that_follow_each_other_may_arrive_together(store: Store) -> None:
    session = await begin(store)
    second, third = after(session), after(after(session))
    outcomes = await asyncio.gather(
        store.commit(Commit(event(), second, 0, agenda=(due(second, 5_000),))),
        store.commit(Commit(event(), third, 1, agenda=(due(third, 6_000),))),
    )
    assert list(outcomes) == [Outcome.COMMITTED, Outcome.COMMITTED]
    assert await store.session(session.id) == third
    assert [one.revision for one in await store.due(9_000, 10)] == [2]


async def test_a_step_of_a_session_nobody_has_is_a_conflict(store: Store) -> None:
    session = await begin(store)
    unknown = replace(session, id=secrets.randbits(62), story="other")
    assert await store.commit(step(unknown)) is Outcome.CONFLICT
    assert await store.session(unknown.id) is None


async def test_a_viewer_has_one_session_in_a_story(store: Store) -> None:
    session = await begin(store)
    second = replace(session, id=secrets.randbits(62))
    assert await store.commit(Commit(event(), second, None)) is Outcome.CONFLICT
    assert await store.commit(Commit(event(), session, None)) is Outcome.CONFLICT
    assert await store.sessions_of(session.viewer) == [session]


async def test_a_story_begun_twice_at_once_is_begun_once(store: Store) -> None:
    viewer = (await begin(store, story="another")).viewer
    one = replace(await begin(store, "bob"), viewer=viewer, id=1)
    outcomes = await asyncio.gather(
        *(store.commit(Commit(event(), replace(one, id=number), None)) for number in range(1, 9))
    )
    assert outcomes.count(Outcome.COMMITTED) == 1
    assert outcomes.count(Outcome.CONFLICT) == 7
    assert len(await store.sessions_of(viewer)) == 2


async def test_a_step_that_cannot_be_stored_fails_alone(store: Store) -> None:
    sessions = [await begin(store, str(number)) for number in range(6)]
    steps = [step(session, cards=(card(session),)) for session in sessions]
    steps[2] = replace(steps[2], session=after(sessions[2], seed=2**64))
    steps[4] = replace(steps[4], event=EventKey("console", "\ud800"))
    outcomes = await asyncio.gather(*(store.commit(one) for one in steps), return_exceptions=True)
    assert [number for number, one in enumerate(outcomes) if isinstance(one, Unstorable)] == [2, 4]
    assert outcomes.count(Outcome.COMMITTED) == 4
    revisions = [one.revision for session in sessions if (one := await store.session(session.id))]
    assert revisions == [1, 1, 0, 1, 0, 1]
    assert len(await store.pending("console", 0, 10)) == 4


async def test_a_hundred_steps_at_once_over_ten_sessions_all_count_once(store: Store) -> None:
    sessions = [await begin(store, str(number)) for number in range(10)]

    async def tap(number: int) -> None:
        key = event(number)
        while True:
            session = await store.session(sessions[number % 10].id)
            assert session is not None
            made = step(session, key, cards=(card(session, str(number).encode()),), facts=(chose("get-on"),))
            if await store.commit(made) is not Outcome.CONFLICT:
                return

    await asyncio.gather(*(tap(number) for number in range(100)))
    revisions = [one.revision for session in sessions if (one := await store.session(session.id))]
    assert revisions == [10] * 10
    bodies = [int(one.body) for one in await store.pending("console", 0, 1_000)]
    assert sorted(bodies) == list(range(100))
    assert await store.choice_counts(STORY, "whistle") == {"get-on": 100}


# -- the outbox


async def test_cards_of_a_chat_wait_in_the_order_they_were_committed(store: Store) -> None:
    session = await begin(store)
    for number in range(5):
        made = (card(session, b"%d first" % number), card(session, b"%d second" % number))
        await store.commit(step(session, cards=(*made, card(session, b"elsewhere", "chat-2"))))
        session = after(session)
    waiting = await store.pending("console", 0, 100)
    assert [one.id for one in waiting] == sorted({one.id for one in waiting})
    bodies = [one.body for one in waiting if one.address == "chat-1"]
    assert bodies == [b"%d %s" % (number, which) for number in range(5) for which in (b"first", b"second")]


async def test_pending_cards_are_one_platforms_after_an_id_up_to_a_limit(store: Store) -> None:
    session = await begin(store)
    made = [card(session, b"%d" % number, platform="console" if number % 2 else "web") for number in range(8)]
    await store.commit(step(session, cards=tuple(made)))
    first, second = await store.pending("console", 0, 2)
    assert (first.body, second.body) == (b"1", b"3")
    assert replace(first, id=0) == made[1]
    assert [one.body for one in await store.pending("console", second.id, 10)] == [b"5", b"7"]
    assert await store.pending("telegram", 0, 10) == []


async def test_delivered_cards_are_gone_and_their_ids_are_not_given_again(store: Store) -> None:
    session = await begin(store)
    await store.commit(step(session, cards=(card(session), card(session))))
    shown = [one.id for one in await store.pending("console", 0, 10)]
    await store.delivered(shown)
    await store.delivered([])
    assert await store.pending("console", 0, 10) == []
    await store.commit(step(after(session), cards=(card(session, b"next"),)))
    assert [one.body for one in await store.pending("console", shown[-1], 10)] == [b"next"]


async def test_failed_deliveries_are_counted(store: Store) -> None:
    session = await begin(store, cards=())
    await store.commit(step(session, cards=(card(session), card(session))))
    first, second = await store.pending("console", 0, 10)
    await store.attempted(first.id, "timed out")
    await store.attempted(first.id, "timed out again")
    assert [one.attempts for one in await store.pending("console", 0, 10)] == [2, 0]
    assert second.attempts == 0


# -- the agenda


async def test_a_step_takes_the_agenda_of_earlier_revisions_with_it(store: Store) -> None:
    session = await begin(store)
    other = await begin(store, "bob", agenda=(due(session, 4_000, revision=0),))
    second = after(session)
    await store.commit(step(session, agenda=(due(second, 5_000), due(second, 7_000, kind="reminder"))))
    assert [one.at for one in await store.due(9_000, 10)] == [5_000, 7_000]
    await store.commit(step(other, agenda=(due(after(other), 3_000),)))
    await store.commit(step(second))
    assert [one.session for one in await store.due(9_000, 10)] == [other.id]


async def test_a_late_word_about_an_agenda_row_that_is_gone_means_no_other(store: Store) -> None:
    session = await begin(store)
    second = after(session)
    gone, waiting = due(second, 4_000), due(after(second), 6_000)
    await store.commit(step(session, agenda=(gone,)))
    await store.commit(step(second, agenda=(waiting,)))
    await store.drop_due(gone)
    assert await store.due(9_000, 10) == [waiting]


async def test_a_revision_has_one_agenda_row_of_a_kind(store: Store) -> None:
    session = await begin(store)
    second = after(session)
    with pytest.raises(Unstorable):
        await store.commit(step(session, agenda=(due(second, 5_000), due(second, 7_000))))
    assert await store.session(session.id) == session
    assert await store.next_due() is None


async def test_what_is_due_comes_the_oldest_first_up_to_now(store: Store) -> None:
    session = await begin(store)
    second = after(session)
    await store.commit(step(session, agenda=tuple(due(second, at, kind=f"at-{at}") for at in (300, 100, 200, 400))))
    assert await store.next_due() == 100
    assert [one.at for one in await store.due(300, 10)] == [100, 200, 300]
    assert [one.at for one in await store.due(300, 2)] == [100, 200]
    oldest = (await store.due(300, 1))[0]
    assert oldest == due(second, 100, kind="at-100")
    await store.drop_due(oldest)
    assert await store.next_due() == 200


async def test_nothing_is_due_in_an_empty_agenda(store: Store) -> None:
    assert await store.next_due() is None
    assert await store.due(2**62, 10) == []


# -- figures, versions, clips, troubles


async def test_choices_are_counted_by_story_and_scene(store: Store) -> None:
    for user, choice in (("ann", "get-on"), ("bob", "get-on"), ("cat", "stay")):
        await begin(store, user, facts=(chose(choice), chose(None, kind="ending"), chose("wave", "gate")))
    await begin(store, "ann", "other-story", facts=(chose("get-on"), chose("get-on")))
    assert await store.choice_counts(STORY, "whistle") == {"get-on": 2, "stay": 1}
    assert await store.choice_counts(STORY, "gate") == {"wave": 3}
    assert await store.choice_counts("other-story", "whistle") == {"get-on": 2}
    assert await store.choice_counts(STORY, "nowhere") == {}


async def test_endings_are_counted_by_story(store: Store) -> None:
    ended = chose(None, "alone", kind="ending")
    for user in ("ann", "bob"):
        await begin(store, user, facts=(chose("get-on"), ended))
    session = await begin(store, "cat", facts=(chose(None, "gate", kind="begin"),))
    await store.commit(step(session, facts=(chose(None, "together", kind="ending"), ended)))
    await begin(store, "ann", "other-story", facts=(ended,))
    assert await store.ending_counts(STORY) == {"alone": 3, "together": 1}
    assert await store.ending_counts("other-story") == {"alone": 1}
    assert await store.ending_counts("nowhere") == {}
    assert await store.choice_counts(STORY, "alone") == {}


async def test_a_story_version_is_kept_once(store: Store) -> None:
    await store.keep_version(STORY, "v1", "first", 1)
    await store.keep_version(STORY, "v1", "second", 2)
    await store.keep_version(STORY, "v2", "third", 3)
    assert await store.version(STORY, "v1") == "first"
    assert await store.version(STORY, "v2") == "third"
    assert await store.version(STORY, "v3") is None


async def test_a_clips_file_id_belongs_to_one_bot_and_may_change(store: Store) -> None:
    assert await store.clip_file("bot-1", "digest") is None
    await store.keep_clip_file("bot-1", "digest", "file-1")
    await store.keep_clip_file("bot-2", "digest", "file-2")
    await store.keep_clip_file("bot-1", "digest", "file-3")
    assert await store.clip_file("bot-1", "digest") == "file-3"
    assert await store.clip_file("bot-2", "digest") == "file-2"


async def test_troubles_come_the_latest_first_and_replace_each_other(store: Store) -> None:
    for number in range(4):
        await store.set_aside(Trouble(event(number), "broke", number))
    await store.set_aside(Trouble(event(1), "broke again", 9))
    troubles = await store.troubles(3)
    assert [one.event.id for one in troubles] == ["1", "3", "2"]
    assert troubles[0] == Trouble(event(1), "broke again", 9)


# -- opening and closing


async def test_everything_is_there_after_a_restart(new_store: NewStore) -> None:
    store = new_store()
    await store.open()
    session = await begin(store)
    second = after(session)
    tap = step(session, cards=(card(second),), agenda=(due(second, 5_000),), facts=(chose("get-on"),))
    await store.commit(tap)
    await store.keep_version(STORY, "v1", "source", 1)
    await store.keep_clip_file("bot", "digest", "file")
    await store.set_aside(Trouble(event("bad"), "broke", 1))
    await store.speak(session.viewer, "es")
    await store.close()

    store = new_store()
    await store.open()
    assert await store.session(session.id) == second
    assert await store.commit(tap) is Outcome.DUPLICATE
    assert (await store.viewer("console", "ann")).language == "es"
    assert [one.body for one in await store.pending("console", 0, 10)] == [b"card"]
    assert await store.next_due() == 5_000
    assert await store.choice_counts(STORY, "whistle") == {"get-on": 1}
    assert await store.version(STORY, "v1") == "source"
    assert await store.clip_file("bot", "digest") == "file"
    assert len(await store.troubles(10)) == 1
    await store.close()


async def test_closing_finishes_what_was_asked_for(new_store: NewStore) -> None:
    store = new_store()
    await store.open()
    sessions = [await begin(store, str(number)) for number in range(20)]
    steps = [asyncio.ensure_future(store.commit(step(session))) for session in sessions]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*steps) == [Outcome.COMMITTED] * 20


async def test_a_store_that_is_not_open_says_so(new_store: NewStore) -> None:
    store = new_store()
    with pytest.raises(StoreError, match="not open"):
        await store.session(1)
    await store.open()
    await store.close()
    with pytest.raises(StoreError, match="not open"):
        await store.session(1)
    await store.close()
