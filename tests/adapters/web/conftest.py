"""A web server with rooms whose clock a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.app import App
from bot.rooms import Rooms
from tests.fakes.crowd import Crowd
from tests.fakes.house import Clock, House
from tests.fakes.room_goer import RoomGoer
from tests.fakes.web import browsing, serving

NewGoer = Callable[..., RoomGoer]


@pytest.fixture
def rooms(app: App) -> Rooms:
    return Rooms(app)


@pytest.fixture
async def goer(house: House, app: App, rooms: Rooms, clock: Clock) -> AsyncIterator[NewGoer]:
    """Makes people who watch in browsers; takes a room's code."""
    async with serving(house, app, rooms=rooms, now=clock) as server, browsing(server) as new:
        yield lambda code="", **headers: RoomGoer(new(**headers), code)


@pytest.fixture
def crowd(app: App, rooms: Rooms, clock: Clock) -> Crowd:
    """A group in Telegram on the same rooms, and the agenda of all."""
    return Crowd(app, clock, rooms)
