"""The bot as its operator runs it at Telegram: killed, ended, misconfigured, and called by webhook."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from tests.fakes.entrance import disk, free_port, from_nothing, refusal
from tests.fakes.telegram import TelegramServer
from tests.journeys.ferry import standing_at, taps_counted, write_ferry
from tests.journeys.ferry_goer import FerryGoer
from tests.journeys.ferry_process import bot_process, lines, told_to
from tests.journeys.harbour import at_once, until

KILLS = 15
VIEWERS = 6
TAPS = 8
"""A life ends at one of its first taps."""

LONGEST_WAIT = 0.015
"""Seconds from that tap to the kill, at the most: meanwhile it is taken, written, acknowledged, answered and shown."""

PATIENCE = 60.0
"""Seconds for a scene, while bots come and go."""

SECRET = "X-Telegram-Bot-Api-Secret-Token"
WRONG_TOKEN = "6200000009:AAF_this-token-was-never-given-to-anybody"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Afterwards the bot must have kept to the official description and to every limit."""
    async with TelegramServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_ferry(tmp_path / "stories")
    return tmp_path


def goers(server: TelegramServer, many: int) -> list[FerryGoer]:
    return [FerryGoer(server.person(f"Viewer {number}")) for number in range(many)]


async def play(goer: FerryGoer, over: asyncio.Event) -> None:
    """Goes on from every scene as soon as it is there; nothing is tapped again because it seems lost."""
    scene = await goer.begin(PATIENCE)
    while not over.is_set():
        scene = await goer.go_on(scene, PATIENCE)


def assert_each_tap_counted_once(folder: Path, viewers: list[FerryGoer]) -> None:
    for goer in viewers:
        database = folder / "data" / "bot.db"
        revisions = [revision for revision, _ in taps_counted(database, goer.id)]
        assert revisions == list(range(1, len(goer.tapped) + 1))
        assert standing_at(database, goer.id) == len(goer.tapped)


async def test_killed_again_and_again_no_tap_is_lost_and_none_counts_twice(
    server: TelegramServer, folder: Path
) -> None:
    dice = random.Random(15)
    over = asyncio.Event()
    viewers = goers(server, VIEWERS)
    playing = [asyncio.create_task(play(goer, over)) for goer in viewers]
    for _ in range(KILLS):
        async with bot_process(server, folder) as bot:
            await some_moment(server, dice)
            bot.process.kill()
            await told_to(bot, signal.SIGKILL)
    over.set()
    async with bot_process(server, folder):
        await asyncio.gather(*playing)
        await until(lambda: not server.updates.pending)
        assert_each_tap_counted_once(folder, viewers)
        newest = [await goer.next_scene(None) for goer in viewers]
        await asyncio.gather(*(goer.go_on(scene) for goer, scene in zip(viewers, newest, strict=True)))
        assert_each_tap_counted_once(folder, viewers)
    assert sum(len(goer.tapped) for goer in viewers) > KILLS


async def some_moment(server: TelegramServer, dice: random.Random) -> None:
    """One of the next taps was made, confirmed, or answered with a scene, just now or a few milliseconds ago."""
    heard = len(server.updates.seen) + dice.randint(1, TAPS)
    await until(lambda: len(server.updates.seen) >= heard)
    shown = server.world.counts["sendVideo"]
    moments: list[Callable[[], object]] = [
        lambda: True,
        lambda: not server.updates.pending,
        lambda: server.world.counts["sendVideo"] > shown,
    ]
    await at_once(dice.choice(moments))
    await asyncio.sleep(dice.choice((0, dice.uniform(0, LONGEST_WAIT))))


async def test_told_to_end_it_does_so_and_loses_nothing(server: TelegramServer, folder: Path) -> None:
    over = asyncio.Event()
    viewers = goers(server, VIEWERS)
    playing = [asyncio.create_task(play(goer, over)) for goer in viewers]
    for _ in range(2):
        async with bot_process(server, folder, from_nothing) as bot:
            reached = [len(goer.tapped) + 3 for goer in viewers]
            await until(lambda reached=reached: all(map(more_than, viewers, reached)))  # type: ignore[misc]
            assert await told_to(bot, signal.SIGTERM) == 0
            assert not any("would not end in time" in line for line in bot.errors)
    over.set()
    async with bot_process(server, folder):
        await asyncio.gather(*playing)
        await until(lambda: not server.updates.pending)
        assert_each_tap_counted_once(folder, viewers)


def more_than(goer: FerryGoer, taps: int) -> bool:
    return len(goer.tapped) >= taps


# -- what an operator can get wrong


