"""Ours, put together as run_bot.py does it, but without a web server, as the peers have none.

With PROFILE set to a file, where the time of its loop went is written there (cProfile) when it ends.
"""

from __future__ import annotations

import asyncio
import cProfile
import os
import signal
from contextlib import AsyncExitStack

import uvloop

from adapters.discord.adapter import Account, DiscordAdapter
from adapters.house import house
from benchmarks.polls.tale import Seat, put_story, seat
from bot.agenda import Agenda
from bot.crew import Clock
from bot.interpreter import tune
from bot.link import Links
from bot.rooms import Rooms
from bot.settings import Settings, secret_key

PROFILE = "PROFILE"


def play(given: Seat) -> None:
    """SQLite as shipped."""
    put_story(given.folder / "stories")
    wanted = {"data_dir": given.folder, "stories_dir": given.folder / "stories", "log_level": "ERROR"}
    settings = Settings.model_validate(wanted)
    uvloop.run(_play(given, settings))


async def _play(given: Seat, settings: Settings) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with house(settings) as (app, shelf), AsyncExitStack() as open_things:
        rooms = Rooms(app)
        account = Account(given.token, secret_key(settings), given.api, settings.public_url)
        discord = DiscordAdapter(app, rooms, Links(app), shelf, account, Clock())
        await open_things.enter_async_context(discord.running())
        agenda = asyncio.create_task(Agenda(app, rooms, Clock()).run())
        open_things.callback(agenda.cancel)
        tune()
        await stop.wait()


if __name__ == "__main__":
    if PROFILE in os.environ:
        profile = cProfile.Profile()
        profile.runcall(play, seat())
        profile.dump_stats(os.environ[PROFILE])
    else:
        play(seat())
