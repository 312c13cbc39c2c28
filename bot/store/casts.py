"""Writing votes: thousands may arrive within seconds, so a whole group of them goes in a few statements."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from bot.store.port import Commit, EventKey, Outcome
from bot.store.queries import Queries
from bot.store.rows import ask_rows, send_rows
from bot.store.step import write_steps
from bot.store.transaction import Cast


def write_group(queries: Queries, jobs: Sequence[Commit | Cast], connection: sqlite3.Connection) -> list[Outcome]:
    """Write the steps, then the votes, in the caller's transaction: a vote meets the ballot as the steps leave it.

    When it raises, some of it may have been written: the caller rolls back.
    """
    steps = iter(write_steps(queries, [job for job in jobs if isinstance(job, Commit)], connection))
    casts = iter(_write_casts(queries, [job for job in jobs if isinstance(job, Cast)], connection))
    return [next(steps) if isinstance(job, Commit) else next(casts) for job in jobs]


def _write_casts(queries: Queries, casts: Sequence[Cast], connection: sqlite3.Connection) -> list[Outcome]:
    outcomes = _judge(queries, casts, connection)
    taken = [cast for cast, outcome in zip(casts, outcomes, strict=True) if outcome is Outcome.COMMITTED]
    send_rows(connection, queries.add_events, [(cast.event.platform, cast.event.id) for cast in taken])
    send_rows(connection, queries.add_votes, [
        (vote.session, vote.revision, vote.voter, vote.ranking, vote.weight, vote.at)
        for vote in (cast.vote for cast in taken)
    ])  # fmt: skip
    return outcomes


def _judge(queries: Queries, casts: Sequence[Cast], connection: sqlite3.Connection) -> list[Outcome]:
    asked = [
        (number, cast.event.platform, cast.event.id, cast.vote.session, cast.vote.revision)
        for number, cast in enumerate(casts)
    ]
    answers = [row for [answer] in ask_rows(connection, queries.look_casts, asked) for row in json.loads(answer)]
    events: set[EventKey] = set()
    outcomes = [Outcome.CONFLICT] * len(casts)
    for number, known, open in sorted(answers):
        event = casts[number].event
        if known or event in events:
            outcomes[number] = Outcome.DUPLICATE
        elif open:
            outcomes[number] = Outcome.COMMITTED
            events.add(event)
    return outcomes
