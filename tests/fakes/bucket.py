"""A real server that speaks S3, on this machine alone: one for a run, one bucket for a test."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count

import httpx

from bot.clips.vault.bucket import Bucket
from tests.fakes.entrance import free_port

PATIENCE = 60
"""Seconds the server may take to start on a busy machine."""

KEY_ID, KEY = "the-name-of-a-key", "a-key-that-nobody-may-see"

_numbers = count(1)


class BucketServer:
    """It keeps what it is given in memory."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers."""
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """It is gone from one moment to the next."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None

    def new(self, prefix: str = "") -> Bucket:
        """A bucket with nothing in it."""
        name = f"bucket-{next(_numbers)}"
        httpx.put(f"{self.url}/{name}", headers=_SIGNED, trust_env=False).raise_for_status()
        return Bucket(name, prefix, self.url, "us-east-1", KEY_ID, KEY)

    def put(self, bucket: Bucket, path: str, content: bytes) -> None:
        """Somebody else writes into the bucket."""
        httpx.put(
            f"{self.url}/{bucket.name}/{path}", content=content, headers=_SIGNED, trust_env=False
        ).raise_for_status()

    def names(self, bucket: Bucket) -> set[str]:
        """What lies in it, prefix and all."""
        listed = httpx.get(f"{self.url}/{bucket.name}?list-type=2", headers=_SIGNED, trust_env=False).text
        return {one.partition("</Key>")[0] for one in listed.split("<Key>")[1:]}

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/moto-api/", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


_SIGNED = {"authorization": f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20250101/us-east-1/s3/aws4_request"}
"""Enough for this server to know which service is meant."""


@contextmanager
def bucket_server() -> Iterator[BucketServer]:
    """A server that runs, and is gone afterwards."""
    server = BucketServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


class Road:
    """The way to a server, at `url`; while it is closed, nobody answers there."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.failing = 0
        """So many of the next connections end before anything is answered."""
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Calls arrive from now on."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)

    async def close(self) -> None:
        """Calls are cut off, and no other is taken."""
        if self._server is not None:
            self._server.close()
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            self._server = None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.failing:
            self.failing -= 1
            writer.close()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        for one, other in ((reader, back), (there, writer)):
            call = asyncio.create_task(_copied(one, other))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(OSError):
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def road(server: BucketServer) -> AsyncIterator[Road]:
    """A way to the server, open at first."""
    way = Road(server.port)
    await way.open()
    try:
        yield way
    finally:
        await way.close()
