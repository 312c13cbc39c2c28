"""A connection that rests, as a proxy's does between two calls, is not closed under its caller; at the end it is."""

from __future__ import annotations

import asyncio

from bot.http.server import WebServer

LONGER = 6.0
"""Seconds: more than uvicorn would wait by itself."""

CALL = b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n"


async def test_a_connection_may_rest() -> None:
    server = WebServer("127.0.0.1", 0, [])
    async with server.running():
        server.ready = True
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for rest in (LONGER, 0):
            writer.write(CALL)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200")
            await reader.read(1_000)
            await asyncio.sleep(rest)
    assert await reader.read() == b""
    writer.close()
