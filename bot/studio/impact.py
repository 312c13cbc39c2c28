"""Impact: what an edit would do to everybody who is in the middle of the story."""

from __future__ import annotations

from collections import Counter
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


Kind = tuple[str, Fate, bool, str]
"""The scene where a session stood, its fate, whether its card comes anew, and the scene where it stands then."""


def kind_of(scene: str, landing: Landing) -> Kind:
    """What a session of that scene is counted under."""
    return scene, landing.fate, landing.refreshed, landing.state.scene


def impact(changes: tuple[Change, ...], counted: Counter[Kind]) -> Impact:
    """The impact of an edit from how many sessions there are of each kind."""
    stands = tuple(sorted((Stand(*kind, sessions) for kind, sessions in counted.items()), key=_order))
    return Impact(changes, stands, counted.total())


def _order(stand: Stand) -> tuple[int, str, str, bool, str]:
    return -stand.sessions, stand.scene, stand.fate.value, stand.refreshed, stand.to
