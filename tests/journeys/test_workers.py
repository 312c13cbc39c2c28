"""Several workers on one PostgreSQL, as an operator runs them: killed, held, and what is set up wrongly."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.fakes.browser import Browser
from tests.fakes.entrance import Running, free_port, from_nothing, refusal
from tests.fakes.postgres import PostgresServer, ask, postgres
from tests.fakes.room_goer import RoomGoer
from tests.fakes.telegram import Message, TelegramServer
from tests.journeys.crew_process import PATIENCE, CrewProcess, crew_process
from tests.journeys.ferry import write_ferry
from tests.journeys.ferry_process import lines
from tests.journeys.harbour import until, until_so
from tests.journeys.workers import playing, webhook


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


@pytest.fixture
def database(postgres_programs: Path) -> Iterator[PostgresServer]:
    """A server that flushes, as in production, and that the test may kill."""
    with postgres(postgres_programs, durable=True) as server:
        yield server


def write_story(folder: Path, id: str, text: str) -> None:
    (folder / "stories" / id).mkdir()
    (folder / "stories" / id / "story.yaml").write_text(text, encoding="utf-8")


# -- who falls


async def test_called_by_webhook_nothing_is_lost_or_doubled_whoever_falls(
    server: TelegramServer, folder: Path, database: PostgresServer
) -> None:
    dice = random.Random(14)
    async with playing(server, folder, database, dice, workers=4, **webhook(free_port())) as (rounds, viewers):
        await rounds.go(["worker_falls", "database_falls", "both_fall", "worker_falls"])
    assert len(viewers) < sum(len(viewer.tapped) for viewer in viewers)
    assert server.world.counts["getUpdates"] == 0


async def test_polling_is_one_workers_and_another_ones_when_that_one_stands_still(
    server: TelegramServer, folder: Path, database: PostgresServer
) -> None:
    async with playing(server, folder, database, random.Random(15), workers=2) as (rounds, _):
        await rounds.some_moment()
        polls = await poller(database, server)
        held = rounds.crew.seat(polls)
        rounds.crew.send(held, signal.SIGSTOP)

        async def taken_over() -> bool:
            return await poller(database, server) != polls

        await until_so(taken_over, PATIENCE)
        await rounds.go(["some_moment"])
        # It wakes in the midst of what it did, and must find out before it does more.
        rounds.crew.send(held, signal.SIGCONT)
        await rounds.go(["some_moment", "worker_falls", "some_moment"])
    assert server.updates.conflicts <= 1


async def poller(database: PostgresServer, server: TelegramServer) -> int:
    """The worker that polls just now."""
    name = f"telegram polling {server.token.partition(':')[0]}"
    [row] = await ask(database.url(), f"SELECT worker FROM lease WHERE name = '{name}'")
    return int(row["worker"])


# -- who watches at several workers at once

FORK = """\
title: The Fork
synopsis: Left or right, again and again.
genres: [test]
rating: all
language: en
episodes:
  one:
    title: The fork
    scenes:
      fork:
        lines: [{narrator: The fork., id: fork}]
        choices:
          left: {label: Left, to: again}
          right: {label: Right, to: again}
      again:
        lines: [{narrator: Again., id: again}]
        choices:
          left: {label: Left, to: fork}
          right: {label: Right, to: fork}
