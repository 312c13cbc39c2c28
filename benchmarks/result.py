"""What a benchmark found, as a table for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import NoReturn

HEADINGS = ("", "measured", "ratio", "target", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `met` is None where there is no target."""

    what: str
    measured: str
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The line's texts, under `HEADINGS`."""
        return self.what, self.measured, self.ratio, self.target, {None: "", True: "met", False: "MISSED"}[self.met]


@dataclass(frozen=True, slots=True)
class Result:
    """A table with its title; `about` says in a sentence or two what was compared and how."""

    title: str
    about: str
    rows: tuple[Row, ...]

    @property
    def met(self) -> bool:
        """Whether no target was missed."""
        return all(row.met is not False for row in self.rows)

    def text(self) -> str:
        """The table for a terminal."""
        lines = [HEADINGS, *(row.cells() for row in self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
        padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join([self.title, *(line.rstrip() for line in padded)])

    def markdown(self) -> str:
        """The section for docs/benchmarks.md."""
        lines = [HEADINGS, ("---",) * len(HEADINGS), *(row.cells() for row in self.rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{self.about}\n\n{table}\n"


def conclude(result: Result) -> NoReturn:
    """Print the table and end the process: 0, or 1 when a target was missed."""
    print(result.text())
    sys.exit(0 if result.met else 1)
