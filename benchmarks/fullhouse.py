"""A full house on Discord: 10,000 voters in one room within 10 s, and 100 rooms whose votes close at once.

Ours alone, put together as run_bot.py does it, on the project's own Discord. In the one room every voter presses once
within 10 s and every tenth changes their mind; then its clock runs out by itself, and the same crowd votes on the next
scene. What the channel was told is compared with what the voters were told and with the votes in the file; memory is
the bot's resident memory, before the first press, after the first such vote and after the second. In the 100 rooms
2,000 voters press at once, and all clocks run out within a few seconds of each other; the next scenes go out as fast as
Discord's 50 requests a second allow, two for each room.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.contest import CORES
from benchmarks.electorate import Electorate
from benchmarks.poll import OURS, Decided, Poll, choice_of, idle, polled
from benchmarks.polls.tale import GAP
from benchmarks.result import Result, Row, conclude
from benchmarks.start import cpu_seconds, megabytes
from benchmarks.watch import percentile
from tests.fakes.discord import Channel, Message

VOTERS = 10_000
WITHIN = 10.0
OPEN = 14
"""Seconds of each vote: the last ones to press must not be late on a busy machine."""

CHANGES = 10
"""One voter in so many presses twice."""

TICK = 0.02
BALLOTS = 2
MOST_GROWTH = 1.1
"""Of memory from the first vote's end to the second's: the pages of the file that SQLite keeps at hand, some 200 bytes
for each press, until its cache is full (`bot.store.database`)."""

VOTER_BYTES = 4_000
"""Of memory for each voter, from before the first press to the first vote's end: the vote as the room has it at hand,
the same pages, and the answer on its way while thousands are."""

SCENE_SECONDS = 8
"""From the end of all clocks to the last next scene: two calls for each room at the bot's own 40 a second, and a part
of a second on either side."""

ROOMS = 100
ROOM_VOTERS = 20
ROOM_OPEN = 12

CLOSES = re.compile(r"<t:(\d+):R>")
VERDICT = re.compile(r"(\d+)% of ([\d,]+) votes")


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote of the full room."""

    p50: float
    p99: float
    failed: int
    refused: int
    exact: bool
    """Whether the channel was told what the voters were told, and the file gives the same."""
    edits: int
    megabytes: float
    """When it was over."""
    cpu: float
    """CPU seconds of the bot."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """All the small rooms. Seconds."""

    answered: float
    """Until everybody was answered."""
    late_p50: float
    """From a clock's end to the next scene."""
    late_most: float
    ballots: int
    exact: bool


async def one_room(folder: Path) -> tuple[list[Ballot], int, float]:
    """Two votes in one room: (what came of each, how many ballots were closed, megabytes before the first press)."""
    async with polled(OURS, folder) as poll:
        [crowd] = await poll.rooms(1, VOTERS, OPEN)
        card, held, before = crowd.card, [], megabytes(poll.process)
        for number in range(BALLOTS):
            ballot, card = await _held(poll, crowd, card, number)
            held.append(ballot)
        return held, len(poll.decided()), before


async def _held(poll: Poll, crowd: Electorate, card: Message, number: int) -> tuple[Ballot, Message]:
    """One vote, until the next card is there."""
    channel, worked = poll.server.world.channels[card.channel_id], cpu_seconds(poll.process)
    crowd.waits, failed = [], crowd.failed
    await _press(crowd)
    await idle([crowd])
    waits, wished = crowd.waits, crowd.wishes
    following = await poll.aim(crowd, channel, card, within=OPEN + WITHIN)
    await channel.until(lambda: VERDICT.search(card.text) is not None)
    decided = poll.decided()[number]
    ballot = Ballot(
        percentile(waits, 50), percentile(waits, 99), crowd.failed - failed, len(crowd.others),
        _exact(decided, {voter: choice_of(which) for voter, which in wished.items()}, card), len(card.edits),
        megabytes(poll.process), cpu_seconds(poll.process) - worked,
    )  # fmt: skip
    return ballot, following


async def _press(crowd: Electorate) -> None:
    """Everybody within `WITHIN` seconds, in even steps; those who change their mind as soon as they are answered."""
    began, pressed = time.perf_counter(), 0
    while pressed < crowd.size:
        due = min(crowd.size, int((time.perf_counter() - began) / WITHIN * crowd.size))
        for voter in range(pressed, due):
            crowd.one(voter)
        pressed = due
        await asyncio.sleep(TICK)
    await idle([crowd])
    for voter in range(0, crowd.size, CHANGES):
        crowd.one(voter)


def _exact(decided: Decided, wished: dict[int, str], card: Message) -> bool:
    """The votes in the file are those of everybody as they were told, and the card says how many, and the share."""
    said = VERDICT.search(card.text)
    most = max(decided.counts.values())
    share = round(most * 100 / len(wished)) if wished else 0
    return (
        said is not None and decided.votes == wished and decided.counts[decided.winner] == most
        and int(said[2].replace(",", "")) == len(wished) and abs(int(said[1]) - share) <= 1
    )  # fmt: skip


