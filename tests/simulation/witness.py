"""The witness: sees what viewers send, are told and are shown, and says at once what must never be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.parcel import Note, Parcel
from tests.simulation.desk import Acknowledged, Call, Cast, Erase
from tests.simulation.disk import Disk


@dataclass(frozen=True, slots=True)
class Before:
    """What was so when something was brought: where its viewer stood in each session, and whether its ballot was open."""

    known: dict[int, int]
    open: bool


class Witness:
    """One world's. `broken` is told of each promise that is not kept."""

    def __init__(self, disk: Disk, broken: Callable[[str, str], None]) -> None:
        self.calls: dict[str, Call] = {}
        """By the id of their event."""
        self.counted: dict[str, bool] = {}
        """What viewers were told of their events, by id: that they counted, or that they did not."""
        self.seen: set[tuple[str, int, int, str]] = set()
        """(address, session, revision, scene) of every card that was shown."""
        self.forgotten: set[int] = set()
        """Sessions of which their viewer was told that they are gone."""
        self._disk = disk
        self._broken = broken
        self._known: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._latest: dict[tuple[str, int], int] = {}

    def sent(self, call: Call) -> None:
        self.calls[call.key.id] = call

    def before(self, call: Call) -> Before:
        """What is so now that it is brought."""
        return Before(dict(self._known[call.who]), isinstance(call.what, Cast) and self._open(call.what))

    def acknowledged(self, call: Call, told: Acknowledged, before: Before) -> None:
        """The viewer hears of it."""
        if told.counted is not None:
            known = self.counted.setdefault(call.key.id, told.counted)
            if known != told.counted:
                self._broken("one event, one answer", f"event {call.key.id} was told {known}, then {told.counted}")
        if told.revision < before.known.get(told.session, 0):
            now = f"at revision {told.revision} after {before.known[told.session]}"
            self._broken("no revision goes back", f"{call.who} was told that {told.session} is {now}")
        if told.session:
            known_here = self._known[call.who]
            known_here[told.session] = max(known_here.get(told.session, 0), told.revision)
        if isinstance(call.what, Erase):
            self.forgotten.update(before.known)

    def _open(self, cast: Cast) -> bool:
        query = "SELECT 1 FROM room WHERE session = ? AND revision = ? AND open AND NOT ended"
        return bool(self._disk.rows(query, cast.session, cast.revision))

    def showing(self, address: str, parcel: Parcel | Note) -> None:
        """The platform is told to show something."""
        if isinstance(parcel, Parcel) and parcel.session in self.forgotten:
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
