"""Runs every benchmark and writes docs/benchmarks.md; ends with 1 when a target was missed."""

from __future__ import annotations

import sys

from benchmarks import door, engine, fullhouse, hostile, scale, start, studio, telegram, uploads, watch
from benchmarks.page import PAGE, machine, page, today


def main() -> None:
    """Run all, print as they come, write the page."""
    facts, results = machine(), []
    for benchmark in (engine, door, start, hostile, uploads, telegram, watch, fullhouse, scale, *studio.PARTS):
        results.append(benchmark.measure())
        print(results[-1].text(), end="\n\n", flush=True)
    PAGE.write_text(page(today(), facts, results), "utf-8")
    sys.exit(0 if all(result.met for result in results) else 1)


if __name__ == "__main__":
    main()