async def many_rooms(folder: Path) -> Rooms:
    """All rooms vote at once, and close."""
    async with polled(OURS, folder) as poll:
        crowds = await poll.rooms(ROOMS, ROOM_VOTERS, ROOM_OPEN)
        began = time.perf_counter()
        for crowd in crowds:
            crowd.once()
        await idle(crowds)
        answered = time.perf_counter() - began
        wished = {voter: choice_of(which) for crowd in crowds for voter, which in crowd.wishes.items()}
        late = sorted(await asyncio.gather(*(_next(poll, crowd.card) for crowd in crowds)))
        decided = poll.decided()
        votes = {voter: choice for ballot in decided for voter, choice in ballot.votes.items()}
        exact = votes == wished and all(ballot.counts[ballot.winner] * 2 > ROOM_VOTERS for ballot in decided)
        return Rooms(answered, percentile(late, 50), late[-1], len(decided), exact)


async def _next(poll: Poll, card: Message) -> float:
    """Seconds from the end of the card's clock to the next card."""
    channel: Channel = poll.server.world.channels[card.channel_id]
    closes = CLOSES.search(card.text)
    await channel.shown(lambda message: message.id != card.id and bool(message.buttons), card, within=4 * ROOM_OPEN)
    return time.time() - int(closes[1] if closes else 0)


def measure() -> Result:
    """Everything, in a temporary folder on the disk that temporary folders are on."""
    with tempfile.TemporaryDirectory(prefix="cliffhanger-") as name:
        return uvloop.run(_measure(Path(name)))


async def _measure(folder: Path) -> Result:
    os.sched_setaffinity(0, CORES[:1])
    try:
        ballots, closed, before = await one_room(folder / "one")
        rooms = await many_rooms(folder / "many")
    finally:
        os.sched_setaffinity(0, CORES)
    return Result("A full house on Discord", _about(), (
        *(row for number, ballot in enumerate(ballots, 1) for row in _ballot(number, ballot)),
        Row("ballots closed", str(closed), "", f"= {BALLOTS}", closed == BALLOTS),
        *_memory(ballots, before),
        *_rooms(rooms),
    ))  # fmt: skip


def _ballot(number: int, ballot: Ballot) -> list[Row]:
    most = int(OPEN / GAP) + 2
    presses = VOTERS + VOTERS // CHANGES
    exact = "exact" if ballot.exact else "NOT exact"
    return [
        Row(f"vote {number}, {presses:,} presses", f"p50 {ballot.p50 * 1000:.0f} ms, p99 {ballot.p99 * 1000:.0f} ms; "
            f"{ballot.failed} not answered within 3 s; {ballot.cpu:.1f} CPU seconds", "", "all answered in time",
            not ballot.failed),
        Row(f"vote {number}, its count", f"{exact}, {ballot.refused} refused", "", "exact, none",
            ballot.exact and not ballot.refused),
        Row(f"vote {number}, edits of its card", str(ballot.edits), "", f"<= {most}", ballot.edits <= most),
    ]  # fmt: skip


def _memory(ballots: Sequence[Ballot], before: float) -> list[Row]:
    first, last = ballots[0].megabytes, ballots[-1].megabytes
    each = (first - before) * 1_000_000 / VOTERS
    return [
        Row("memory before the first press, and what each voter adds", f"{before:.0f} MB, {each:,.0f} bytes", "",
            f"<= {VOTER_BYTES:,} bytes", each <= VOTER_BYTES),
        Row("memory after the first vote, and after the second", f"{first:.0f} MB, {last:.0f} MB",
            f"{last / first:.2f}", f"<= {MOST_GROWTH}", last / first <= MOST_GROWTH),
    ]  # fmt: skip


def _rooms(rooms: Rooms) -> list[Row]:
    exact = "exact" if rooms.exact else "NOT exact"
    return [
        Row(f"{ROOMS} rooms, {ROOMS * ROOM_VOTERS:,} presses at once", f"all answered in {rooms.answered:.2f} s"),
        Row(f"{ROOMS} rooms, ballots closed", f"{rooms.ballots}, {exact}", "", f"= {ROOMS}, exact",
            rooms.exact and rooms.ballots == ROOMS),
        Row(f"{ROOMS} rooms, from the clock's end to the next scene",
            f"p50 {rooms.late_p50:.1f} s, at most {rooms.late_most:.1f} s", "", f"<= {SCENE_SECONDS} s",
            rooms.late_most <= SCENE_SECONDS),
    ]  # fmt: skip


def _about() -> str:
    return (
        f"{VOTERS:,} voters in one room press within {WITHIN:g} s, one in {CHANGES} changes their mind; twice. Then "
        f"{ROOMS} rooms with {ROOM_VOTERS} voters each, all at once. Exact: the voters, the channel and the file say "
        "the same."
    )


if __name__ == "__main__":
    conclude(measure())
