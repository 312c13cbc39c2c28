"""What a bot would otherwise keep its sessions with: DBOS on PostgreSQL, aiogram's RedisStorage. A process each."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bots.tale import SCENES, Seat
from benchmarks.contest import PEERS, ROOT

PATIENCE = 60.0
"""Seconds beyond those it is measured for in which a rival must begin and end."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Taps a second; CPU seconds of a tap in its own process; the median of a tap's seconds."""

    taps: float
    cpu: float
    median: float


def look_for_them() -> None:
    """Raises `RuntimeError` where their environment is missing."""
    if not PEERS.exists():
        raise RuntimeError("the peers' environment is missing: `make bench` makes it from benchmarks/bots/peers.txt")


def workflows(url: str, viewers: int, seconds: float) -> Rival:
    """A DBOS workflow for each session, on a database that has nothing yet."""
    return _run("workflow", url, viewers, seconds, _environment())


def storage(folder: Path, viewers: int, seconds: float) -> Rival:
    """aiogram's RedisStorage, on a Valkey that has every change on the disk before it answers."""
    environment = {**_environment(), **Seat("", "", folder, dict.fromkeys(SCENES, "")).environment()}
    command = [str(PEERS), "-m", "benchmarks.bots.storage"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            return _run("places", server.stdout.readline().strip(), viewers, seconds, environment)
        finally:
            server.terminate()


def _run(module: str, where: str, viewers: int, seconds: float, environment: dict[str, str]) -> Rival:
    said = subprocess.run(
        [str(PEERS), "-m", f"benchmarks.bots.{module}", where, str(viewers), str(seconds)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE + seconds, check=False,
    )  # fmt: skip
    if said.returncode:
        raise RuntimeError(f"benchmarks.bots.{module} ended with {said.returncode}: {said.stderr[-500:]}")
    return Rival(**json.loads(said.stdout))


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
