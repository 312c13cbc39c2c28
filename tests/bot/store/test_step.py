"""Writing steps: that the usual group takes the quick way, and every other one the careful way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store.database import prepare_writer
from bot.store.port import Commit, EventKey, Outcome, Session
from bot.store.queries import read_queries
from bot.store.schema import read_migrations
from bot.store.step import write_steps

QUERIES = read_queries("sqlite.sql")
BEGUN = [Session(number, number, "last-train", "v1", 7, 0, b"", None, 1_000) for number in (1, 2, 3)]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file with three sessions at revision 0."""
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as opened:
        prepare_writer(opened, "bot.db", read_migrations())
        opened.executemany("INSERT INTO viewer (id) VALUES (?)", [(one.viewer,) for one in BEGUN])
        began = [Commit(EventKey("console", f"begin-{one.id}"), one, None) for one in BEGUN]
        assert write_steps(QUERIES, began, opened) == [Outcome.COMMITTED] * 3
        yield opened


def moved(session: Session, event: str) -> Commit:
    return Commit(EventKey("console", event), replace(session, revision=session.revision + 1), session.revision)


def looks(connection: sqlite3.Connection, commits: list[Commit]) -> tuple[list[Outcome], int]:
    """The outcomes, and how many statements looked at what was there before."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    outcomes = write_steps(QUERIES, commits, connection)
    connection.set_trace_callback(None)
    return outcomes, sum("json_group_array" in statement for statement in statements)


def test_next_steps_of_several_sessions_are_written_without_a_look_before(connection: sqlite3.Connection) -> None:
    taken = [moved(one, f"tap-{one.id}") for one in BEGUN]
    assert looks(connection, taken) == ([Outcome.COMMITTED] * 3, 0)
    assert connection.execute("SELECT revision FROM session").fetchall() == [(1,)] * 3


def test_a_known_event_in_the_group_is_found_by_a_look(connection: sqlite3.Connection) -> None:
    taken = [moved(BEGUN[0], "tap"), moved(BEGUN[1], "begin-2")]
    assert looks(connection, taken) == ([Outcome.COMMITTED, Outcome.DUPLICATE], 1)


def test_a_session_that_moved_on_is_found_by_a_look(connection: sqlite3.Connection) -> None:
    late = moved(replace(BEGUN[2], revision=4), "late")
    assert looks(connection, [moved(BEGUN[0], "tap"), late]) == ([Outcome.COMMITTED, Outcome.CONFLICT], 1)
    assert connection.execute("SELECT revision FROM session ORDER BY id").fetchall() == [(1,), (0,), (0,)]


def test_a_step_without_a_ballot_takes_no_statement_for_one(connection: sqlite3.Connection) -> None:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    write_steps(QUERIES, [moved(one, f"tap-{one.id}") for one in BEGUN], connection)
    connection.set_trace_callback(None)
    assert not [statement for statement in statements if "ballot" in statement]
