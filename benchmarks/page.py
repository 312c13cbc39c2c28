"""docs/benchmarks.md: the whole page, or some of its tables made anew among the others."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.result import Result

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"

INTRODUCTION = """# Benchmarks

Written by `make bench` ({date}). Ratios count, absolute figures belong to this machine: {machine}.
What each benchmark compares and why that is fair stands at the top of its file in benchmarks/.
"""
_HEADING = "\n## "


def today() -> str:
    """The date, as the page says it."""
    return f"{datetime.now(UTC):%Y-%m-%d}"


def machine() -> str:
    """The machine in a line: nothing on it says whose it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, bink {version('bink')}; {load()}"
    )


def load() -> str:
    """What else the machine has to do."""
    return f"load {os.getloadavg()[0]:.1f} when it began"


def page(date: str, facts: str, results: Iterable[Result]) -> str:
    """All of it."""
    return "\n".join([INTRODUCTION.format(date=date, machine=facts), *(result.markdown() for result in results)])


def amended(text: str, results: Iterable[Result], when: str) -> str:
    """The page with these tables in the place of those before, or at its end; each says when it was measured."""
    head, *sections = text.rstrip("\n").split(_HEADING)
    by_title = {section.partition("\n")[0]: section for section in sections}
    for result in results:
        written = result.markdown().removeprefix(_HEADING.lstrip("\n")).rstrip("\n")
        by_title[result.title] = written.replace(result.about, f"{result.about} Measured {when}.", 1)
    return _HEADING.join([head, *(section.rstrip("\n") + "\n" for section in by_title.values())])
