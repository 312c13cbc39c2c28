"""The witness: sees what viewers send, are told and are shown, and says at once what must never be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf

from bot.delivery.parcel import Note, Parcel
from bot.rooms.kept import read
from bot.store.lane import lane_of
from bot.store.sqlite_rooms import read_room
from tests.simulation.desk import Acknowledged, Call, Cast, Erase
from tests.simulation.disk import Disk, clock
from tests.simulation.worker import DUTY, PLATFORM, Worker

ALONE = "what one worker has, no other one has"

ON_ITS_WAY = 1.5
"""Seconds for which another worker may still show what it had read: as long as the slowest answer of a store takes."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was so when something was brought to a worker: where its viewer stood in each session, whether the ballot
    was open, and what the viewer had been told of it already.
    """

    worker: Worker
    at: int
    known: dict[int, int]
    open: bool
    told: bool | None


class Witness:
    """One world's. `broken` is told of each promise that is not kept."""

    def __init__(self, disk: Disk, broken: Callable[[str, str], None]) -> None:
        self.calls: dict[str, Call] = {}
        """By the id of their event."""
        self.counted: dict[str, bool] = {}
        """What viewers were told of their events, by id: that they counted, or that they did not."""
        self.seen: set[tuple[str, int, int, str]] = set()
        """(address, session, revision, scene) of every card that was shown."""
        self.forgotten: dict[int, tuple[Worker, float]] = {}
        """Sessions of which their viewer was told that they are gone: by whom, and in which second."""
        self._disk = disk
        self._broken = broken
        self._known: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._latest: dict[tuple[str, int], int] = {}

    def sent(self, call: Call) -> None:
        self.calls[call.key.id] = call

    def before(self, call: Call, worker: Worker) -> Before:
        """What is so now that it is brought."""
        at = worker.clock()
        open_now = isinstance(call.what, Cast) and self._open(call.what, at)
        return Before(worker, at, dict(self._known[call.who]), open_now, self.counted.get(call.key.id))

    def acknowledged(self, call: Call, told: Acknowledged, before: Before) -> None:
        """The viewer hears of it."""
        if told.counted is not None:
            self._told(call, told.counted, before.told)
        if told.revision < before.known.get(told.session, 0):
            now = f"at revision {told.revision} after {before.known[told.session]}"
            self._broken("no revision goes back", f"{call.who} was told that {told.session} is {now}")
        if told.session:
            known_here = self._known[call.who]
            known_here[told.session] = max(known_here.get(told.session, 0), told.revision)
        if isinstance(call.what, Erase):
            self.forgotten.update(dict.fromkeys(before.known, (before.worker, before.worker.process.time())))
        if told.late is not None and before.open and isinstance(call.what, Cast):
            self._late(call.what, told.late)

    def _told(self, call: Call, counted: bool, before: bool | None) -> None:
        if before is True and not counted:
            self._broken("what was accepted stays accepted", f"event {call.key.id} was told so, and then refused")
        # A ballot may open again for those who came late.
        if before is False and counted and not isinstance(call.what, Cast):
            self._broken("what was refused stays refused", f"event {call.key.id} was told so, and then accepted")
        self.counted[call.key.id] = counted or self.counted.get(call.key.id, False)

    def _late(self, cast: Cast, at: int) -> None:
        if self._open(cast, at):
            self._broken("an open ballot takes votes", f"revision {cast.revision} was said to be over")

    def _open(self, cast: Cast, at: int) -> bool:
        """Whether that ballot takes votes, as it is stored."""
        query = "SELECT * FROM room WHERE session = ? AND revision = ? AND open AND NOT ended"
        for _, *columns in self._disk.rows(query, cast.session, cast.revision):
            row = read_room(tuple(columns))
            ballot = None if row is None else read(row).room.ballot
            return ballot is not None and not ballot.late(at)
        return False

    def showing(self, worker: Worker, address: str, parcel: Parcel | Note) -> None:
        """The platform is told to show something."""
        lane = f"{PLATFORM} {lane_of(PLATFORM, address)}"
        if lane not in self._leased(worker):
            self._broken(ALONE, f"worker {worker.number} shows something to {address}, whose lane it has not")
        if isinstance(parcel, Parcel) and self._gone(worker, parcel.session):
            self._broken("nothing is sent after /forget", f"{address} is shown revision {parcel.revision}")

    def _gone(self, worker: Worker, session: int) -> bool:
        """Whether the worker must know that the session's viewer was told so."""
        teller, at = self.forgotten.get(session, (worker, inf))
        # Another one may just then have read what it is to show.
        grace = 0.0 if worker is teller else ON_ITS_WAY
        return worker.process.time() > max(at, worker.process.stalled_until) + grace

    # -- what one worker alone may do

    def dealt(self, worker: Worker, living: Iterable[Worker]) -> None:
        """It believes from now that it has other lanes."""
        for other in living:
            both = other.believes & worker.believes
            if both and other is not worker:
                self._broken(ALONE, f"workers {other.number} and {worker.number} both believe in {sorted(both)}")
        lanes = {f"{PLATFORM} {lane}" for lane in worker.lanes.mine or ()}
        if lanes - self._leased(worker):
            self._broken(ALONE, f"worker {worker.number} believes in {sorted(lanes - self._leased(worker))}")

    def on_duty(self, worker: Worker) -> None:
        """It believes that it is the one to do what one does alone."""
        if DUTY not in self._leased(worker):
            self._broken(ALONE, f"worker {worker.number} does {DUTY}")

    def _leased(self, worker: Worker) -> set[str]:
        """What is the worker's by the database's clock."""
        query = "SELECT name FROM lease WHERE worker = ? AND until > ?"
        return {name for (name,) in self._disk.rows(query, worker.crew.worker, clock(worker.process.time()))}

    def shown(self, address: str, parcel: Parcel) -> None:
        """The viewer sees it."""
        self.seen.add((address, parcel.session, parcel.revision, parcel.card.scene))
        latest = self._latest.get((address, parcel.session), 0)
        if parcel.revision < latest:
            self._broken("no revision goes back", f"{address} sees revision {parcel.revision} after {latest}")
        self._latest[address, parcel.session] = max(latest, parcel.revision)
        if not parcel.room:
            known = self._known[address]
            known[parcel.session] = max(known.get(parcel.session, 0), parcel.revision)
