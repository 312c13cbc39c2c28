"""A delivery that ends where others take over: what is on its way arrives first, and nothing more is begun."""

from __future__ import annotations

import asyncio

from bot.app import App
from bot.crew import Lanes
from bot.delivery.delivery import Delivery
from bot.store.lane import LANES
from tests.fakes.chat import Chat
from tests.fakes.visitor import Visitor

ALL = frozenset(range(LANES))


async def test_a_call_on_its_way_ends_before_the_delivery_does(app: App) -> None:
    visitor = Visitor(app, "ann", "telegram", address="telegram:ann")
    await visitor.open()
    await visitor.tap("left")
    chat, opened = Chat(), asyncio.Event()
    chat.closed["ann"] = opened
    delivery = Delivery(app.store, "telegram", chat.show, lanes=Lanes("telegram", ALL))
    running = asyncio.create_task(delivery.run())
    await chat.wait_for_tries("ann", 1)
    running.cancel()
    await asyncio.sleep(0)
    assert not running.done()
    opened.set()
    await asyncio.gather(running, return_exceptions=True)
    assert chat.scenes("ann") == ["fork"]
    assert len(await app.store.pending("telegram", 0, 10)) == 2
