"""Sending: nobody speaks in a channel that may be another worker's by now."""

from __future__ import annotations

import asyncio
import time

import pytest
from discord.http import HTTPClient

from adapters.discord.sender import Sender
from bot.crew import Lanes
from bot.delivery.couriers import CalledBack, Couriers
from bot.delivery.pace import Pace


async def owed() -> bool:
    return True


async def test_nothing_is_sent_where_another_worker_may_speak_by_now() -> None:
    lanes = Lanes("discord")
    lanes.until = time.monotonic()
    couriers = Couriers(lanes, lambda address: asyncio.sleep(0), lambda address: None)
    # It never logged in: whatever it were asked for would fail.
    sender = Sender(HTTPClient(asyncio.get_running_loop()), Pace(lambda address: None, None))
    with couriers.calling("7", owed), pytest.raises(CalledBack):
        await sender.edit(7, 8, [])
