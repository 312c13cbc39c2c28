"""Publishing: what it would do is told before, and is what it does; nobody loses their place or is told twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.library import Library, UnknownStory
from bot.play.landing import Fate
from bot.play.step import Reason
from bot.store.errors import StoreAway
from bot.store.port import Session
from bot.studio import publishing as publishings
from bot.studio.creator import Denied, Why
from bot.studio.crossing import JUST_NOW, LATELY
from bot.studio.publishing import Published
from tests.fakes.atelier import NO_YARD, OTHER_BUTTONS, OTHER_WORDS, STORY, TALE, Atelier
from tests.fakes.house import no_lengths

SECRET = b"a secret for tests, thirty-two bytes"


@pytest.fixture
async def house(house: Atelier) -> Atelier:
    """The tale is live."""
    await house.publish(TALE)
    return house


async def stored(house: Atelier, session: Session) -> Session:
    found = await house.store.session(session.id)
    assert found is not None
    return found


async def why(work: object) -> Why:
    with pytest.raises(Denied) as denied:
        await work  # type: ignore[misc]
    return denied.value.why


async def cards(house: Atelier, session: Session) -> int:
    return sum(card.session == session.id for card in await house.store.pending("console", 0, 10_000))


# -- what it does


async def test_what_is_published_is_there_at_once_and_what_was_only_sent_is_not(house: Atelier) -> None:
    await house.draft(OTHER_WORDS)
    assert house.library.story(STORY).wordings["en"].plain("scene/yard/line/yard") == "The yard."
    done = await house.publish()
    assert (done.row.number, done.row.state, done.fates, done.told) == (2, "live", {}, 0)
    assert house.library.story(STORY).wordings["en"].plain("scene/yard/line/yard") == "The big yard."


@pytest.mark.parametrize(("text", "fate", "scene", "refreshed"), [
    (OTHER_WORDS, Fate.CONTINUES, "yard", False),
    (OTHER_BUTTONS, Fate.CONTINUES, "yard", True),
    (NO_YARD, Fate.MOVED, "gate", True),
    (NO_YARD.replace("gate", "door"), Fate.RESTARTS, "door", True),
])  # fmt: skip
async def test_it_does_what_was_proposed(house: Atelier, text: str, fate: Fate, scene: str, refreshed: bool) -> None:
    seen = await house.play("ann", "in")
    waiting = await cards(house, seen.session)
    await house.draft(text)
    proposal = await house.studio.publishing.propose(house.owner, STORY, house.clock())
    [stand] = proposal.impact.stands
    assert (stand.scene, stand.fate, stand.to, stand.refreshed) == ("yard", fate, scene, refreshed)
    assert proposal.impact.changes
    assert await stored(house, seen.session) == seen.session, "it was only asked"
    done = await house.publish()
    assert (done.fates, done.told) == ({fate: 1}, int(refreshed))
    now = await stored(house, seen.session)
    assert (now.version, now.revision) == (proposal.story.version, seen.session.revision + refreshed)
    assert await cards(house, now) == waiting + refreshed
    assert (now.updated, now.address, now.seed) == (seen.session.updated, seen.session.address, seen.session.seed)
    answer = await house.app.current("console", "ann", now.id)
    assert (answer.state.scene, answer.state.landed) == (
        scene, {Fate.MOVED: "moved", Fate.RESTARTS: "restarts"}.get(fate, "refreshed" if refreshed else None)
    )  # fmt: skip


async def test_buttons_of_before_work_where_nothing_that_can_be_pressed_is_different(house: Atelier) -> None:
    seen = await house.play("ann", "in")
    await house.publish(OTHER_WORDS)
    assert (await house.tap("ann", seen, "end")).state.scene == "hall"


async def test_buttons_of_before_are_refused_kindly_where_something_is(house: Atelier) -> None:
    seen = await house.play("ann", "in")
    await house.publish(NO_YARD)
    late = await house.tap("ann", seen, "end")
    assert (late.notice, late.state.scene, late.state.landed) == (Reason.MOVED_ON, "gate", "moved")
    assert (await house.tap("ann", late, "in")).state.landed is None, "they are told until they go on"


async def test_who_was_away_for_long_is_not_written_to(house: Atelier) -> None:
    moved, stayed = await house.play("moved", "in"), await house.play("stayed", "in", "back")
    before = [await cards(house, one.session) for one in (moved, stayed)]
    text = NO_YARD.replace("label: In", "label: Inside")
    house.clock.advance((JUST_NOW + 1) / 1000)
    await house.publish(text)
    assert [await cards(house, one.session) for one in (moved, stayed)] == [before[0] + 1, before[1]]
    assert [(await stored(house, one.session)).revision - one.session.revision for one in (moved, stayed)] == [1, 1]
    house.clock.advance(LATELY / 1000)
    await house.publish(TALE.replace("gate", "door"))
    assert [await cards(house, one.session) for one in (moved, stayed)] == [before[0] + 1, before[1]]


async def test_a_publication_that_was_proposed_for_something_else_is_not_made(house: Atelier) -> None:
    await house.draft(OTHER_WORDS)
    one = await house.studio.publishing.propose(house.owner, STORY, 0)
    await house.draft(OTHER_BUTTONS)
    publish = house.studio.publishing.publish
    assert await why(publish(house.owner, STORY, one.upload, one.row.number, 0)) is Why.CHANGED
    two = await house.studio.publishing.propose(house.owner, STORY, 0)
    tries = await asyncio.gather(
        *(publish(house.owner, STORY, two.upload, two.row.number, 0) for _ in range(4)), return_exceptions=True
    )
    done = [one.row for one in tries if isinstance(one, Published)]
    refused = [one.why for one in tries if isinstance(one, Denied)]
    assert len(done) + len(refused) == 4
    assert (set(refused) <= {Why.CHANGED}, len(set(done))) == (True, 1)
    assert [row.number for row in await house.store.publications(STORY, 9)] == [2, 1]
    assert await why(house.studio.publishing.propose(house.owner, STORY, 0)) is Why.NOTHING


async def test_what_is_asked_for_twice_is_published_once_and_told_twice(house: Atelier) -> None:
    await house.draft(OTHER_WORDS)
    one = await house.studio.publishing.propose(house.owner, STORY, 0)
    publish = house.studio.publishing.publish
    first = await publish(house.owner, STORY, one.upload, one.row.number, 0)
    assert (await publish(house.owner, STORY, one.upload, one.row.number, 9)).row == first.row
    assert len(await house.store.publications(STORY, 9)) == 2
    other = await house.with_role("owner", name="somebody else")
    assert await why(publish(other, STORY, one.upload, one.row.number, 0)) is Why.NOTHING


async def test_a_revert_that_is_asked_for_twice_is_made_once_and_told_twice(house: Atelier) -> None:
    await house.publish(OTHER_WORDS)
    revert = house.studio.publishing.revert
    one = await house.studio.publishing.propose_revert(house.owner, STORY, 0)
    first = await revert(house.owner, STORY, one.row.number, 0)
    assert (await revert(house.owner, STORY, one.row.number, 9)).row == first.row
    assert len(await house.store.publications(STORY, 9)) == 3
    # The same number, and another deed.
    two = await house.studio.publishing.propose_revert(house.owner, STORY, 0)
    await house.publish(OTHER_BUTTONS)
    assert await why(revert(house.owner, STORY, two.row.number, 0)) is Why.CHANGED


async def test_of_more_sessions_than_are_moved_at_once_the_rest_is_landed_at_their_next_tap(
    house: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishings, "MOST_AT_ONCE", 3)
    seen = [await house.play(f"viewer {number}", "in") for number in range(5)]
    done = await house.publish(NO_YARD)
    assert sum(done.fates.values()) == 3
    for number, one in enumerate(seen):
        answer = await house.tap(f"viewer {number}", one, "end")
        assert (answer.state.scene, answer.state.landed) == ("gate", "moved")
        assert answer.session.version == house.library.story(STORY).version
        assert answer.session.revision == one.session.revision + 1


async def test_a_session_that_cannot_be_read_is_left_and_told_to_the_operator(house: Atelier) -> None:
    seen, well = await house.play("ann", "in"), await house.play("ben", "in")
    await house.app.store._database.write(  # type: ignore[attr-defined]
        lambda connection: connection.execute("UPDATE session SET state = x'00' WHERE id = ?", (seen.session.id,))
    )
    with capture_logs() as logs:
        done = await house.publish(OTHER_WORDS)
    assert done.fates == {Fate.CONTINUES: 1}
    assert {log["event"] for log in logs} == {"session_unreadable"}
    assert (await stored(house, well.session)).version == house.library.story(STORY).version


# -- taking back


async def test_a_publication_is_taken_back_and_that_too(house: Atelier) -> None:
    first = house.library.story(STORY).version
    seen = await house.play("ann", "in")
    second = (await house.publish(OTHER_WORDS)).row.version
    assert (await house.revert()).row.version == first
    assert (await stored(house, seen.session)).version == first
    assert (await house.revert()).row.version == second
    assert [row.version for row in await house.store.publications(STORY, 9)] == [second, first, second, first]
    assert (await house.tap("ann", seen, "end")).state.scene == "hall"


async def test_where_no_other_version_was_before_the_story_is_withdrawn(house: Atelier) -> None:
    seen = await house.play("ann", "in")
    publishing = house.studio.publishing
    proposal = await publishing.propose_revert(house.owner, STORY, 0)
    assert (proposal.row.state, proposal.row.number, proposal.impact.sessions) == ("withdrawn", 2, 0)
    assert await why(publishing.revert(house.owner, STORY, 3, 0)) is Why.CHANGED
    for _ in range(2):
        assert (await publishing.revert(house.owner, STORY, 2, 0)).row.state == "withdrawn"
    assert [row.state for row in await house.store.publications(STORY, 9)] == ["withdrawn", "live"]
    assert STORY not in house.library.stories
    assert (await house.tap("ann", seen, "end")).state.scene == "hall"
    assert (await house.revert()).row.state == "live"
    assert STORY in house.library.stories


async def test_where_nothing_was_before_nothing_is_taken_back(house: Atelier) -> None:
    await house.draft(story="other")
    assert await why(house.studio.publishing.propose_revert(house.owner, "other", 0)) is Why.NOTHING


async def test_a_revert_that_was_proposed_for_something_else_is_not_made(house: Atelier) -> None:
    await house.publish(OTHER_WORDS)
    proposed = await house.studio.publishing.propose_revert(house.owner, STORY, 0)
    await house.publish(OTHER_BUTTONS)
    assert await why(house.studio.publishing.revert(house.owner, STORY, proposed.row.number, 0)) is Why.CHANGED


# -- withdrawing, stopping, giving up


async def test_of_what_is_withdrawn_one_plays_on_and_nobody_begins(house: Atelier) -> None:
    seen = await house.play("ann", "in")
    row = await house.studio.publishing.withdraw(house.owner, STORY, 0)
    assert (row.state, row.number) == ("withdrawn", 2)
    assert await why(house.studio.publishing.withdraw(house.owner, STORY, 0)) is Why.NOTHING
    assert (await house.tap("ann", seen, "end")).state.scene == "hall"
    with pytest.raises(UnknownStory):
        await house.play("ben")
    await house.revert()
    assert (await house.play("ben")).state.scene == "gate"


async def test_what_is_stopped_is_played_by_nobody_until_an_operator_lets_it(house: Atelier) -> None:
    operator = await house.creator("operator", operator=True)
    seen = await house.play("ann", "in")
    withdraw = house.studio.publishing.withdraw
    assert await why(withdraw(house.owner, STORY, 0, "stopped")) is Why.UNKNOWN
    await withdraw(operator, STORY, 0, "stopped")
    assert await why(withdraw(operator, STORY, 0, "stopped")) is Why.NOTHING
    for play in (house.tap("ann", seen, "end"), house.play("ann"), house.play("ben")):
        with pytest.raises(UnknownStory):
            await play
    await house.draft(OTHER_WORDS)
    publishing = house.studio.publishing
    for work in (
        publishing.propose(house.owner, STORY, 0), publishing.publish(house.owner, STORY, 2, 3, 0),
        publishing.propose_revert(house.owner, STORY, 0), publishing.revert(house.owner, STORY, 3, 0),
        withdraw(house.owner, STORY, 0),
    ):  # fmt: skip
        assert await why(work) is Why.STOPPED
    await house.publish(who=replace(house.owner, operator=True))
    assert (await stored(house, seen.session)).version == house.library.story(STORY).version
    assert (await house.tap("ann", seen, "end")).state.scene == "hall"


@pytest.mark.parametrize("before", ["live", "withdrawn"])
async def test_what_an_operator_stopped_they_allow_again_as_it_was(house: Atelier, before: str) -> None:
    operator = await house.creator("operator", operator=True)
    seen, publishing = await house.play("ann", "in"), house.studio.publishing
    if before == "withdrawn":
        await publishing.withdraw(house.owner, STORY, 0)
    stop = await publishing.withdraw(operator, STORY, 0, "stopped")
    assert await publishing.stopped(STORY) == stop
    assert await why(publishing.allow(house.owner, STORY, stop.number, 0)) is Why.UNKNOWN
    assert await why(publishing.allow(operator, STORY, stop.number - 1, 0)) is Why.CHANGED
    row = await publishing.allow(operator, STORY, stop.number, 0)
    assert (row.state, row.number, row.version) == (before, stop.number + 1, stop.version)
    assert await publishing.stopped(STORY) is None
    assert await why(publishing.allow(operator, STORY, row.number, 0)) is Why.CHANGED
    assert (STORY in house.library.stories) == (before == "live")
    assert (await house.tap("ann", seen, "end")).state.scene == "hall"


async def test_another_worker_that_remembers_a_place_stops_too(house: Atelier) -> None:
    library = Library(house.folder / "stories", house.store, no_lengths)
    await library.load(0)
    other = App(house.store, library)
    seen = await house.tap("ann", await house.play("ann"), "in", other)
    seen = await house.tap("ann", seen, "back", other)
    operator = await house.creator("operator", operator=True)
    await house.studio.publishing.withdraw(operator, STORY, 0, "stopped")
    await library.refresh()
    with pytest.raises(UnknownStory):
        await house.tap("ann", seen, "in", other)


async def test_a_story_that_is_given_up_is_played_to_its_end_and_may_begin_again(house: Atelier) -> None:
    seen = await house.play("ann", "in")
    ann = await house.with_role("writer", name="a writer")
    await house.studio.delete(house.owner, STORY, 0)
    assert await house.store.draft(STORY) is None
    for creator in (house.owner, ann):
        assert await why(house.studio.portfolio.one(creator, STORY)) is Why.UNKNOWN
    assert (await house.tap("ann", seen, "back")).state.scene == "gate"
    with pytest.raises(UnknownStory):
        await house.play("ben")
    assert await why(house.studio.delete(house.owner, STORY, 0)) is Why.UNKNOWN
    done = await house.publish(OTHER_BUTTONS)
    assert done.row.number == 3
    assert (await stored(house, seen.session)).version == done.row.version


async def test_an_operator_gives_up_what_nobody_is_left_to(house: Atelier) -> None:
    await house.store.forget(house.owner.viewer, ())
    assert await house.store.draft(STORY) is None
    assert STORY in house.library.stories
    operator = await house.creator("operator", operator=True)
    await house.studio.delete(operator, STORY, 0)
    assert STORY not in house.library.stories


async def test_a_story_of_this_server_that_took_the_id_is_left_alone(house: Atelier) -> None:
    (house.folder / "stories" / STORY).mkdir()
    (house.folder / "stories" / STORY / "story.yaml").write_text(OTHER_BUTTONS)
    await house.library.load(0)
    seen = await house.play("ann", "in")
    await house.draft(NO_YARD)
    assert await why(house.studio.publishing.propose(house.owner, STORY, 0)) is Why.TAKEN
    assert await why(house.studio.publishing.publish(house.owner, STORY, 2, 2, 0)) is Why.TAKEN
    assert await stored(house, seen.session) == seen.session
    assert (await house.tap("ann", seen, "end")).state.scene == "hall"


# -- a database at fault


async def test_what_is_published_is_so_though_the_database_fails_right_after_it(
    house: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await house.play("ann", "in")
    await house.draft(NO_YARD)

    async def away() -> None:
        raise StoreAway("nobody answers")

    with monkeypatch.context() as fault:
        fault.setattr(house.store, "published", away)
        done = await house.studio.publishing.publish(house.owner, STORY, 2, 2, house.clock())
    assert done.fates == {Fate.MOVED: 1}
    assert (await house.tap("ann", seen, "end")).state.landed == "moved"
    assert house.library.story(STORY).version == done.row.version
