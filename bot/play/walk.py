"""One walk through a story's scenes, from a choice to where the next one waits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from bot.play.card import Card, Option
from bot.play.dice import Dice
from bot.play.stage import Stage, stages
from bot.play.state import ANSWER, FOLDED, JUMP, KEPT, ROLL, TAKEN, TIMED, BadState, Base, BranchState, Path
from bot.story.limits import MAX_CHAIN
from bot.story.story import Candidate, Choice, Route, Story

_BETWEEN_SCENES = (TAKEN, TIMED, ANSWER, ROLL)
"""A path that ends in one of these has left a scene and come to no other."""


class Walk:
    """A branch state in motion. What it does lands in its `path`; what it shows lands in its `cards`."""

    __slots__ = (
        "base",
        "cards",
        "chosen",
        "dice",
        "ended",
        "path",
        "recorded",
        "scene",
        "stages",
        "story",
        "values",
        "visits",
    )

    def __init__(self, story: Story, language: str, base: Base, dice: Dice) -> None:
        self.story = story
        self.stages = stages(story, language)
        self.base = base
        self.dice = dice
        self.values = list(base.values)
        self.visits = dict(base.visits)
        self.chosen = dict(base.chosen)
        self.ended = base.ended
        self.path: list[str] = []
        self.cards: list[Card] = []
        self.recorded: Path | None = None
        self.scene = ""

    @classmethod
    def onward(cls, story: Story, state: BranchState, dice: Dice) -> Walk:
        """A walk that goes on from a state."""
        walk = cls.__new__(cls)
        walk.story = story
        walk.stages = stages(story, state.language)
        walk.base = state.base
        walk.dice = dice
        walk.values = list(state.values)
        walk.visits = dict(state.visits)
        walk.chosen = dict(state.chosen)
        walk.ended = state.ended
        walk.path = list(state.path)
        walk.cards = []
        walk.recorded = None
        walk.scene = state.scene
        return walk

    # -- what can be done

    def arrive(self, scene_id: str) -> None:
        """Enter a scene and go on by its routes until a choice waits, an ending is reached, or nothing follows."""
        for chained in range(1, MAX_CHAIN + 1):
            route = self._enter(self.stages[scene_id])
            if route is None:
                return
            onward = self._follow(route) if chained < MAX_CHAIN else None
            if onward is None:
                self.cards[-1] = replace(self.cards[-1], stuck=True)
                return
            scene_id = onward

    def take(self, choice: Choice, *, timed: bool = False, answer: str | None = None) -> None:
        """Take a choice of the scene where the walk stands."""
        self.path.append((TIMED if timed else TAKEN) + choice.id)
        self.chosen[choice.key] = self.chosen.get(choice.key, 0) + 1
        if answer is not None and choice.ask is not None:
            self.path.append(ANSWER + answer)
            self.values[choice.ask] = answer
        if choice.effect is not None:
            choice.effect.apply(self.values, self.visits, self.chosen, self.ended)
        onward = choice.to or (None if choice.route is None else self._follow(choice.route))
        if onward is None:
            self.cards.append(self._card(self.stages[self.scene], stuck=True))
        else:
            self.arrive(onward)

    def jump(self, scene_id: str) -> None:
        """Go straight to a scene."""
        self.path.append(JUMP + scene_id)
        self.arrive(scene_id)

    def keep(self, values: Iterable[tuple[int, object]], ended: frozenset[str]) -> None:
        """Bring back what is kept: values by variable index, and endings reached."""
        kept = {self.story.variables[index].name: value for index, value in values if self.values[index] != value}
        if not kept and ended == self.ended:
            return
        record: dict[str, object] = {"values": kept, "ended": sorted(ended)}
        self.recall(KEPT + json.dumps(record, ensure_ascii=False, separators=(",", ":")))

    def recall(self, token: str) -> None:
        """Bring back what such a token of a path (`!{...}`) says was kept."""
        record = json.loads(token[1:])
        for index, variable in enumerate(self.story.variables):
            if variable.name in record["values"]:
                self.values[index] = record["values"][variable.name]
        self.ended = frozenset(record["ended"])
        self.path.append(token)

    def roll(self, sides: int) -> int:
        """A roll of the dice, or the one on record."""
        rolled = self.dice(sides) if self.recorded is None else self._recorded_roll(self.recorded, sides)
        self.path.append(f"{ROLL}{rolled}")
        return rolled

    def options(self) -> tuple[Option, ...]:
        """The choices as they stand where the walk is."""
        return self.stages[self.scene].card(self.values, self.visits, self.chosen, self.ended).options

    def reshow(self) -> None:
        """Put the card of where the walk stands last, as it stands now."""
        stage = self.stages[self.scene]
        stuck = self.stuck
        self.cards = [self._card(stage, stuck=stuck)]

    @property
    def stuck(self) -> bool:
        """Whether the walk stands where a route found nothing: a scene's own, or that of the choice just taken."""
        return self.stages[self.scene].scene.route is not None or self.path[-1][:1] in _BETWEEN_SCENES

    # -- inside

    def _enter(self, stage: Stage) -> Route | None:
        """Enter one scene; the route on from it, or None where the walk comes to rest."""
        scene = stage.scene
        self.scene = scene.id
        self.path.append(scene.id)
        self.visits[scene.id] = self.visits.get(scene.id, 0) + 1
        for entry in scene.enter:
            if entry.condition is None or entry.condition.holds(self.values, self.visits, self.chosen, self.ended):
                entry.effect.apply(self.values, self.visits, self.chosen, self.ended)
        self.cards.append(self._card(stage))
        if scene.ending is not None and scene.id not in self.ended:
            self.ended |= {scene.id}
            self.cards[-1] = replace(self.cards[-1], new=True)
        return scene.route

    def _card(self, stage: Stage, *, stuck: bool = False) -> Card:
        scene = stage.scene
        if stuck or scene.route is not None or scene.ending is not None:
            lines = stage.spoken(self.values)
            return Card(scene.id, stage.language, lines, ending=scene.ending, stuck=stuck)
        return stage.card(self.values, self.visits, self.chosen, self.ended)

    def _follow(self, route: Route) -> str | None:
        """The scene a route leads to, or None when nothing in it holds."""
        candidates: Iterable[Candidate] = route.candidates
        if route.random:
            candidates = self._shuffled(route)
        for candidate in candidates:
            if not self._holds(candidate):
                continue
            if candidate.route is None:
                self._apply(candidate)
                return candidate.to
            found = self._nested(candidate, candidate.route)
            if found is not None:
                return found
        return None

    def _nested(self, candidate: Candidate, route: Route) -> str | None:
        """Try a route within a route; its candidate's effects count before it, and only if it leads somewhere."""
        before = list(self.values)
        self._apply(candidate)
        found = self._follow(route)
        if found is None:
            self.values = before
        return found

    def _shuffled(self, route: Route) -> list[Candidate]:
        """A weighted pick of the candidates that hold, first; the others behind it."""
        open_ones = [candidate for candidate in route.candidates if self._holds(candidate)]
        if len(open_ones) < 2:
            return open_ones
        rolled = self.roll(sum(candidate.weight for candidate in open_ones))
        for n, candidate in enumerate(open_ones):
            rolled -= candidate.weight
            if rolled < 0:
                return [candidate, *open_ones[:n], *open_ones[n + 1 :]]
        raise AssertionError("a roll is below the sum of the weights")

    def _holds(self, candidate: Candidate) -> bool:
        condition = candidate.condition
        return condition is None or condition.holds(self.values, self.visits, self.chosen, self.ended)

    def _apply(self, candidate: Candidate) -> None:
        if candidate.effect is not None:
            candidate.effect.apply(self.values, self.visits, self.chosen, self.ended)

    # -- walking a path again

    @classmethod
    def again(cls, story: Story, language: str, base: Base, path: Path) -> Walk:
        """The walk that a path records. Raises `BadState` when the story does not allow that path."""
        walk = cls(story, language, base, _no_dice)
        walk.go_on(path)
        return walk

    def go_on(self, path: Path) -> None:
        """Walk the rest of a recorded path, of which this walk is the beginning. Raises `BadState`."""
        self.recorded = path
        try:
            while len(self.path) < len(path):
                self._repeat(path[len(self.path)])
        except BadState:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise BadState(f"a path of {self.story.id} cannot be walked after token {len(self.path)}") from error
        if not path or tuple(self.path) != path:
            raise BadState(f"a path of {self.story.id} does not lead where it says")
        self.recorded = None

    def _repeat(self, token: str) -> None:
        head, rest = token[:1], token[1:]
        if not self.path and head == FOLDED:
            self.path.append(token)
            self.scene = self.stages[rest].scene.id
        elif not self.path:
            self.arrive(token)
        elif head == JUMP:
            self.jump(rest)
        elif head == KEPT:
            self.recall(token)
        elif head in (TAKEN, TIMED) and rest in self.story.scenes[self.scene].choices:
            self.take(self.story.scenes[self.scene].choices[rest], timed=head == TIMED, answer=self._recorded_answer())
        else:
            # Not the token itself: it may be what somebody typed.
            raise BadState(f'token {len(self.path)} of a path of {self.story.id} is no choice of "{self.scene}"')

    def _recorded_answer(self) -> str | None:
        after = (self.recorded or ())[len(self.path) + 1 : len(self.path) + 2]
        return after[0][1:] if after and after[0][:1] == ANSWER else None

    def _recorded_roll(self, recorded: Path, sides: int) -> int:
        token = recorded[len(self.path)] if len(self.path) < len(recorded) else ""
        if token[:1] != ROLL or not 0 <= int(token[1:]) < sides:
            raise BadState(f"a path of {self.story.id} lacks a roll after token {len(self.path)}")
        return int(token[1:])


def _no_dice(sides: int) -> int:
    raise BadState(f"a recorded walk rolls no dice of its own ({sides} sides)")
