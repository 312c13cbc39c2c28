"""Lanes that are dealt while the outbox is read: a chat never sees its story go back."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

import pytest

from bot.crew import Lanes
from bot.delivery import delivery as delivery_module
from bot.delivery.delivery import Delivery, Pauses
from bot.store.lane import LANES, lane_of
from bot.store.port import OutboxCard
from bot.store.sqlite import SQLiteStore
from tests.fakes.chat import Chat
from tests.fakes.house import House
from tests.fakes.visitor import Visitor

ANNS = frozenset({lane_of("telegram", "ann")})
ALL = frozenset(range(LANES))


class Dealing(SQLiteStore):
    """A store in which the first look at the outbox takes until other lanes are dealt."""

    lanes: Lanes | None = None

    async def pending(
        self, platform: str, after: int, limit: int, lanes: Collection[int] | None = None
    ) -> Sequence[OutboxCard]:
        found = await super().pending(platform, after, limit, lanes)
        dealt, self.lanes = self.lanes, None
        if dealt is not None:
            dealt.change(ALL)
        return found


async def test_a_lane_dealt_between_two_pages_is_read_from_its_first_card(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "BATCH", 1)
    async with house.running(Dealing) as app:
        assert isinstance(app.store, Dealing)
        bob = Visitor(app, "bob", "telegram", address="telegram:bob")
        await bob.open()
        await Visitor(app, "ann", "telegram", address="telegram:ann").open()
        await bob.tap("left")
        chat, lanes = Chat(), Lanes("telegram", ANNS)
        app.store.lanes = lanes
        delivery = Delivery(app.store, "telegram", chat.show, Pauses(idle=3_600), lanes=lanes)
        running = asyncio.create_task(delivery.run())
        async with asyncio.timeout(30):
            await chat.wait_for("bob", 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [parcel.revision for parcel in chat.shown["bob"]][:2] == [0, 1]
