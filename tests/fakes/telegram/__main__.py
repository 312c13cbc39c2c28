"""`python -m tests.fakes.telegram --port 0` prints the server's URL and its bot's token, and serves until ended."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from tests.fakes.telegram.server import TelegramServer


def main() -> None:
    """One line on standard output: the URL, a space, the token."""
    parser = argparse.ArgumentParser(prog="tests.fakes.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 is any free one")
    parser.add_argument("--token", default="", help="the bot's token; a new one if not given")
    parser.add_argument("--no-checks", action="store_true", help="do not check calls against the official description")
    parser.add_argument("--no-record", action="store_true", help="keep no list of calls")
    given = parser.parse_args()
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(_serve(given))


async def _serve(given: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, ended.set)
    server = TelegramServer(given.port, checks=not given.no_checks, record=not given.no_record, token=given.token)
    async with server:
        print(server.url, server.token, flush=True)
        await ended.wait()


if __name__ == "__main__":
    main()
