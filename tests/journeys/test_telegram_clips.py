"""A clip's way to Telegram: when one way does not work the next one does, and no scene is held up by its clip."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fakes.telegram import TelegramServer
from tests.fakes.telegram.parameters import Upload
from tests.journeys.ferry import write_ferry
from tests.journeys.ferry_goer import FerryGoer
from tests.journeys.harbour import Harbour

TOO_LARGE = 50 * 1024 * 1024 + 1
"""Bytes: one more than Telegram takes."""


@pytest.fixture
async def harbour(tmp_path: Path) -> AsyncIterator[Harbour]:
    """Afterwards the bot must have kept to the official description and to every limit."""
    write_ferry(tmp_path / "stories")
    async with TelegramServer() as server:
        yield Harbour(server, tmp_path)
        assert server.violations == []


def ways(harbour: Harbour, *goers: FerryGoer) -> list[str]:
    """How clips were sent to each of them, one after the other: as an upload, by link, or by file id."""
    sent = [params["video"] for goer in goers for params in harbour.server.called("sendVideo", goer.id)]
    return ["upload" if isinstance(one, Upload) else "link" if "://" in one else "id" for one in sent]


async def test_a_clip_is_uploaded_once_also_across_a_restart(harbour: Harbour) -> None:
    ann, ben = harbour.goers("Ann", "Ben")
    async with harbour.bot() as app:
        await ann.begin()
        await harbour.at_rest(app)
    async with harbour.bot():
        await ben.begin()
    assert ways(harbour, ann, ben) == ["upload", "id"]


async def test_a_file_id_that_is_no_longer_good_is_replaced(harbour: Harbour) -> None:
    bot = str(harbour.server.world.me["id"])
    clip = harbour.folder / "stories" / "ferry" / "clips" / "pier.mp4"
    digest = sha256(clip.read_bytes()).hexdigest()
    ann, ben = harbour.goers("Ann", "Ben")
    async with harbour.bot() as app:
        await app.store.keep_clip_file(bot, digest, "VgAC-of-another-time")
        scene = await ann.begin()
        await harbour.at_rest(app)
        assert await app.store.clip_file(bot, digest) == scene.file_id
        await ben.begin()
    assert ways(harbour, ann, ben) == ["id", "upload", "id"]


async def test_file_ids_that_telegram_forgets_while_the_bot_runs_are_replaced(harbour: Harbour) -> None:
    async with harbour.bot():
        ann, ben = harbour.goers("Ann", "Ben")
        await ann.begin()
        harbour.server.files.forget()
        await ben.go_on(await ben.begin())
        harbour.assert_counted(ben, 1)


async def test_a_clip_that_telegram_cannot_fetch_goes_by_upload(harbour: Harbour) -> None:
    async with harbour.bot(public_url="https://bot.example"):
        ann = harbour.goer()
        scene = await ann.begin()
        assert scene.kind == "video"
        assert ways(harbour, ann) == ["link", "upload"]
        assert harbour.server.files.fetched[0].startswith("https://bot.example/")
        await ann.go_on(scene)


async def test_a_clip_that_is_too_large_is_told_and_its_scene_comes_without_it(harbour: Harbour) -> None:
    with (harbour.folder / "stories" / "ferry" / "clips" / "deck.mp4").open("r+b") as clip:
        clip.truncate(TOO_LARGE)
    with capture_logs() as logs:
        async with harbour.bot():
            ann = harbour.goer()
            pier = await ann.begin()
            deck = await ann.go_on(pier)
            assert (deck.kind, deck.text) == ("text", "The deck.")
            assert (await ann.go_on(deck)).kind == "video"
    told = next(one for one in logs if one["event"] == "clip_too_large")
    assert (told["story"], told["path"], told["bytes"]) == ("ferry", "clips/deck.mp4", TOO_LARGE)
    assert "help" in told


async def test_a_clip_that_telegram_refuses_is_told_and_its_scene_comes_without_it(harbour: Harbour) -> None:
    """A file that is empty, for one: nobody can send that in any way."""
    (harbour.folder / "stories" / "ferry" / "clips" / "deck.mp4").write_bytes(b"")
    with capture_logs() as logs:
        async with harbour.bot():
            ann = harbour.goer()
            deck = await ann.go_on(await ann.begin())
            assert "The deck." in deck.text
            await ann.go_on(deck)
            harbour.assert_counted(ann, 2)
    assert any(one["event"] == "clip_refused" and one["scene"] == "deck" for one in logs)


async def test_a_clip_that_is_gone_from_the_disk_holds_nothing_up(harbour: Harbour) -> None:
    async with harbour.bot():
        (harbour.folder / "stories" / "ferry" / "clips" / "deck.mp4").unlink()
        ann = harbour.goer()
        deck = await ann.go_on(await ann.begin())
        assert "The deck." in deck.text
        await ann.go_on(deck)
        harbour.assert_counted(ann, 2)
