"""The library: what can be played, and what once could."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import library as libraries
from bot.clips.deposit import Deposit
from bot.library import Library, UnknownStory
from bot.store.drafts import Deed, Moved, PublicationRow
from bot.store.sqlite import SQLiteStore
from tests.fakes.atelier import OTHER_WORDS, TALE, Atelier, atelier
from tests.fakes.house import START, House, no_lengths
from tests.fakes.stories import BROKEN, CROSSROADS


async def test_a_broken_story_is_set_apart_with_its_problems_and_the_others_play(house: House) -> None:
    house.write("broken", BROKEN)
    async with house.running() as app:
        assert list(app.library.stories) == ["crossroads"]
        [problem] = app.library.broken["broken"]
        assert "broken/story.yaml:10:" in str(problem)
        assert "nowhere" in str(problem)
        with pytest.raises(UnknownStory) as caught:
            app.library.story("broken")
        assert caught.value.problems == (problem,)


async def test_a_story_that_was_mended_plays_after_it_is_read_again(house: House) -> None:
    house.write("broken", BROKEN)
    async with house.running() as app:
        house.write("broken", CROSSROADS)
        await app.library.load(START)
        assert app.library.broken == {}
        assert app.library.story("broken").start == "fork"


async def test_a_story_that_was_broken_since_keeps_its_last_good_version(house: House) -> None:
    async with house.running() as app:
        version = app.library.story("crossroads").version
        house.write("crossroads", BROKEN)
        await app.library.load(START)
        assert app.library.story("crossroads").version == version
        assert "crossroads" in app.library.broken


async def test_an_older_version_is_read_from_the_store_once(house: House) -> None:
    async with house.running() as app:
        old = app.library.story("crossroads")
    house.write("crossroads", CROSSROADS.replace("Go left", "Go far left"))
    async with house.running() as app:
        kept = await app.library.version("crossroads", old.version)
        assert kept.version == old.version
        assert kept.sources == old.sources
        assert kept.languages == old.languages
        assert await app.library.version("crossroads", old.version) is kept
        assert app.library.story("crossroads").version != old.version


@pytest.mark.parametrize(("story", "version"), [("crossroads", "0" * 16), ("atlantis", "0" * 16)])
async def test_a_version_that_nobody_kept_is_unknown(house: House, story: str, version: str) -> None:
    async with house.running() as app:
        with pytest.raises(UnknownStory):
            await app.library.version(story, version)


async def test_a_folder_without_a_story_is_passed_over(house: House) -> None:
    (house.stories / "notes").mkdir()
    (house.stories / "readme.md").write_text("Stories live here.")
    async with house.running() as app:
        assert list(app.library.stories) == ["crossroads"]
        assert app.library.broken == {}


async def test_lengths_come_with_every_version(house: House) -> None:
    store = SQLiteStore(house.database)
    await store.open()
    for text in (CROSSROADS, CROSSROADS.replace("Go left", "Go far left")):
        house.write("crossroads", text)
        library = Library(house.stories, store, lambda folder, story: {"fork": 8.0})
        await library.load(START)
        for version in {story.version for story in library.stories.values()}:
            assert (await library.version("crossroads", version)).seconds == {"fork": 8.0}
    await store.close()


async def test_a_missing_folder_holds_no_stories(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "bot.db")
    await store.open()
    library = Library(tmp_path / "nowhere", store, no_lengths)
    await library.load(START)
    assert library.stories == {}
    await store.close()


# -- what creators publish


@pytest.fixture
async def gates(tmp_path: Path) -> AsyncIterator[Atelier]:
    """A studio whose story `gate` is live."""
    async with atelier(tmp_path) as house:
        await house.publish(TALE)
        yield house


async def elsewhere(house: Atelier) -> Library:
    """The same, as another worker or the next life has it."""
    library = Library(house.folder / "stories", house.store, no_lengths)
    await library.load(START)
    return library


async def test_what_was_published_is_there_after_a_start(gates: Atelier) -> None:
    assert (await elsewhere(gates)).story("gate").version == gates.library.story("gate").version


async def test_what_is_published_elsewhere_is_found_when_it_is_said(gates: Atelier) -> None:
    library = await elsewhere(gates)
    watching = asyncio.create_task(library.watch())
    version = (await gates.publish(OTHER_WORDS)).row.version
    library.look()
    async with asyncio.timeout(5):
        while library.story("gate").version != version:
            await asyncio.sleep(0.001)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching


async def test_it_is_found_also_when_nobody_says_so(gates: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "LOOKING", 0.01)
    library = await elsewhere(gates)
    watching = asyncio.create_task(library.watch())
    await gates.studio.publishing.withdraw(gates.owner, "gate", START)
    async with asyncio.timeout(5):
        while "gate" in library.stories:
            await asyncio.sleep(0.001)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_database_at_fault_ends_no_watch(gates: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "LOOKING", 0.01)
    library = await elsewhere(gates)
    version = (await gates.publish(OTHER_WORDS)).row.version
    await gates.store.close()
    watching = asyncio.create_task(library.watch())
    with capture_logs() as logs:
        await asyncio.sleep(0.1)
    assert {log["event"] for log in logs} == {"publications_unread"}
    await gates.store.open()
    async with asyncio.timeout(5):
        while library.story("gate").version != version:
            await asyncio.sleep(0.001)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_story_of_the_folder_comes_before_one_that_was_published(gates: Atelier) -> None:
    published = gates.library.story("gate")
    (gates.folder / "stories" / "gate").mkdir()
    (gates.folder / "stories" / "gate" / "story.yaml").write_text(CROSSROADS)
    for library in (gates.library, await elsewhere(gates)):
        await library.load(START)
        assert library.story("gate").start == "fork"
        assert "gate" not in library.published
        assert await library.successor(published) is None, "whoever is in it stays in it"


async def test_one_that_cannot_be_read_any_more_is_set_apart_and_the_others_play(gates: Atelier) -> None:
    await gates.publish(OTHER_WORDS, story="other")
    broken = PublicationRow("gate", 2, "of-a-release-to-come", "live", 1, START, "{}")
    await gates.store.publish(broken, "{}", (), lambda one: Moved(one, one), Deed("gate", START, 1, "published"))
    with capture_logs() as logs:
        library = await elsewhere(gates)
    assert [(log["event"], log["story"]) for log in logs] == [("story_broken", "gate")]
    assert list(library.stories) == ["other"]
    assert library.broken["gate"]


async def test_who_is_behind_is_led_to_what_is_live_and_never_back(gates: Atelier) -> None:
    first, behind = gates.library.story("gate"), await elsewhere(gates)
    await gates.publish(OTHER_WORDS)
    second = gates.library.story("gate")
    assert await gates.library.successor(first) is second
    assert await gates.library.successor(second) is None
    assert behind.story("gate").version == first.version
    assert await behind.successor(second) is None
    assert behind.story("gate").version == second.version, "it has looked"


async def test_where_nothing_is_live_nobody_is_behind(gates: Atelier) -> None:
    first = gates.library.story("gate")
    await gates.publish(OTHER_WORDS)
    await gates.studio.publishing.withdraw(gates.owner, "gate", START)
    assert await gates.library.successor(first) is None


async def test_a_story_is_held_until_it_is_stopped_or_has_other_clips(gates: Atelier) -> None:
    story = gates.library.story("gate")
    assert gates.library.holds(story)
    await gates.draft(clips={"clips/gate.mp4": Deposit("a" * 64 + ".mp4", 10, 4.0)})
    await gates.publish()
    assert not gates.library.holds(story)
    story = gates.library.story("gate")
    assert gates.library.holds(story)
    await gates.studio.publishing.withdraw(await gates.creator("operator", operator=True), "gate", START, "stopped")
    assert not gates.library.holds(story)
    with pytest.raises(UnknownStory):
        await gates.library.version("gate", story.version)
    assert (await gates.library.kept("gate", story.version)).version == story.version
