"""kill -9 anywhere: every acknowledged tap counts exactly once, every card is shown, and the story goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.effort import effort

ROOT = Path(__file__).parents[2]
SEEDS = effort(40, 200)
PROCESSES = 2

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill -9")


def kill(folder: Path, seeds: range, *planted: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.fakes.killer", str(folder), str(seeds[0]), str(seeds[-1]), *planted]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def kills(report: str) -> int:
    """How many lives were ended, as the last line says."""
    return int(report.splitlines()[-1].split()[0])


def test_nothing_acknowledged_is_lost_or_counted_twice_wherever_it_is_killed(tmp_path: Path) -> None:
    share = SEEDS // PROCESSES
    killers = [kill(tmp_path / str(n), range(n * share + 1, (n + 1) * share + 1)) for n in range(PROCESSES)]
    reports = [killer.communicate()[0] for killer in killers]
    assert [killer.returncode for killer in killers] == [0] * PROCESSES, "\n".join(reports)
    assert sum(map(kills, reports)) > SEEDS / 2


def test_a_planted_fault_is_found_acknowledging_before_the_commit(tmp_path: Path) -> None:
    killer = kill(tmp_path, range(1, 21), "early")
    report, _ = killer.communicate()
    assert killer.returncode == 1, report
    assert "was acknowledged as counted: {True}, but booked: False" in report
