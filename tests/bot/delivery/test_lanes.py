"""Delivery by lanes: what is another worker's is left alone, also when it becomes so in the middle."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, closing

import pytest

from bot.app import App
from bot.crew import Lanes
from bot.delivery import couriers as couriers_module
from bot.delivery import delivery as delivery_module
from bot.delivery.couriers import look_back
from bot.delivery.delivery import Delivery, Pauses
from bot.delivery.parcel import Note, Parcel
from bot.store.lane import LANES, lane_of
from bot.store.port import OutboxCard
from bot.store.sqlite import SQLiteStore
from tests.fakes.chat import Chat
from tests.fakes.house import House
from tests.fakes.visitor import Visitor

SHORT = Pauses(first=0.001, last=0.004, idle=0.01)
ALL = frozenset(range(LANES))
ANNS = frozenset({lane_of("telegram", "ann")})
TURNS = 20


@asynccontextmanager
async def delivering(app: App, chat: Chat, lanes: Lanes, pauses: Pauses = SHORT) -> AsyncIterator[Delivery]:
    delivery = Delivery(app.store, "telegram", chat.show, pauses, lanes=lanes)
    running = asyncio.create_task(delivery.run())
    try:
        yield delivery
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def cards_for(app: App, *addresses: str) -> None:
    """Several cards in the outbox for each of them."""
    for address in addresses:
        visitor = Visitor(app, address, "telegram", address=f"telegram:{address}")
        await visitor.open()
        await visitor.tap("left")


async def waiting(app: App, address: str) -> int:
    """How many cards wait for that chat."""
    return sum(card.address == address for card in await app.store.pending("telegram", 0, 1_000))


async def until_none_waits(app: App, address: str) -> None:
    async with asyncio.timeout(30):
        while await waiting(app, address):
            await asyncio.sleep(0.001)


async def home(delivery: Delivery) -> None:
    """Until every courier went home."""
    async with asyncio.timeout(30):
        while delivery.busy:
            await asyncio.sleep(0.001)


async def test_cards_in_lanes_of_others_are_left_alone_until_the_lane_is_ours(app: App) -> None:
    assert lane_of("telegram", "bob") not in ANNS
    chat, lanes = Chat(), Lanes("telegram", ANNS)
    await cards_for(app, "ann", "bob")
    bobs = await waiting(app, "bob")
    async with delivering(app, chat, lanes):
        await until_none_waits(app, "ann")
        assert (chat.tries["bob"], await waiting(app, "bob")) == (0, bobs)
        lanes.change(ALL)
        await until_none_waits(app, "bob")
    assert len(chat.shown["bob"]) == bobs


async def test_a_lane_that_is_lost_in_the_middle_ends_after_the_card_on_its_way(app: App) -> None:
    chat, lanes = Chat(), Lanes("telegram", ALL)
    chat.closed["ann"] = asyncio.Event()
    await cards_for(app, "ann")
    before = await waiting(app, "ann")
    async with delivering(app, chat, lanes) as delivery:
        await chat.wait_for_tries("ann", 1)
        lanes.change(ALL - ANNS)
        chat.closed["ann"].set()
        await home(delivery)
        assert (len(chat.shown["ann"]), await waiting(app, "ann")) == (1, before - 1)
        assert len(delivery.waiting) == 0
        lanes.change(ALL)
        await until_none_waits(app, "ann")
    assert len(chat.shown["ann"]) == before


async def test_a_lane_is_settled_when_what_is_on_its_way_has_arrived_and_is_noted(app: App) -> None:
    chat, lanes = Chat(), Lanes("telegram", ALL)
    chat.closed["ann"] = asyncio.Event()
    await cards_for(app, "ann", "bob")
    before = await waiting(app, "ann")
    async with delivering(app, chat, lanes):
        await chat.wait_for_tries("ann", 1)
        lanes.change(ALL - ANNS)
        assert lanes.settle is not None
        settling = asyncio.ensure_future(lanes.settle(ANNS))
        await until_none_waits(app, "bob")
        assert not settling.done()
        chat.closed["ann"].set()
        await settling
        assert await waiting(app, "ann") == before - 1


async def test_what_does_not_arrive_in_time_is_left_to_who_has_the_lane_next(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers_module, "SETTLING", 0.01)
    chat, lanes = Chat(), Lanes("telegram", ALL)
    chat.closed["ann"] = asyncio.Event()
    await cards_for(app, "ann")
    before = await waiting(app, "ann")
    async with delivering(app, chat, lanes) as delivery:
        await chat.wait_for_tries("ann", 1)
        lanes.change(ALL - ANNS)
        assert lanes.settle is not None
        await lanes.settle(ANNS)
        assert (delivery.busy, await waiting(app, "ann"), chat.shown["ann"]) == (0, before, [])


async def test_what_is_cut_stops_at_once_and_only_where_the_lane_is_lost(app: App) -> None:
    chat, lanes = Chat(), Lanes("telegram", ALL)
    chat.closed |= {name: asyncio.Event() for name in ("ann", "bob")}
    await cards_for(app, "ann", "bob")
    before = await waiting(app, "ann")
    async with delivering(app, chat, lanes) as delivery:
        await chat.wait_for_tries("ann", 1)
        await chat.wait_for_tries("bob", 1)
        lanes.change(ALL - ANNS)
        assert lanes.cut is not None
        lanes.cut()
        for _ in range(TURNS):
            await asyncio.sleep(0)
        assert (delivery.owes("ann"), delivery.owes("bob")) == (False, True)
        chat.closed["ann"].set()
        chat.closed["bob"].set()
        await until_none_waits(app, "bob")
        assert (chat.shown["ann"], await waiting(app, "ann")) == ([], before)


async def test_what_fails_is_not_tried_again_once_the_lane_is_lost(app: App) -> None:
    chat, lanes = Chat(), Lanes("telegram", ALL)

    async def fail(address: str, parcel: object) -> None:
        chat.tries[address] += 1
        lanes.change(frozenset())
        raise OSError("no route")

    chat.show = fail  # type: ignore[method-assign]
    await cards_for(app, "ann")
    before = await waiting(app, "ann")
    async with delivering(app, chat, lanes) as delivery:
        async with asyncio.timeout(30):
            while not chat.tries["ann"]:
                await asyncio.sleep(0.001)
        await home(delivery)
        assert (chat.tries["ann"], await waiting(app, "ann")) == (1, before)


class Several(SQLiteStore):
    """A real store that says that others write too; `gate` holds back what was read, but for a card by itself."""

    late = 1_000
    gate: asyncio.Event | None = None
    reading = False

    async def pending(
        self, platform: str, after: int, limit: int, lanes: Collection[int] | None = None
    ) -> Sequence[OutboxCard]:
        found = await super().pending(platform, after, limit, lanes)
        if self.gate is not None and lanes is not None:
            self.reading = True
            await self.gate.wait()
        return found


@pytest.mark.parametrize("number", [9_500, 3])
async def test_a_card_that_was_written_late_under_a_lower_number_is_found(house: House, number: int) -> None:
    async with house.running(Several) as app:
        chat = Chat()
        await cards_for(app, "ann")
        renumber(house, "ann", 10_000)
        async with delivering(app, chat, Lanes("telegram", ALL)) as delivery:
            await until_none_waits(app, "ann")
            await Visitor(app, "bob", "telegram", address="telegram:bob").open()
            renumber(house, "bob", number)
            delivery.call()
            await until_none_waits(app, "bob")
        assert len(chat.shown["bob"]) == chat.tries["bob"] > 0


def renumber(house: House, address: str, first: int) -> None:
    """The chat's cards have numbers from that on."""
    with closing(sqlite3.connect(house.database)) as connection, connection:
        rows = connection.execute("SELECT id FROM outbox WHERE address = ? ORDER BY id DESC", (address,)).fetchall()
        for place, row in enumerate(rows):
            connection.execute("UPDATE outbox SET id = ? WHERE id = ?", (first + len(rows) - place, *row))


