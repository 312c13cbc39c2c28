"""No acknowledged step is lost and none counts twice, however the process ends."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.store.port import Outcome
from bot.store.sqlite import SQLiteStore
from tests.bot.store.committer import WORKERS
from tests.bot.store.steps import STORY, begin, event, step

ROOT = Path(__file__).parents[3]
ROUNDS = 4
ACKNOWLEDGED_PER_ROUND = 150
OUTBOX = 1_000_000


async def commit_until_killed(path: Path, round: int) -> list[str]:
    """The ids that were acknowledged, to the last one printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.store.committer", str(path), str(round),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(ACKNOWLEDGED_PER_ROUND + round * 7)]
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    # What follows the last line end is half a line.
    return b"".join([*lines, rest]).decode().split("\n")[:-1]


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9")
async def test_what_was_acknowledged_survives_kill(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for round in range(ROUNDS):
        ids = await commit_until_killed(tmp_path / "bot.db", round)
        assert len(ids) >= ACKNOWLEDGED_PER_ROUND
        acknowledged.update(ids)

    store = SQLiteStore(tmp_path / "bot.db")
    await store.open()
    committed = [card.body.decode() for card in await store.pending("console", 0, OUTBOX)]
    assert len(committed) == len(set(committed))
    assert acknowledged <= set(committed)
    assert await store.choice_counts(STORY, "whistle") == {"get-on": len(committed)}
    viewers = [await store.viewer("console", str(worker)) for worker in range(WORKERS)]
    decided = [len(await store.ballots(one.id)) for viewer in viewers for one in await store.sessions_of(viewer.id)]
    assert sum(decided) == len(committed)
    session = await begin(store, "ann")
    again = await asyncio.gather(*(store.commit(step(session, event(id))) for id in acknowledged))
    assert set(again) == {Outcome.DUPLICATE}
    await store.close()
