"""Shrinking: of a history that breaks a promise, the shortest part that still breaks the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.simulation.deed import FAULTS, Deed, Disturb, Refuse, Sent, Wait
from tests.simulation.history import History

StillFails = Callable[[History], bool]


def shrunk(history: History, fails: StillFails) -> History:
    """No deed of it can be left out, or made simpler, without its becoming harmless."""
    before: History | None = None
    while before != history:
        before = history
        history = _fewer(_joined(history), fails)
        history = _simpler(history, fails)
    return history


def _joined(history: History) -> History:
    """The same without deeds in which time passes: it passes before the next one."""
    joined: list[Deed] = []
    passed = 0
    for deed in history:
        if isinstance(deed, Wait):
            passed += deed.pause
        else:
            joined.append(replace(deed, pause=passed + deed.pause))
            passed = 0
    return tuple(joined) if not passed else (*joined, Wait(passed))


def _fewer(history: History, fails: StillFails) -> History:
    """Leave out halves, then quarters, down to single deeds: first what is nobody's wish."""
    size = max(len(history) // 2, 1)
    while True:
        for part in _parts(history, size):
            rest = tuple(deed for number, deed in enumerate(history) if number not in part)
            if fails(rest):
                history = rest
                break
        else:
            if size == 1:
                return history
            size //= 2


def _parts(history: History, size: int) -> Iterator[frozenset[int]]:
    """Groups of deeds, by their numbers: the last ones first."""
    faults = frozenset(number for number, deed in enumerate(history) if isinstance(deed, FAULTS))
    if faults and size > 1:
        yield faults
    for start in range(len(history) - size, -size, -size):
        yield frozenset(range(max(start, 0), start + size))


def _simpler(history: History, fails: StillFails) -> History:
    for number in range(len(history)):
        for simple in _simple(history[number]):
            changed = (*history[:number], simple, *history[number + 1 :])
            if simple != history[number] and fails(changed):
                history = changed
                break
    return history


def _simple(deed: Deed) -> Iterator[Deed]:
    """The deed with less to it, the simplest first."""
    if not isinstance(deed, Wait):
        yield Wait(deed.pause)
    if isinstance(deed, Sent):
        yield replace(deed, pause=0, copies=1)
        yield replace(deed, copies=1)
    if isinstance(deed, Disturb | Refuse):
        yield replace(deed, pause=0, skip=0)
    yield replace(deed, pause=0)
