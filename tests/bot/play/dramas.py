"""The dramas that ship, and stories made up at random or to size, as parts for the tests of the engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from bot.story.reader import read_folder
from bot.story.story import Story
from tests.bot.story.draft import scenes

STORIES = Path(__file__).parents[3] / "stories"
DRAMAS = tuple(sorted(path.parent.name for path in STORIES.glob("*/story.yaml")))


@cache
def drama(name: str) -> Story:
    return read_folder(STORIES / name)


VARIABLES = """
variables:
  trust: {type: integer, from: -2, to: 2}
  kept: {type: integer, from: 0, to: 5, keep: true}
  met: {type: flag}
  ticket: {type: choice, of: [none, mei, lin], keep: true}
  name: {type: text, length: 8, start: You}
cast: {mei: {name: Mei}}
"""
CONDITIONS = (
    "trust > 0",
    "trust <= 0 and not met",
    "met or kept > 1",
    "ticket == mei",
    "visits(s0) > 1",
    "chosen(s1.c0)",
    "ended(end)",
    "name == 'You'",
    "false",
)
EFFECTS = (
    "trust += 1",
    "trust -= 3",
    "kept += 1",
    "met = not met",
    "ticket = lin",
    "ticket = mei",
    "name = 'Longer than 8'",
)


@cache
def made_up(seed: int) -> Story:
    """A story of a few scenes that uses all of the language; its scenes may loop, stop short, and get stuck."""
    return _Author(Random(seed)).story()


class _Author:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._ids = [f"s{n}" for n in range(chance.randint(2, 6))]
        self._targets = [*self._ids, "end", "end2"]

    def story(self) -> Story:
        lines = [f"{id}: {self._scene(id)}" for id in self._ids]
        lines += [f"{id}: {{ending: {{title: The end, kind: open}}}}" for id in ("end", "end2")]
        routes = "routes:\n" + "".join(f"  r{n}: {self._route(2, named=False)}\n" for n in range(2))
        es = "scene/s0/line/one: 'Uno, {name}'\ncast/mei: Mía\n"
        return scenes("\n".join(lines), VARIABLES + routes, {"locales/es.yaml": es, "locales/fr.yaml": ""})

    def _one(self, *of: str) -> str:
        return self._chance.choice(of)

    def _maybe(self, key: str, values: tuple[str, ...]) -> str:
        return self._one("", f'{key}: "{self._one(*values)}", ')

    def _route(self, depth: int = 0, *, named: bool = True) -> str:
        count = self._chance.randint(1, 3)
        return f"[{', '.join(self._candidate(depth, named=named) for _ in range(count))}]"

    def _candidate(self, depth: int, *, named: bool) -> str:
        way = self._one("to", "to", "route", "random") if depth < 2 else "to"
        if way == "to":
            target = self._one(*self._targets)
        elif way == "route" and named and self._chance.random() < 0.5:
            target = self._one("r0", "r1")
        else:
            target = self._route(depth + 1, named=named)
        weight = self._one("", "weight: 3, ")
        return f"{{{self._maybe('if', CONDITIONS)}{self._maybe('do', EFFECTS)}{weight}{way}: {target}}}"

    def _scene(self, id: str) -> str:
        enter = f'enter: [{{{self._maybe("if", CONDITIONS)}do: "{self._one(*EFFECTS)}"}}], '
        said = "lines: [{mei: 'I am {mei}, {name} ({trust})', id: one}], " + self._one("", enter)
        kind = (
            "choices" if id == "s1" else self._one("choices", "choices", "choices", "choices", "to", "route", "nothing")
        )
        if kind == "to":
            return f"{{{said}to: {self._one(*self._targets)}}}"
        if kind == "route":
            return f"{{{said}route: {self._route()}}}"
        if kind == "nothing":
            return f"{{{said}look: fog}}"
        count = self._chance.randint(1, 3)
        choices = ", ".join(f"c{n}: {self._choice()}" for n in range(count))
        default = self._one("c0", f"[c0, c{count - 1}]")
        return f"{{{said}{self._one('', f'within: 9s, default: {default}, ')}choices: {{{choices}}}}}"

    def _choice(self) -> str:
        facts = self._maybe("if", CONDITIONS) + self._maybe("do", EFFECTS)
        facts += self._one("", "once: true, ", "else: locked, ", "ask: name, ")
        way = self._one(f"to: {self._one(*self._targets)}", f"route: {self._route()}")
        return f"{{label: 'Go, {{name}}', {facts}{way}}}"


@cache
def large(count: int = 250) -> Story:
    """A story the size of the largest known interactive film, with ids as people write them; it never ends."""
    places = ("platform", "carriage", "kitchen", "rooftop", "hospital", "night-market", "control-room", "bridge")
    ids = [f"{places[n % len(places)]}-{places[n * 7 % 5]}-{n}" for n in range(count)]
    lines = [
        f"{id}: {{lines: [{{mei: Go}}], choices: {{"
        f"follow-the-{places[n % 8]}: {{label: A, do: trust += 1, to: {ids[(n + 1) % count]}}}, "
        f"stay-at-the-{places[n % 8]}: {{label: B, do: trust -= 1, to: {ids[(n * 11 + 7) % count]}}}, "
        f"by-chance: {{label: C, route: [{{random: [{{to: {ids[n * 3 % count]}}}, {{to: {ids[n * 5 % count]}}}]}}]}}"
        "}}"
        for n, id in enumerate(ids)
    ]
    return scenes("\n".join(lines), VARIABLES)
