"""A writer's desk: the bot's terminal as a process that goes on while files change, and a keyboard that waits."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from threading import Condition, Thread

from tests.adapters.console.test_terminal import ROOT, environment

PATIENCE = 30
"""Seconds; far more than any machine needs."""


class Desk:
    """`studio watch` with these arguments; what it says is read along, and waited for."""

    def __init__(self, place: Path, *arguments: str) -> None:
        command = [sys.executable, str(ROOT / "run_bot.py"), "studio", "watch", *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(place), cwd=ROOT, bufsize=0
        )
        self._told = b""
        self._more = Condition()
        self._ended = False
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while piece := self._process.stdout.read(4096):
            with self._more:
                self._told += piece
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    def type(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    def until(self, words: str) -> str:
        """What was said up to these words since the last time."""
        wanted, end = words.encode(), time.monotonic() + PATIENCE
        with self._more:
            while wanted not in self._told:
                left = end - time.monotonic()
                assert not self._ended, self._told.decode()
                assert left > 0, self._told.decode()
                self._more.wait(left)
            said, _, self._told = self._told.partition(wanted)
        return (said + wanted).decode()

    def leave(self) -> int:
        self.type("q")
        code = self._process.wait(PATIENCE)
        self._close()
        return code

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)
        self._close()

    def _close(self) -> None:
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
