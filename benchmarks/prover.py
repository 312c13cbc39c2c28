"""The prover on stories of 25, 100, 250 and 1,000 scenes: how long a whole proof takes, and how much memory.

The story of 250 scenes has the size of the best-known interactive film: 62 variables, 241 conditions, 111 routes within
routes, and loops everywhere. Each proof is a process of its own: its CPU time from the story in memory to the
report, and its peak memory, Python and all included. All plays are decided, or the row says how many findings are not.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.generated import generated, scaled
from benchmarks.result import Result, Row, conclude
from bot.play.dice import seeded
from bot.story.prover.prove import prove

SIZES = (25, 100, 250, 1000)
FILM_SCENES = 250
SEED = 1
MOST_SECONDS, MOST_MEGABYTES = 15.0, 500.0
PATIENCE = 600
"""Seconds after which a proof is ended."""


def measured(scenes: int) -> dict[str, Any] | None:
    """The figures of one proof, made in a process of its own; None where it took too long."""
    command = [sys.executable, "-m", "benchmarks.prover", str(scenes)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def proof(scenes: int) -> dict[str, Any]:
    """Proves a story here, and says what it took."""
    story = generated(scaled(scenes), SEED)
    started = time.process_time()
    report = prove(story, seeded(SEED, 0))
    return {
        "seconds": time.process_time() - started,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "states": report.figures.states,
        "findings": len(report.findings),
        "proven": report.proven,
    }


def measure() -> Result:
    """A row for each size; the film's has the targets."""
    return Result("Proving a whole story", _about(), tuple(_row(scenes, measured(scenes)) for scenes in SIZES))


def _row(scenes: int, figures: dict[str, Any] | None) -> Row:
    wanted = scenes == FILM_SCENES
    target = f"< {MOST_SECONDS:.0f} s, < {MOST_MEGABYTES:.0f} MB, proven" if wanted else ""
    if figures is None:
        return Row(f"{scenes:,} scenes", f"not within {PATIENCE} s", "", target, False if wanted else None)
    met = figures["proven"] and figures["seconds"] < MOST_SECONDS and figures["megabytes"] < MOST_MEGABYTES
    how = "" if figures["proven"] else ", sampled only"
    found = f"{figures['findings']} findings of {figures['states']:,} states{how}"
    told = f"{figures['seconds']:.1f} s, {figures['megabytes']:.0f} MB: {found}"
    return Row(f"{scenes:,} scenes", told, "", target, met if wanted else None)


def _about() -> str:
    return (
        "Everything that can and cannot happen in generated stories with loops everywhere, with the shortest play to "
        "each finding; CPU time of a process of its own, and its peak memory. "
        "The story of 250 scenes has 62 variables, 241 conditions and 111 routes within routes."
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(proof(int(sys.argv[1]))))
    else:
        conclude(measure())
