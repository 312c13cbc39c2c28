"""The wire: one call after the other over connections that a real server ends, breaks and garbles."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from adapters.discord import wire as wires
from adapters.discord.wire import Broken, Wire

FINE = b"HTTP/1.1 204 No Content\r\nserver: x\r\n\r\n"

END = b""
"""Ends the connection."""


class Server:
    """Answers each call with the next of its scripts, a list of pieces to write; without one, with `FINE`."""

    def __init__(self) -> None:
        self.scripts: deque[Sequence[bytes]] = deque()
        self.calls: list[bytes] = []
        self.connections = 0
        self.called = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self._lines: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}/api/v10"

    async def say(self, text: bytes) -> None:
        """Say something on every connection though nobody asked."""
        for line in self._lines:
            line.write(text)
            await line.drain()

    async def hang_up(self) -> None:
        for line in [*self._lines]:
            line.transport.abort()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self.hang_up()
            self.may_answer.set()
            await asyncio.gather(*self._serving)
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._lines.add(writer)
        if (task := asyncio.current_task()) is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.calls.append(head + await reader.readexactly(length))
                self.called.set()
                await self.may_answer.wait()
                for piece in self.scripts.popleft() if self.scripts else [FINE]:
                    if piece is END:
                        return
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
        except (OSError, EOFError):
            pass
        finally:
            self._lines.discard(writer)
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    yield server
    await server.close()


@pytest.fixture
async def wire(server: Server) -> AsyncIterator[Wire]:
    wire = Wire(await server.open(), "Tester")
    yield wire
    wire.close()


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{more}\r\n".encode() + body


async def settled(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)


async def test_a_call_says_what_it_is(server: Server, wire: Wire) -> None:
    assert (await wire.post("/interactions/1/t/callback", b'{"type":4}')).status == 204
    [call] = server.calls
    assert call.startswith(b"POST /api/v10/interactions/1/t/callback HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"content-type: application/json\r\ncontent-length: 10\r\n" in call
    assert call.endswith(b'\r\n\r\n{"type":4}')


async def test_calls_one_after_the_other_share_a_connection(server: Server, wire: Wire) -> None:
    for number in range(5):
        server.scripts.append([answer(b"%d" % number)])
        assert (await wire.post("/", b"{}")).body == b"%d" % number
    assert server.connections == 1


@pytest.mark.parametrize(
    "pieces",
    [
        [answer(b'{"code": 40060}', "400 Bad Request")],
        [bytes([byte]) for byte in answer(b'{"code": 40060}', "400 Bad Request")],
        [b"HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{\"c\r\nc\r\node\": 40060}\r\n0\r\n\r\n"],
    ],
    ids=["at once", "byte by byte", "in chunks"],
)  # fmt: skip
async def test_an_answer_is_read_however_it_comes(server: Server, wire: Wire, pieces: Sequence[bytes]) -> None:
    server.scripts.append(pieces)
    answered = await wire.post("/", b"{}")
    assert (answered.status, answered.body) == (400, b'{"code": 40060}')
    assert (await wire.post("/", b"{}")).status == 204
    assert server.connections == 1


async def test_what_only_announces_an_answer_is_none(server: Server, wire: Wire) -> None:
    server.scripts.append([b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n", answer(b"late", "429 Too Many Requests")])
    answered = await wire.post("/", b"{}")
    assert (answered.status, answered.body) == (429, b"late")


@pytest.mark.parametrize(
    "last",
    [answer(b"x", more="connection: close\r\n"), answer(b"x").replace(b"HTTP/1.1", b"HTTP/1.0")],
    ids=["close", "1.0"],
)
async def test_a_connection_that_is_to_end_is_not_used_again(server: Server, wire: Wire, last: bytes) -> None:
    server.scripts.append([last])
    assert (await wire.post("/", b"{}")).body == b"x"
    assert (await wire.post("/", b"{}")).status == 204
    assert server.connections == 2


@pytest.mark.parametrize(
    "pieces",
    [
        [END],
        [b"HTTP/1.1 200 OK\r\ncontent-le", END],
        [b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", END],
        [b"HTTP/1.1 200 OK\r\n\r\nno length", END],
        [b"220 mail.example.org ESMTP\r\n"],
        [b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
        [answer(b"x", "408 Request Timeout"), END],
    ],
    ids=["nothing", "half a head", "half a body", "no length", "no http", "upgrade", "tired"],
)
async def test_what_is_no_answer_breaks_that_call_alone(server: Server, wire: Wire, pieces: Sequence[bytes]) -> None:
    server.scripts.append(pieces)
    with pytest.raises(Broken):
        await wire.post("/", b"{}")
    assert (await wire.post("/", b"{}")).status == 204


async def test_a_connection_that_ended_at_rest_is_not_used(server: Server, wire: Wire) -> None:
    await wire.post("/", b"{}")
    [line] = wire._resting
    await server.hang_up()
    await settled(lambda: not line.usable)
    assert (await wire.post("/", b"{}")).status == 204
    assert server.connections == 2


async def test_what_nobody_asked_for_answers_nobody(server: Server, wire: Wire) -> None:
    await wire.post("/", b"{}")
    [line] = wire._resting
    await server.say(answer(b"stale"))
    await settled(lambda: not line.usable)
    assert (await wire.post("/", b"{}")).status == 204


async def test_an_answer_too_many_answers_nobody(server: Server, wire: Wire) -> None:
    server.scripts.append([answer(b"first") + answer(b"second")])
    assert (await wire.post("/", b"{}")).body == b"first"
    assert (await wire.post("/", b"{}")).status == 204
    assert server.connections == 2


async def test_an_endless_answer_is_not_read(server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "LARGEST", 1_000)
    server.scripts.append([b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", *[b"x" * 100] * 100])
    with pytest.raises(Broken):
        await wire.post("/", b"{}")


async def test_a_silent_server_breaks_the_call(server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "SECONDS", 0.05)
    server.may_answer.clear()
    with pytest.raises(Broken):
        await wire.post("/", b"{}")
    server.may_answer.set()
    monkeypatch.undo()
    assert (await wire.post("/", b"{}")).status == 204
    assert server.connections == 2


async def test_a_closed_port_breaks_the_call(server: Server, wire: Wire) -> None:
    await server.close()
    with pytest.raises(Broken):
        await wire.post("/", b"{}")
    assert wire._open == 0


async def test_tls_to_a_server_without_breaks_the_call(server: Server) -> None:
    secure = Wire((await server.open()).replace("http:", "https:"), "Tester")
    call = asyncio.create_task(secure.post("/", b"{}"))
    await settled(lambda: server.connections == 1)
    await server.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(Broken):
        await call
    secure.close()


async def test_an_old_connection_is_not_used(server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    await wire.post("/", b"{}")
    monkeypatch.setattr(wires, "IDLE", 0.0)
    assert (await wire.post("/", b"{}")).status == 204
    assert server.connections == 2
    assert wire._open == 1


async def test_a_cancelled_call_leaves_its_answer_to_nobody(server: Server, wire: Wire) -> None:
    server.may_answer.clear()
    server.scripts.append([answer(b"for the one who left")])
    call = asyncio.create_task(wire.post("/", b"{}"))
    await server.called.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert wire._open == 0
    server.may_answer.set()
    server.scripts.clear()
    assert (await wire.post("/", b"{}")).status == 204


async def test_a_crowd_shares_few_connections(server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "MOST", 4)
    answered = await asyncio.gather(*(wire.post(f"/{number}", b"{}") for number in range(200)))
    assert {one.status for one in answered} == {204}
    assert len(server.calls) == 200
    assert server.connections <= 4


async def test_whoever_came_first_is_first_also_where_connections_break(
    server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "MOST", 1)
    server.scripts.extend([[answer(b"", more="connection: close\r\n")]] * 20)
    await asyncio.gather(*(wire.post(f"/{number}", b"{}") for number in range(20)))
    paths = [call.split()[1] for call in server.calls]
    assert paths == [f"/api/v10/{number}".encode() for number in range(20)]
    assert wire._open == 0


async def test_those_who_wait_may_leave(server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "MOST", 1)
    server.may_answer.clear()
    calls = [asyncio.create_task(wire.post(f"/{number}", b"{}")) for number in range(10)]
    await server.called.wait()
    for call in calls[1::2]:
        call.cancel()
    server.may_answer.set()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(one).__name__ for one in done] == ["Answered", "CancelledError"] * 5
    assert (await wire.post("/", b"{}")).status == 204


async def test_who_waits_too_long_for_a_connection_is_told(
    server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "MOST", 1)
    server.may_answer.clear()
    first = asyncio.create_task(wire.post("/", b"{}"))
    await server.called.wait()
    monkeypatch.setattr(wires, "SECONDS", 0.05)
    with pytest.raises(TimeoutError):
        await wire.post("/", b"{}")
    server.may_answer.set()
    assert (await first).status == 204


async def test_closing_breaks_off_what_is_on_its_way_and_what_waits(
    server: Server, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "MOST", 1)
    server.may_answer.clear()
    calls = [asyncio.create_task(wire.post("/", b"{}")) for _ in range(3)]
    await server.called.wait()
    wire.close()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(one) for one in done] == [Broken] * 3
    with pytest.raises(Broken):
        await wire.post("/", b"{}")
    assert len(server.calls) == 1
    with contextlib.suppress(Broken):
        wire.close()
