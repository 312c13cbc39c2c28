"""A local Discord in this process on one core, and one bot that holds votes there, a process on the other core."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.contest import CORES, PATIENCE, ROOT, Contender
from benchmarks.electorate import Electorate
from benchmarks.polls.tale import LABELS, STORY, Seat
from benchmarks.polls.urn import FILE
from tests.fakes.discord import Channel, DiscordServer, Message

OURS = Contender("ours", "ours")

DAY = 86_400
"""Seconds of a vote that nothing but the benchmark ends."""

GRACE = 4.0
LOOK = 0.02
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a bot's file says: how often it counted a press, and what each voter wants."""

    presses: int
    voted: Mapping[int, str]
    doubled: int
    """Voters who have more than one vote on one ballot."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A ballot that our bot has closed: what it announced, and the votes that are in its file."""

    session: int
    revision: int
    winner: str
    votes: Mapping[int, str]
    """The choice by voter."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many want what."""
        return Counter(self.votes.values())


class Poll:
    """A server, a folder and one bot, until the context ends."""

    def __init__(self, server: DiscordServer, contender: Contender, folder: Path) -> None:
        self.server = server
        self._contender = contender
        self._seat = Seat(server.api, server.token, folder)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def process(self) -> int:
        """The bot's."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start the bot, and wait until it can be spoken to."""
        names = ("PATH", "HOME", "LANG", "TMPDIR", "PROFILE")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"benchmarks.polls.{self._contender.module}", *self._contender.flags,
            cwd=ROOT, env={**kept, **self._seat.environment()},
            preexec_fn=partial(os.sched_setaffinity, 0, CORES[-1:]),
        )  # fmt: skip
        await self.server.gateway.ready(within=PATIENCE)
        await until(lambda: bool(self.server.commands), "the bot's commands")

    async def stop(self) -> None:
        """End the bot in good order if it can."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(GRACE):
                await self._process.wait()
        except TimeoutError:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def rooms(self, count: int, size: int, seconds: int = DAY) -> list[Electorate]:
        """So many rooms, each begun by /watch in a channel of its own, with so many voters who see its card."""
        host = self.server.person("Hannah")
        guild = self.server.guild("Movie night", [host])
        channels = [self.server.channel(guild, f"room-{number}") for number in range(count)]
        crowds = [Electorate(self.server.world, size) for _ in channels]
        for channel in channels:
            host.send_slash("watch", channel, story=STORY, seconds=seconds)
        await asyncio.gather(*(self.aim(crowd, channel) for crowd, channel in zip(crowds, channels, strict=True)))
        return crowds

    async def aim(
        self, crowd: Electorate, channel: Channel, after: Message | None = None, within: float = PATIENCE
    ) -> Message:
        """The room's next card, which its voters press from now on."""
        card = await channel.shown(lambda message: ballot_of(message) is not None, after, within)
        crowd.aim(card, ballot_of(card) or ())
        return card

    def edits(self) -> int:
        """How often the bot has edited a message in a channel."""
        return self.server.counts[EDIT]

    def kept(self) -> Kept:
        """What the bot has written; read it after its end."""
        folder = self._seat.folder
        return _ours(folder / "bot.db") if self._contender.module == OURS.module else _peers(folder / FILE)

    def decided(self) -> list[Decided]:
        """The ballots that ours has closed, by session and revision. Readable at any time."""
        with closing(sqlite3.connect(self._seat.folder / "bot.db")) as connection:
            ballots = connection.execute("SELECT session, revision, winner FROM ballot ORDER BY 1, 2").fetchall()
            query = "SELECT voter, ranking FROM vote WHERE session = ? AND revision = ?"
            return [
                Decided(session, revision, winner, _voted(connection.execute(query, (session, revision))))
                for session, revision, winner in ballots
            ]


@asynccontextmanager
async def polled(contender: Contender, folder: Path) -> AsyncIterator[Poll]:
    """A fresh server, and the bot running at it."""
    os.mkdir(folder)
    # The server keeps every message it was ever sent: to look through them again and again would cost it much time.
    gc.disable()
    async with DiscordServer(checks=False, record=False) as server:
        poll = Poll(server, contender, folder)
        try:
            await poll.start()
            yield poll
        finally:
            await poll.stop()
            gc.enable()


async def idle(crowds: Sequence[Electorate], within: float = PATIENCE) -> None:
    """Return when nobody waits for an answer any more."""
    end = time.monotonic() + within
    while not all(crowd.idle for crowd in crowds):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {within} s for answers")
        await asyncio.sleep(LOOK)
        for crowd in crowds:
            crowd.lose_patience()


async def until(there: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
    """Return when it is there."""
    end = time.monotonic() + within
    while not there():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {within} s for {what}")
        await asyncio.sleep(LOOK)


def ballot_of(message: Message) -> list[str] | None:
    """The custom ids of the vote's buttons, where a message has them."""
    found = [part.get("custom_id", "") for part in message.parts if part.get("label") in LABELS.values()]
    return found if len(found) == len(LABELS) else None


def choice_of(custom_id: str) -> str:
    """What a button is for, with every bot here."""
    return custom_id.rpartition(":")[2]


def _voted(rows: Iterable[tuple[str, str]]) -> dict[int, str]:
    return {int(voter.partition(":")[2]): ranking for voter, ranking in rows}


def _ours(path: Path) -> Kept:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT voter, ranking, session, revision FROM vote").fetchall()
        events = connection.execute("SELECT count(*) FROM event WHERE platform = 'discord'").fetchone()[0]
        rooms = connection.execute("SELECT count(*) FROM room").fetchone()[0]
    voted = _voted((voter, ranking) for voter, ranking, *_ in rows)
    doubled = len(rows) - len({(voter, session, revision) for voter, _, session, revision in rows})
    return Kept(events - rooms, voted, doubled)


def _peers(path: Path) -> Kept:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT voter, choice, presses FROM vote").fetchall()
    return Kept(sum(presses for *_, presses in rows), {voter: choice for voter, choice, _ in rows}, 0)
