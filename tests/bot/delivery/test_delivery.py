"""From the outbox to a chat: in order, until it is shown, and nobody waits for another's chat."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import App
from bot.delivery.delivery import Delivery, Gone, Later, Pauses, Unshowable
from bot.store.port import OutboxCard
from bot.store.sqlite import SQLiteStore
from tests.fakes.chat import Chat
from tests.fakes.house import House
from tests.fakes.store import FailingStore
from tests.fakes.visitor import Visitor

PATIENCE = 10.0
"""Seconds after which something counts as never."""

SHORT = Pauses(first=0.001, last=0.004, idle=0.01)


@asynccontextmanager
async def delivering(app: App, chat: Chat) -> AsyncIterator[Delivery]:
    delivery = Delivery(app.store, "telegram", chat.show, SHORT)
    running = asyncio.create_task(delivery.run())
    try:
        yield delivery
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def five_cards(app: App, address: str) -> list[str]:
    """Puts five cards into the outbox for a chat: their scenes."""
    visitor = Visitor(app, address, "telegram", address=f"telegram:{address}")
    await visitor.open()
    for choice in ("left", "run", "right"):
        await visitor.tap(choice)
    return ["fork", "hall", "clock", "fork", "clearing"]


async def outbox(app: App) -> Sequence[OutboxCard]:
    return await app.store.pending("telegram", 0, 10_000)


async def emptied(app: App, delivery: Delivery) -> None:
    """Until nothing is left to deliver and every courier went home."""
    while await outbox(app) or delivery.busy:
        await asyncio.sleep(0.001)


async def test_every_card_is_shown_once_in_order_and_then_forgotten(app: App) -> None:
    chat = Chat()
    wanted = await five_cards(app, "ann")
    async with delivering(app, chat) as delivery:
        await emptied(app, delivery)
    assert chat.scenes("ann") == wanted


async def test_a_chat_that_waits_holds_up_only_itself(app: App) -> None:
    chat = Chat()
    chat.closed["slow"] = asyncio.Event()
    wanted = await five_cards(app, "slow")
    await five_cards(app, "quick")
    async with delivering(app, chat) as delivery:
        await chat.wait_for("quick", 5)
        assert chat.scenes("slow") == []
        chat.closed["slow"].set()
        await emptied(app, delivery)
    assert chat.scenes("slow") == chat.scenes("quick") == wanted


async def test_what_fails_is_tried_again_before_what_follows(app: App, house: House) -> None:
    chat = Chat()
    chat.trouble["ann"].extend([OSError("no route"), TimeoutError(), ValueError("our own fault")])
    wanted = await five_cards(app, "ann")
    async with delivering(app, chat) as delivery:
        await emptied(app, delivery)
    assert chat.scenes("ann") == wanted
    assert chat.tries["ann"] == len(wanted) + 3


async def test_each_failure_is_counted_with_its_error(app: App, house: House) -> None:
    chat = Chat()
    chat.trouble["ann"].extend([OSError("half a character: \ud800")] * 2)
    await five_cards(app, "ann")
    chat.closed["ann"] = asyncio.Event()
    async with delivering(app, chat):
        chat.closed["ann"].set()
        del chat.closed["ann"]
        await chat.wait_for_tries("ann", 2)
        chat.closed["ann"] = asyncio.Event()
        await chat.wait_for_tries("ann", 3)
        assert [card.attempts for card in await outbox(app)] == [2, 0, 0, 0, 0]
    connection = sqlite3.connect(house.database)
    [error] = connection.execute("SELECT error FROM outbox WHERE error IS NOT NULL").fetchone()
    connection.close()
    assert error == "OSError: half a character: \\ud800"


def test_pauses_grow_to_the_last_and_no_further() -> None:
    pauses = Pauses(first=0.5, last=60).growing()
    assert [next(pauses) for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_platform_that_asks_for_patience_gets_it_and_no_failure_is_counted(app: App) -> None:
    chat = Chat()
    chat.trouble["ann"].extend([Later(0.001), Later(0.0)])
    wanted = await five_cards(app, "ann")
    async with delivering(app, chat) as delivery:
        await emptied(app, delivery)
    assert chat.scenes("ann") == wanted
    assert chat.tries["ann"] == len(wanted) + 2


async def test_a_chat_that_is_gone_loses_its_cards_and_is_no_longer_tried(app: App) -> None:
    chat = Chat()
    chat.trouble["ann"].append(Gone())
    await five_cards(app, "ann")
    wanted = await five_cards(app, "bob")
    async with delivering(app, chat) as delivery:
        await emptied(app, delivery)
        assert (chat.tries["ann"], chat.scenes("ann"), chat.scenes("bob")) == (1, [], wanted)
        await five_cards(app, "ann-again")
        delivery.call()
        await chat.wait_for("ann-again", 5)


async def test_a_viewer_who_comes_back_while_the_old_cards_are_dropped_gets_the_new_ones(house: House) -> None:
    async with house.running(FailingStore) as app:
        assert isinstance(app.store, FailingStore)
        chat = Chat()
        chat.trouble["ann"].append(Gone())
        ann = Visitor(app, "ann", "telegram", address="telegram:ann")
        await ann.open()
        app.store.failures["delivered"] = 1
        async with delivering(app, chat) as delivery:
            await chat.wait_for_tries("ann", 1)
            await ann.tap("right")
            delivery.call()
            await chat.wait_for("ann", 1)
            await emptied(app, delivery)
        assert chat.scenes("ann") == ["clearing"]


async def forget(app: App, user: str) -> None:
    """Everything of somebody goes, as any process may have it."""
    viewer = await app.store.viewer("telegram", user)
    await app.store.forget(viewer.id, [("telegram", user)])


async def test_who_is_forgotten_is_not_shown_what_was_taken_from_the_outbox_before(app: App) -> None:
    chat = Chat()
    chat.closed["ann"] = asyncio.Event()
    await five_cards(app, "ann")
    async with delivering(app, chat) as delivery:
        await chat.wait_for_tries("ann", 1)
        await forget(app, "ann")
        chat.closed.pop("ann").set()
        await emptied(app, delivery)
    assert chat.scenes("ann") == ["fork"]


async def test_what_failed_is_not_tried_again_for_who_is_forgotten(app: App) -> None:
    chat = Chat()
    chat.closed["ann"] = asyncio.Event()
    chat.trouble["ann"].extend([OSError("no route")] * 2)
    await five_cards(app, "ann")
    async with delivering(app, chat) as delivery:
        await chat.wait_for_tries("ann", 1)
        await forget(app, "ann")
        chat.closed.pop("ann").set()
        await emptied(app, delivery)
    assert (chat.tries["ann"], chat.scenes("ann")) == (1, [])


class SlowStore(SQLiteStore):
    """What is read of the outbox is on its way until somebody lets it arrive."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.read, self.arrives = asyncio.Event(), asyncio.Event()

    async def pending(
        self, platform: str, after: int, limit: int, lanes: Collection[int] | None = None
    ) -> Sequence[OutboxCard]:
        cards = await super().pending(platform, after, limit, lanes)
        self.read.set()
        await self.arrives.wait()
        return cards


