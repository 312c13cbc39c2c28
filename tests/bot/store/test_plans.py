"""What every store promises about watch-alongs to begin later."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.store.errors import Unstorable
from bot.store.port import Outcome, PlanRow, Store
from tests.bot.store.conftest import NewStore
from tests.bot.store.rooms import planned
from tests.bot.store.steps import event


async def keep(store: Store, *plans: PlanRow) -> None:
    for plan in plans:
        assert await store.plan(event(), plan) is Outcome.COMMITTED


async def test_a_plan_comes_back_as_it_was_made(store: Store) -> None:
    plan = planned()
    await keep(store, plan)
    assert await store.plan_of(plan.id) == plan
    assert await store.plans_at("console", "chat-1") == [plan]
    assert await store.plans_due(plan.at, 10) == [plan]


async def test_an_event_plans_once(store: Store) -> None:
    key = event()
    outcomes = await asyncio.gather(*(store.plan(key, planned()) for _ in range(5)))
    assert list(outcomes) == [Outcome.COMMITTED] + [Outcome.DUPLICATE] * 4
    assert await store.seen(key)
    assert await store.plan(None, planned()) is Outcome.COMMITTED
    assert len(await store.plans_at("console", "chat-1")) == 2


async def test_a_plan_whose_id_is_taken_changes_nothing(store: Store) -> None:
    plan, key = planned(), event()
    await keep(store, plan)
    with pytest.raises(Unstorable):
        await store.plan(key, replace(plan, at=1))
    assert not await store.seen(key)
    assert await store.plan_of(plan.id) == plan


async def test_plans_fall_due_the_oldest_first(store: Store) -> None:
    assert await store.next_plan() is None
    assert await store.plans_due(1 << 61, 10) == []
    plans = [planned(f"chat-{at}", at) for at in (300, 100, 200, 400)]
    await keep(store, *plans)
    assert await store.next_plan() == 100
    assert [one.at for one in await store.plans_due(300, 10)] == [100, 200, 300]
    assert [one.at for one in await store.plans_due(300, 2)] == [100, 200]
    assert await store.drop_plan(plans[1].id)
    assert await store.next_plan() == 200


async def test_a_plan_is_dropped_once(store: Store) -> None:
    plan = planned()
    await keep(store, plan)
    assert sorted(await asyncio.gather(*(store.drop_plan(plan.id) for _ in range(4)))) == [False] * 3 + [True]
    assert await store.plan_of(plan.id) is None


@pytest.mark.parametrize("forged", [1, -1, 2**63, 2**200])
async def test_a_plan_nobody_made_is_none(store: Store, forged: int) -> None:
    await keep(store, planned())
    assert await store.plan_of(forged) is None
    assert not await store.drop_plan(forged)


async def test_a_chat_has_its_own_plans_the_next_first(store: Store) -> None:
    later, sooner = planned("1", 9_000), planned("1", 5_000)
    await keep(store, later, sooner, planned("1/7"), planned("10"), planned("1", platform="telegram"))
    assert await store.plans_at("console", "1") == [sooner, later]
    assert await store.plans_at("console", "2") == []


async def test_a_lost_chats_plans_go_with_those_of_its_topics(store: Store) -> None:
    other = planned("10")
    await keep(store, planned("1"), planned("1/7"), other)
    await store.lose_chat("console", "1", 9_000)
    assert await store.plans_due(1 << 61, 10) == [other]


async def test_a_chat_that_moves_takes_its_plans_along(store: Store) -> None:
    plan, topic, other = planned("-1"), planned("-1/7"), planned("-10")
    await keep(store, plan, topic, other)
    await store.move_chat("console", "-1", "-2")
    assert await store.plans_at("console", "-2") == [replace(plan, address="-2")]
    assert await store.plans_at("console", "-2/7") == [replace(topic, address="-2/7")]
    assert await store.plans_at("console", "-10") == [other]
    assert await store.plans_at("console", "-1") == []


async def test_who_is_forgotten_plans_nothing_any_more(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    bobs = planned(host="console:bob")
    await keep(store, planned(), bobs)
    await store.forget(ann.id)
    assert await store.plans_at("console", "chat-1") == [bobs]


async def test_plans_are_there_after_a_restart(new_store: NewStore) -> None:
    store = new_store()
    await store.open()
    plan, key = planned(), event()
    await store.plan(key, plan)
    await store.close()
    store = new_store()
    await store.open()
    assert await store.plan_of(plan.id) == plan
    assert await store.plan(key, planned()) is Outcome.DUPLICATE
    await store.close()