"""
LONG = 600
"""Seconds for a vote that the host closes."""


def voted_on(message: Message) -> bool:
    """Whether a scene is voted on in that message."""
    return any(label.startswith("🗳") for label in message.buttons)


def label_of(message: Message, choice: str) -> str:
    """The button of a choice, whatever its count says."""
    return next(label for label in message.buttons if choice in label)


async def test_a_room_is_voted_on_through_all_workers_and_counted_once(
    server: TelegramServer, folder: Path, new_database: str
) -> None:
    write_story(folder, "fork", FORK)
    port, people = free_port(), [server.person(f"Viewer {number}") for number in range(6)]
    group = server.group("Friends", members=people)
    async with crew_process(server, folder, new_database, 3, **webhook(port)), browsers(port, 12) as new:
        await people[0].say(f"/watch fork {LONG}", group)
        card = await group.shown(voted_on, within=PATIENCE)
        [room] = await ask(new_database, "SELECT code, session FROM room")
        goers = [RoomGoer(browser, room["code"]) for browser in new]
        await asyncio.gather(*(goer.look() for goer in goers))
        began = time.monotonic()
        replies = await asyncio.gather(
            *(goer.vote("left" if number % 3 else "right") for number, goer in enumerate(goers)),
            *(person.tap(card, label_of(card, "Left"), within=PATIENCE) for person in people),
        )
        assert len(replies) == 18
        # Everybody changes their mind once more, through whichever worker takes it.
        await asyncio.gather(*(goer.vote("right") for goer in goers[:6]))
        cast = Counter(row["ranking"] for row in await ask(new_database, "SELECT ranking FROM vote"))
        assert sorted(cast.values()) == [8, 10]

        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(hears(goer, {"left": 56, "right": 44}) for goer in goers))
        for _ in range(2):
            people[0].press(card, card.button(label_of(card, "Close"))["callback_data"])
        again = await group.shown(lambda message: voted_on(message) and "Again." in message.text, card, PATIENCE)
        # One worker writes the tally, every three seconds at most.
        assert len(card.was) <= 4 + (time.monotonic() - began) / 3
        [stands] = await ask(new_database, f"SELECT revision FROM session WHERE id = {room['session']}")
        [closed] = await ask(new_database, f"SELECT count(*) AS times FROM ballot WHERE session = {room['session']}")
        assert (stands["revision"], closed["times"]) == (1, 1)
        shown = [message for message in group.messages if voted_on(message) and message.id >= again.id]
        assert len(shown) == 1


async def hears(goer: RoomGoer, tally: dict[str, int]) -> None:
    """Until their page is told that it stands like this, in percent, after eighteen votes."""
    async with goer.listening() as told:
        async for _, what in told:
            if (what.get("voters"), what.get("tally")) == (18, tally):
                return


@asynccontextmanager
async def browsers(port: int, many: int) -> AsyncIterator[list[Browser]]:
    """Browsers of so many viewers, each with connections of its own, which any worker may have taken."""
    new = [Browser(f"http://127.0.0.1:{port}") for _ in range(many)]
    try:
        yield new
    finally:
        await asyncio.gather(*(browser.http.aclose() for browser in new))


async def test_tabs_at_every_worker_hear_of_a_tap(server: TelegramServer, folder: Path, new_database: str) -> None:
    write_story(folder, "fork", FORK)
    port = free_port()
    async with crew_process(server, folder, new_database, 3, PORT=port), browsers(port, 8) as tabs:
        first = tabs[0]
        await first.open("fork")
        for tab in tabs[1:]:
            tab.http.cookies = first.http.cookies
            tab.session, tab.revision = first.session, first.revision
        async with AsyncExitStack() as open_streams:
            streams = [await open_streams.enter_async_context(tab.listening()) for tab in tabs]
            await first.tap("left")
            async with asyncio.timeout(PATIENCE):
                assert [await revision_one(stream) for stream in streams] == [1] * len(tabs)


async def revision_one(stream: AsyncIterator[int]) -> int:
    """The first revision that is told beyond the beginning."""
    async for revision in stream:
        if revision:
            return revision
    raise AssertionError("the stream ended")


# -- the database is away


async def test_a_database_that_is_away_at_the_start_is_waited_for(folder: Path, database: PostgresServer) -> None:
    await asyncio.to_thread(database.stop)
    port, health = free_port(), two_free_ports()
    crew = CrewProcess(
        from_nothing(folder, "serve", "--workers", "2", DATABASE_URL=database.url(), PORT=port, HEALTH_PORT=health)
    )
    try:
        await until(lambda: len(crew.log("database_away")) >= 4 or crew.process.poll() is not None, PATIENCE)
        assert len(crew.complained) == len(crew.log("database_away"))
        assert await answers(port, "/readyz") == await answers(health, "/readyz") == 503
        assert await answers(health, "/healthz") == 200
        await asyncio.to_thread(database.start)
        await crew.ready(2)
        for one in (port, health, health + 1):
            assert await answers(one, "/readyz") == 200
        assert await answers(health, "/metrics") == 200
    finally:
        assert await crew.end() == 0


def two_free_ports() -> int:
    """The first of two ports, one after the other, that nobody listens on just now."""
    while True:
        first = free_port()
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", first + 1))
            return first


async def answers(port: int, path: str) -> int:
    """With which status."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE) as caller:
        return (await caller.get(path)).status_code