async def test_what_is_shown_while_the_outbox_is_read_is_not_shown_twice(house: House) -> None:
    async with house.running(Several) as app:
        assert isinstance(app.store, Several)
        chat, lanes = Chat(), Lanes("telegram", ANNS)
        chat.closed["ann"] = asyncio.Event()
        await cards_for(app, "ann")
        before = await waiting(app, "ann")
        async with delivering(app, chat, lanes) as delivery:
            await chat.wait_for_tries("ann", 1)
            app.store.gate = asyncio.Event()
            lanes.change(ALL)  # everything is read anew, and was read while none of it was noted as shown
            async with asyncio.timeout(30):
                while not app.store.reading:
                    await asyncio.sleep(0.001)
            chat.closed["ann"].set()
            await home(delivery)
            gate, app.store.gate = app.store.gate, None
            gate.set()
            await until_none_waits(app, "ann")
            for _ in range(TURNS):
                await asyncio.sleep(0.001)
        assert chat.tries["ann"] == before


async def test_a_lane_that_comes_while_the_outbox_is_read_is_read_from_its_beginning(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "BATCH", 1)
    async with house.running(Several) as app:
        assert isinstance(app.store, Several)
        chat, lanes = Chat(), Lanes("telegram", ANNS)
        bob = Visitor(app, "bob", "telegram", address="telegram:bob")
        await bob.open()
        await cards_for(app, "ann")
        await bob.tap("left")
        app.store.gate = asyncio.Event()
        async with delivering(app, chat, lanes, Pauses(idle=3_600)):
            async with asyncio.timeout(30):
                while not app.store.reading:
                    await asyncio.sleep(0.001)
            lanes.change(ALL)
            gate, app.store.gate = app.store.gate, None
            gate.set()
            await until_none_waits(app, "bob")
        assert [parcel.revision for parcel in chat.shown["bob"]] == sorted(p.revision for p in chat.shown["bob"])
        assert chat.tries["bob"] == len(chat.shown["bob"]) > 1


