"""How cheaply an upload is refused that means ill: CPU milliseconds and peak memory for each kind.

There is no peer: what counts is that one zip from a stranger cannot hold up the bot. Each is as bad as the caps allow
and shows its fault as late as it can. It is given in memory, as from a chat; CPU time is the best of three, memory the
peak of what Python allocates (tracemalloc) in a run of its own, on top of the zip itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from random import Random

from benchmarks.hostile import cost, row
from benchmarks.result import Result, conclude
from bot.story.limits import MAX_FILE_BYTES, MAX_FILES, MAX_STORY_BYTES
from bot.story.problem import StoryError
from bot.studio.archive.limits import MAX_DIRECTORY_BYTES, MAX_ENTRIES
from bot.studio.upload import open_upload
from tests.bot.studio.hostile import uploads
from tests.bot.studio.packing import MAIN, STORED, Item, deflated, zip_of

MOST_CPU_MS = 2000.0
MOST_MEMORY_MB = 50.0

TEXTS = MAX_STORY_BYTES // MAX_FILE_BYTES - 1
"""Files as large as they may be that a story has beside its first one."""


def kinds() -> Iterator[tuple[str, bytes]]:
    """Hostile zips with what is hostile about them, each made when its turn comes."""
    last = Item("clips/last.mp4", b"film", local={"size": 7})
    yield "as many files as there may be, the last in two ways", zip_of(MAIN, *_many(MAX_ENTRIES - 2), last)
    deep = [Item("/".join(str(number + level) for level in range(13)), b"x") for number in range(MAX_ENTRIES - 2)]
    yield "as many deep folders as there may be", zip_of(MAIN, *deep, last)
    marked = [Item(f"clips/{number}" + "\u0301\u0327" * 140) for number in range(MAX_DIRECTORY_BYTES // 640)]
    yield "names of marks that must be sorted", zip_of(MAIN, *marked, last)
    wide = [Item(f"clips/{number}" + "\ufdfa" * 280) for number in range(MAX_DIRECTORY_BYTES // 920)]
    yield "names that grow eighteenfold when they are compared", zip_of(MAIN, *wide, last)
    yield "a list of entries that nobody counted", zip_of(MAIN, *_many(MAX_DIRECTORY_BYTES // 64), count=1)
    text = _text(MAX_FILE_BYTES - 100)
    texts = [Item(f"episodes/{number}.yaml", text) for number in range(TEXTS)]
    yield "as much text as there may be, the last damaged", zip_of(MAIN, *texts[:-1], texts[-1].both(crc=1))
    idle = b"\0\0\0\xff\xff" * (MAX_FILE_BYTES // 5) + deflated(text)
    slow = [replace(item, packed=idle) for item in texts]
    yield "text behind blocks of nothing, the last damaged", zip_of(MAIN, *slow[:-1], slow[-1].both(crc=1))
    small = [Item(f"episodes/{number}.yaml", text[:2000]) for number in range(MAX_FILES - 2)]
    yield "as many texts as there may be, the last damaged", zip_of(MAIN, *small, Item("last.yaml", text).both(crc=1))
    film = Random(1).randbytes(32 * 1024 * 1024)
    yield "a large clip, and something behind the end", zip_of(MAIN, Item("clips/a.mp4", film, STORED), after=b"x")


def _many(count: int) -> list[Item]:
    return [Item(f"clips/{number}.mp4", b"x") for number in range(count)]


def _text(size: int) -> bytes:
    """Letters that do not pack too well."""
    return Random(2).randbytes(size // 2).hex().encode()


def refuse(called: str, content: bytes) -> str:
    """Open an upload that must be refused; the code of its problem."""
    try:
        open_upload(called, content)
    except StoryError as error:
        return error.problems[0].code
    raise AssertionError("a hostile upload was taken")


def measure() -> Result:
    """One row per kind, and the dearest of all those that the tests try."""
    costs = {kind: cost(partial(refuse, "tale.zip", content)) for kind, content in kinds()}
    rows = [row(kind, spent, MOST_CPU_MS, MOST_MEMORY_MB) for kind, spent in (*costs.items(), _dearest())]
    return Result("Refusing hostile uploads", _about(), tuple(rows))


def _dearest() -> tuple[str, tuple[str, float, float]]:
    """Of all uploads that the tests try: the most CPU time, and the most memory that any of them takes."""
    costs = {one.what: cost(partial(refuse, one.called, one.content())) for one in uploads()}
    what = max(costs, key=lambda what: costs[what][1])
    code, cpu, _ = costs[what]
    return f"the dearest of {len(costs)} others, {what}", (code, cpu, max(memory for _, _, memory in costs.values()))


def _about() -> str:
    return (
        "CPU time (best of three) and peak memory of `open_upload` until it refuses, zips as bad as their caps allow, "
        "on top of the zip itself. The ratio is the CPU time over its target."
    )


if __name__ == "__main__":
    conclude(measure())
