"""A judge of landings: knows what became of everything by marks that no edit touches, and finds by itself who may stand
where. It asks the engine, but nothing of what lands sessions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.play.dice import Dice, seeded
from bot.play.event import Choose, TimeOut
from bot.play.landing import Fate, Landing
from bot.play.state import ANSWER, FOLDED, JUMP, KEPT, ROLL, TAKEN, TIMED, Base, BranchState, Path, pack, unpack
from bot.play.step import step
from bot.play.walk import Walk
from bot.story.answer import fitted
from bot.story.expression import Value, Variable
from bot.story.story import Choice, Story, Values
from tests.bot.play.editor import read_tree, scenes_of, tree_of


def marked(story: Story) -> Story:
    """The story with a mark on every scene and choice, which stays on it whatever it is called."""
    tree = tree_of(story)
    for number, scene in enumerate(scenes_of(tree).values()):
        scene["look"] = f"scene {number}"
        # What is merely said makes every walk longer, and nobody's place another.
        scene.pop("lines", None)
        for at, choice in enumerate(scene.get("choices", {}).values()):
            choice["image"] = f"{number}/{at}.png"
    return read_tree(tree)


@dataclass(frozen=True)
class Place:
    """Where somebody is, and what counts there. `stuck`: the way there found no way on."""

    scene: str
    values: Values
    visits: Mapping[str, int]
    chosen: Mapping[str, int]
    ended: frozenset[str]
    stuck: bool = False


@dataclass(frozen=True)
class Stay:
    """Somebody at a place of the old version, and the way there; `recalled` is what they brought along from later on,
    values by name and endings."""

    place: Place
    base: Base
    path: Path
    recalled: tuple[Mapping[str, Value], frozenset[str]] | None = None


class _Lost(Exception):
    """The same choices cannot be made."""


class Judge:
    """Judges landings of sessions of one version in another."""

    def __init__(self, old: Story, new: Story) -> None:
        self.old, self.new = old, new
        self.scenes = _same(_scene_marks(old), _scene_marks(new))
        self.choices = _same(_choice_marks(old), _choice_marks(new))
        self.variables = _same(_variable_marks(old), _variable_marks(new))

    def judge(self, state: BranchState, landing: Landing) -> None:
        """Raises `AssertionError` where anybody would be put anywhere silently wrong."""
        landed = landing.state
        assert (landed.revision, landed.since) == (state.revision, state.since)
        self._can_go_on(landed)
        stood = self._stood(Stay(_place(state), state.base, state.path))
        if landing.fate is Fate.CONTINUES:
            assert stood is not None, "nobody can stand there"
            assert landed.scene == self.scenes[state.scene]
            self._is_at(landing, *stood)
            self._has_its_card(state, landing)
            return
        assert stood is None, "could have stayed"
        assert landing.refreshed
        assert landed.deadline is None
        earlier = next(self._earlier(state), None)
        if landing.fate is Fate.MOVED:
            assert earlier is not None, "can stand at no choice made before"
            self._is_at(landing, *earlier)
        else:
            assert earlier is None, "could have been moved back"
            self._begins_again(state, landed)
        self._forgets_nothing(state, landed)

    # -- what would be right

    def _stood(self, stay: Stay) -> tuple[Place, bool] | None:
        """Where they may stay: by the same choices (True), else with what counted for them; None: in no way."""
        here = self.scenes.get(stay.place.scene)
        if here is None:
            return None
        walked = self._replayed(stay)
        if walked is not None and walked.scene == here and _rests(self.new, walked):
            return walked, True
        carried = self._counted(stay.place, here)
        return (carried, False) if _rests(self.new, carried) else None

    def _earlier(self, state: BranchState) -> Iterator[tuple[Place, bool]]:
        """The choices made before at which they may stay, the last first."""
        for at in reversed([at for at, token in enumerate(state.path) if token[:1] in (TAKEN, TIMED)]):
            walk = Walk.again(self.old, state.language, state.base, state.path[:at])
            then, now = _named(self.old, walk.values), _named(self.old, state.values)
            later = {one.name: now[one.name] for one in self.old.variables
                     if one.keep and then[one.name] != now[one.name]}  # fmt: skip
            place = Place(walk.scene, tuple((then | later).values()), walk.visits, walk.chosen, state.ended)
            recalled = (later, state.ended) if later or state.ended != walk.ended else None
            found = self._stood(Stay(place, state.base, state.path[:at], recalled))
            if found is not None:
                yield found

    def _replayed(self, stay: Stay) -> Place | None:
        """Where the same choices lead in the new version, whether they are open in it or not."""
        base = self._counted(Place("", stay.base.values, stay.base.visits, stay.base.chosen, stay.base.ended), "")
        walk = Walk(self.new, self.new.language, Base(base.values, base.ended, base.visits, base.chosen), seeded(0, 0))
        try:
            scene = ""
            for part in _parts(stay.path):
                walk.dice = _showing([int(token[1:]) for token in part if token[:1] == ROLL])
                self._repeat(walk, scene, part)
                scene = next((one for one in reversed(part) if one[:1] not in _NOT_ENTERED), scene).removeprefix(FOLDED)
        except _Lost:
            return None
        if stay.recalled is not None:
            self._recall(walk, *stay.recalled)
        return Place(walk.scene, tuple(walk.values), walk.visits, walk.chosen, walk.ended, walk.stuck)

    def _repeat(self, walk: Walk, scene: str, part: Path) -> None:
        head, rest = part[0][:1], part[0][1:]
        if head in (TAKEN, TIMED):
            if walk.scene != self.scenes.get(scene) or walk.stuck or f"{scene}.{rest}" not in self.choices:
                raise _Lost
            choice = self.new.scenes[walk.scene].choices[self.choices[f"{scene}.{rest}"].partition(".")[2]]
            typed = next((token[1:] for token in part[1:2] if token[:1] == ANSWER), None)
            walk.take(choice, answer=self._typed(choice, typed))
        elif head == JUMP:
            walk.jump(self._known(rest))
        elif head == FOLDED:
            walk.scene = self._known(rest)
            walk.path.append(FOLDED + walk.scene)
        else:
            walk.arrive(self.new.start)
        for token in part[1:]:
            if token[:1] == KEPT:
                record = json.loads(token[1:])
                self._recall(walk, record["values"], record["ended"])

    def _known(self, scene: str) -> str:
        if scene not in self.scenes:
            raise _Lost
        return self.scenes[scene]

    def _typed(self, choice: Choice, text: str | None) -> str | None:
        if choice.ask is None or text is None:
            return None
        return fitted(text, self.new.variables[choice.ask].length)

    def _recall(self, walk: Walk, values: Mapping[str, Value], ended: Sequence[str] | frozenset[str]) -> None:
        given = {self.variables[name]: value for name, value in values.items() if name in self.variables}
        for index, one in enumerate(self.new.variables):
            if one.name in given:
                walk.values[index] = _fit(one, given[one.name])
        walk.ended = self._endings(frozenset(ended))
        # As the engine has it: whoever found no way on may choose again after that.
        walk.path.append(KEPT)

    def _counted(self, place: Place, here: str) -> Place:
        """The same in the new version's names and bounds."""
        scenes, choices = self.scenes, self.choices
        had = {self.variables[name]: value for name, value in _named(self.old, place.values).items()
               if name in self.variables}  # fmt: skip
        values = tuple(_fit(one, had[one.name]) if one.name in had else one.start for one in self.new.variables)
        visits = {scenes[scene]: times for scene, times in place.visits.items() if scene in scenes}
        chosen = {choices[key]: times for key, times in place.chosen.items() if key in choices}
        here_ends = frozenset({here} if here and self.new.scenes[here].ending else ())
        return Place(here, values, visits, chosen, self._endings(place.ended) | here_ends)

    def _endings(self, ended: frozenset[str]) -> frozenset[str]:
        return frozenset(map(self.scenes.__getitem__, ended & self.scenes.keys())) & frozenset(self.new.endings)

    # -- what is asserted

    def _can_go_on(self, landed: BranchState) -> None:
        """It is a state of the new version, and every button on it can be pressed."""
        assert unpack(self.new, pack(self.new, landed)) == landed
        for variable, value in zip(self.new.variables, landed.values, strict=True):
            assert type(_fit(variable, value)) is type(value)
            assert _fit(variable, value) == value, f"{variable.name} is {value!r}"
        walk = Walk.again(self.new, landed.language, landed.base, landed.path)
        assert (walk.scene, tuple(walk.values), walk.ended) == (landed.scene, landed.values, landed.ended)
        assert (walk.visits, walk.chosen) == (landed.visits, landed.chosen)
        dice = seeded(landed.revision, 1)
        place = _place(landed)
        open_ones = [id for id, _, locked, _ in _options(self.new, landed.language, place) if not locked]
        for id in open_ones:
            after = step(self.new, landed, Choose(landed.revision, id, "Wren"), landed.since, dice).branch_state
            assert after.revision == landed.revision + 1
        if open_ones and self.new.scenes[landed.scene].within is not None:
            assert step(self.new, landed, TimeOut(landed.revision), landed.since, dice).branch_state.absent is False

    def _is_at(self, landing: Landing, place: Place, walked: bool) -> None:
        landed = landing.state
        assert landing.walked == walked
        assert not place.stuck
        assert Place(landed.scene, landed.values, landed.visits, landed.chosen, landed.ended) == place
        assert walked or landed.path == (FOLDED + landed.scene,)

    def _has_its_card(self, state: BranchState, landing: Landing) -> None:
        before = _pressable(self.old, state.language, _place(state))
        after = _pressable(self.new, landing.state.language, _place(landing.state))
        assert landing.refreshed == (before != after), f"{before} became {after}"
        landed = landing.state
        assert landed.deadline == (None if landing.refreshed else state.deadline)
        assert (landed.absent, landed.held, landed.admitted) == (state.absent, state.held, state.admitted)
        self._forgets_nothing(state, landed)

    def _forgets_nothing(self, state: BranchState, landed: BranchState) -> None:
        ever = {self.scenes[scene] for scene in {*state.seen, *state.visits} if scene in self.scenes}
        assert ever <= {*landed.seen, *landed.visits}
        assert landed.seen <= ever
        assert not landed.seen & landed.visits.keys()

    def _begins_again(self, state: BranchState, landed: BranchState) -> None:
        carried = self._counted(_place(state), "")
        values = tuple(value if one.keep else one.start
                       for one, value in zip(self.new.variables, carried.values, strict=True))  # fmt: skip
        assert landed.base == Base(values, carried.ended)
        assert (landed.path[0], landed.chosen) == (self.new.start, {})


