"""Workers that are killed again and again, and their database, while viewers play.

`python -m tests.journeys.workers --rounds 100` does so a hundred times at a webhook and a hundred times polling.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.entrance import free_port
from tests.fakes.postgres import PostgresServer, ask, postgres, programs
from tests.fakes.telegram import Message, Person, TelegramServer
from tests.journeys.crew_process import CrewProcess, crew_process
from tests.journeys.ferry import write_ferry
from tests.journeys.ferry_goer import FerryGoer, label_of, offers_a_choice
from tests.journeys.harbour import until, until_so

PATIENCE = 120.0
"""Seconds for a scene, while workers and their database come and go."""

WORKERS = 4
VIEWERS = 6
TAPS = 6
"""A round ends at one of the next taps."""

HELD = 10.0
"""Seconds for which a worker is held: longer than a lease."""


class Watcher(FerryGoer):
    """A viewer who remembers the scenes in the order in which their chat was sent them."""

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self.seen: dict[int, str] = {}
        self.chat.listeners.append(self._look)

    def _look(self, message: Message) -> None:
        if message.id not in self.seen and offers_a_choice(message):
            self.seen[message.id] = message.button(label_of(message))["callback_data"]

    async def play(self, over: asyncio.Event) -> None:
        """Goes on from every scene as soon as it is there; nothing is tapped again because it seems lost."""
        scene = await self.begin(PATIENCE)
        while not over.is_set():
            scene = await self.go_on(scene, PATIENCE)

    def faults(self) -> list[str]:
        """What was wrong with what the chat was shown."""
        last = next(reversed(self.seen.values()))
        order = {data: revision for revision, data in enumerate([*self.tapped, last])}
        shown = [order.get(data, -1) for data in self.seen.values()]
        found = [] if shown == sorted(shown) else [f"{self.id} saw revisions go back: {shown}"]
        missing = set(range(len(self.tapped) + 1)) - set(shown)
        return [*found, f"{self.id} was never shown {sorted(missing)}"] if missing else found


TAPS_COUNTED = """
SELECT identity."user" AS person, fact.revision FROM identity JOIN session USING (viewer)
JOIN fact ON fact.session = session.id WHERE identity.platform = 'telegram' AND fact.kind = 'choice'
"""
STANDING = """
SELECT identity."user" AS person, session.revision FROM identity JOIN session USING (viewer)
WHERE identity.platform = 'telegram'
"""


async def faults(database: str, viewers: Sequence[Watcher]) -> list[str]:
    """What does not add up: each tap counts once, everybody stands where they tapped to, and was shown all of it."""
    counted = Counter((row["person"], row["revision"]) for row in await ask(database, TAPS_COUNTED))
    made = Counter((str(one.id), revision) for one in viewers for revision in range(1, len(one.tapped) + 1))
    found = [f"lost: {lost}" for lost in made - counted] + [f"doubled: {twice}" for twice in counted - made]
    standing = {row["person"]: row["revision"] for row in await ask(database, STANDING)}
    tapped = {str(one.id): len(one.tapped) for one in viewers}
    found += [] if standing == tapped else [f"they stand at {standing}, and tapped to {tapped}"]
    found += [f"set aside: {row}" for row in await ask(database, "SELECT platform, id, error FROM trouble")]
    return found + [fault for one in viewers for fault in one.faults()]


async def nothing_waits(database: str) -> bool:
    """Whether every card was shown and is noted as shown."""
    await asyncio.sleep(0.1)
    return not await ask(database, "SELECT id FROM outbox")


@dataclass
class Rounds:
    """One crew with its viewers. `done` counts what was done to it."""

    server: TelegramServer
    database: PostgresServer
    crew: CrewProcess
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)

    async def worker_falls(self) -> None:
        """kill -9 for one of the workers that are there."""
        workers = self.crew.workers
        if workers:
            self.crew.send(self.dice.choice(sorted(workers, key=str)), signal.SIGKILL)

    async def all_fall(self) -> None:
        """kill -9 for all workers at once."""
        for seat in self.crew.workers:
            self.crew.send(seat, signal.SIGKILL)

    async def database_falls(self) -> None:
        """kill -9 for the database, which is started again."""
        await asyncio.to_thread(self.database.kill)
        await asyncio.sleep(self.dice.choice((0, self.dice.uniform(0, 2))))
        await asyncio.to_thread(self.database.start)

    async def both_fall(self) -> None:
        """First one, then the other."""
        await self.worker_falls()
        await self.database_falls()

    async def worker_is_held(self) -> None:
        """A worker stands still for longer than its leases last, and then goes on as if nothing had been."""
        workers = self.crew.workers
        if workers:
            seat = self.dice.choice(sorted(workers, key=str))
            self.crew.send(seat, signal.SIGSTOP)
            await asyncio.sleep(HELD)
            self.crew.send(seat, signal.SIGCONT)

    async def some_moment(self) -> None:
        """One of the next taps was made just now, or a few milliseconds ago."""
        seen = self.server.updates.seen
        last, taps = (seen[-1] if seen else None), self.dice.randint(1, TAPS)
        for _ in range(taps):
            await until(lambda last=last: seen and seen[-1] is not last, PATIENCE)  # type: ignore[misc]
            last = seen[-1]
        await asyncio.sleep(self.dice.choice((0, self.dice.uniform(0, 0.03))))

    async def go(self, deeds: Sequence[str]) -> None:
        """One deed after the other, each at some moment."""
        for deed in deeds:
            await self.some_moment()
            await getattr(self, deed)()
            self.done[deed] += 1


@asynccontextmanager
async def playing(
    server: TelegramServer,
    folder: Path,
    database: PostgresServer,
    dice: random.Random,
    workers: int = WORKERS,
    **settings: object,
) -> AsyncIterator[tuple[Rounds, list[Watcher]]]:
    """Viewers that play while the context lasts; then all is shown, and nothing may be wrong."""
    over = asyncio.Event()
    viewers = [Watcher(server.person(f"Viewer {number}")) for number in range(VIEWERS)]
    async with crew_process(server, folder, database.url(), workers, **settings) as crew:
        tapping = [asyncio.create_task(viewer.play(over)) for viewer in viewers]
        try:
            yield Rounds(server, database, crew, dice), viewers
            over.set()
            await asyncio.gather(*tapping)
        except BaseException:
            print(*crew.said, *crew.complained, sep="", file=sys.stderr)
            raise
        finally:
            for task in tapping:
                task.cancel()
            await asyncio.gather(*tapping, return_exceptions=True)
        await until(lambda: not server.updates.pending, PATIENCE)
        await until_so(lambda: nothing_waits(database.url()), PATIENCE)
    wrong = await faults(database.url(), viewers)
    assert wrong == [], wrong


def webhook(port: int) -> dict[str, object]:
    """Settings by which every worker is called."""
    return {"PORT": port, "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram"}


# -- the whole


DEEDS = ("worker_falls",) * 5 + ("both_fall", "database_falls", "database_falls", "all_fall", "worker_is_held")


async def many(rounds: int, seed: int, *, polling: bool) -> str:
    """So many rounds: what was done and counted."""
    bin = programs()
    assert bin is not None, "needs PostgreSQL"
    folder, dice, began = Path(tempfile.mkdtemp()), random.Random(seed), time.monotonic()
    write_ferry(folder / "stories")
    with postgres(bin, durable=True) as database:
        async with TelegramServer() as server:
            settings: dict[str, Any] = {} if polling else webhook(free_port())
            async with playing(server, folder, database, dice, **settings) as (found, viewers):
                for number in range(1, rounds + 1):
                    await found.go([dice.choice(DEEDS)])
                    print(f"\r{number}/{rounds}", end="", flush=True, file=sys.stderr)
            assert server.violations == [], server.violations
    shutil.rmtree(folder)
    taps = sum(len(viewer.tapped) for viewer in viewers)
    again = sum(len(viewer.seen) - len(set(viewer.seen.values())) for viewer in viewers)
    return (
        f"{rounds} rounds {'polling' if polling else 'by webhook'} (seed {seed}): {dict(found.done)}, {taps} taps, "
        f"0 lost, 0 doubled, none out of order, {again} scenes shown again, {time.monotonic() - began:.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", choices=("webhook", "polling"))
    given = parser.parse_args()
    for way in (given.way,) if given.way else ("webhook", "polling"):
        print(asyncio.run(many(given.rounds, given.seed, polling=way == "polling")), flush=True)


if __name__ == "__main__":
    main()
