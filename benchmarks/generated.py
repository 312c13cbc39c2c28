"""Stories of any size, made from a seed: scenes in loops, flags and numbers, conditions, routes within routes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.story.reader import read_story
from bot.story.story import Story

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a story is. The rest of the scenes has choices that lead to and fro."""

    scenes: int
    variables: int
    conditions: int
    routes: int
    endings: int
    kept: int = 0
    """Variables that a viewer keeps when they play again or go back."""


FILM = Shape(scenes=250, variables=62, conditions=241, routes=111, endings=10)
"""The size of the best-known interactive film."""


def scaled(scenes: int, kept: int = 0) -> Shape:
    """The film's proportions with another number of scenes; so many variables are kept."""
    part = scenes / FILM.scenes
    return Shape(
        scenes,
        min(200, max(2, round(FILM.variables * part))),
        round(FILM.conditions * part),
        round(FILM.routes * part),
        max(2, round(FILM.endings * part)),
        kept,
    )


def generated(shape: Shape, seed: int) -> Story:
    """A story of that shape; the same seed gives the same story."""
    return read_story("generated", {path: text.encode() for path, text in sources(shape, seed).items()})


def sources(shape: Shape, seed: int) -> dict[str, str]:
    """Its files, written as JSON, which YAML reads too; an episode has a file of its own."""
    return _Maker(shape, Random(seed)).files()


class _Maker:
    """Writes one story. Conditions and routes are dealt out until each has its place."""

    def __init__(self, shape: Shape, random: Random) -> None:
        self._shape = shape
        self._random = random
        self._numbers = [f"n{n}" for n in range(shape.variables // 12 + 1)]
        self._flags = [f"f{n}" for n in range(shape.variables - len(self._numbers))]
        self._conditions = shape.conditions
        self._middle = shape.scenes - shape.endings

    def files(self) -> dict[str, str]:
        variables: Tree = {name: {"type": "flag"} for name in self._flags}
        variables |= {name: {"type": "integer", "from": "0", "to": "3"} for name in self._numbers}
        names = list(variables)
        for n in range(self._shape.kept):
            variables[names[n * len(names) // self._shape.kept]]["keep"] = "true"
        scenes = {f"s{n}": self._scene(n) for n in range(self._middle)}
        endings = range(self._middle, self._shape.scenes)
        scenes |= {f"s{n}": {"ending": {"title": f"Ending {n}", "kind": "open"}} for n in endings}
        ids = list(scenes)
        parts = [ids[at : at + FILM.scenes] for at in range(0, len(ids), FILM.scenes)]
        episodes = {f"e{n}": f"episodes/e{n}.yaml" for n in range(len(parts))}
        story = {"title": "Generated", "language": "en", "variables": variables, "episodes": episodes}
        files = {"story.yaml": json.dumps(story)}
        for path, part in zip(episodes.values(), parts, strict=True):
            files[path] = json.dumps({"title": "Part", "scenes": {scene: scenes[scene] for scene in part}})
        return files

    def _scene(self, n: int) -> Tree:
        if n % 5 == 3 and self._has_route(n):
            return {"route": self._route(n)}
        scene: Tree = {"choices": {f"c{k}": self._choice(n, k) for k in range(self._random.choice((2, 2, 2, 3)))}}
        if self._random.random() < 0.6:
            scene |= {"within": "9s", "default": "c0"}
        return scene

    def _has_route(self, n: int) -> bool:
        return n * self._shape.routes // self._middle < (n + 1) * self._shape.routes // self._middle

    def _choice(self, n: int, k: int) -> Tree:
        choice: Tree = {"label": f"Choice {k}"}
        if k > 0 and self._random.random() < 0.5:
            choice |= self._condition(n)
        choice |= self._do(n)
        if k == 1 and n % 5 != 3 and self._has_route(n):
            return choice | {"route": self._route(n)}
        return choice | {"to": self._next(n)}

    def _route(self, n: int) -> list[Tree]:
        within = {"route": [{**self._condition(n), "to": self._next(n)}, {**self._condition(n), "to": self._next(n)}]}
        return [{**self._condition(n), **self._do(n), **within}, {"to": self._next(n)}]

    def _next(self, n: int) -> str:
        """Mostly a little further, sometimes back, seldom an ending."""
        if n > self._middle // 3 and self._random.random() < 0.04:
            return f"s{self._random.randrange(self._middle, self._shape.scenes)}"
        step = self._random.choice((1, 1, 2, 3, 5, -4, -self._random.randrange(1, self._middle)))
        return f"s{(n + step) % self._middle}"

    def _condition(self, n: int) -> Tree:
        if self._conditions <= 0:
            return {}
        self._conditions -= 1
        parts = [self._test(n) for _ in range(self._random.choice((1, 1, 2)))]
        return {"if": self._random.choice((" and ", " or ")).join(parts)}

    def _test(self, n: int) -> str:
        if self._random.random() < 0.2:
            return f"{self._near(self._numbers, n)} {self._random.choice(('<', '>='))} {self._random.choice((1, 2))}"
        return self._random.choice(("", "not ")) + self._near(self._flags, n)

    def _do(self, n: int) -> Tree:
        return {"do": [self._effect(n)]} if self._random.random() < 0.14 else {}

    def _near(self, names: list[str], n: int) -> str:
        """What a scene remembers is mostly what the scenes around it are about."""
        middle = n * len(names) // self._middle
        return names[min(max(middle + self._random.choice((-2, -1, 0, 0, 1, 2)), 0), len(names) - 1)]

    def _effect(self, n: int) -> str:
        if self._random.random() < 0.2:
            return f"{self._near(self._numbers, n)} {self._random.choice(('+=', '-='))} 1"
        return f"{self._near(self._flags, n)} = {self._random.choice(('true', 'true', 'false'))}"