# -- what a story shows

_NOT_ENTERED = (TAKEN, TIMED, ANSWER, ROLL, JUMP, KEPT)


def _place(state: BranchState) -> Place:
    stuck = state.path[-1][:1] in (TAKEN, TIMED, ANSWER, ROLL)
    return Place(state.scene, state.values, state.visits, state.chosen, state.ended, stuck)


def _options(story: Story, language: str, place: Place) -> list[tuple[str, str, bool, int | None]]:
    """Id, label, whether locked, length of what is asked: of every choice that is seen there."""
    scene, texts, options = story.scenes[place.scene], story.wording(language).texts, []
    if place.stuck or scene.route is not None or scene.ending is not None:
        return []
    for one in scene.choices.values():
        used = one.once and one.key in place.chosen
        holds = one.condition is None or one.condition.holds(place.values, place.visits, place.chosen, place.ended)
        if not used and (holds or one.locked):
            label = texts[f"scene/{scene.id}/choice/{one.id}"].fill(place.values)
            options.append((one.id, label, not holds, None if one.ask is None else story.variables[one.ask].length))
    return options


def _rests(story: Story, place: Place) -> bool:
    """Whether one can stand there."""
    scene = story.scenes[place.scene]
    shown = _options(story, story.language, place)
    return not place.stuck and scene.route is None and (scene.ending is not None or not all(o[2] for o in shown))


