"""Histories: what happens in a world, made up from a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bot.watch.rules import Mode, Rules
from tests.simulation.deed import (
    Again,
    Begin,
    Crash,
    Cut,
    Deafen,
    Deed,
    Disturb,
    Forget,
    Gather,
    Join,
    Leave,
    Play,
    Refusal,
    Refuse,
    Restarted,
    Retire,
    Rewound,
    Slow,
    Stall,
    Steer,
    Tap,
    Turned,
    Vote,
    Wait,
    Wanted,
)
from tests.simulation.dramas import DRAMAS, WRITTEN
from tests.simulation.link import Fault

History = tuple[Deed, ...]

PEOPLE = ("ann", "bob", "cem", "dot", "eve", "fay")
WORKERS = 2
"""Workers at first; one more may come."""
FEWEST, MOST = 18, 40
"""Deeds in a history."""

NONSENSE = 7
"""A button of this number is none."""

PAUSES = (0, 0, 1, 5, 20, 40, 60, 80, 100, 150)
MODES = (Mode.MAJORITY, Mode.MAJORITY, Mode.RANKED, Mode.TWO_ROUND, Mode.LOTTERY, Mode.HOST, Mode.UNANIMOUS)
FAULTS = (*Fault, Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.UNSAID)
WISHES = tuple(wanted for wanted in Wanted if wanted is not Wanted.STOP) * 2 + (Wanted.STOP,)
LONG = 9_000
"""Milliseconds after which no lease is left of one that was not renewed."""

ABSENT = 0.15
"""How likely it is that others take over from a worker meanwhile; it costs seconds, in which everybody beats."""

HOURS = (-7200, -3600, -60, 60, 3600, 7200)


def history(seed: int) -> History:
    """What happens under that seed: some play alone, or a group watches together, or both."""
    return _Author(Random(seed)).history()


class _Author:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._stories = (chance.choice(WRITTEN), chance.choice(DRAMAS))
        self._loners = PEOPLE[: chance.randint(1, 2)]
        self._group = PEOPLE[: chance.randint(3, 6)]
        self._trouble = chance.choice((0, 1, 1, 2))
        self._deeds = self._of(chance.choice(("alone", "together", "both")), self._trouble)

    def history(self) -> History:
        opening = [deed for deed in (self._play, self._gather, self._wait) if deed in self._deeds]
        length = self._chance.randint(FEWEST, MOST) - len(opening)
        deeds = [deed() for deed in (*opening, *self._chance.choices(self._deeds, k=length))]
        if self._trouble and self._chance.random() < ABSENT:
            place = self._chance.randrange(len(deeds))
            deeds[place:place] = self._absence()
        return tuple(deeds)

    def _of(self, company: str, trouble: int) -> Sequence[Callable[[], Deed]]:
        """Every deed as often as it is likely."""
        deeds: list[Callable[[], Deed]] = [self._wait] * 3
        if company != "together":
            deeds += [self._tap] * 16 + [self._play] * 3
            deeds += [self._rewind, self._restart, self._again, self._again, self._forget]
        if company != "alone":
            deeds += [self._vote] * 16 + [self._gather, self._steer, self._steer, self._join, self._leave]
        deeds += [self._disturb, self._disturb, self._crash, self._begin, self._begin] * trouble
        deeds += [self._cut, self._slow, self._refuse, self._refuse, self._turn] * trouble
        deeds += [self._stall, self._retire, self._deafen, self._deafen] * trouble
        return deeds

    def _pause(self) -> int:
        return self._chance.choice(PAUSES)

    def _copies(self) -> int:
        return self._chance.choice((1, 1, 1, 2, 3))

    def _back(self) -> int:
        return self._chance.choice((0, 0, 0, 0, 0, 0, 1, 2))

    def _pick(self) -> int:
        return self._chance.choice((0, 0, 1, 1, 2, 2, 3, NONSENSE))

    def _play(self) -> Deed:
        return Play(self._pause(), self._loner(), self._copies(), self._story())

    def _tap(self) -> Deed:
        return Tap(self._pause(), self._loner(), self._copies(), self._pick(), self._back())

    def _rewind(self) -> Deed:
        return Rewound(self._pause(), self._loner(), self._copies(), self._back())

    def _restart(self) -> Deed:
        return Restarted(self._pause(), self._loner(), self._copies(), self._back())

    def _again(self) -> Deed:
        return Again(self._pause(), self._loner(), self._copies())

    def _forget(self) -> Deed:
        return Forget(self._pause(), self._loner(), 1)

    def _gather(self) -> Deed:
        seconds, early = self._chance.choice((0, 1, 2, 3)), self._chance.random() < 0.3
        rules = Rules(self._chance.choice(MODES), seconds, early=early, fair=self._chance.random() < 0.2)
        return Gather(self._pause(), self._voter(), self._copies(), self._story(), rules)

    def _vote(self) -> Deed:
        expected = self._chance.choice((None, None, len(self._group)))
        return Vote(self._pause(), self._voter(), self._copies(), self._pick(), self._back(), expected)

    def _steer(self) -> Deed:
        return Steer(self._pause(), self._voter(), self._copies(), self._chance.choice(WISHES), self._back())

    def _join(self) -> Deed:
        return Join(self._pause(), self._voter(), self._copies())

    def _leave(self) -> Deed:
        return Leave(self._pause(), self._voter(), self._copies())

    def _wait(self) -> Deed:
        return Wait(self._chance.choice((50, 100, 200, 1000, 2100)))

    def _absence(self) -> History:
        """A worker does nothing for longer than its leases last, and the others go on."""
        worker = self._worker()
        away = self._chance.choice((Stall(self._pause(), worker, LONG), Cut(self._pause(), worker, LONG)))
        return away, Wait(LONG - self._chance.choice((0, 0, 500)))

    def _disturb(self) -> Deed:
        return Disturb(self._pause(), self._worker(), self._chance.randrange(8), self._chance.choice(FAULTS))

    def _crash(self) -> Deed:
        return Crash(self._pause(), self._worker())

    def _begin(self) -> Deed:
        return Begin(self._pause(), self._chance.randrange(WORKERS + 1), self._chance.random() < 0.5)

    def _cut(self) -> Deed:
        return Cut(self._pause(), self._worker(), self._chance.choice((100, 1000, 1000, 3000, 3000, LONG)))

    def _slow(self) -> Deed:
        return Slow(self._pause(), self._worker(), self._chance.choice((300, 1500)), self._chance.choice((20, 200)))

    def _refuse(self) -> Deed:
        return Refuse(self._pause(), self._chance.randrange(3), self._chance.choice(tuple(Refusal)))

    def _stall(self) -> Deed:
        return Stall(self._pause(), self._worker(), self._chance.choice((300, 3000, 3000, 7000, LONG)))

    def _retire(self) -> Deed:
        return Retire(self._pause(), self._worker())

    def _deafen(self) -> Deed:
        return Deafen(self._pause(), self._worker(), self._chance.choice((1000, 5000)))

    def _turn(self) -> Deed:
        return Turned(self._pause(), self._worker(), self._chance.choice(HOURS))

    def _story(self) -> str:
        return self._chance.choice(self._stories)

    def _loner(self) -> str:
        return self._chance.choice(self._loners)

    def _voter(self) -> str:
        return self._chance.choice(self._group)

    def _worker(self) -> int:
        return self._chance.randrange(WORKERS)
