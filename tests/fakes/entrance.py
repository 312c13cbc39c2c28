"""`run_bot.py` as an operator starts it, with what it says and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from tests.fakes.nursery import Newborn

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds; far more than any machine needs."""


Process = subprocess.Popen[str] | Newborn
Begin = Callable[..., Process]
"""Begins a bot, given its folder and settings: `from_nothing`, or `born`."""


def from_nothing(folder: Path, *arguments: str, **settings: object) -> subprocess.Popen[str]:
    """`python run_bot.py` with data and stories in `folder`, on a free port, and none of this machine's settings."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "run_bot.py"), *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def born(folder: Path, *arguments: str, **settings: object) -> Newborn:
    """The same, but for its imports, which were done beforehand and once for all: most of a start is spent on them."""
    return Newborn(arguments, folder, environment(folder, **settings))


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """All that a bot is told."""
    told = {
        "PATH": os.environ["PATH"],
        "PORT": free_port(),
        "DATA_DIR": folder / "data",
        "STORIES_DIR": folder / "stories",
    }
    return {name: str(value) for name, value in {**told, **settings}.items()}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def refusal(folder: Path, *arguments: str, **settings: object) -> str:
    """The one line by which a bot says why it does not start."""
    return complaint(born(folder, *arguments, **settings))


def complaint(process: Process) -> str:
    """The same, of a bot that was begun already."""
    said, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2, f"it ended with {process.returncode}: {said}{complained}"
    assert said == ""
    lines = complained.splitlines()
    assert len(lines) == 1, complained
    assert lines[0].startswith("run_bot: ")
    return lines[0].removeprefix("run_bot: ")


class Running:
    """A bot that is ready, at `address`. What it says on standard error is read along, so that it never waits."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.errors: list[str] = []
        self._reader = Thread(target=self._read)
        self._reader.start()
        self.address = self._ready()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.errors.extend(self.process.stderr)

    def _ready(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        said = re.fullmatch(r"Cliffhanger is ready: \d+ stories to play at (http://[^/]+)/\n", line)
        if said is None:
            self.end(signal.SIGKILL)
        assert said is not None, f"{line}{self.errors}"
        return said[1]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end: its exit code, once all that it said is read."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


@contextmanager
def running(folder: Path, begin: Begin = born, /, **settings: object) -> Iterator[Running]:
    """A bot while the context lasts; afterwards it must have ended cleanly, and without a traceback."""
    bot = Running(begin(folder, **settings))
    try:
        yield bot
    except BaseException:
        bot.process.kill()
        raise
    finally:
        code = bot.process.returncode if bot.process.poll() is not None else bot.end()
    assert code == 0, bot.errors
    assert "Traceback" not in "".join(bot.errors)


@contextmanager
def disk(folder: Path, *options: str) -> Iterator[Path | None]:
    """A small disk of its own at `folder`, or None where none can be mounted."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)
