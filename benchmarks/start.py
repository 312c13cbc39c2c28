"""From nothing to playable: how long `python run_bot.py` takes and how much memory it holds.

The real entrance as a subprocess, with the stories that ship with it, an empty data folder, a free port and no
platform's token. Seconds are from the start of the process to the first 200 of /healthz, median of the starts; the CPU
time of that stands beside it, because neighbours on the machine stretch the one and not the other. Memory is resident
memory (VmRSS), then and after 200 plays: 200 browsers that each open a story and take four choices over HTTP. The
heaviest imports are listed; those of platforms and models, which nobody asked for here, must not be among them.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.result import Result, Row, conclude

ROOT = Path(__file__).parent.parent
STARTS = 5
PLAYS = 200
TAPS = 4
PATIENCE = 30.0
"""Seconds after which a start has failed."""

MOST_SECONDS = 1.5
MOST_MEGABYTES = 120.0
HEAVIEST = 10
UNWANTED = ("telegram", "discord", "openai", "opentelemetry", "obstore")


@contextlib.contextmanager
def bot(data: Path) -> Iterator[tuple[int, int, float]]:
    """A running bot: (its process, its port, seconds until it was healthy)."""
    port = free_port()
    wanted = {"HOST": "127.0.0.1", "PORT": str(port), "DATA_DIR": str(data), "LOG_LEVEL": "ERROR"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "run_bot.py"], cwd=ROOT, env={**kept, **wanted}, stdout=subprocess.DEVNULL
    )
    try:
        wait_until_healthy(process, port)
        yield process.pid, port, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    """Return at the first 200 of /healthz."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until and process.poll() is None:
        with contextlib.suppress(OSError), contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=1)) as http:
            http.request("GET", "/healthz")
            if http.getresponse().status == 200:
                return
        time.sleep(0.005)
    raise RuntimeError("run_bot.py did not become healthy")


def megabytes(process: int) -> float:
    """Resident memory of a process, as Linux counts it."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    if found is None:
        raise RuntimeError("this system does not tell a process's resident memory")
    return int(found[1]) * 1024 / 1e6


def cpu_seconds(process: int) -> float:
    """CPU time a process has used, its own and the system's for it: fields 14 and 15 of /proc/<pid>/stat."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def play(port: int, number: int) -> int:
    """One browser: opens a story and takes the first open choice until it ends or `TAPS` are done; the taps taken."""
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as http:
        shown, cookie = call(http, "/api/stories/last-train-home/open", "", {"event": f"open-{number}"})
        for tap in range(TAPS):
            choice = next((one for one in shown["cards"][-1]["choices"] if not one["locked"]), None)
            if choice is None:
                return tap
            body = {"event": f"tap-{number}-{tap}", "revision": shown["revision"], "choice": choice["id"]}
            shown, _ = call(http, f"/api/sessions/{shown['session']}/tap", cookie, body)
    return TAPS


def call(http: HTTPConnection, path: str, cookie: str, body: dict[str, object]) -> tuple[dict[str, Any], str]:
    """(the answer, the cookie it sets)."""
    headers = {"content-type": "application/json", **({"cookie": cookie} if cookie else {})}
    http.request("POST", path, json.dumps(body), headers)
    response = http.getresponse()
    content = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}: {content[:200]!r}")
    return json.loads(content), (response.getheader("set-cookie") or "").partition(";")[0]


def imports() -> tuple[list[tuple[float, str]], list[str]]:
    """((own milliseconds, module) of the heaviest imports, those of `UNWANTED` that were imported) of a start."""
    program = "import runpy, sys; sys.argv = ['run_bot.py', '--help']; runpy.run_path('run_bot.py')"
    modules = "import bot.app, bot.agenda, bot.http.server, bot.clips.serve, bot.store.open, adapters.web.adapter"
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"{program}; {modules}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    found = re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", said)
    spent = sorted(((int(own) / 1000, module) for own, module in found), reverse=True)
    roots = {module.partition(".")[0] for _, module in spent}
    return spent[:HEAVIEST], [name for name in UNWANTED if name in roots]


def measure() -> Result:
    """Several starts; the last one is played on."""
    seconds, worked = [], []
    for left in reversed(range(STARTS)):
        with tempfile.TemporaryDirectory(prefix="cliffhanger-") as data, bot(Path(data)) as (process, port, took):
            seconds.append(took)
            worked.append(cpu_seconds(process))
            if not left:
                fresh = megabytes(process)
                taps = sum(play(port, number) for number in range(PLAYS))
                played = megabytes(process)
    heaviest, unwanted = imports()
    start = statistics.median(seconds)
    return Result("Starting, and memory", _about(), (
        Row("start until /healthz is 200", f"{start:.2f} s", f"{start / MOST_SECONDS:.2f}",
            f"< {MOST_SECONDS} s", start < MOST_SECONDS),
        Row("CPU time of that", f"{statistics.median(worked):.2f} s"),
        _memory("resident memory then", fresh),
        _memory(f"resident memory after {PLAYS} plays, {taps} taps", played),
        Row("platforms and models imported, asked for by nobody", ", ".join(unwanted) or "none", "", "none",
            not unwanted),
        *(Row(f"heaviest import: {module}", f"{own:.0f} ms") for own, module in heaviest),
    ))  # fmt: skip


def _memory(what: str, measured: float) -> Row:
    target = f"< {MOST_MEGABYTES:.0f} MB"
    return Row(what, f"{measured:.0f} MB", f"{measured / MOST_MEGABYTES:.2f}", target, measured < MOST_MEGABYTES)


def _about() -> str:
    return (
        f"`python run_bot.py` as a process, its own stories, an empty data folder; median of {STARTS} starts. "
        "The ratio is to the target. Imports: own time, as -X importtime counts it."
    )


if __name__ == "__main__":
    conclude(measure())
