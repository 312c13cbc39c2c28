"""What is live: its clips are served, its watch-alongs end in their version, and every worker has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.app import App
from bot.clips.deposit import Deposit
from bot.clips.library import ClipLibrary
from bot.clips.link import VAULT, ClipLinks
from bot.clips.shelf import Shelf
from bot.crew import Alone, Crew
from bot.crew import Clock as CrewClock
from bot.library import LOOKING, Library
from bot.play.event import Rewind
from bot.play.step import Reason
from bot.rooms import Reply
from bot.store.drafts import PublicationRow
from bot.store.postgres import PostgresStore
from bot.studio.creator import Denied, Why
from bot.watch.rules import Rules
from tests.fakes.atelier import NO_YARD, OTHER_BUTTONS, OTHER_WORDS, STORY, TALE, Atelier, atelier
from tests.fakes.crowd import Crowd
from tests.fakes.house import no_lengths

SECRET = b"a secret for tests, thirty-two bytes"


@pytest.fixture
async def house(house: Atelier) -> Atelier:
    """The tale is live."""
    await house.publish(TALE)
    return house


async def why(work: object) -> Why:
    with pytest.raises(Denied) as denied:
        await work  # type: ignore[misc]
    return denied.value.why


# -- clips and watch-alongs


def clip(letter: str) -> Deposit:
    return Deposit(letter * 64 + ".mp4", 1_000, 4.0)


async def link(house: Atelier, scene: str, version: str | None = None) -> str | None:
    """The address of a scene's clip, as a player gets it."""
    shelf = Shelf(ClipLibrary(house.folder / "stories"), ClipLinks(SECRET, ""), house.vault)
    story = house.library.story(STORY) if version is None else await house.library.version(STORY, version)
    found = shelf.clip(story, story.scenes[scene], house.clock() / 1000)
    return None if found is None else found.link


def signed(house: Atelier, letter: str) -> str:
    return ClipLinks(SECRET, "").sign(VAULT, clip(letter).name, house.clock() / 1000)


async def test_the_clips_of_what_is_live_are_served_and_an_older_version_keeps_its_own(house: Atelier) -> None:
    assert await link(house, "yard") is None
    await house.draft(clips={"clips/gate.mp4": clip("a"), "clips/yard.mp4": clip("b")})
    first = (await house.publish()).row.version
    assert await link(house, "yard") == signed(house, "b")
    await house.draft(NO_YARD, clips={"clips/gate.mp4": clip("c")})
    await house.publish()
    assert await link(house, "gate") == signed(house, "c")
    assert await link(house, "yard", first) == signed(house, "b")


async def test_a_version_that_is_taken_back_keeps_its_clips_too(house: Atelier) -> None:
    text = TALE.replace("clips/yard.mp4", "clips/big-yard.mp4")
    await house.draft(text, clips={"clips/big-yard.mp4": clip("d")})
    second = (await house.publish()).row.version
    await house.revert()
    assert await link(house, "yard", second) == signed(house, "d")


async def test_new_clips_alone_are_published_too_also_for_whoever_is_remembered(house: Atelier) -> None:
    seen = await house.play("ann", "in")
    await house.draft(clips={"clips/gate.mp4": clip("a")})
    done = await house.publish()
    assert done.fates == {}
    answer = await house.tap("ann", seen, "back")
    assert answer.story.uploads == {"clips/gate.mp4": clip("a").name}
    assert await why(house.studio.publishing.propose(house.owner, STORY, 0)) is Why.NOTHING


async def test_a_watch_along_stays_in_its_version_to_its_end_with_its_clips(house: Atelier) -> None:
    await house.draft(clips={"clips/yard.mp4": clip("b")})
    first = (await house.publish()).row.version
    crowd = Crowd(house.app, house.clock)
    assert await crowd.gather(Rules(seconds=20), story=STORY)
    await crowd.vote(2, "in")
    await crowd.wait(21)
    await house.draft(NO_YARD, clips={})
    proposal = await house.studio.publishing.propose(house.owner, STORY, house.clock())
    assert proposal.impact.sessions == 0
    await house.publish()
    booth = await crowd.booth()
    assert (booth.story.version, booth.card.scene) == (first, "yard")
    assert await link(house, "yard", booth.story.version) == signed(house, "b")
    assert await crowd.vote(2, "end") is Reply.COUNTED
    await crowd.wait(30)
    booth = await crowd.booth()
    session = await house.store.session(crowd.session)
    assert session is not None
    assert (session.version, booth.card.scene) == (first, "hall")


async def test_a_watch_along_of_a_stopped_story_ends(house: Atelier) -> None:
    crowd = Crowd(house.app, house.clock)
    await crowd.gather(Rules(seconds=20), story=STORY)
    await crowd.vote(2, "in")
    operator = await house.creator("operator", operator=True)
    await house.studio.publishing.withdraw(operator, STORY, 0, "stopped")
    await crowd.wait(21)
    room = await house.store.room(crowd.session)
    assert room is not None
    assert (room.ended, room.revision) == (True, 0)


