"""Going back, state by state: to a choice made earlier, with what is kept from later.

From wherever a play is, a viewer can go back to any choice on their path. So a state can be come back to with the kept
values of every state beyond it, those that are themselves found by going back included.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.story.expression import Value
from bot.story.prover.evidence import Evidence, Move, returning
from bot.story.prover.graph import Arc, Arcs
from bot.story.prover.slot import State
from bot.story.prover.walker import Walker


class Rewind(NamedTuple):
    """Being back at a choice as another state. It needs none but the rewinds of rounds before its own."""

    to: int
    round: int


class Rewinds:
    """The rewinds between the states of a search, which are given by number and grow while it goes on."""

    def __init__(self, walker: Walker, states: Sequence[State], arcs: Arcs) -> None:
        self._walker = walker
        self._states = states
        self._arcs = arcs
        self._from: dict[int, list[Rewind]] = {}
        self._kept: dict[tuple[Value, ...], int] = {}
        self._known: dict[int, int] = {}
        self.count = 0

    def fresh(self) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """States with kept values that can be brought back to them, as far as it is new since the last time."""
        own = [1 << self._bit(self._walker.kept(state)) for state in self._states]
        kept = list(self._kept)
        for number, beyond in enumerate(self._beyond(own) if len(kept) > 1 else ()):
            new = beyond & ~own[number] & ~self._known.get(number, 0)
            while new:
                yield number, kept[(new & -new).bit_length() - 1]
                new &= new - 1
            self._known[number] = beyond

    def add(self, number: int, rewind: Rewind) -> None:
        """Know of a rewind from now on."""
        self._from.setdefault(number, []).append(rewind)
        self.count += 1

    def of(self, number: int) -> Sequence[Rewind]:
        """Those to a state, in the order in which they were found."""
        return self._from.get(number, ())

    def arcs(self) -> list[list[Arc]]:
        """The turns from each state, and from all as which it can be come back to."""
        return [
            [*ways, *(arc for rewind in self.of(number) for arc in self._arcs[rewind.to])]
            for number, ways in enumerate(self._arcs)
        ]

    def way(self, number: int, rewind: Rewind) -> Evidence:
        """The moves from a state to the nearest one beyond it with the kept values of a rewind, and the way back."""
        moves: list[Move] = []
        for before, taken in self._path(number, rewind):
            moves += self.way(before, taken) if isinstance(taken, Rewind) else (self._move(before, taken),)
        return returning(tuple(moves))

    # -- inside

    def _bit(self, kept: tuple[Value, ...]) -> int:
        return self._kept.setdefault(kept, len(self._kept))

    def _beyond(self, own: Sequence[int]) -> list[int]:
        """By state, the kept values of all that can follow it within a playthrough, as bits."""
        beyond = [0] * len(own)
        back: list[list[int]] = [[] for _ in own]
        for number, ways in enumerate(self._arcs):
            for to in {arc.to for arc in ways} | {rewind.to for rewind in self.of(number)}:
                back[to].append(number)
        waiting = deque(reversed(range(len(own))))
        while waiting:
            number = waiting.popleft()
            found = beyond[number] | own[number]
            for before in back[number]:
                if found & ~beyond[before]:
                    beyond[before] |= found
                    waiting.append(before)
        return beyond

    def _path(self, number: int, rewind: Rewind) -> list[tuple[int, int | Rewind]]:
        """The shortest way, breadth first: each state with what leads on from it, a turn to another or a rewind."""
        wanted = self._walker.kept(self._states[rewind.to])
        came: dict[int, tuple[int, int | Rewind]] = {}
        waiting = deque([number])
        while (here := waiting.popleft()) == number or self._walker.kept(self._states[here]) != wanted:
            for to, taken in self._onward(here, rewind.round):
                if to != number and to not in came:
                    came[to] = (here, taken)
                    waiting.append(to)
        path = []
        while here != number:
            path.append(came[here])
            here = came[here][0]
        return path[::-1]

    def _onward(self, number: int, before: int) -> Iterator[tuple[int, int | Rewind]]:
        """Where turns, and rewinds of rounds before that one, lead from a state."""
        yield from ((arc.to, arc.to) for arc in self._arcs[number])
        yield from ((rewind.to, rewind) for rewind in self.of(number) if rewind.round < before)

    def _move(self, number: int, to: int) -> Move:
        state = self._states[number]
        turns = (turn for choice in self._walker.view(state).open for turn in self._walker.take(state, choice))
        return next(turn.move for turn in turns if turn.state == self._states[to])
