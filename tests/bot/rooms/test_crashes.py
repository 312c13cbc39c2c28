"""Wherever a process ends in a split, a meeting or a rewind: after the restart it comes to the same end, once."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from bot.watch.branch import MEET_MS
from bot.watch.event import Back, CloseNow, Split, Stop, Together
from bot.watch.rules import Fork, Rules
from tests.bot.rooms.fragile import FragileStore, until_it_ends
from tests.bot.rooms.parting import TWO_WAYS, Pair
from tests.fakes.crowd import HOST, Crowd
from tests.fakes.house import Clock, House

Deed = Callable[[Pair], Awaitable[object]]
Scenario = tuple[Deed, Deed]
"""What leads there, and what is interrupted: it is done again after the restart, as platforms do."""


async def _voted(pair: Pair, fork: Fork = Fork.ALWAYS) -> None:
    await pair.gather(rules=Rules(fork=fork, fair=True))
    await pair.vote()
    pair.clock.advance(30)


async def _asked(pair: Pair) -> None:
    await _voted(pair, Fork.ASK)
    await pair.main.wait(0)


async def _close(crowd: Crowd, number: int, choice: str) -> None:
    await crowd.vote(number, choice)
    await crowd.control(CloseNow(HOST, await crowd.revision()), event=f"close-{choice}")


async def _apart(pair: Pair) -> None:
    await _voted(pair)
    await pair.main.wait(0)


async def _main_waits(pair: Pair) -> None:
    await _apart(pair)
    await _close(pair.main, 1, "on")
    await (await pair.other()).vote(2, "walk")


async def _twin_waits(pair: Pair) -> None:
    await _apart(pair)
    await _close(await pair.other(), 2, "walk")
    await pair.main.vote(1, "on")


async def _time_is_over(pair: Pair) -> None:
    await _main_waits(pair)
    twin = await pair.other()
    await twin.control(CloseNow(HOST, 9))
    pair.clock.advance(MEET_MS / 1000)


async def _twin_closes(pair: Pair) -> None:
    await (await pair.other()).control(CloseNow(HOST, 1), event="twin-closes")


async def _twin_rests(pair: Pair) -> None:
    twin = await pair.other()
    if await twin.revision() == 1:
        await twin.vote(2, "rest")
    await twin.control(CloseNow(HOST, 1), event="twin-rests")


async def _twin_stops(pair: Pair) -> None:
    await (await pair.other()).control(Stop(HOST), event="twin-stops")


async def _agenda(pair: Pair) -> None:
    await pair.main.agenda.take_due()


SCENARIOS: dict[str, Scenario] = {
    "the clock splits": (_voted, _agenda),
    "the host is asked": (lambda pair: _voted(pair, Fork.ASK), _agenda),
    "the host splits": (_asked, lambda pair: pair.main.control(Split(HOST, 0), event="split")),
    "the host keeps together": (_asked, lambda pair: pair.main.control(Together(HOST, 0), event="together")),
    "the main room comes first": (_main_waits, _twin_closes),
    "the twin comes first": (_twin_waits, lambda pair: pair.main.control(CloseNow(HOST, 1), event="main-closes")),
    "the others do not come": (_main_waits, _twin_rests),
    "the other is stopped": (_main_waits, _twin_stops),
    "waited long enough": (_time_is_over, _agenda),
    "back": (_main_waits, lambda pair: pair.main.control(Back(HOST, 2), event="back")),
}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_it_comes_to_the_same_end(tmp_path: Path, name: str) -> None:
    prepare, deed = SCENARIOS[name]
    clock, house = Clock(), House(tmp_path / "before")
    house.write("two-ways", TWO_WAYS)
    async with house.running() as app:
        pair = Pair(app, clock)
        await prepare(pair)
    wanted, died = await life(house, tmp_path / "whole", Ends(pair.main.session, deed, clock.now))
    assert not died
    for number in count(1):
        ends = Ends(pair.main.session, deed, clock.now, number)
        found, died = await life(house, tmp_path / str(number), ends)
        assert found == wanted, f"ended at {number}"
        if not died:
            assert number > 3
            return


@dataclass(frozen=True)
class Ends:
    """What is done in which room when, and at which of its questions to the store the process ends."""

    session: int
    deed: Deed
    now: int
    fuse: int | None = None


async def life(before: House, folder: Path, ends: Ends) -> tuple[object, bool]:
    """What is there in the end, and whether the process ended before."""
    shutil.copytree(before.folder, folder)
    clock, house = Clock(ends.now), House(folder)
    async with house.running(FragileStore) as app:
        assert isinstance(app.store, FragileStore)
        app.store.fuse = ends.fuse
        died = await until_it_ends(ends.deed(Pair(app, clock, ends.session)))
        app.store.fuse = None
    async with house.running() as app:
        again = Pair(app, clock, ends.session)
        await ends.deed(again)
        await _agenda(again)
        return await there(again), died


async def there(pair: Pair) -> object:
    """Everything that matters, without the ids."""
    told = defaultdict(list)
    for address, said in await pair.told():
        told[address].append(said)
    room = await pair.room()
    sessions = [pair.main.session, *(split.twin for split in room.parted)]
    return dict(told), [await one(pair, session) for session in sessions], await agenda(pair, sessions)


async def one(pair: Pair, session: int) -> object:
    row, room = await pair.row(session), await pair.room(session)
    played = await pair.app.store.session(session)
    assert played is not None
    ballots = [(ballot.revision, ballot.winner) for ballot in await pair.app.store.ballots(session)]
    clock = None if room.ballot is None else (room.ballot.closes, room.ballot.left)
    parted = [(split.side, split.main, split.met, split.scene) for split in room.parted]
    asks = None if room.parting is None else (room.parting.choice, room.parting.until)
    return (
        row.address, row.revision, row.open, row.ended, played.revision, room.meeting, clock, dict(room.losses),
        parted, asks, room.branch is None, ballots,
    )  # fmt: skip


async def agenda(pair: Pair, sessions: list[int]) -> object:
    due = await pair.app.store.due(1 << 60, 100)
    return sorted((sessions.index(one.session), one.kind, one.revision, one.at) for one in due)
