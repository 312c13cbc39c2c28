"""What every store promises about purchases: paid once, granted once, refunded once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.store.errors import Unstorable
from bot.store.port import OutboxCard, Outcome, Store
from tests.bot.store.rooms import paid
from tests.bot.store.steps import STORY, event

THANKS = OutboxCard("console", "chat-1", 0, 0, b"thank you")


async def test_what_was_paid_for_is_bought(store: Store) -> None:
    ann, bob = await store.viewer("console", "ann"), await store.viewer("console", "bob")
    assert await store.buy(event(), paid(ann.id, "1", "gate"), [THANKS]) is Outcome.COMMITTED
    assert await store.buy(event(), paid(ann.id, "2", at=4_000)) is Outcome.COMMITTED
    assert await store.buy(event(), paid(ann.id, "3", story="other")) is Outcome.COMMITTED
    assert await store.bought(ann.id, STORY) == {"gate", ""}
    assert await store.bought(bob.id, STORY) == frozenset()
    assert await store.purchase("1") == paid(ann.id, "1", "gate")
    assert await store.purchase("9") is None
    assert [one.charge for one in await store.purchases(ann.id)] == ["2", "1", "3"]
    assert [one.body for one in await store.pending("console", 0, 10)] == [THANKS.body]


async def test_a_charge_counts_once_under_whatever_event(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    first, second = event(), event()
    assert await store.buy(first, paid(ann.id), [THANKS]) is Outcome.COMMITTED
    assert await store.buy(first, paid(ann.id), [THANKS]) is Outcome.DUPLICATE
    assert await store.buy(second, paid(ann.id, stars=1), [THANKS]) is Outcome.DUPLICATE
    assert await store.buy(first, paid(ann.id, "another"), [THANKS]) is Outcome.DUPLICATE
    assert not await store.seen(second)
    assert await store.purchases(ann.id) == [paid(ann.id)]
    assert len(await store.pending("console", 0, 10)) == 1


async def test_a_charge_told_many_times_at_once_counts_once(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    outcomes = await asyncio.gather(*(store.buy(event(), paid(ann.id), [THANKS]) for _ in range(20)))
    assert sorted(one.value for one in outcomes) == ["committed"] + ["duplicate"] * 19
    assert len(await store.pending("console", 0, 100)) == 1


async def test_a_purchase_that_cannot_be_stored_leaves_nothing(store: Store) -> None:
    ann, key = await store.viewer("console", "ann"), event()
    with pytest.raises(Unstorable):
        await store.buy(key, paid(ann.id), [THANKS, replace(THANKS, address="\ud800")])
    assert not await store.seen(key)
    assert await store.purchase("charge-1") is None
    assert await store.pending("console", 0, 10) == []


async def test_a_refund_takes_the_episode_back_once(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    await store.buy(event(), paid(ann.id, "1", "gate"))
    await store.buy(event(), paid(ann.id, "2", "carriage"))
    assert await store.refund("1", 8_000)
    assert not await store.refund("1", 9_000)
    assert not await store.refund("9", 9_000)
    assert await store.bought(ann.id, STORY) == {"carriage"}
    assert await store.purchase("1") == paid(ann.id, "1", "gate", refunded=8_000)


async def test_of_many_refunds_at_once_one_is_told_it_was_the_one(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    await store.buy(event(), paid(ann.id))
    refunds = await asyncio.gather(*(store.refund("charge-1", 8_000) for _ in range(10)))
    assert refunds.count(True) == 1
