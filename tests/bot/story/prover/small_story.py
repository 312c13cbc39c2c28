"""Random small stories, in which everything of the language that decides what happens comes up."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from bot.story.reader import read_story
from bot.story.story import Story

Tree = dict[str, Any]

VARIABLES: Tree = {
    "lamp": {"type": "flag"},
    "met": {"type": "flag", "keep": "true"},
    "luck": {"type": "integer", "from": "-1", "to": "2", "start": "0"},
    "hand": {"type": "choice", "of": ["empty", "rope", "key"]},
    "name": {"type": "text", "length": "4", "start": "you"},
    "age": {"type": "integer", "from": "0", "to": "3", "keep": "true"},
}

KEPT = ("lamp", "luck", "hand", "name")


def small_story(seed: int, *, keeping: bool = False) -> Story:
    """The same seed gives the same story; `keeping` keeps most of its values when a viewer goes back or plays again."""
    tree = _Maker(Random(seed)).story()
    for name in KEPT if keeping else ():
        if name in tree["variables"]:
            tree["variables"][name] = {**VARIABLES[name], "keep": "true"}
    return read_story("small", {"story.yaml": json.dumps(tree).encode()})


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._scenes = [f"s{n}" for n in range(random.randint(3, 6))]
        self._endings = [f"e{n}" for n in range(random.randint(1, 2))]
        self._choices: list[str] = []
        self._names = random.sample(sorted(VARIABLES), random.randint(1, 3))

    def story(self) -> Tree:
        shapes = {scene: self._random.choice(("choices", "choices", "choices", "route")) for scene in self._scenes}
        for scene, shape in shapes.items():
            self._choices += [f"{scene}.c{n}" for n in range(2)] if shape == "choices" else []
        named = {"by-name": self._route(2)} if self._random.random() < 0.3 else {}
        self._routes = list(named)
        scenes = {scene: self._scene(scene, shape) for scene, shape in shapes.items()}
        scenes |= {scene: {"ending": {"title": "E", "kind": "open"}, **self._enter()} for scene in self._endings}
        return {
            "title": "T",
            "language": "en",
            "variables": {name: VARIABLES[name] for name in self._names},
            "routes": named,
            "episodes": {"one": {"title": "O", "scenes": scenes}},
        }

    def _maybe(self, chance: float, part: Tree) -> Tree:
        return part if self._random.random() < chance else {}

    def _scene(self, scene: str, shape: str) -> Tree:
        if shape == "route":
            return {"route": self._whole_route(), **self._enter()}
        choices = {key.partition(".")[2]: self._choice() for key in self._choices if key.startswith(f"{scene}.")}
        default: list[str] = self._random.choice((["c0"], ["c1"], ["c0", "c1"]))
        return {"choices": choices, **self._enter(), **self._maybe(0.5, {"within": "5s", "default": default})}

    def _enter(self) -> Tree:
        return self._maybe(0.3, {"enter": [{**self._guard(0.5), "do": [self._effect()]}]})

    def _choice(self) -> Tree:
        choice: Tree = {"label": "L", **self._guard(0.5), **self._do(0.6), **self._maybe(0.15, {"once": "true"})}
        choice |= self._maybe(0.3, {"else": "locked"})
        if "name" in self._names:
            choice |= self._maybe(0.3, {"ask": "name"})
        return choice | (self._target() if self._random.random() < 0.7 else {"route": self._whole_route()})

    def _whole_route(self) -> list[Tree] | str:
        return self._routes[0] if self._routes and self._random.random() < 0.4 else self._route(2)

    def _route(self, depth: int) -> list[Tree]:
        route = [self._candidate(depth) for _ in range(self._random.randint(1, 3))]
        return [*route, self._target()] if self._random.random() < 0.6 else route

    def _candidate(self, depth: int) -> Tree:
        candidate = {**self._guard(0.7), **self._do(0.5), **self._maybe(0.2, {"weight": "3"})}
        if depth and self._random.random() < 0.35:
            within = self._random.choice(("route", "route", "random"))
            return candidate | {within: self._route(depth - 1)}
        return candidate | self._target()

    def _target(self) -> Tree:
        return {"to": self._random.choice([*self._scenes, *self._scenes, *self._endings])}

    def _guard(self, chance: float) -> Tree:
        if self._random.random() >= chance:
            return {}
        parts = [self._test() for _ in range(self._random.choice((1, 1, 2)))]
        return {"if": self._random.choice((" and ", " or ")).join(parts)}

    def _test(self) -> str:
        name = self._random.choice(self._names)
        other = self._random.choice(("visits", "chosen", "ended", "", "", ""))
        scene = self._random.choice(self._scenes)
        if other == "visits":
            sums = (f"visits({scene})", f"visits({scene}) * 2 - 1", f"visits({scene}) + visits({self._scenes[0]})")
            return f"{self._random.choice(sums)} {self._random.choice(('<', '>=', '=='))} {self._random.randint(0, 3)}"
        if other == "chosen" and self._choices:
            return f"chosen({self._random.choice(self._choices)})"
        if other == "ended":
            return f"ended({self._random.choice(self._endings)})"
        test = {
            "flag": name,
            "integer": f"{name} {self._random.choice(('<', '>=', '!='))} {self._random.randint(-1, 2)}",
            "choice": f"{name} == {self._random.choice(('empty', 'rope', 'key'))}",
            "text": f"{name} {self._random.choice(('==', '!='))} '{self._random.choice(('you', 'Ann', 'longer'))}'",
        }[VARIABLES[name]["type"]]
        return self._random.choice(("", "not ")) + f"({test})"

    def _do(self, chance: float) -> Tree:
        return self._maybe(chance, {"do": [self._effect() for _ in range(self._random.randint(1, 2))]})

    def _effect(self) -> str:
        name = self._random.choice(self._names)
        kind = VARIABLES[name]["type"]
        scene = self._random.choice(self._scenes)
        made = {
            "flag": ("true", "false", f"not {name}", f"visits({scene}) > 1"),
            "integer": ("1", f"{name} + 1", f"{name} - 1", f"0 - {name}", f"visits({scene})"),
            "choice": ("empty", "rope", "key"),
            "text": ("'Ann'", "'longer'", "''"),
        }[kind]
        return f"{name} = {self._random.choice(made)}"
