"""kill -9 anywhere: every acknowledged tap counts exactly once, every card is shown, and the story goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = 200
PROCESSES = 2
MEMORY = Path("/dev/shm")
"""A kill loses nothing that the kernel has, so the trials need no disk and are spared its waits."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill -9")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the bots live."""
    room = MEMORY if os.access(MEMORY, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=room, prefix="cliffhanger-") as folder:
        yield Path(folder)


def kill(folder: Path, seeds: range, *planted: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.fakes.killer", str(folder), str(seeds[0]), str(seeds[-1]), *planted]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def kills(report: str) -> int:
    """How many lives were ended, as the last line says."""
    return int(report.splitlines()[-1].split()[0])


def test_nothing_acknowledged_is_lost_or_counted_twice_by_two_hundred_seeds_of_kills(folder: Path) -> None:
    share = SEEDS // PROCESSES
    killers = [kill(folder / str(n), range(n * share + 1, (n + 1) * share + 1)) for n in range(PROCESSES)]
    reports = [killer.communicate()[0] for killer in killers]
    assert [killer.returncode for killer in killers] == [0] * PROCESSES, "\n".join(reports)
    assert sum(map(kills, reports)) > SEEDS / 2


def test_a_planted_fault_is_found_acknowledging_before_the_commit(folder: Path) -> None:
    killer = kill(folder, range(1, 21), "early")
    report, _ = killer.communicate()
    assert killer.returncode == 1, report
    assert "was acknowledged as counted: {True}, but booked: False" in report
