"""No acknowledged step is lost and none counts twice, however often the server is killed; and the bot goes on alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.errors import StoreError
from bot.store.port import Commit, Outcome, Session
from bot.store.postgres import PostgresStore
from tests.bot.store.rooms import gather_room, vote
from tests.bot.store.steps import STORY, after, begin, card, chose, due, event, step
from tests.fakes.postgres import PostgresServer, postgres

VIEWERS = 16
ROUNDS = 3
ACKNOWLEDGED_PER_ROUND = 300
OUTBOX = 1_000_000
PAUSE = 0.05


@pytest.fixture
def durable_server(postgres_programs: Path) -> Iterator[PostgresServer]:
    """A server that flushes, to be killed."""
    with postgres(postgres_programs, durable=True) as server:
        yield server


class Load:
    """Viewers who tap without end, each tap until it is acknowledged."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self.acknowledged: list[str] = []
        self.outcomes: set[Outcome] = set()
        self.failures = 0
        self.enough = asyncio.Event()
        self.over = False

    async def tap(self, session: Session) -> Session:
        while not self.over:
            key = event()
            then = after(session)
            cards, agenda = (card(session, key.id.encode()),), (due(then, 5_000),)
            await self._commit(step(session, key, cards=cards, agenda=agenda, facts=(chose("get-on"),)))
            session = then
        return session

    async def _commit(self, made: Commit) -> None:
        while True:
            try:
                outcome = await self._store.commit(made)
            except StoreError:
                self.failures += 1
                await asyncio.sleep(PAUSE)
            else:
                self.outcomes.add(outcome)
                self.acknowledged.append(made.event.id)
                if len(self.acknowledged) % ACKNOWLEDGED_PER_ROUND == 0:
                    self.enough.set()
                return


async def test_what_was_acknowledged_survives_the_servers_kill(durable_server: PostgresServer) -> None:
    store = PostgresStore(durable_server.url())
    await store.open()
    load = Load(store)
    sessions = [await begin(store, str(number)) for number in range(VIEWERS)]
    viewers = [asyncio.ensure_future(load.tap(session)) for session in sessions]
    for _ in range(ROUNDS):
        load.enough.clear()
        await load.enough.wait()
        durable_server.kill()
        await asyncio.to_thread(durable_server.start)
    load.enough.clear()
    await load.enough.wait()
    load.over = True
    ended = await asyncio.gather(*viewers)

    assert load.failures > 0
    assert load.outcomes <= {Outcome.COMMITTED, Outcome.DUPLICATE}
    bodies = [one.body.decode() for one in await store.pending("console", 0, OUTBOX)]
    assert sorted(bodies) == sorted(load.acknowledged)
    assert [await store.session(one.id) for one in ended] == ended
    assert sum(one.revision for one in ended) == len(bodies)
    assert await store.choice_counts(STORY, "whistle") == {"get-on": len(bodies)}
    assert len(await store.due(9_000, OUTBOX)) == VIEWERS
    await store.close()


async def test_reading_and_voting_go_on_when_the_server_is_back(durable_server: PostgresServer) -> None:
    store = PostgresStore(durable_server.url())
    await store.open()
    held = await gather_room(store)
    session = await begin(store)
    durable_server.kill()
    for _ in range(2):
        with pytest.raises(StoreError, match="goes on by itself"):
            await store.session(session.id)
        with pytest.raises(StoreError):
            await store.sessions_of(session.viewer)
        with pytest.raises(StoreError):
            await store.cast(event(), vote(held))
        with pytest.raises(StoreError):
            await store.delivered([1])
    await asyncio.to_thread(durable_server.start)
    assert await store.session(session.id) == session
    assert await store.sessions_of(session.viewer) == [session]
    assert await store.cast(event(), vote(held)) is Outcome.COMMITTED
    await store.delivered([1])
    await store.close()
