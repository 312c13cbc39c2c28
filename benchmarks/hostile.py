"""How cheaply the reader refuses hostile story files: CPU milliseconds and peak memory for each kind.

There is no peer: what counts is that one file from a stranger cannot hold up the bot, which reads it beside everybody's
taps. Each file is as bad as its caps allow, given in memory as `read_story` gets it; CPU time is the best of three,
memory the peak of what Python allocates (tracemalloc) in a run of its own, on top of the file itself.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice, product
from string import ascii_lowercase

from benchmarks.result import Result, Row, conclude
from bot.story.limits import MAX_FILE_BYTES, MAX_FILES, MAX_STORY_BYTES
from bot.story.problem import StoryError
from bot.story.reader import MAIN, read_story

MOST_CPU_MS = 100.0
MOST_MEMORY_MB = 20.0
TRIES = 3

HEAD = "title: T\nsynopsis: S\nlanguage: en\n"
SCENE = "episodes: {one: {title: One, scenes: {a: {lines: [narrator: Hello], choices: {b: {label: B, "


def filled(piece: str) -> str:
    """The piece, repeated until a file is as large as it may be."""
    return piece * ((MAX_FILE_BYTES - 200) // len(piece.encode()))


def kinds() -> dict[str, Mapping[str, bytes]]:
    """Hostile stories by what is hostile about them."""
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    texts = {
        "aliases that multiply": laughs,
        "a tag that would run code": "title: !!python/object/apply:os.system [ls]\n",
        "nested as deep as a file is long": "title: " + filled("[") + "\n",
        "nested mappings as deep as a file is long": "title: " + filled("{a: ") + "\n",
        "a file of entries": "title: [" + filled("a,") + "]\n",
        "a file of keys": "".join(f"k{number}: v\n" for number in range(40_000)),
        "one text as long as a file": "title: " + filled("x") + "\n",
        "a key given again at the end": HEAD + "".join(f"k{n}: v\n" for n in range(25_000)) + "k0: v\n",
        "a condition nested too deep": HEAD + SCENE + 'if: "' + "(" * 180 + "1" + ")" * 180 + '", to: a}}}}}}\n',
        "a condition with a huge power": HEAD + SCENE + 'if: "9 ** 9 ** 9 ** 9 > 1", to: a}}}}}}\n',
        "a condition with attributes": HEAD + SCENE + 'if: "().__class__.__bases__", to: a}}}}}}\n',
        "keys of no meaning": HEAD + "".join(f"unknown-{number}: x\n" for number in range(15_000)),
        "a thousand scenes that lead nowhere": HEAD + "episodes: {one: {title: One, scenes: {"
        + ", ".join(f"s{n}: {{to: nowhere-{n}}}" for n in range(1_000)) + "}}}\n",
        "invisible characters": HEAD + "genres: [" + filled('"\u202e", ') + "]\n",
        "a second document": HEAD + "---\n" + HEAD,
    }  # fmt: skip
    files: dict[str, Mapping[str, bytes]] = {kind: {MAIN: text.encode()} for kind, text in texts.items()}
    files["not UTF-8"] = {MAIN: b"\xff" * MAX_FILE_BYTES}
    files["a file over its cap"] = {MAIN: b"x" * (MAX_FILE_BYTES + 1)}
    files["an episode outside the story"] = {MAIN: (HEAD + "episodes: {one: ../../etc/passwd}\n").encode()}
    many = {f"locales/{code}.yaml": b"x: " * 5_000 for code in islice(codes(), MAX_FILES - 1)}
    files["as many broken string tables as there may be"] = {MAIN: HEAD.encode(), **many}
    table = "".join(f"k{number}: v\n" for number in range(19_000)).encode()
    tables = {f"locales/{code}.yaml": table for code in islice(codes(), MAX_STORY_BYTES // len(table) - 1)}
    files["string tables full of keys of no meaning"] = {MAIN: HEAD.encode(), **tables}
    return files


def codes() -> Iterator[str]:
    """Language codes."""
    return ("".join(letters) for letters in product(ascii_lowercase, repeat=2))


def refuse(files: Mapping[str, bytes]) -> str:
    """Read a story that must be refused; the code of its first problem."""
    try:
        read_story("hostile", files)
    except StoryError as error:
        return error.problems[0].code
    raise AssertionError("a hostile story was taken")


def cost(refused: Callable[[], str]) -> tuple[str, float, float]:
    """(code of the first problem, CPU milliseconds, peak megabytes) of what is refused, each time it is called."""
    spent = []
    for _ in range(TRIES):
        started = time.process_time()
        code = refused()
        spent.append(time.process_time() - started)
    tracemalloc.start()
    try:
        refused()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return code, min(spent) * 1000, peak / 1e6


def measure() -> Result:
    """One row per kind."""
    rows = (row(kind, cost(partial(refuse, files)), MOST_CPU_MS, MOST_MEMORY_MB) for kind, files in kinds().items())
    return Result("Refusing hostile story files", _about(), tuple(rows))


def row(kind: str, spent: tuple[str, float, float], most_cpu: float, most_memory: float) -> Row:
    """What a kind cost, held against milliseconds and megabytes."""
    code, cpu, memory = spent
    met = cpu < most_cpu and memory < most_memory
    target = f"< {most_cpu:,.0f} ms, < {most_memory:.0f} MB"
    return Row(f"{kind} ({code})", f"{cpu:.1f} ms CPU, {memory:.1f} MB", f"{cpu / most_cpu:.2f}", target, met)


def _about() -> str:
    return (
        "CPU time (best of three) and peak memory of `read_story` until it refuses, files as bad as their caps allow. "
        "The ratio is the CPU time over its target."
    )


if __name__ == "__main__":
    conclude(measure())
