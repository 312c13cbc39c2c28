"""Lanes that are dealt while the outbox is read: a chat never sees its story go back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

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
    """A store in which something happens between a look at the outbox and its answer, once."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def pending(
        self, platform: str, after: int, limit: int, lanes: Collection[int] | None = None
    ) -> Sequence[OutboxCard]:
        found = await super().pending(platform, after, limit, lanes)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
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

        async def deal() -> None:
            lanes.change(ALL)

        app.store.meanwhile = deal
        delivery = Delivery(app.store, "telegram", chat.show, Pauses(idle=3_600), lanes=lanes)
        running = asyncio.create_task(delivery.run())
        async with asyncio.timeout(30):
            await chat.wait_for("bob", 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [parcel.revision for parcel in chat.shown["bob"]][:2] == [0, 1]


async def test_a_lane_lost_and_had_again_within_one_look_is_read_from_its_first_card(house: House) -> None:
    async with house.running(Dealing) as app:
        assert isinstance(app.store, Dealing)
        ann = Visitor(app, "ann", "telegram", address="telegram:ann")
        await ann.open()
        chat, lanes = Chat(), Lanes("telegram", ANNS)
        chat.closed["ann"] = asyncio.Event()
        delivery = Delivery(app.store, "telegram", chat.show, Pauses(idle=3_600), lanes=lanes)
        running = asyncio.create_task(delivery.run())
        await chat.wait_for_tries("ann", 1)
        await ann.tap("left")

        async def stall() -> None:
            assert lanes.cut is not None
            lanes.change(frozenset())
            lanes.cut()
            while delivery.busy:
                await asyncio.sleep(0)
            lanes.change(ANNS)

        app.store.meanwhile = stall
        delivery.call()
        async with asyncio.timeout(30):
            await chat.wait_for_tries("ann", 2)
            chat.closed["ann"].set()
            await chat.wait_for("ann", 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [parcel.revision for parcel in chat.shown["ann"]][:2] == [0, 1]


async def test_a_courier_called_back_before_it_left_is_followed_by_another(house: House) -> None:
    async with house.running(Dealing) as app:
        await Visitor(app, "ann", "telegram", address="telegram:ann").open()
        chat, lanes = Chat(), Lanes("telegram", ANNS)
        couriers: list[str] = []
        delivery = Delivery(app.store, "telegram", chat.show, Pauses(idle=3_600), lanes=lanes)
        real = delivery._take

        def take(card: OutboxCard) -> None:
            real(card)
            if not couriers:
                couriers.append(card.address)
                assert lanes.cut is not None
                lanes.change(frozenset())
                lanes.cut()
                lanes.change(ANNS)

        delivery._take = take  # type: ignore[method-assign]
        running = asyncio.create_task(delivery.run())
        async with asyncio.timeout(30):
            await chat.wait_for("ann", 1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert couriers == ["ann"]
