"""Bots born by fork from one process that has imported everything. Each is a process like any other.

Signals, kills, exit codes and pipes are real. That a bot starts from nothing is for the tests that say so.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import TextIO

IMPORTED = (
    "adapters.console.adapter",
    "adapters.console.report",
    "adapters.discord.adapter",
    "adapters.house",
    "adapters.telegram.adapter",
    "adapters.web.adapter",
    "bot.clips.serve",
    "bot.gauges",
    "bot.http.health",
    "bot.http.metrics",
    "bot.http.server",
    "bot.logs",
    "bot.store.open",
    "run_bot",
    "tests.fakes.nursery",
    "uvloop",
)
"""What a bot imports on its way, some of it only where it is asked for."""


class Newborn:
    """A bot, with as much of `subprocess.Popen` as tests use. `typed` is its standard input, to the end."""

    def __init__(self, arguments: Sequence[str], folder: Path, environment: dict[str, str], typed: str = "") -> None:
        nursery = _nursery()
        keyboard, typing = nursery.Pipe(duplex=False)
        heard, out = nursery.Pipe(duplex=False)
        complaints, err = nursery.Pipe(duplex=False)
        self._process = nursery.Process(
            target=_live, args=(list(arguments), str(folder), environment, keyboard, out, err), daemon=True
        )
        self._process.start()
        for given in (keyboard, out, err):
            given.close()
        self.stdout: TextIO = _text(heard)
        self.stderr: TextIO = _text(complaints)
        os.write(typing.fileno(), typed.encode())
        typing.close()

    @property
    def returncode(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it lives."""
        return self._process.exitcode

    @property
    def pid(self) -> int:
        number = self._process.pid
        assert number is not None
        return number

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self.returncode
        if code is None:
            raise subprocess.TimeoutExpired("run_bot", timeout or 0)
        return code

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            if self.poll() is None:
                os.kill(self.pid, number)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """All that it says and complains of until it ends."""
        with ThreadPoolExecutor(2) as threads:
            said, complained = threads.map(_read_to_the_end, (self.stdout, self.stderr))
        self.wait(timeout)
        return said, complained


def _nursery() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    return context


def _text(connection: Connection) -> TextIO:
    """What comes through a pipe, as text; the pipe is closed with it."""
    number = os.dup(connection.fileno())
    connection.close()
    return os.fdopen(number, encoding="utf-8")


def _read_to_the_end(stream: TextIO) -> str:
    with stream:
        return stream.read()


def _live(
    arguments: list[str],
    folder: str,
    environment: dict[str, str],
    keyboard: Connection,
    out: Connection,
    err: Connection,
) -> None:
    """All that an operator's shell does for a bot, and then the bot."""
    for number, given in enumerate((keyboard, out, err)):
        os.dup2(given.fileno(), number)
        given.close()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["run_bot.py", *arguments]
    import run_bot

    run_bot.main()
