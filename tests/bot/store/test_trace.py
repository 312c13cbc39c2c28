"""Every store's commits can be traced."""

from __future__ import annotations

from bot.store.port import Store
from tests.bot.store.steps import begin, step
from tests.fakes.collector import collecting, tracing


async def test_a_commit_is_a_span(store: Store) -> None:
    async with collecting() as collector:
        async with tracing(collector) as store.figures.trace:
            await store.commit(step(await begin(store)))
        store.figures.trace = None
    assert collector.named("commit") == [{}, {}]
