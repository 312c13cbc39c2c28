"""Runs every benchmark and writes docs/benchmarks.md; ends with 1 when a target was missed."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import door, engine, fullhouse, hostile, prover, scale, start, telegram, trials, uploads, watch
from benchmarks.result import Result

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"

INTRODUCTION = """# Benchmarks

Written by `make bench` ({date}). Ratios count, absolute figures belong to this machine: {machine}.
What each benchmark compares and why that is fair stands at the top of its file in benchmarks/.
"""


def machine() -> str:
    """The machine in a line: nothing on it says whose it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, bink {version('bink')}; "
        f"load {os.getloadavg()[0]:.1f} when it began"
    )


def page(date: str, facts: str, results: Iterable[Result]) -> str:
    """docs/benchmarks.md."""
    return "\n".join([INTRODUCTION.format(date=date, machine=facts), *(result.markdown() for result in results)])


def main() -> None:
    """Run all, print as they come, write the page."""
    facts, results = machine(), []
    for benchmark in (engine, trials, prover, door, start, hostile, uploads, telegram, watch, fullhouse, scale):
        results.append(benchmark.measure())
        print(results[-1].text(), end="\n\n", flush=True)
    PAGE.write_text(page(f"{datetime.now(UTC):%Y-%m-%d}", facts, results), "utf-8")
    sys.exit(0 if all(result.met for result in results) else 1)


if __name__ == "__main__":
    main()