async def test_what_was_read_of_the_outbox_while_its_viewer_was_forgotten_is_read_again(house: House) -> None:
    async with house.running(SlowStore) as app:
        assert isinstance(app.store, SlowStore)
        chat = Chat()
        await five_cards(app, "ann")
        wanted = await five_cards(app, "bob")
        async with delivering(app, chat) as delivery:
            await app.store.read.wait()
            await forget(app, "ann")
            delivery.forgot()
            app.store.arrives.set()
            await emptied(app, delivery)
        assert (chat.scenes("ann"), chat.scenes("bob")) == ([], wanted)


async def test_after_a_restart_what_was_not_shown_is_shown(house: House) -> None:
    async with house.running() as app:
        wanted = await five_cards(app, "ann")
        chat = Chat()
        async with delivering(app, chat):
            await chat.wait_for("ann", 2)
            chat.closed["ann"] = asyncio.Event()
            await chat.wait_for_tries("ann", 3)
        shown = chat.scenes("ann")
    async with house.running() as app:
        chat = Chat()
        async with delivering(app, chat) as delivery:
            await emptied(app, delivery)
    assert shown + chat.scenes("ann") == wanted


async def test_a_damaged_parcel_is_set_aside_and_its_chat_goes_on(app: App, house: House) -> None:
    wanted = await five_cards(app, "ann")
    connection = sqlite3.connect(house.database)
    connection.execute("UPDATE outbox SET body = X'FF00' WHERE id = (SELECT min(id) FROM outbox)")
    connection.commit()
    connection.close()
    chat = Chat()
    async with delivering(app, chat) as delivery:
        await emptied(app, delivery)
    assert chat.scenes("ann") == wanted[1:]
    [trouble] = await app.store.troubles(10)
    assert trouble.event.platform == "telegram"
    assert trouble.event.id.startswith("card:")
    assert trouble.error


async def test_a_card_that_the_platform_will_never_take_is_set_aside(app: App) -> None:
    chat = Chat()
    chat.trouble["ann"].append(Unshowable("the text is empty"))
    wanted = await five_cards(app, "ann")
    async with delivering(app, chat) as delivery:
        await emptied(app, delivery)
    assert chat.scenes("ann") == wanted[1:]
    assert [trouble.error for trouble in await app.store.troubles(10)] == ["Unshowable: the text is empty"]


@pytest.mark.parametrize("verb", ["delivered", "attempted", "pending"])
async def test_a_store_that_fails_for_a_while_costs_no_card_and_shows_none_twice(house: House, verb: str) -> None:
    async with house.running(FailingStore) as app:
        assert isinstance(app.store, FailingStore)
        wanted = await five_cards(app, "ann")
        chat = Chat()
        chat.trouble["ann"].extend([OSError("no route")] * 2)
        app.store.failures[verb] = 2
        async with delivering(app, chat) as delivery:
            while app.store.failures[verb]:
                await asyncio.sleep(0.001)
            await emptied(app, delivery)
        assert chat.scenes("ann") == wanted


async def test_chats_that_were_served_leave_nothing_behind(app: App) -> None:
    chat = Chat()
    for n in range(100):
        await Visitor(app, f"viewer-{n}", "telegram", address=f"telegram:{n}").open()
    for n in range(0, 100, 3):
        chat.trouble[str(n)].append(Gone() if n % 2 else OSError("no route"))
    async with delivering(app, chat) as delivery:
        await emptied(app, delivery)
        assert not delivery._chats
        assert not delivery._couriers
    assert sum(map(len, chat.shown.values())) == 100 - len(range(3, 100, 6))


@pytest.mark.parametrize("turns", range(6))
async def test_it_ends_also_when_it_is_called_at_that_very_moment(app: App, turns: int) -> None:
    delivery = Delivery(app.store, "telegram", Chat().show, Pauses(idle=PATIENCE))
    running = asyncio.create_task(delivery.run())
    await asyncio.sleep(0.05)
    delivery.call()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=PATIENCE)
    assert done
