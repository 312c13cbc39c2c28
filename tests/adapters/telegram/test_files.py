"""A clip's way to Telegram: known by what is in it, per bot, and never larger than Telegram takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.telegram import files as files_module
from adapters.telegram.files import FETCHED, UPLOAD, Files, Media
from bot.store.sqlite import SQLiteStore
from tests.adapters.telegram.conftest import TALE, Parts, clip_at
from tests.fakes.house import START

PUBLIC = "https://bot.example"


def files(parts: Parts, bot: int = 1, public_url: str | None = None) -> Files:
    return Files(parts.app.store, parts.shelf, bot, public_url)


async def found(files: Files, parts: Parts, path: str | None = "road.mp4") -> Media:
    media = await files.media(parts.app.library.stories["tale"], path, 0)
    assert media is not None
    return media


def sized(path: Path, size: int) -> None:
    """A file of that size, without writing it."""
    with path.open("r+b") as file:
        file.truncate(size)


async def test_a_files_id_is_kept_by_its_content_and_for_one_bot(parts: Parts) -> None:
    mine = files(parts)
    clip = await found(mine, parts)
    assert not clip.known
    assert clip.ways == (clip_at(parts, "tale", "road.mp4"),)
    await mine.keep(clip, "id of bot 1")
    again = await found(files(parts), parts)
    assert (again.known, again.ways[0]) == (True, "id of bot 1")
    assert not (await found(files(parts, 2), parts)).known
    assert not (await found(mine, parts, "hill.mp4")).known


async def test_two_files_of_the_same_content_are_sent_once(parts: Parts) -> None:
    road, hill = clip_at(parts, "tale", "road.mp4"), clip_at(parts, "tale", "hill.mp4")
    hill.write_bytes(road.read_bytes())
    mine = files(parts)
    await mine.keep(await found(mine, parts), "one id")
    assert (await found(mine, parts, "hill.mp4")).ways[0] == "one id"


async def test_a_lost_id_is_replaced_by_the_next(parts: Parts) -> None:
    mine = files(parts)
    clip = await found(mine, parts)
    await mine.keep(clip, "old")
    mine.forget(clip)
    await mine.keep(clip, "new")
    assert (await found(mine, parts)).ways[0] == "new"
    assert (await found(files(parts), parts)).ways[0] == "new"


async def test_only_the_latest_ids_stay_in_memory_and_the_others_are_found_again(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_module, "MOST", 1)
    mine = files(parts)
    for path in ("road.mp4", "hill.mp4"):
        await mine.keep(await found(mine, parts, path), f"id of {path}")
    assert (await found(mine, parts)).ways[0] == "id of road.mp4"
    assert (await found(mine, parts, "hill.mp4")).ways[0] == "id of hill.mp4"


async def test_the_link_comes_before_the_upload_where_telegram_can_fetch_it(parts: Parts) -> None:
    clip = await found(files(parts, public_url=PUBLIC), parts)
    link, path = clip.ways
    assert str(link).startswith(f"{PUBLIC}/clips/tale/road.mp4?expires=")
    assert path == clip_at(parts, "tale", "road.mp4")


@pytest.mark.parametrize(("size", "ways"), [(FETCHED, 2), (FETCHED + 1, 1)])
async def test_a_file_too_large_to_be_fetched_is_uploaded(parts: Parts, size: int, ways: int) -> None:
    sized(clip_at(parts, "tale", "road.mp4"), size)
    assert len((await found(files(parts, public_url=PUBLIC), parts)).ways) == ways


async def test_a_file_too_large_for_telegram_is_none(parts: Parts) -> None:
    sized(clip_at(parts, "tale", "road.mp4"), UPLOAD + 1)
    story = parts.app.library.stories["tale"]
    assert await files(parts).media(story, "road.mp4", 0) is None


async def test_what_is_not_there_is_none(parts: Parts) -> None:
    story = parts.app.library.stories["tale"]
    for path in (None, "missing.mp4", "../crossroads/story.yaml"):
        assert await files(parts).media(story, path, 0) is None
    clip_at(parts, "tale", "road.mp4").unlink()
    assert await files(parts).media(story, "road.mp4", 0) is None


async def test_a_link_elsewhere_is_passed_on_and_known_by_itself(parts: Parts) -> None:
    link = "https://films.example/road.mp4"
    clip_at(parts, "tale", "story.yaml").write_text(TALE.replace("road.mp4", link))
    await parts.app.library.load(START)
    mine = files(parts)
    clip = await found(mine, parts, link)
    assert clip.ways == (link,)
    await mine.keep(clip, "known")
    assert (await found(mine, parts, link)).ways == ("known", link)


async def test_an_id_outlives_a_restart(parts: Parts) -> None:
    mine = files(parts)
    clip = await found(mine, parts)
    await mine.keep(clip, "kept")
    store = SQLiteStore(parts.app.library.folder.parent / "bot.db")
    await store.open()
    try:
        assert (await found(Files(store, parts.shelf, 1, None), parts)).ways[0] == "kept"
    finally:
        await store.close()
