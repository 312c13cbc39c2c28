"""A program that commits until it is killed, and prints each event's id once the store has acknowledged it."""

from __future__ import annotations

import asyncio
import sys

from bot.store.port import BallotRow, Outcome
from bot.store.sqlite import SQLiteStore
from tests.bot.store.steps import STORY, after, begin, card, chose, event, step

WORKERS = 16


async def work(store: SQLiteStore, worker: int, round: str) -> None:
    viewer = await store.viewer("console", str(worker))
    session = await store.session_in(viewer.id, STORY) or await begin(store, str(worker))
    number = 0
    while True:
        number += 1
        key = event(f"{round}.{worker}.{number}")
        ballot = BallotRow(session.id, session.revision, None, b"{}", "get-on", 2_000)
        cards = (card(session, key.id.encode()),)
        made = step(session, key, cards=cards, facts=(chose("get-on"),), ballot=ballot)
        assert await store.commit(made) is Outcome.COMMITTED
        print(key.id, flush=True)
        session = after(session)


async def main(path: str, round: str) -> None:
    store = SQLiteStore(path)
    await store.open()
    await asyncio.gather(*(work(store, worker, round) for worker in range(WORKERS)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
