"""The search that walks every play, state by state, in the order of their distance from the beginning."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from bot.story.prover.evidence import Evidence, Move
from bot.story.prover.graph import Arc, distances, leading_to, longest
from bot.story.prover.mark import Mark
from bot.story.prover.outcome import Outcome
from bot.story.prover.rewinds import Rewind, Rewinds
from bot.story.prover.slot import State
from bot.story.prover.walker import Turn, View, Walker

REWINDS = 20
"""For each state that may be walked: rewinds up to which states are walked one by one."""


class Plays:
    """All states that were reached, each with the shortest way to it."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._numbers: dict[State, int] = {}
        self._states: list[State] = []
        self._came: list[tuple[int, Move | Rewind]] = []
        self._arcs: list[list[Arc]] = []
        self._rewinds = Rewinds(walker, self._states, self._arcs)
        self._round = 0
        self._resting: list[int] = []
        self._starts: dict[int, float] = {}
        self._marks: dict[Mark, tuple[int, Move | None]] = {}
        self._waiting: deque[State] = deque()
        self._kept = {walker.kept(None)}

    def search(self, most: int) -> bool:
        """Walk on until every play is known (True) or `most` states are (False)."""
        if not self._numbers:
            for turn in self._walker.begin():
                self._starts.setdefault(self._note(-1, turn), turn.seconds)
        while self._walk(most):
            if not self._go_back(most):
                return True
        return False

    def outcome(self, *, exact: bool) -> Outcome:
        """What was found; `exact` when nothing is left that could be."""
        marks = frozenset(self._marks)
        if not exact:
            return Outcome(False, len(self._numbers), marks, self.path)
        endings = {n: state.scene for state, n in self._numbers.items() if self._ends(state)}
        arcs = self._rewinds.arcs() if self._rewinds.count else self._arcs
        alive = leading_to(arcs, endings)
        turns = distances(arcs, ((n, 0) for n in self._starts), timed=False)
        seconds = distances(arcs, self._starts.items(), timed=True) if self._walker.story.seconds else {}
        return Outcome(
            True,
            len(self._numbers),
            marks,
            self.path,
            self._traps(leading_to(self._arcs, self._resting)),
            {scene: int(far) for scene, far in _nearest(endings, turns)},
            dict(_nearest(endings, seconds)),
            longest(arcs, self._starts, alive) if endings else None,
        )

    def path(self, mark: Mark) -> Evidence:
        """The shortest play in which the mark is seen; one that goes back is not always the shortest of these."""
        number, move = self._marks[mark]
        return (*self._way(number), *(() if move is None else (move,)))

    def known(self, mark: Mark) -> Evidence | None:
        """The same, or None where it was not seen."""
        return self.path(mark) if mark in self._marks else None

    # -- inside

    def _walk(self, most: int) -> bool:
        """Walk on until nothing waits; False where that is too much."""
        while self._waiting and len(self._numbers) <= most:
            self._look_around(self._waiting.popleft())
        return not self._waiting and self._rewinds.count <= most * REWINDS

    def _go_back(self, most: int) -> bool:
        """Go back from everywhere to all that came before it, with what is kept; whether that is anything new."""
        self._round += 1
        before = self._rewinds.count
        for number, kept in self._rewinds.fresh():
            to = self._number(self._walker.recalled(self._states[number], kept), number, None)
            self._rewinds.add(number, Rewind(to, self._round))
            if self._rewinds.count > most * REWINDS:
                break
        return self._rewinds.count > before

    def _look_around(self, state: State) -> None:
        number = self._numbers[state]
        view = self._walker.view(state)
        self._see(number, view, state)
        for choice in view.open:
            for turn in self._walker.take(state, choice):
                self._arcs[number].append(Arc(self._note(number, turn), turn.seconds))
        if not view.open:
            self._resting.append(number)
        kept = self._walker.kept(state)
        if kept not in self._kept:
            self._kept.add(kept)
            for turn in self._walker.begin(state):
                self._starts.setdefault(self._note(number, turn), turn.seconds)

    def _see(self, number: int, view: View, state: State) -> None:
        for mark in view.marks - self._marks.keys():
            move = None
            if mark.what == "default":
                move = next(self._walker.take(state, view.open[0], timed=True)).move
            self._marks[mark] = (number, move)

    def _note(self, before: int, turn: Turn) -> int:
        number = self._number(turn.state, before, turn.move)
        for mark in turn.marks - self._marks.keys():
            self._marks[mark] = (before, turn.move)
        return number

    def _number(self, state: State, before: int, move: Move | None) -> int:
        """A state's number. If it is new, it was come to from the one before by a move, or else by going back."""
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._numbers)
            self._states.append(state)
            self._came.append((before, move or Rewind(number, self._round)))
            self._arcs.append([])
            self._waiting.append(state)
        return number

    def _way(self, number: int) -> Evidence:
        ways: list[Evidence] = []
        while number >= 0:
            number, move = self._came[number]
            ways.append(self._rewinds.way(number, move) if isinstance(move, Rewind) else (move,))
        return tuple(move for way in reversed(ways) for move in way)

    def _ends(self, state: State) -> bool:
        return self._walker.story.scenes[state.scene].ending is not None

    def _traps(self, safe: set[int]) -> dict[str, Evidence]:
        """Where plays without an end begin: in a state that no safe one comes before, or right behind a safe one."""
        entered = {arc.to for number in safe for arc in self._arcs[number]} | self._starts.keys()
        entered |= {rewind.to for number in safe for rewind in self._rewinds.of(number)}
        traps: dict[str, Evidence] = {}
        for number in sorted(entered - safe):
            traps.setdefault(self._states[number].scene, self._way(number))
        return traps


def _nearest(endings: dict[int, str], far: dict[int, float]) -> Iterator[tuple[str, float]]:
    nearest: dict[str, float] = {}
    for number, scene in endings.items():
        if number in far:
            nearest[scene] = min(far[number], nearest.get(scene, far[number]))
    return iter(sorted(nearest.items()))
