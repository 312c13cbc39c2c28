"""All that is timed of what creators wait for, in one run: `python -m benchmarks.studio`.

From the upload to the report, the proof, random test play, and the map. It writes these tables of docs/benchmarks.md
anew and leaves the others; ends with 1 when a target was missed.
"""

from __future__ import annotations

import sys

from benchmarks import maps, prover, reports, trials
from benchmarks.page import PAGE, amended, load, today

PARTS = (reports, prover, trials, maps)


def main() -> None:
    """Run the parts, print as they come, write them into the page."""
    when, results = f"{today()}, {load()}", []
    for part in PARTS:
        results.append(part.measure())
        print(results[-1].text(), end="\n\n", flush=True)
    PAGE.write_text(amended(PAGE.read_text("utf-8"), results, when), "utf-8")
    sys.exit(0 if all(result.met for result in results) else 1)


if __name__ == "__main__":
    main()
