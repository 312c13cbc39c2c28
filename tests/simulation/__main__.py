"""`python -m tests.simulation --seed 123`: one history, shortened if it fails. `--seeds 10000 --jobs 2`: many."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tests.simulation.bugs import BUGS
from tests.simulation.history import history
from tests.simulation.seeds import failing_in
from tests.simulation.trial import SOUND, shortest
from tests.simulation.worker import Parts

CHUNK = 100
"""Seeds that a process tries before it says how they went."""


def main() -> int:
    """0 when every promise was kept."""
    wanted = _arguments()
    parts = SOUND if wanted.bug is None else BUGS[wanted.bug]
    if wanted.seed is not None:
        return _one(wanted.seed, parts)
    return _many(range(wanted.first, wanted.first + wanted.seeds), wanted.jobs, wanted.bug, parts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="try this seed alone, and tell its history")
    parser.add_argument("--seeds", type=int, default=1000, help="try so many")
    parser.add_argument("--first", type=int, default=0, help="beginning with this one")
    parser.add_argument("--jobs", type=int, default=1, help="in so many processes")
    parser.add_argument("--bug", choices=sorted(BUGS), help="with this bug planted")
    return parser.parse_args()


def _one(seed: int, parts: Parts) -> int:
    failure = shortest(seed, parts)
    if failure is None:
        print("\n".join(f"{deed.pause:5} ms later, {deed}" for deed in history(seed)))
        print(f"seed {seed}: every promise is kept")
        return 0
    print(failure)
    return 1


def _many(seeds: range, jobs: int, bug: str | None, parts: Parts) -> int:
    began, chunks = time.monotonic(), [seeds[at : at + CHUNK] for at in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for failing in pool.map(partial(failing_in, bug), chunks):
            if failing is not None:
                pool.shutdown(cancel_futures=True)
                print(shortest(failing, parts))
                return 1
    spent = time.monotonic() - began
    print(f"{len(seeds)} seeds, every promise is kept ({spent:.0f} s, {spent / len(seeds) * 1000:.1f} ms each)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
