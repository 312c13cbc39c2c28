"""The engine against bink, the Ink runtime in Rust: a turn with four conditioned choices and two effects.

A turn is the same for both: take a choice, apply its two effects, enter the next scene, weigh the conditions of its
four choices (three hold), and read out its text and the three labels. Both play playthroughs of 60 turns of one story
that both tell, and are handed the same taps; beginnings are not timed. The clock is the CPU time of the process, the
figure is the best of interleaved rounds, so that neighbours on the machine favour neither.

bink runs its fastest way: one story that stays in memory, two calls and the labels. The target counts against that,
although a bot could not use it so: ours returns a new state after every turn and can go on from any earlier one.
bink with its state saved and loaded every turn is shown too, and so is ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bink.story import Story as InkStory

from benchmarks.result import Result, Row, conclude
from bot.play.dice import seeded
from bot.play.event import Begin, Choose
from bot.play.state import pack, unpack
from bot.play.step import step
from bot.story.reader import read_folder
from bot.story.story import Story

FOLDER = Path(__file__).parent / "lighthouse"
"""story.yaml and turn.ink tell the same; turn.json is turn.ink compiled, see its second line."""

TURNS = 60
"""Choices of one playthrough, on the long side for a drama of ten minutes."""

SHOWN = (("trim", "wait", "down"), ("call", "light", "up"))
"""The choices whose conditions hold, scene by scene."""

PLAYTHROUGHS = 60
ROUNDS = 9
SEED = 7
TARGET = 5.0

Turns = Callable[[], tuple[float, list[str]]]
"""Plays once: (CPU seconds, what was shown in the last turn)."""


def tap(turn: int) -> Choose:
    """What the viewer taps: each choice that is shown, in turn."""
    return Choose(turn, SHOWN[turn % len(SHOWN)][turn % 3])


INDEXES = [turn % 3 for turn in range(TURNS)]
"""The same taps as Ink takes them, by position; ready made, while ours are made in time."""


def ours(story: Story, stored: bool) -> tuple[float, list[str]]:
    """A playthrough in our engine; `stored` packs and unpacks the state at every turn."""
    taken = step(story, None, Begin("en"), 0, seeded(SEED, 0))
    started = time.process_time()
    for now in range(TURNS):
        state = taken.branch_state
        if stored:
            state = unpack(story, pack(story, state))
        taken = step(story, state, tap(now), now, seeded(SEED, state.revision + 1))
        card = taken.cards[-1]
        text = "\n".join([line.text for line in card.lines])
        labels = [option.label for option in card.options]
    return time.process_time() - started, [text, *labels]


def ink(story: InkStory, stored: bool) -> tuple[float, list[str]]:
    """The same playthrough in bink; `stored` saves and loads the state at every turn."""
    story.reset_state()
    story.continue_maximally()
    started = time.process_time()
    for index in INDEXES:
        if stored:
            story.load_state(story.save_state())
        story.choose_choice_index(index)
        text = story.continue_maximally()
        labels = list(story.get_current_choices())
    return time.process_time() - started, [text.rstrip("\n"), *labels]


def contenders() -> dict[str, Turns]:
    """Each way to play, by name."""
    story = read_folder(FOLDER)
    ink_story = InkStory((FOLDER / "turn.json").read_text("utf-8-sig"))
    return {
        "bot.play, a new state every turn": lambda: ours(story, stored=False),
        "bink, one story kept in memory": lambda: ink(ink_story, stored=False),
        "bot.play, state packed and unpacked every turn": lambda: ours(story, stored=True),
        "bink, state saved and loaded every turn": lambda: ink(ink_story, stored=True),
    }


def measure() -> Result:
    """Turns a second of each, and ours as a multiple of bink's."""
    players = contenders()
    seconds = dict.fromkeys(players, float("inf"))
    endings = set()
    for _ in range(ROUNDS):
        for name, play in players.items():
            played = [play() for _ in range(PLAYTHROUGHS)]
            seconds[name] = min(seconds[name], sum(spent for spent, _ in played))
            endings |= {tuple(shown) for _, shown in played}
    if len(endings) != 1:
        raise AssertionError(f"the contenders do not tell the same story: {endings}")
    rates = {name: PLAYTHROUGHS * TURNS / spent for name, spent in seconds.items()}
    return Result("A turn of the engine, on one core", _about(), tuple(_rows(rates)))


def _rows(rates: dict[str, float]) -> list[Row]:
    ours_in_memory, ink_in_memory, *_ = rates.values()
    ratio = ours_in_memory / ink_in_memory
    rows = [Row(name, f"{rate:,.0f} turns/s", f"{rate / ink_in_memory:.2f}") for name, rate in rates.items()]
    first = rows[0]
    return [Row(first.what, first.measured, first.ratio, f">= {TARGET:.0f}", ratio >= TARGET), *rows[1:]]


def _about() -> str:
    return (
        "Four conditioned choices and two effects a turn; the same story in our language and in Ink. "
        f"Playthroughs of {TURNS} turns, best of {ROUNDS} interleaved rounds, CPU time. "
        "Ratios are to bink (Rust) with its story kept in memory, its fastest way."
    )


if __name__ == "__main__":
    conclude(measure())
