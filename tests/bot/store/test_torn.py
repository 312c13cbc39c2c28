"""Power goes and takes a piece of the write-ahead log with it: what is left is whole steps, from the first on."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import struct
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.sqlite import SQLiteStore
from tests.bot.store.committer import WORKERS
from tests.bot.store.steps import STORY, event

ROOT = Path(__file__).parents[3]
ACKNOWLEDGED = 120
HEADER, FRAME_HEADER = 32, 24
"""Bytes of the log's own header, and of that before each page: sqlite.org/fileformat2.html#the_write_ahead_log."""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """What a process left that was killed while it committed: its folder, and the ids that it had acknowledged."""
    folder = tmp_path_factory.mktemp("killed")
    return folder, asyncio.run(commit_until_killed(folder / "bot.db"))


async def commit_until_killed(path: Path) -> set[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.store.committer", str(path), "0", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(ACKNOWLEDGED)]
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    return set(b"".join([*lines, rest]).decode().split("\n")[:-1])


def after_a_crash(folder: Path, log: bytes, to: Path) -> SQLiteStore:
    """The database as a machine finds it that starts again: the file, and so much of the log."""
    to.mkdir()
    shutil.copy(folder / "bot.db", to / "bot.db")
    (to / "bot.db-wal").write_bytes(log)
    return SQLiteStore(to / "bot.db")


def places(log: bytes) -> Iterator[tuple[str, int]]:
    """Every kind of place in a log at which it may end."""
    [page] = struct.unpack(">I", log[8:12])
    frame = FRAME_HEADER + page
    frames = (len(log) - HEADER) // frame
    yield from (("empty", 0), ("in the header", 17), ("after the header", HEADER))
    for number in sorted({0, 1, frames // 3, frames // 2, frames - 1}):
        begin = HEADER + number * frame
        yield f"before frame {number}", begin
        yield f"in the header of frame {number}", begin + 11
        yield f"before the page of frame {number}", begin + FRAME_HEADER
        yield f"in the page of frame {number}", begin + FRAME_HEADER + page // 2 + 1
        yield f"a byte before the end of frame {number}", begin + frame - 1


async def whole(store: SQLiteStore) -> set[str]:
    """Look at everything: the ids of the steps that are there, each with all that belongs to it."""
    await store.open()
    steps = {card.body.decode() for card in await store.pending("console", 0, 1_000_000)}
    counted = await store.choice_counts(STORY, "whistle")
    assert counted == ({"get-on": len(steps)} if steps else {})
    decided = revisions = 0
    for worker in range(WORKERS):
        viewer = await store.viewer("console", str(worker))
        for session in await store.sessions_of(viewer.id):
            decided += len(await store.ballots(session.id))
            revisions += session.revision
    assert decided == revisions == len(steps)
    for id in steps:
        assert await store.seen(event(id))
    await store.close()
    return steps


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_log_that_ends_anywhere_leaves_whole_steps_from_the_first_on(
    killed: tuple[Path, set[str]], tmp_path: Path
) -> None:
    folder, acknowledged = killed
    log = (folder / "bot.db-wal").read_bytes()
    before: set[str] = set()
    for number, (name, place) in enumerate(places(log)):
        store = after_a_crash(folder, log[:place], tmp_path / str(number))
        steps = await whole(store)
        assert before <= steps, f"{name}: a longer log has lost something"
        for id in steps:
            round, worker, count = id.split(".")
            assert {f"{round}.{worker}.{one}" for one in range(1, int(count))} <= steps, f"{name}: a step is missing"
        assert is_sound(tmp_path / str(number) / "bot.db"), name
        before = steps
    whole_log = await whole(after_a_crash(folder, log, tmp_path / "whole"))
    assert acknowledged <= whole_log
    assert before < whole_log


async def test_a_log_with_a_page_of_noise_leaves_what_was_before_it(
    killed: tuple[Path, set[str]], tmp_path: Path
) -> None:
    folder, _ = killed
    log = bytearray((folder / "bot.db-wal").read_bytes())
    middle = len(log) // 2
    log[middle : middle + 64] = bytes(byte ^ 0xFF for byte in log[middle : middle + 64])
    steps = await whole(after_a_crash(folder, bytes(log), tmp_path / "noise"))
    everything = await whole(after_a_crash(folder, (folder / "bot.db-wal").read_bytes(), tmp_path / "whole"))
    assert set() < steps < everything
    assert is_sound(tmp_path / "noise" / "bot.db")
