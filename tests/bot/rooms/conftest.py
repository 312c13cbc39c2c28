"""A house in which two ways part."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app import App
from tests.bot.rooms.parting import TWO_WAYS, Pair
from tests.fakes.house import Clock, House


@pytest.fixture
def house(house: House) -> House:
    house.write("two-ways", TWO_WAYS)
    return house


@pytest.fixture
async def app(house: House) -> AsyncIterator[App]:
    async with house.running() as app:
        yield app


@pytest.fixture
async def pair(app: App, clock: Clock) -> Pair:
    return Pair(app, clock)
