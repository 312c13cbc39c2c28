"""The witness: sees what viewers send, are told and are shown, and says at once what must never be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from bot.delivery.parcel import Note, Parcel
from bot.rooms.kept import read
from bot.store.sqlite_rooms import read_room
from tests.simulation.desk import Acknowledged, Call, Cast, Erase
from tests.simulation.disk import Disk
from tests.simulation.worker import Worker

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
        self.forgotten: dict[int, float] = {}
        """Sessions of which their viewer was told that they are gone, and from which second nothing of them is sent."""
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
            # Another process may just then have read what it is to show; this one is told.
            grace = 0.0 if before.worker.delivers else ON_ITS_WAY
            self.forgotten.update(dict.fromkeys(before.known, before.worker.process.time() + grace))
        if told.late and before.open and isinstance(call.what, Cast):
            # The later one, if its clock was set back meanwhile.
            self._late(call.what, max(before.at, before.worker.clock()))

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

    def showing(self, address: str, parcel: Parcel | Note, now: float) -> None:
        """The platform is told to show something."""
        if isinstance(parcel, Parcel) and now > self.forgotten.get(parcel.session, inf):
            self._broken("nothing is sent after /forget", f"{address} is shown revision {parcel.revision}")

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
