"""The prover on stories of 25, 100, 250 and 1,000 scenes: how long a whole proof takes, and how much memory.

The story of 250 scenes has the size of the best-known interactive film: 62 variables, 241 conditions, 111 routes within
routes, and loops everywhere; once more it keeps some variables, so that going back to earlier choices is proven too.
Each proof is a process of its own: its CPU time from the story in memory to the report, and its peak memory, Python
and all included; what of that was there before the proof began is told with it. There is no peer. All plays are
decided, or the row says why not, and how much of what was found is proven all the same.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.generated import generated, scaled
from benchmarks.result import Result, Row, conclude
from bot.play.dice import seeded
from bot.story.prover.prove import prove

SIZES = ((25, 0), (100, 0), (250, 0), (250, 10), (1000, 0))
"""Scenes, and variables that are kept."""

FILM_SCENES = 250
SEED = 1
MOST_SECONDS, MOST_MEGABYTES = 15.0, 500.0
PATIENCE = 600
"""Seconds after which a proof is ended."""


def measured(scenes: int, kept: int) -> dict[str, Any] | None:
    """The figures of one proof, made in a process of its own; None where it took too long."""
    command = [sys.executable, "-m", "benchmarks.prover", str(scenes), str(kept)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def proof(scenes: int, kept: int) -> dict[str, Any]:
    """Proves a story here, and says what it took."""
    story = generated(scaled(scenes, kept), SEED)
    before, started = peak(), time.process_time()
    report = prove(story, seeded(SEED, 0))
    return {
        "seconds": time.process_time() - started,
        "megabytes": peak(),
        "before": before,
        "states": report.figures.states,
        "findings": len(report.findings),
        "open": sum(not finding.proven for finding in report.findings),
        "proven": report.proven and report.back,
        "why": "; ".join(report.why) or "without going back",
    }


def peak() -> float:
    """Megabytes that this process held at most. Linux counts in `ru_maxrss` what its parent held when it began."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure() -> Result:
    """A row for each size; the film's has the targets."""
    return Result("Proving a whole story", _about(), tuple(_row(*size, measured(*size)) for size in SIZES))


def _row(scenes: int, kept: int, figures: dict[str, Any] | None) -> Row:
    what = f"{scenes:,} scenes" + (f", {kept} variables kept" if kept else "")
    wanted = scenes == FILM_SCENES
    target = f"< {MOST_SECONDS:.0f} s, < {MOST_MEGABYTES:.0f} MB, proven" if wanted else ""
    if figures is None:
        return Row(what, f"not within {PATIENCE} s", "", target, False if wanted else None)
    met = figures["proven"] and figures["seconds"] < MOST_SECONDS and figures["megabytes"] < MOST_MEGABYTES
    beyond = f"; beyond exact reach ({figures['why']}): {figures['open']} of them are not proven"
    found = f"{figures['findings']:,} findings of {figures['states']:,} states{'' if figures['proven'] else beyond}"
    memory = f"{figures['megabytes']:.0f} MB ({figures['before']:.0f} before)"
    return Row(what, f"{figures['seconds']:.1f} s, {memory}: {found}", "", target, met if wanted else None)


def _about() -> str:
    return (
        "Everything that can and cannot happen in generated stories with loops everywhere, with the shortest play to "
        "each finding; CPU time of a process of its own, and its peak memory. "
        "The stories of 250 scenes have 62 variables, 241 conditions and 111 routes within routes. Where something is "
        "kept, whoever goes back to an earlier choice is looked at too."
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(proof(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        conclude(measure())