async def test_a_lane_that_is_ours_again_before_the_last_courier_is_home_is_read_anew(house: House) -> None:
    async with house.running(Several) as app:
        chat, lanes, slow = Chat(), Lanes("telegram", ALL), asyncio.Event()
        real, chat.closed["ann"] = chat.show, asyncio.Event()

        async def show(address: str, parcel: Parcel | Note) -> None:
            try:
                await real(address, parcel)
            except asyncio.CancelledError:
                await slow.wait()
                raise

        chat.show = show  # type: ignore[method-assign]
        await cards_for(app, "ann")
        before = await waiting(app, "ann")
        async with delivering(app, chat, lanes, Pauses(idle=3_600)) as delivery:
            await chat.wait_for_tries("ann", 1)
            assert lanes.cut is not None
            lanes.change(frozenset())
            lanes.cut()
            await asyncio.sleep(0)
            lanes.change(ALL)
            await cards_for(app, "bob")
            delivery.call()
            await until_none_waits(app, "bob")  # so all was read
            chat.closed["ann"].set()
            slow.set()
            await until_none_waits(app, "ann")
        assert len(chat.shown["ann"]) == before


class Reader(Chat):
    """Reads before it speaks, as adapters do; the first time something happens meanwhile."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.spoke: list[str] = []
        self._meanwhile = meanwhile

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        await asyncio.gather(self._said("keyboard"), self._said("clip"))
        await super().show(address, parcel)

    async def _said(self, what: str) -> None:
        await asyncio.sleep(0)
        if not self.begun.is_set():
            self.begun.set()
            self._meanwhile()
        await look_back()
        self.spoke.append(what)


async def test_a_worker_that_is_held_for_longer_than_its_leases_says_nothing_more(app: App) -> None:
    lanes = Lanes("telegram", ALL)

    def held() -> None:
        lanes.until = time.monotonic()

    chat = Reader(held)
    await cards_for(app, "ann")
    before = await waiting(app, "ann")
    async with delivering(app, chat, lanes) as delivery:
        await chat.begun.wait()
        await home(delivery)
        assert (chat.spoke, await waiting(app, "ann")) == ([], before)
        lanes.until = math.inf
        lanes.change(frozenset())
        lanes.change(ALL)
        await until_none_waits(app, "ann")
    assert chat.spoke == ["keyboard", "clip"] * before


async def test_what_was_begun_before_somebody_was_forgotten_is_looked_up_once_more(app: App) -> None:
    chat = Reader(lambda: delivery.forgot())
    await cards_for(app, "ann")
    before = await waiting(app, "ann")
    async with delivering(app, chat, Lanes("telegram")) as delivery:
        await until_none_waits(app, "ann")
    assert (chat.spoke, chat.tries["ann"]) == (["keyboard", "clip"] * before, before)
