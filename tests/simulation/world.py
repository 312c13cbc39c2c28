"""A world: viewers, their platform, workers and a disk, in which a history happens once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation import audit
from tests.simulation.deed import (
    Begin,
    Crash,
    Cut,
    Deafen,
    Deed,
    Disturb,
    Refuse,
    Retire,
    Sent,
    Slow,
    Stall,
    Turned,
    Wait,
)
from tests.simulation.disk import clock, the_disk
from tests.simulation.grapevine import Grapevine
from tests.simulation.history import WORKERS
from tests.simulation.loop import Process, Restless, Scheduler
from tests.simulation.meaning import meant
from tests.simulation.platform import Platform
from tests.simulation.witness import Witness
from tests.simulation.worker import Parts, Surroundings, Worker

REST = 40.0
"""Seconds in which everything must come to rest after the last fault."""

BURIAL = 20.0
"""Seconds in which every task comes to its end."""

WATCHED = 0.5
"""Seconds between two looks whether it has."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was not kept, and how."""

    promise: str
    how: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.how}"


class World:
    """One world for one history. Wipes the disk of this process."""

    def __init__(self, seed: int, parts: Parts) -> None:
        self.broken: list[Broken] = []
        self.scheduler = Scheduler(seed)
        self.disk = the_disk()
        self.disk.wipe()
        self.outside = Process(self.scheduler, self._crashed)
        self.witness = Witness(self.disk, self._note)
        self.platform = Platform(self.outside, self.witness, self._living)
        self.grapevine = Grapevine(self.outside)
        self._around = Surroundings(
            self.scheduler, self.disk, self.outside, self.grapevine, self.platform, self._crashed, parts
        )
        self.workers = {number: Worker(number, self._around) for number in range(WORKERS)}
        self._buried: list[Worker] = []

    def live(self, deeds: Sequence[Deed]) -> Broken | None:
        """Do the deeds, let it come to rest, look at what is left: the first promise that was not kept."""
        try:
            for deed in deeds:
                self.scheduler.run(self.scheduler.now + deed.pause / 1000)
                self._do(deed)
                if self.broken:
                    break
            else:
                self._rest()
        except Restless as error:
            self._note("it comes to rest", str(error))
        finally:
            self._bury()
        return self.broken[0] if self.broken else None

    # -- the end

    def _rest(self) -> None:
        """Nothing goes wrong any more: whatever was begun comes to its end, and is looked at."""
        self.platform.heal()
        end = self.scheduler.now + REST
        while not self.broken and not self._at_rest():
            if self.scheduler.now >= end:
                self._note("it comes to rest", self._unrest())
                return
            for worker in self._living():
                worker.link.heal()
            if not self._living():
                self._begin(0, anew=False)
            self.scheduler.run(self.scheduler.now + WATCHED)
        if not self.broken:
            for promise, how in audit.faults(self.disk, self.witness):
                self._note(promise, how)

    def _at_rest(self) -> bool:
        delivering = any(delivery.busy for one in self._living() for delivery in one.app.deliveries.values())
        return not (delivering or self.platform.on_their_way or self._owed() or self._overdue())

    def _owed(self) -> int:
        return int(self.disk.rows("SELECT count(*) FROM outbox")[0][0])

    def _overdue(self) -> int:
        query = "SELECT count(*) FROM agenda WHERE at <= ?"
        return int(self.disk.rows(query, clock(self.scheduler.now))[0][0])

    def _unrest(self) -> str:
        waiting = f"{self.platform.on_their_way} events are not acknowledged"
        return f"{waiting}, {self._owed()} cards not shown, {self._overdue()} rows of the agenda overdue"

    def _bury(self) -> None:
        """Have every task come to its end, whatever it does then."""
        self.broken, found = [], self.broken
        for worker in (*self.workers.values(), *self._buried):
            worker.link.heal()
            worker.process.bury()
        self.outside.bury()
        self.scheduler.turns = 0
        self.scheduler.run(self.scheduler.now + BURIAL)
        self.broken = found

    # -- what happens

    def _do(self, deed: Deed) -> None:
        match deed:
            case Begin():
                self._begin(deed.worker, deed.anew)
            case Crash() | Retire() | Stall() | Deafen() | Turned() | Disturb() | Cut() | Slow():
                self._befall(self.workers[deed.worker], deed)
            case Refuse():
                self.platform.refuse(deed.skip, deed.how)
            case Wait():
                pass
            case Sent():
                what = meant(deed, self.platform.chats)
                if what is not None:
                    self.platform.send(deed.who, what, deed.copies)

    def _befall(self, worker: Worker, deed: Crash | Retire | Stall | Deafen | Turned | Disturb | Cut | Slow) -> None:
        now = self.scheduler.now
        match deed:
            case Crash():
                worker.crash()
            case Retire():
                worker.leave()
            case Stall():
                worker.process.stalled_until = now + deed.milliseconds / 1000
            case Deafen():
                self.grapevine.deafen(worker.process, deed.milliseconds / 1000)
            case Turned():
                worker.clock.ahead += deed.seconds * 1000
            case Disturb():
                worker.link.arm(deed.skip, deed.fault)
            case Cut():
                worker.link.cut_until = now + deed.milliseconds / 1000
            case Slow():
                worker.link.slow_until, worker.link.pause = now + deed.milliseconds / 1000, deed.each / 1000

    def _begin(self, number: int, anew: bool) -> None:
        """The worker begins, if it has ended or never was."""
        ended = self.workers.get(number)
        if ended is None:
            self.workers[number] = Worker(number, self._around)
        elif not ended.alive:
            self._buried.append(ended)
            name = None if anew else ended.crew.worker
            self.workers[number] = Worker(number, self._around, ended.clock.ahead, name)

    def _living(self) -> list[Worker]:
        return [worker for worker in self.workers.values() if worker.alive]

    def _note(self, promise: str, how: str) -> None:
        self.broken.append(Broken(promise, how))

    def _crashed(self, how: str) -> None:
        self._note("no error is left to chance", how)
