"""Several workers on one database: what one has, no other one has, until it gives it up or falls silent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.store.lane import LANES, lane_of
from bot.store.port import Due, OutboxCard, Store
from bot.store.postgres import PostgresStore
from tests.bot.store.conftest import NewStore
from tests.bot.store.steps import after, begin, due, step
from tests.fakes.postgres import ask

LONG = 60_000
ANN, BOB = 1, 2
PATIENCE = 10.0


async def test_a_lease_has_one_worker(store: Store) -> None:
    first = await store.hold(ANN, ["lane 1", "lane 2"], LONG)
    assert first.held == {"lane 1": ANN, "lane 2": ANN}
    second = await store.hold(BOB, ["lane 2", "lane 3"], LONG)
    assert second.held == {"lane 1": ANN, "lane 2": ANN, "lane 3": BOB}
    assert second.now >= first.now > 1_600_000_000_000


async def test_a_lease_is_free_when_it_is_given_up_or_over(store: Store) -> None:
    await store.hold(ANN, ["lane 1", "lane 2", "lane 3"], LONG)
    await store.hold(ANN, ["lane 3"], 0)
    assert (await store.hold(ANN, [], LONG, ["lane 1"])).held == {"lane 2": ANN}
    assert (await store.hold(BOB, ["lane 1", "lane 2", "lane 3"], LONG)).held == {
        "lane 1": BOB, "lane 2": ANN, "lane 3": BOB,
    }  # fmt: skip


async def test_nobody_gives_up_what_another_one_has(store: Store) -> None:
    await store.hold(ANN, ["lane 1"], LONG)
    assert (await store.hold(BOB, [], LONG, ["lane 1"])).held == {"lane 1": ANN}


async def test_who_has_a_lease_has_it_for_longer(store: Store) -> None:
    await store.hold(ANN, ["lane 1"], 1)
    await store.hold(ANN, ["lane 1"], LONG)
    await asyncio.sleep(0.01)
    assert (await store.hold(BOB, ["lane 1"], LONG)).held == {"lane 1": ANN}


async def test_nothing_is_held_where_nothing_was_wanted(store: Store) -> None:
    assert (await store.hold(ANN, [], LONG)).held == {}


# -- cards by lane


def test_topics_of_a_chat_are_in_its_lane() -> None:
    assert lane_of("telegram", "-100/7") == lane_of("telegram", "-100") == lane_of("telegram", "-100/8")
    assert {lane_of("telegram", str(number)) for number in range(2_000)} == set(range(LANES))


async def test_pending_cards_are_those_of_the_lanes(store: Store) -> None:
    addresses = [str(number) for number in range(50)]
    await store.post(None, [OutboxCard("telegram", address, 0, 0, b"") for address in addresses])
    mine = set(range(0, LANES, 3))
    wanted = [address for address in addresses if lane_of("telegram", address) in mine]
    found: list[str] = []
    last = 0
    # A few at a time, as many others lie between.
    while cards := await store.pending("telegram", last, 3, mine):
        found += [card.address for card in cards]
        last = cards[-1].id
    assert found == wanted
    assert await store.pending("telegram", 0, 10, ()) == []


async def test_a_chat_that_moved_is_in_the_lane_of_its_new_id(store: Store) -> None:
    await store.post(None, [OutboxCard("telegram", "-7/3", 0, 0, b"")])
    await store.move_chat("telegram", "-7", "-100987")
    [card] = await store.pending("telegram", 0, 10, {lane_of("telegram", "-100987")})
    assert card.address == "-100987/3"


# -- what is due, by worker


async def test_what_is_due_is_given_to_a_worker_again_until_it_is_done(store: Store) -> None:
    session = await begin(store)
    row = due(after(session), 100)
    await store.commit(step(session, agenda=(row,)))
    assert await store.claim_due(ANN, 99, 10, LONG) == []
    assert await store.claim_due(ANN, 100, 10, LONG) == [row]
    assert await store.claim_due(ANN, 100, 10, LONG) == [row]
    await store.drop_due(row)
    assert await store.claim_due(ANN, 100, 10, LONG) == []


# -- on PostgreSQL, where there is more than one


@pytest.fixture
async def stores(postgres_url: str) -> AsyncIterator[tuple[PostgresStore, PostgresStore]]:
    both = PostgresStore(postgres_url), PostgresStore(postgres_url)
    for one in both:
        await one.open()
    yield both
    for one in both:
        await one.close()


async def agenda_of(store: Store, rows: int) -> list[Due]:
    session = await begin(store)
    wanted = [due(after(session), 100 + number, kind=f"kind-{number}") for number in range(rows)]
    await store.commit(step(session, agenda=tuple(wanted)))
    return wanted


async def test_what_a_worker_is_at_is_given_to_no_other_one_until_it_is_late(
    stores: tuple[PostgresStore, PostgresStore],
) -> None:
    ann, bob = stores
    rows = await agenda_of(ann, 5)
    assert list(await ann.claim_due(ANN, 1_000, 3, LONG)) == rows[:3]
    assert list(await bob.claim_due(BOB, 1_000, 10, LONG)) == rows[3:]
    assert await bob.next_due(BOB) == rows[3].at
    assert await bob.claim_due(3, 1_000, 10, LONG) == []
    assert await bob.next_due(3) is None
    assert await bob.claim_due(BOB, 1_000 + LONG, 10, LONG) == rows[3:]


async def test_rows_of_a_worker_that_is_late_are_free_by_the_clock_of_the_server(
    stores: tuple[PostgresStore, PostgresStore],
) -> None:
    ann, bob = stores
    rows = await agenda_of(ann, 2)
    hours_ahead = time.time_ns() // 1_000_000 + 7_200_000
    assert list(await ann.claim_due(ANN, hours_ahead, 10, 0)) == rows
    assert list(await bob.claim_due(BOB, 1_000, 10, LONG)) == rows


async def test_two_who_look_at_once_get_nothing_twice(stores: tuple[PostgresStore, PostgresStore]) -> None:
    rows = await agenda_of(stores[0], 200)
    found: list[Due] = []

    async def work(worker: int, store: Store) -> None:
        while taken := await store.claim_due(worker, 1_000, 7, LONG):
            found.extend(taken)
            for row in taken:
                await store.drop_due(row)

    await asyncio.gather(*(work(number, store) for number, store in enumerate(stores)))
    assert sorted(found, key=lambda row: row.at) == rows


async def test_of_workers_that_want_the_same_at_once_each_has_some_and_none_has_anothers(
    stores: tuple[PostgresStore, PostgresStore],
) -> None:
    names = [f"lane {number}" for number in range(LANES)]
    await asyncio.gather(*(store.hold(worker, names, LONG) for worker in range(8) for store in stores))
    held = (await stores[0].hold(0, [], LONG)).held
    assert held.keys() == set(names)
    assert (await stores[1].hold(0, names, LONG)).held == held


async def test_workers_hear_what_others_tell_also_after_a_lost_connection(
    stores: tuple[PostgresStore, PostgresStore], postgres_url: str
) -> None:
    ann, bob = stores
    heard: asyncio.Queue[str] = asyncio.Queue()
    bob.hear(heard.put_nowait)
    async with asyncio.timeout(PATIENCE):
        assert await heard.get() == ""
        await ann.tell("new cards")
        assert await heard.get() == "new cards"
        await ask(
            postgres_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cliffhanger ear'",
        )
        while await heard.get() != "again":
            await ann.tell("again")


async def test_a_store_is_closed_while_it_listens(new_store: NewStore) -> None:
    store = new_store()
    await store.open()
    store.hear(lambda news: None)
    await store.close()
