"""Contests between bots: each a process on one core, against the local Bot API server on the other."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.bots.tale import HELLO, SCENES, Seat, clip
from benchmarks.start import cpu_seconds, megabytes
from tests.fakes.telegram.remote import RemoteTelegram

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
"""The environment of benchmarks/bots/peers.txt."""

PATIENCE = 20.0
GRACE = 1.5
"""Seconds for an orderly end; aiogram waits for its last poll, with everything written long before."""

LOOK = 0.03
"""Seconds between looks at the crowd, which cost the server a little."""

CORES = sorted(os.sched_getaffinity(0))
ENDLESS = 10**9


@dataclass(frozen=True, slots=True)
class Contender:
    """A module of benchmarks/bots and how to start it."""

    name: str
    module: str
    flags: tuple[str, ...] = ()
    peer: bool = False
    """Whether it runs in the peers' environment, beside a storage server."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What one run measured. Seconds; `busy` is the share of its core that the server used."""

    taps: float
    p50: float
    p99: float
    cpu: float
    """CPU seconds of a tap in the contender's process and its storage."""
    server: float
    """The same in the server."""
    busy: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Losses:
    """After kill -9 and a restart. `waiting` viewers never saw a next scene though every tap was acknowledged;
    `forgotten` taps are missing from the state that was kept. `told` are not: those taps came from a card that was
    shown a second time after the restart, and the viewer was told that the story had moved on."""

    taps: int
    told: int
    waiting: int
    forgotten: int


class Stage:
    """A server, a folder and one contender, until the context ends."""

    def __init__(self, server: RemoteTelegram, contender: Contender, seat: Seat) -> None:
        self.server = server
        self._contender = contender
        self._seat = seat
        self._bot: asyncio.subprocess.Process | None = None
        self._storage: asyncio.subprocess.Process | None = None

    @property
    def processes(self) -> list[int]:
        """The contender's, and that of its storage (without the one that only started it)."""
        assert self._bot is not None
        return [self._bot.pid, *(_children(self._storage.pid) if self._storage is not None else ())]

    async def start(self) -> None:
        """Start the contender, and wait until it asks for updates."""
        if self._contender.peer and self._storage is None:
            self._storage = await self._run(PEERS, "benchmarks.bots.storage", stdout=asyncio.subprocess.PIPE)
            assert self._storage.stdout is not None
            address = (await self._storage.stdout.readline()).decode().strip()
            self._seat = replace(self._seat, storage=address)
        asked = await self._asked()
        self._bot = await self._run(self._python, self._module, *self._contender.flags)
        await _until(lambda: self._has_asked(asked), f"{self._contender.name} to ask for updates")

    async def kill(self) -> None:
        """kill -9."""
        await self._end(self._bot, signal.SIGKILL)

    async def count(self) -> int:
        """End the contender in good order if it can; how many taps what it kept knows of."""
        await self._end(self._bot, signal.SIGTERM)
        counting = await self._run(
            self._python, self._module, *self._contender.flags, "count", stdout=asyncio.subprocess.PIPE
        )
        said, _ = await counting.communicate()
        return int(said)

    async def close(self) -> None:
        """End whatever runs."""
        await self._end(self._bot, signal.SIGKILL)
        await self._end(self._storage, signal.SIGTERM)

    @property
    def _python(self) -> Path:
        return PEERS if self._contender.peer else Path(sys.executable)

    @property
    def _module(self) -> str:
        return f"benchmarks.bots.{self._contender.module}"

    async def _run(
        self, python: Path, module: str, *flags: str, stdout: int = asyncio.subprocess.DEVNULL
    ) -> asyncio.subprocess.Process:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return await asyncio.create_subprocess_exec(
            python, "-m", module, *flags, cwd=ROOT, env={**kept, **self._seat.environment()},
            stdout=stdout, preexec_fn=partial(os.sched_setaffinity, 0, CORES[-1:]),
        )  # fmt: skip

    async def _end(self, process: asyncio.subprocess.Process | None, number: int) -> None:
        if process is not None and process.returncode is None:
            process.send_signal(number)
            try:
                async with asyncio.timeout(GRACE):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()

    async def _asked(self) -> int:
        counts = await self.server.order("counts")
        return int(counts.get("getUpdates", 0))

    async def _has_asked(self, before: int) -> bool:
        if self._bot is not None and self._bot.returncode is not None:
            raise RuntimeError(f"{self._contender.name} ended with {self._bot.returncode}")
        return await self._asked() > before


