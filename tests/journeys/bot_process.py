"""The bot as its operator runs it: a process that can be stopped, killed and started again on the same data."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY = "Cliffhanger is ready"
STARTS_WITHIN = 60
"""Seconds; far more than any machine needs."""


class BotProcess:
    """`run_bot.py` on a port that it keeps through restarts. `address` has no slash at its end."""

    def __init__(self, stories: Path, data: Path) -> None:
        self._port = str(_free_port())
        self.address = f"http://127.0.0.1:{self._port}"
        self.stories = stories
        self._data = data
        self._log = data / "bot.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the bot says that it is ready."""
        self._data.mkdir(parents=True, exist_ok=True)
        # Nothing of the developer's own environment: a token there would let the bot speak to a real platform.
        environment = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(self._data),
            "STORIES_DIR": str(self.stories),
            "PORT": self._port,
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "run_bot.py")], cwd=self._data, env=environment, stdout=log, stderr=log
            )
        self._wait_until_ready()

    def kill(self) -> None:
        """kill -9: no goodbye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        if self._process is None:
            return 0
        self._process.terminate()
        return self._process.wait(timeout=STARTS_WITHIN)

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        for _ in range(STARTS_WITHIN * 20):
            said = self._log.read_text(encoding="utf-8")
            if READY in said:
                return
            assert self._process.poll() is None, f"the bot ended: {said}"
            time.sleep(0.05)
        raise AssertionError(f"the bot did not start: {self._log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