def _pressable(story: Story, language: str, place: Place) -> object:
    """All that can be pressed there, what the clock takes, and how the way goes on."""
    scene, options = story.scenes[place.scene], _options(story, language, place)
    open_ones = [id for id, _, locked, _ in options if not locked]
    clock = None
    if scene.within is not None and open_ones:
        clock = (scene.within, [id for id in scene.default if id in open_ones] or open_ones[:1])
    gap = scene.ending is None and not open_ones
    return options if open_ones else [], clock, scene.ending is not None, gap


# -- what is what


def _same(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, str]:
    """By the old name the new one of what has the same mark; what has none is nothing that was there before."""
    called = {mark: name for name, mark in new.items() if mark is not None}
    return {name: called[mark] for name, mark in old.items() if mark in called}


def _scene_marks(story: Story) -> dict[str, object]:
    return {scene.id: scene.look if scene.look.startswith("scene ") else None for scene in story.scenes.values()}


def _choice_marks(story: Story) -> dict[str, object]:
    return {choice.key: choice.image for scene in story.scenes.values() for choice in scene.choices.values()}


def _variable_marks(story: Story) -> dict[str, object]:
    """There is one of each kind that is kept and one that is not, but for what an editor puts in."""
    return {one.name: None if one.name.startswith("new_") else (one.kind, one.keep) for one in story.variables}


def _named(story: Story, values: Sequence[Value]) -> dict[str, Value]:
    return dict(zip([one.name for one in story.variables], values, strict=True))


def _fit(variable: Variable, value: Value) -> Value:
    """The value, inside the variable's bounds."""
    match variable.kind:
        case "integer":
            return max(variable.low, min(variable.high, int(value)))
        case "text":
            return str(value)[: variable.length]
        case "choice":
            return value if value in variable.options else variable.start
        case _:
            return value


def _parts(path: Path) -> Iterator[Path]:
    """The steps of a path, each with the token that began it."""
    starts = [0, *(at for at, token in enumerate(path) if at and token[:1] in (TAKEN, TIMED, JUMP)), len(path)]
    return (path[start:end] for start, end in pairwise(starts))


def _showing(rolls: list[int]) -> Dice:
    def roll(sides: int) -> int:
        if not rolls or rolls[0] >= sides:
            raise _Lost
        return rolls.pop(0)

    return roll
