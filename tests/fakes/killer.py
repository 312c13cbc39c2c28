"""Kills bots: `python -m tests.fakes.killer <folder> <first seed> <last seed> [early]`.

With `early` it ends once a fault was found.
Everything is imported once; each life is a fork of this process, which is why it has no loop and no threads.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import traceback
from pathlib import Path

from tests.fakes.audit import faults
from tests.fakes.fuse import KINDS, Fuse, Kind
from tests.fakes.journal import read_journal
from tests.fakes.life import live

PATIENCE = 60
"""Seconds after which a life counts as hung."""

MOST_KILLS = 3


def main(folder: Path, first: int, last: int, *, early: bool) -> int:
    """Exit code 1 when a seed found a fault; each is printed with it."""
    passed = _points_passed(folder / "whole", early=early)
    kills = 0
    found = False
    for seed in range(first, last + 1):
        here = folder / str(seed)
        killed, wrong = trial(here, seed, passed, early=early)
        kills += killed
        for fault in wrong:
            print(f"seed {seed}: {fault}", flush=True)
        found = found or bool(wrong)
        if not wrong:
            shutil.rmtree(here)
        if early and found:
            break
    print(f"{kills} kills in {seed + 1 - first} seeds", flush=True)
    return int(found)


def trial(folder: Path, seed: int, passed: dict[Kind, int], *, early: bool) -> tuple[int, list[str]]:
    """Lives until one is not killed: (how many were, what is wrong then)."""
    folder.mkdir(parents=True)
    chance = random.Random(seed)
    lives = chance.randint(1, MOST_KILLS)
    for kills in range(lives + 1):
        kind = chance.choice(KINDS + KINDS[:1])
        fuse = Fuse(kind, chance.randint(1, passed[kind])) if kills < lives else Fuse()
        ended = run(folder, seed, kills, fuse, early=early)
        if ended == 0:
            return kills, faults(folder)
        if ended != -signal.SIGKILL:
            return kills, [f"life {kills} ended with {ended}"]
    raise AssertionError("the last life has no fuse that burns")


def run(folder: Path, seed: int, number: int, fuse: Fuse, *, early: bool) -> int:
    """One life in a process of its own: its exit code, or minus the signal that ended it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        signal.alarm(PATIENCE)
        live(folder, seed, number, fuse, early=early)
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.stdout)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _points_passed(folder: Path, *, early: bool) -> dict[Kind, int]:
    """How many points of each kind a whole life passes, in which all is well."""
    folder.mkdir(parents=True)
    if run(folder, 0, 0, Fuse(), early=early):
        sys.exit("not even a life without a kill works")
    if wrong := faults(folder):
        sys.exit(f"even without a kill: {wrong}")
    [points] = read_journal(folder / "journal").points
    return {kind: points[kind] for kind in KINDS}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), early=sys.argv[4:] == ["early"]))
