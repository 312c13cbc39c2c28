"""The foreman, with real processes: who falls is replaced, who cannot begin ends all, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from bot.crew import foreman
from bot.crew.foreman import Seat

PATIENCE = 60.0
ROOT = Path(__file__).parents[3]

LEAD = """\
import asyncio, sys
from bot.crew import foreman
script, workers, grace = sys.argv[1:]
foreman.GRACE = float(grace)
lead = foreman.Foreman(int(workers), lambda seat: (sys.executable, script, str(seat)))
sys.exit(asyncio.run(lead.run()))
"""

WORK = """\
import os, signal, sys
from pathlib import Path
seat, here = sys.argv[1], Path(__file__).parent
with (here / "begun").open("a") as begun:
    begun.write(f"{seat} {os.getpid()}\\n")
"""
"""How every worker of these tests begins: it writes down its seat and its number."""

WAITS = "sys.stdin.read()\n"
"""Until the foreman is gone, or a signal comes."""


class Leader:
    """A foreman in a process of its own."""

    def __init__(self, folder: Path, work: str, workers: int, grace: float) -> None:
        self.folder = folder
        script = folder / "work.py"
        script.write_text(WORK + work, encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-c", LEAD, str(script), str(workers), str(grace)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    @property
    def begun(self) -> list[tuple[Seat, int]]:
        """Every worker that began, with the number of its process."""
        written = self.folder / "begun"
        lines = written.read_text().splitlines() if written.exists() else []
        return [(Seat.read(seat), int(number)) for seat, number in map(str.split, lines)]

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it said."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said

    def kill(self) -> None:
        """No goodbye."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def until(look: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < end
        time.sleep(0.01)


def runs(number: int) -> bool:
    """Whether the process is there and does something: a dead one that nobody buried does not."""
    try:
        return " Z " not in Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


class NewLeader(Protocol):
    """Makes foremen. `grace`: the seconds that their workers have to end."""

    def __call__(self, work: str, workers: int, grace: float = foreman.GRACE) -> Leader: ...


@pytest.fixture
def lead(tmp_path: Path) -> Iterator[NewLeader]:
    """Afterwards none of them and none of their workers is left."""
    leaders: list[Leader] = []

    def new(work: str, workers: int, grace: float = foreman.GRACE) -> Leader:
        leaders.append(Leader(tmp_path, work, workers, grace))
        return leaders[-1]

    yield new
    for leader in leaders:
        leader.kill()
        until(lambda leader=leader: not any(runs(number) for _, number in leader.begun))  # type: ignore[misc]


def test_who_takes_the_seat_of_one_that_fell_has_its_number(lead: NewLeader) -> None:
    leader = lead(WAITS, 2)
    until(lambda: len(leader.begun) == 2)
    assert sorted(seat.number for seat, _ in leader.begun) == [1, 2]
    assert len({seat.worker for seat, _ in leader.begun}) == 2
    fallen, number = leader.begun[0]
    os.kill(number, signal.SIGKILL)
    until(lambda: len(leader.begun) == 3)
    assert leader.begun[2][0] == fallen
    os.kill(leader.process.pid, signal.SIGTERM)
    code, said = leader.ended()
    assert code == 0
    assert said.count("worker_fell") == 1


def test_who_falls_again_and_again_is_waited_with_longer_each_time(lead: NewLeader) -> None:
    leader = lead("sys.exit(3)\n", 1)
    until(lambda: len(leader.begun) == 3)
    leader.process.send_signal(signal.SIGTERM)
    code, said = leader.ended()
    assert code == 0
    for pause in ("0.25", "0.5"):
        assert f"again_in={pause}" in said


def test_pauses_grow_to_the_last_and_no_further() -> None:
    pauses = foreman._pauses()
    assert [next(pauses) for _ in range(9)] == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]


def test_one_that_cannot_begin_before_something_is_mended_ends_all(lead: NewLeader) -> None:
    leader = lead("sys.exit(2) if seat.startswith('2/') else sys.stdin.read()\n", 3)
    assert leader.ended()[0] == 2
    assert {seat.number for seat, _ in leader.begun} >= {2}
    assert not any(runs(number) for _, number in leader.begun)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_all_in_order(lead: NewLeader, number: signal.Signals) -> None:
    ends = "signal.signal(signal.SIGTERM, lambda *_: ((here / seat.replace('/', '-')).touch(), sys.exit(0)))\n"
    ready = "(here / f'ready {os.getpid()}').touch()\n"
    leader = lead(ends + ready + WAITS, 3)
    until(lambda: len(list(leader.folder.glob("ready *"))) == 3)
    leader.process.send_signal(number)
    assert leader.ended()[0] == 0
    assert len(list(leader.folder.glob("*-3-*"))) == 3
    assert len(leader.begun) == 3


def test_one_that_will_not_end_is_ended(lead: NewLeader, tmp_path: Path) -> None:
    stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n(here / 'ready').touch()\n"
    leader = lead(stubborn + WAITS, 1, grace=0.2)
    until((tmp_path / "ready").exists)
    leader.process.send_signal(signal.SIGTERM)
    assert leader.ended()[0] == 0


def test_when_the_foreman_is_killed_its_workers_find_out(lead: NewLeader) -> None:
    leader = lead(WAITS, 2)
    until(lambda: len(leader.begun) == 2)
    leader.kill()
    until(lambda: not any(runs(number) for _, number in leader.begun))


@pytest.mark.parametrize("text", ["", "1", "1/2", "0/2/9", "3/2/9", "a/b/c", "1/2/3/4"])
def test_no_seat_is_read_from_nonsense(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Seat.read(text)


def test_a_seat_is_read_as_it_was_written() -> None:
    seat = Seat(2, 4, 2**61 + 1)
    assert Seat.read(str(seat)) == seat