async def test_a_wrong_token_is_one_line_and_the_browser_goes_on(server: TelegramServer, folder: Path) -> None:
    async with bot_process(server, folder, TELEGRAM_TOKEN=WRONG_TOKEN) as bot:
        await until(lambda: lines(bot, "telegram_token_refused"))
        async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as browser:
            assert (await browser.get("/healthz")).status_code == 200
            opened = await browser.post("/api/stories/ferry/open", json={"event": "open"})
            assert opened.json()["revision"] == 0
    assert len(bot.errors) == len(lines(bot, "telegram_token_refused")) + len(lines(bot, "clip unreadable")), bot.errors
    assert len(lines(bot, "telegram_token_refused")) == 1
    assert "@BotFather" in lines(bot, "telegram_token_refused")[0]
    assert WRONG_TOKEN not in "".join(bot.errors)


async def test_while_the_api_is_not_there_it_waits_and_says_so(folder: Path) -> None:
    later = TelegramServer(free_port(), token="6200000001:AAFa-token-of-the-tests-with-letters")
    async with bot_process(later, folder, TELEGRAM_API_URL=later_url(later)) as bot:
        await until(lambda: lines(bot, "telegram_unreachable"))
        async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as browser:
            assert (await browser.get("/healthz")).status_code == 200
        async with later:
            [ann] = goers(later, 1)
            await ann.go_on(await ann.begin())
            await told_to(bot, signal.SIGTERM)
            assert later.violations == []
    assert later.token not in "".join(bot.errors)


def later_url(server: TelegramServer) -> str:
    """Where a server will be that has not begun."""
    return f"http://127.0.0.1:{server._port}"


def test_a_webhook_that_anybody_could_read_is_refused_in_one_line(folder: Path) -> None:
    said = refusal(folder, TELEGRAM_TOKEN=WRONG_TOKEN, TELEGRAM_WEBHOOK_URL="http://bot.example/telegram")
    assert said.startswith("TELEGRAM_WEBHOOK_URL is plain http to another machine")
    assert WRONG_TOKEN not in said


# -- webhook


async def test_a_webhook_plays_and_takes_nothing_without_its_secret(server: TelegramServer, folder: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram/hook"
    async with bot_process(server, folder, PORT=port, TELEGRAM_WEBHOOK_URL=url):
        [ann] = goers(server, 1)
        scene = await ann.go_on(await ann.begin())
        secret = server.world.webhook.secret
        tapped = server.updates.seen[-1].body
        async with httpx.AsyncClient(trust_env=False) as stranger:
            for headers in ({}, {SECRET: ""}, {SECRET: secret[:-1]}, {SECRET: "ü" * 64}, {SECRET: server.token}):
                sent = [(name.encode(), value.encode()) for name, value in headers.items()]
                assert (await stranger.post(url, json=tapped, headers=sent)).status_code == 401
            for body in (b"", b"{", b"[]", b"null", b'"\\ud800"', b"[" * 100_000):
                assert (await stranger.post(url, content=body, headers={SECRET: secret})).status_code == 400
            for known in (tapped, {"update_id": 1}, {"update_id": 2, "message": None}):
                assert (await stranger.post(url, json=known, headers={SECRET: secret})).status_code == 200
        await ann.go_on(scene)
        assert_each_tap_counted_once(folder, [ann])
        assert server.world.counts["getUpdates"] == 0
    # What comes while the bot is away comes again.
    [last] = [await ann.next_scene(scene)]
    ann.press(last)
    async with bot_process(server, folder, PORT=port, TELEGRAM_WEBHOOK_URL=url):
        # A scene that was on its way when the bot ended is shown once more, so one more scene alone says nothing.
        async with asyncio.timeout(PATIENCE):
            while len(taps_counted(folder / "data" / "bot.db", ann.id)) < len(ann.tapped):
                await asyncio.sleep(0.05)
        assert_each_tap_counted_once(folder, [ann])


async def test_what_cannot_be_written_is_not_acknowledged_and_comes_again(server: TelegramServer, folder: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    with disk(folder / "data", "size=2m") as data:
        if data is None:
            pytest.skip("no small disk can be mounted here")
        async with bot_process(server, folder, PORT=port, TELEGRAM_WEBHOOK_URL=url) as bot:
            [ann] = goers(server, 1)
            scene = await ann.begin()
            filler = data / "filler"
            filler.touch()
            fill(filler)
            # What room the log has left may do for a few taps more.
            while not lines(bot, "update_refused"):
                ann.press(scene)
                await until(lambda: lines(bot, "update_refused") or not server.updates.pending)
            # The log may be read before the answer is.
            await until(lambda: "503" in server.world.webhook.info().get("last_error_message", ""))
            filler.unlink()
            await until(lambda: not server.updates.pending)
            await ann.go_on(await ann.next_scene(None))
            revisions = [revision for revision, _ in taps_counted(data / "bot.db", ann.id)]
            assert revisions == list(range(1, len(ann.tapped) + 1))


def fill(path: Path) -> None:
    """Take all the room that is left."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