# -- what an operator can get wrong


def test_several_workers_on_sqlite_are_refused_in_one_line(folder: Path) -> None:
    assert refusal(folder, "serve", "--workers", "4").startswith("--workers: several need PostgreSQL")


async def test_a_database_of_a_newer_release_ends_all_with_one_line_each(folder: Path, new_database: str) -> None:
    await ask(new_database, "CREATE TABLE schema_version (number int)", "INSERT INTO schema_version VALUES (9000)")
    crew = CrewProcess(from_nothing(folder, "serve", "--workers", "2", DATABASE_URL=new_database))
    assert await crew.ended() == 2
    assert 1 <= len(crew.complained) <= 2
    assert all(line.startswith("run_bot: ") and "has schema 9000" in line for line in crew.complained)


async def test_two_bots_that_do_not_share_a_database_are_told_that_they_share_a_token(
    server: TelegramServer, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    write_ferry(other / "stories")
    telegram = {"TELEGRAM_TOKEN": server.token, "TELEGRAM_API_URL": server.url}
    async with asyncio.TaskGroup() as starting:
        begun = [
            starting.create_task(asyncio.to_thread(lambda home=home: Running(from_nothing(home, **telegram))))  # type: ignore[misc]
            for home in (folder, other)
        ]
    bots = [task.result() for task in begun]
    try:
        await until(lambda: any(lines(bot, "telegram_has_another_poller") for bot in bots), PATIENCE)
    finally:
        for bot in bots:
            await asyncio.to_thread(bot.end)


# -- a clock that is wrong

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
DEADLINE = """\
title: The Wait
synopsis: One choice, and a clock.
genres: [test]
rating: all
language: en
episodes:
  one:
    title: The wait
    scenes:
      door:
        lines: [{narrator: The door., id: door}]
        within: 3s
        default: wait
        choices:
          wait: {label: Wait, to: later}
          knock: {label: Knock, to: later}
      later:
        lines: [{narrator: Later., id: later}]
        ending: {title: Later, kind: happy}
"""


@pytest.mark.skipif(not FAKETIME, reason="needs Debian's faketime")
async def test_a_deadline_is_kept_by_a_machine_whose_clock_is_wrong(
    server: TelegramServer, folder: Path, new_database: str
) -> None:
    write_story(folder, "wait", DEADLINE)
    faked = {"LD_PRELOAD": FAKETIME[0], "FAKETIME": "-5h", "FAKETIME_DONT_FAKE_MONOTONIC": 1}
    async with crew_process(server, folder, new_database, 2, **faked) as crew:
        await until(lambda: len(crew.log("clock_wrong")) == 2)
        ann = server.person("Ann")
        await ann.say("/play wait")
        await ann.home.shown(lambda message: "The door." in message.text, within=PATIENCE)
        [made] = await ask(new_database, "SELECT at FROM agenda")
        [now] = await ask(new_database, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms")
        assert abs(made["at"] - now["ms"]) < 60_000
        await ann.home.shown(lambda message: "Later." in message.text, within=PATIENCE)
