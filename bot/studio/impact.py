"""Impact: what an edit would do to everybody who is in the middle of the story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.play.landing import Fate, Landing
from bot.story.changes import Change


@dataclass(frozen=True, slots=True)
class Stand:
    """Sessions that fare alike: they stood in `scene` by their own version, and stand in `to` by the new one."""

    scene: str
    fate: Fate
    refreshed: bool
    to: str
    sessions: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What is different, and where everybody lands; the stand of most sessions comes first."""

    changes: tuple[Change, ...]
    stands: tuple[Stand, ...]
    sessions: int

    @property
    def continues(self) -> int:
        """Sessions that go on where they stood."""
        return self._of(Fate.CONTINUES)

    @property
    def moved(self) -> int:
        """Sessions that are moved back to a choice made before."""
        return self._of(Fate.MOVED)

    @property
    def restarts(self) -> int:
        """Sessions that begin again."""
        return self._of(Fate.RESTARTS)

    @property
    def refreshed(self) -> int:
        """Sessions that get their card anew: all that are moved or begin again, and some that go on."""
        return sum(stand.sessions for stand in self.stands if stand.refreshed)

    def _of(self, fate: Fate) -> int:
        return sum(stand.sessions for stand in self.stands if stand.fate is fate)


def impact(changes: tuple[Change, ...], landings: Iterable[tuple[str, Landing]]) -> Impact:
    """The impact of an edit, by the scene where each session stood and its landing; of no session is anything kept."""
    alike = Counter((scene, one.fate, one.refreshed, one.state.scene) for scene, one in landings)
    stands = tuple(sorted((Stand(*stand, sessions) for stand, sessions in alike.items()), key=_order))
    return Impact(changes, stands, alike.total())


def _order(stand: Stand) -> tuple[int, str, str, bool, str]:
    return -stand.sessions, stand.scene, stand.fate.value, stand.refreshed, stand.to
