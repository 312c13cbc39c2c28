"""The library: what can be played, and what once could."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library import Library, UnknownStory
from bot.store.sqlite import SQLiteStore
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
