"""The floor: the rows of a tap written by bare sqlite3 in one thread, with nothing around it."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.store.database import prepare_writer
from bot.store.line import connect
from bot.store.port import Commit
from bot.store.schema import read_migrations

GROUP = 64
"""Taps in one transaction: all that are under way at once."""

EVENT = "INSERT INTO event (platform, id) VALUES (?, ?)"
SESSION = """
INSERT INTO session (id, viewer, story, version, seed, revision, state, address, updated)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
MOVE = """
UPDATE session SET version = ?, seed = ?, revision = ?, state = ?, address = ?, updated = ? WHERE id = ?
"""
CLEAR = "DELETE FROM agenda WHERE session = ? AND revision < ?"
DUE = "INSERT INTO agenda (at, kind, session, revision, payload) VALUES (?, ?, ?, ?, ?)"
CARD = "INSERT INTO outbox (platform, address, session, revision, body) VALUES (?, ?, ?, ?, ?)"
FACT = "INSERT INTO fact (session, revision, story, kind, scene, choice, at, took) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
COUNT = """
INSERT INTO choice_count (story, scene, choice, times) VALUES (?, ?, ?, ?)
ON CONFLICT (story, scene, choice) DO UPDATE SET times = times + excluded.times
"""


def write_floor(path: Path, begun: Sequence[Commit], taps: Sequence[Commit]) -> float:
    """Seconds to write the taps' rows into a fresh file that holds the sessions they belong to."""
    connection = connect(str(path))
    prepare_writer(connection, str(path), read_migrations())
    with connection:
        connection.executemany("INSERT INTO viewer (id) VALUES (?)", [(one.session.viewer,) for one in begun])
    write(connection, begun)
    groups = [taps[start : start + GROUP] for start in range(0, len(taps), GROUP)]
    started = time.perf_counter()
    for group in groups:
        write(connection, group)
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


def write(connection: sqlite3.Connection, group: Sequence[Commit]) -> None:
    """One transaction: each table's rows together, each statement prepared once."""
    facts = [(one.session, fact) for one in group for fact in one.facts]
    taken = Counter((session.story, fact.scene, fact.choice) for session, fact in facts if fact.choice is not None)
    send = connection.executemany
    connection.execute("BEGIN IMMEDIATE")
    send(EVENT, [(one.event.platform, one.event.id) for one in group])
    send(SESSION, [
        (one.id, one.viewer, one.story, one.version, one.seed, one.revision, one.state, one.address, one.updated)
        for one in (commit.session for commit in group if commit.expected is None)
    ])  # fmt: skip
    send(MOVE, [
        (one.version, one.seed, one.revision, one.state, one.address, one.updated, one.id)
        for one in (commit.session for commit in group if commit.expected is not None)
    ])  # fmt: skip
    send(CLEAR, [(one.session.id, one.session.revision) for one in group])
    send(DUE, [(due.at, due.kind, due.session, due.revision, due.payload) for one in group for due in one.agenda])
    send(CARD, [
        (card.platform, card.address, card.session, card.revision, card.body) for one in group for card in one.cards
    ])  # fmt: skip
    send(FACT, [
        (session.id, session.revision, session.story, fact.kind, fact.scene, fact.choice, fact.at, fact.took)
        for session, fact in facts
    ])  # fmt: skip
    send(COUNT, [(*choice, times) for choice, times in taken.items()])
    connection.execute("COMMIT")
