"""One tap at a time on PostgreSQL, among few sessions and among millions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from uvloop import run

from benchmarks.players import Players, in_turns
from benchmarks.result import Row
from benchmarks.server import database, restart
from benchmarks.throng import drawn, fill
from bot.store.postgres import PostgresStore
from tests.fakes.postgres import PostgresServer, ask

FEW, MANY = 1_000, 5_000_000
SINGLE_TAPS = 1_000
"""In each: every session of the small one once. Half of them are timed, the log of the others is weighed."""

AT_MOST_SLOWER = 1.2

BULK = ("wal_level = minimal", "max_wal_senders = 0")
"""While it is filled: tables that are filled as soon as they are made then need no log."""

USUAL = ("wal_level = replica", "max_wal_senders = 10")
LOG = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Median seconds of a tap, and bytes of write-ahead log for it, among few sessions and among many."""

    few: float
    many: float
    log_few: float
    log_many: float

    def rows(self) -> tuple[Row, Row]:
        """A line for each."""
        slower = self.many / self.few
        return (
            Row(f"one tap at a time, {FEW:,} sessions", _said(self.few, self.log_few), "1.00"),
            Row(f"one tap at a time, {MANY:,} sessions", _said(self.many, self.log_many), f"{slower:.2f}",
                f"<= {AT_MOST_SLOWER}", slower <= AT_MOST_SLOWER),
        )  # fmt: skip


def tap_in_both(server: PostgresServer, stories: Path) -> Sizes:
    """Fill both databases, then tap in them."""
    restart(server, *BULK)
    urls = [database(server, name) for name in ("few", "many")]
    run(_fill(urls, stories))
    restart(server, *USUAL)
    return run(_tap(urls, stories))


async def _fill(urls: Sequence[str], stories: Path) -> None:
    for url, viewers in zip(urls, (FEW, MANY), strict=True):
        async with Players(PostgresStore(url), stories).playing():
            await fill(url, stories, viewers)


async def _tap(urls: Sequence[str], stories: Path) -> Sizes:
    async with AsyncExitStack() as stack:
        crowds = []
        for url, viewers in zip(urls, (FEW, MANY), strict=True):
            crowds.append(await stack.enter_async_context(Players(PostgresStore(url), stories).playing()))
            crowds[-1].sessions = await drawn(url, viewers, SINGLE_TAPS)
        few, many = await in_turns(SINGLE_TAPS // 2, *crowds)
        logs = [await _log_of_taps(url, players) for url, players in zip(urls, crowds, strict=True)]
        return Sizes(few, many, *logs)


async def _log_of_taps(url: str, players: Players) -> float:
    """By taps in sessions that were not tapped yet, after all that was under way."""
    fresh = [one for one in players.sessions if one[1] not in players.revisions]
    [[before]] = await ask(url, LOG)
    for user, session in fresh:
        await players.tap(user, session)
    [[after]] = await ask(url, LOG)
    return float(after - before) / len(fresh)


def _said(seconds: float, log: float) -> str:
    return f"median {seconds * 1000:.2f} ms; {log / 1000:.1f} KB of write-ahead log"