# -- two workers


class Hearing(Alone):
    """A worker that shares the store, and hears only what a test tells it."""

    several = True


@pytest.fixture
async def other(house: Atelier) -> AsyncIterator[App]:
    library = Library(house.folder / "stories", house.store, no_lengths)
    await library.load(house.clock())
    app = App(house.store, library, Hearing())
    watching = asyncio.create_task(library.watch())
    yield app
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


@pytest.mark.parametrize("hinted", [True, False])
async def test_viewers_at_another_worker_are_landed_and_nobody_goes_back(
    house: Atelier, other: App, hinted: bool
) -> None:
    first = other.library.story(STORY).version
    seen = {user: await house.tap(user, await house.play(user), "in", other) for user in ("there", "moves", "late")}
    done = await house.publish(NO_YARD)
    if hinted:
        other.library.look()
        async with asyncio.timeout(5):
            while other.library.story(STORY).version == first:
                await asyncio.sleep(0.001)
    for user in ("there", "moves"):
        answer = await house.tap(user, seen[user], "end", other)
        assert (answer.notice, answer.state.scene, answer.state.landed) == (Reason.MOVED_ON, "gate", "moved")
        seen[user] = answer
    answer = await house.tap("moves", seen["moves"], "in", other)
    assert (answer.session.version, answer.state.scene) == (done.row.version, "hall")
    assert other.library.story(STORY).version == done.row.version, "whoever met the newer version has looked"
    assert (await house.play("new")).session.version == done.row.version
    assert await house.store.sessions_in(STORY, -1, 100) == [
        one for one in await house.store.sessions_in(STORY, -1, 100) if one.version == done.row.version
    ]


async def test_workers_on_one_database_tell_one_another(tmp_path: Path, postgres_url: str) -> None:
    stores = [PostgresStore(postgres_url) for _ in range(2)]
    one, two = (Crew(store, CrewClock(), number) for number, store in enumerate(stores, 1))
    async with (
        atelier(tmp_path, stores[0], crew=one) as here, atelier(tmp_path, stores[1], crew=two) as there,
        one.running(), two.running(),
    ):  # fmt: skip
        watching = asyncio.create_task(there.library.watch())
        for text in (TALE, NO_YARD):
            if text == NO_YARD:
                seen = [await there.play(user, "in") for user in ("ann", "ben")]
            done = await here.publish(text)
            async with asyncio.timeout(LOOKING / 2):
                while STORY not in there.library.stories or there.library.story(STORY).version != done.row.version:
                    await asyncio.sleep(0.01)
        for house, user, one_seen in ((there, "ann", seen[0]), (here, "ben", seen[1])):
            answer = await house.tap(user, one_seen, "end")
            assert (answer.notice, answer.state.scene, answer.state.landed) == (Reason.MOVED_ON, "gate", "moved")
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_who_begins_at_a_worker_that_has_not_heard_is_landed_by_the_next_tap(house: Atelier, other: App) -> None:
    await house.publish(OTHER_WORDS)
    began = await house.play("late")
    await house.publish(OTHER_BUTTONS)
    other.library.look()
    await asyncio.sleep(0.05)
    assert (await house.tap("late", began, "in", other)).session.version == house.library.story(STORY).version


async def test_a_look_that_took_long_never_puts_back_what_was_live_before(
    house: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, go_on = house.store.published, asyncio.Event()

    async def slow() -> Sequence[PublicationRow]:
        rows = await read()
        monkeypatch.undo()
        await go_on.wait()
        return rows

    monkeypatch.setattr(house.store, "published", slow)
    looking = asyncio.create_task(house.library.refresh())
    await asyncio.sleep(0.01)
    publishing = asyncio.create_task(house.publish(OTHER_WORDS))
    async with asyncio.timeout(5):
        while len(await house.store.publications(STORY, 9)) < 2:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        go_on.set()
        await looking
        done = await publishing
    assert house.library.story(STORY).version == done.row.version


async def test_what_is_live_is_so_in_the_next_life_too(house: Atelier, tmp_path: Path) -> None:
    version = (await house.publish(OTHER_WORDS)).row.version
    seen = await house.play("ann", "in")
    await house.store.close()
    async with atelier(tmp_path) as again:
        assert again.library.story(STORY).version == version
        assert (await again.tap("ann", seen, "end")).state.scene == "hall"


async def test_going_back_leads_to_choices_of_the_version_before_too(house: Atelier) -> None:
    seen = await house.play("ann", "in", "back", "in")
    await house.publish(OTHER_WORDS)
    back = await house.tell("ann", seen.session.id, Rewind(seen.session.revision, 0))
    assert (back.state.scene, back.state.values[0]) == ("gate", 0)
