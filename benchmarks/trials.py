"""Random test play against the plain way: the same plays, of the same made-up viewers, step by step in the engine.

The story has 25 scenes; a play makes 12 to 14 choices, with conditions, effects, clocks, a route, chance and a typed
name. Both sides decide by the same whims and come to the same endings, which is checked. A trial also counts what
happened; the plain way counts its endings only. The clock is the CPU time of the process, on one core; the figure is
the best of interleaved rounds.
"""

from __future__ import annotations

import time
from collections import Counter

from benchmarks.result import Result, Row, conclude
from bot.story.reader import MAIN, read_story
from bot.story.story import Story
from bot.studio.trials import Trials
from bot.studio.whim import Habits
from tests.bot.studio.witness import plays

TARGET = 300_000
"""Plays a minute."""

PLAYS = 2_100
ROUNDS = 5
HABITS = Habits(seed=1)

LAYERS = 11
"""Of two scenes each; the last leads to three endings."""

HEAD = """\
title: Eleven Doors
synopsis: Two doors at a time.
language: en
variables:
  trust: {type: integer, from: -5, to: 5}
  key: {type: flag}
  name: {type: text, length: 12, start: You}
  seat: {type: choice, of: [none, left, right]}
episodes:
  doors:
    title: Doors
    scenes:
"""
ENDINGS = """\
      out: {lines: [{narrator: Out.}], ending: {title: Out, kind: happy}}
      in: {lines: [{narrator: In.}], ending: {title: In, kind: sad}}
      between: {lines: [{narrator: Between.}], ending: {title: Between, kind: open}}
"""


def eleven_doors() -> Story:
    """The story: 22 scenes in pairs, and three endings."""
    text = HEAD + "".join(_scene(layer, side) for layer in range(LAYERS) for side in "ab") + ENDINGS
    return read_story("eleven-doors", {MAIN: text.encode()})


def _scene(layer: int, side: str) -> str:
    here = f"{side}{layer}"
    if layer == LAYERS - 1:
        left, right, chance = "out", "in", "between"
    else:
        left, right, chance = f"a{layer + 1}", f"b{layer + 1}", f"{side}{layer + 1}"
    clock = "within: 9s, default: wait, " if layer % 3 == 0 else ""
    ask = "ask: name, " if layer == 1 else ""
    again = f"back: {{label: Look again, once: true, do: trust += 1, to: {here}}}, " if layer % 5 == 4 else ""
    return (
        f"      {here}: {{lines: [{{narrator: 'Door {layer}, {{name}}.'}}], {clock}"
        f"enter: [{{if: trust > 2, do: key = true}}], choices: {{"
        f"left: {{label: Left, do: [trust += 1, seat = left], to: {left}}}, "
        f"right: {{label: Right, if: trust > -4, do: [trust -= 1, seat = right], to: {right}}}, {again}"
        f"wait: {{label: Wait, {ask}route: [{{if: key and seat == left, to: {left}}}, "
        f"{{random: [{{weight: 2, to: {right}}}, {{to: {chance}}}]}}]}}}}}}\n"
    )


def plainly(story: Story) -> Counter[str]:
    """Endings of the plays, each played by steps of the engine."""
    ends = Counter[str]()
    for viewer in range(PLAYS // HABITS.rounds):
        for steps in plays(story, HABITS, viewer):
            ends[steps[-1].branch_state.scene] += 1
    return ends


def measure() -> Result:
    """Plays a minute of each, and trials as a multiple of the plain way."""
    story = eleven_doors()
    ready = Trials(story, HABITS)
    plain = quick = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        tally = ready.play(range(PLAYS))
        between = time.process_time()
        ends = plainly(story)
        quick, plain = min(quick, between - started), min(plain, time.process_time() - between)
        if tally.endings != ends:
            raise AssertionError(f"trials do not end as the engine's own plays do: {tally.endings} and {ends}")
    choices = sum(length * plays for length, plays in tally.lengths.items()) / tally.plays
    about = (
        f"A story of {len(story.scenes)} scenes, {choices:.1f} choices a play; {PLAYS:,} plays, best of {ROUNDS} "
        "interleaved rounds, CPU time. The floor makes the same decisions and takes each step with `bot.play.step`."
    )
    return Result("Random test play, on one core", about, _rows(60 * PLAYS / quick, 60 * PLAYS / plain))


def _rows(quick: float, plain: float) -> tuple[Row, ...]:
    return (
        Row("trials", f"{quick:,.0f} plays/min", f"{quick / plain:.2f}", f">= {TARGET:,}", quick >= TARGET),
        Row("the same plays by bot.play.step", f"{plain:,.0f} plays/min", "1.00"),
    )


if __name__ == "__main__":
    conclude(measure())
