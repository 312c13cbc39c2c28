"""Ours, put together as run_bot.py does it, with two differences: no web server, as the peers have none, and no pacing.

The settings leave no way to turn pacing off, and no peer paces, so the adapter is given its account here.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import AsyncExitStack

import uvloop

from adapters.house import house
from adapters.telegram.adapter import Account, TelegramAdapter
from benchmarks.bots.tale import Seat, put_story, serve
from bot.agenda import Agenda
from bot.crew import Clock
from bot.interpreter import tune
from bot.rooms import Rooms
from bot.settings import Settings, secret_key


def play(seat: Seat) -> None:
    """Long polling, SQLite as shipped."""
    if not (seat.folder / "stories").exists():
        put_story(seat.folder / "stories")
    wanted = {"data_dir": seat.folder, "stories_dir": seat.folder / "stories", "log_level": "ERROR"}
    settings = Settings.model_validate(wanted)
    uvloop.run(_play(seat, settings))


async def _play(seat: Seat, settings: Settings) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with house(settings) as (app, shelf), AsyncExitStack() as open_things:
        rooms = Rooms(app)
        account = Account(
            seat.token, secret_key(settings), seat.url, settings.public_url, owners=(), sends_per_second=None
        )
        telegram = TelegramAdapter(app, rooms, shelf, account, Clock())
        await open_things.enter_async_context(telegram.running())
        agenda = asyncio.create_task(Agenda(app, rooms, Clock()).run())
        open_things.callback(agenda.cancel)
        tune()
        await stop.wait()


def counted(seat: Seat) -> int:
    """A session's revision counts its taps."""
    with sqlite3.connect(seat.folder / "bot.db") as connection:
        return int(connection.execute("SELECT coalesce(sum(revision), 0) FROM session").fetchone()[0])


if __name__ == "__main__":
    serve(play, counted)
