"""`python -m tests.fakes.discord --port 0` prints the server's URL and its bot's token, and serves until ended."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from tests.fakes.discord.server import DiscordServer


def main() -> None:
    """One line on standard output: the URL, a space, the token."""
    parser = argparse.ArgumentParser(prog="tests.fakes.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 is any free one")
    parser.add_argument("--token", default="", help="the bot's token; a new one if not given")
    parser.add_argument("--unchecked", action="store_true", help="no official description, no rate limits, no records")
    parser.add_argument("--no-record", action="store_true", help="keep no list of calls")
    parser.add_argument("--no-limits", action="store_true", help="rate limits do not hold")
    given = parser.parse_args()
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(_serve(given))


async def _serve(given: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, ended.set)
    record = not (given.unchecked or given.no_record)
    server = DiscordServer(given.port, checks=not given.unchecked, record=record, token=given.token)
    server.world.leniency = 0.0
    if given.no_limits:
        server.limits = False
    async with server:
        print(server.url, server.token, flush=True)
        await ended.wait()


if __name__ == "__main__":
    main()
