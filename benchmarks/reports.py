"""From an upload to its report: a zip in, what is wrong with the story and what is new in it out.

All that a creator waits for who sends a story again: the zip is opened, the story in it read and checked, and held
against the version before. The floor is PyYAML with its C parser, which loads the same files, already unpacked, into
plain lists and dicts: nobody reads a story faster. Medians of interleaved rounds, CPU time of the process, on one core.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from statistics import median

import yaml

from benchmarks.generated import scaled, sources
from benchmarks.result import Result, Row, conclude
from bot.story.changes import Change, changes
from bot.story.checks import check
from bot.story.problem import Problem
from bot.story.story import Story
from bot.studio.contents import LeftOut
from bot.studio.upload import open_upload
from tests.bot.studio.packing import Item, zip_of

SIZES = (25, 100, 250, 1000)
SEED = 1
ROUNDS = 5
MOST_OF_FLOOR = 8.0
"""As a multiple of loading the YAML alone. Reading takes three, for it remembers where everything stands and compiles
it; the check takes two and a half."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Told = tuple[Sequence[LeftOut], Sequence[Problem], Sequence[Change]]


def files(scenes: int, word: str) -> dict[str, bytes]:
    """A generated story as its author would write it; its choices are labelled with a word."""
    texts = sources(scaled(scenes), SEED)
    return {path: written(text.replace('"Choice ', f'"{word} ')) for path, text in texts.items()}


def written(text: str) -> bytes:
    """JSON as YAML in blocks."""
    return yaml.safe_dump(json.loads(text), sort_keys=False, allow_unicode=True).encode()


def report(content: bytes, before: Story) -> Told:
    """What is said of an upload, in a story that was there before."""
    upload = open_upload("generated.zip", content)
    story = upload.story()
    return upload.left_out, check(story, lambda clip: None), changes(before, story)


def load(texts: Sequence[bytes]) -> None:
    """The floor."""
    for text in texts:
        yaml.load(text, _Loader)


def measure() -> Result:
    """Two rows for each size."""
    return Result("From upload to report", _about(), tuple(row for scenes in SIZES for row in _rows(scenes)))


def _rows(scenes: int) -> tuple[Row, Row]:
    sent = files(scenes, "Choice")
    content = zip_of(*(Item(path, text) for path, text in sent.items()))
    before = open_upload("generated.zip", zip_of(*(Item(path, text) for path, text in files(scenes, "Way").items())))
    old = before.story()
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(spent(lambda: report(content, old)))
        floor.append(spent(lambda: load(list(sent.values()))))
    _, problems, changed = report(content, old)
    ratio = median(ours) / median(floor)
    told = f"{_milliseconds(ours)}: {len(problems):,} problems, {len(changed):,} changes, {len(content) / 1000:,.0f} KB"
    return (
        Row(f"{scenes:,} scenes", told, f"{ratio:.2f}", f"<= {MOST_OF_FLOOR:.0f}", ratio <= MOST_OF_FLOOR),
        Row("the floor: PyYAML alone, in C", _milliseconds(floor), "1.00"),
    )


def spent(work: Callable[[], object]) -> float:
    """CPU seconds."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _milliseconds(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1000:,.1f} ms"


def _about() -> str:
    return (
        "`open_upload`, reading, `check` and `changes` against a version with other words on every choice; zips in "
        f"memory, medians of {ROUNDS} interleaved rounds, CPU time. The proof is another matter: see below. The floor "
        "loads the same YAML, already unpacked, into plain lists and dicts."
    )


if __name__ == "__main__":
    conclude(measure())