@asynccontextmanager
async def staged(contender: Contender, folder: Path, *flags: str) -> AsyncIterator[Stage]:
    """A fresh server that has the clips, and the contender running at it."""
    async with RemoteTelegram("--no-checks", *flags) as server:
        os.sched_setaffinity(server.pid, CORES[:1])
        os.mkdir(folder)
        stage = Stage(server, contender, Seat(server.url, server.token, folder, await _videos(server)))
        try:
            await stage.start()
            yield stage
        finally:
            await stage.close()


async def race(contender: Contender, folder: Path, viewers: int, seconds: float) -> Pace:
    """Everybody taps as soon as a scene is there, for so long."""
    async with staged(contender, folder, "--no-record") as stage:
        server = stage.server
        await server.order("crowd", people=10, taps=40, hello=HELLO)
        await _until(lambda: _scenes(server, 40), "the first scenes")
        await server.order("crowd", people=viewers, taps=ENDLESS, hello=HELLO)
        await _until(lambda: _scenes(server, viewers), "everybody's second scene")
        used = cpu_seconds(server.pid), sum(map(cpu_seconds, stage.processes))
        before = await server.order("crowd_result")
        await asyncio.sleep(seconds)
        after = await server.order("crowd_result")
        served = cpu_seconds(server.pid) - used[0]
        worked = sum(map(cpu_seconds, stage.processes)) - used[1]
        took, scenes = after["seconds"] - before["seconds"], after["scenes"] - before["scenes"]
        memory = sum(map(megabytes, stage.processes))
        return Pace(
            scenes / took, after["p50"], after["p99"], worked / scenes, served / scenes, served / took, memory
        )  # fmt: skip


async def survive(contender: Contender, folder: Path, viewers: int, taps: int) -> Losses:
    """kill -9 after half of the taps, a restart, and what came of all of them once nothing moves any more."""
    async with staged(contender, folder) as stage:
        server = stage.server
        await server.order("crowd", people=viewers, taps=taps, hello=HELLO)
        await _until(lambda: _scenes(server, taps // 2), "half of the scenes")
        await stage.kill()
        await stage.start()
        result = await _settled(server)
        taps, told = result["taps"], await _told(server)
        return Losses(taps, told, result["waiting"], max(0, taps - told - await stage.count()))


async def _told(server: RemoteTelegram) -> int:
    """Taps that were answered with words, which every bot here has for a tap that came too late and for no other."""
    answers = [call["params"] for call in await server.calls() if call["method"] == "answerCallbackQuery"]
    return len({answer["callback_query_id"] for answer in answers if answer.get("text")})


async def _settled(server: RemoteTelegram, quiet: float = 2.5) -> Any:
    """The crowd's result when nobody waits, or when nothing has changed for so long."""
    result, since = await server.order("crowd_result"), time.monotonic()
    while result["waiting"] and time.monotonic() - since < quiet:
        await asyncio.sleep(LOOK)
        latest = await server.order("crowd_result")
        if latest["scenes"] != result["scenes"]:
            since = time.monotonic()
        result = latest
    return result


async def _scenes(server: RemoteTelegram, wanted: int) -> bool:
    result = await server.order("crowd_result")
    return bool(result["scenes"] >= wanted)


async def _until(there: Callable[[], Awaitable[bool]], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not await there():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {PATIENCE} s for {what}")
        await asyncio.sleep(LOOK)


async def _videos(server: RemoteTelegram) -> dict[str, str]:
    """Upload the clips: their file ids. What it takes for that is acknowledged, so no contender hears of it."""
    person = await server.person("Uploader")
    await person.say("hello")
    bot = f"{server.url}/bot{server.token}"
    found = {}
    async with aiohttp.ClientSession() as http:
        for scene in SCENES:
            form = aiohttp.FormData({"chat_id": str(person.id)})
            form.add_field("video", clip(scene), filename=f"{scene}.mp4", content_type="video/mp4")
            async with http.post(f"{bot}/sendVideo", data=form) as response:
                found[scene] = (await response.json())["result"]["video"]["file_id"]
        async with http.get(f"{bot}/getUpdates") as response:
            last = (await response.json())["result"][-1]["update_id"]
        async with http.get(f"{bot}/getUpdates?offset={last + 1}"):
            return found


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
