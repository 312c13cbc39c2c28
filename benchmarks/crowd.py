"""A database that has many sessions already, written by bare SQL in one transaction."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

from benchmarks.players import NOW, PLATFORM, STORY
from bot.play.dice import seeded
from bot.play.event import Begin
from bot.play.state import pack
from bot.play.step import step
from bot.store.line import connect
from bot.story.reader import read_folder

ID_BITS = 62
SEED = 11

ROWS = (
    "INSERT INTO viewer (id) SELECT viewer FROM crowd ORDER BY viewer",
    f"INSERT INTO identity (platform, user, viewer) SELECT '{PLATFORM}', user, viewer FROM crowd ORDER BY user",
    f"INSERT INTO event (platform, id) SELECT '{PLATFORM}', 'begin-' || user FROM crowd ORDER BY user",
    """INSERT INTO session (id, viewer, story, version, seed, revision, state, address, updated)
    SELECT session, viewer, :story, :version, session, 0, :state, :platform || ':' || user, :now
    FROM crowd ORDER BY session""",
    """INSERT INTO agenda (at, kind, session, revision, payload)
    SELECT :now, 'timeout', session, 0, x'' FROM crowd ORDER BY user""",
    """INSERT INTO fact (session, revision, story, kind, scene, choice, at, took)
    SELECT session, 0, :story, 'begin', 'lamp', NULL, :now, NULL FROM crowd ORDER BY user""",
)


def fill(path: Path, stories: Path, viewers: int) -> list[tuple[str, int]]:
    """Put that many viewers, each with a session just begun, into a store's file; (user, session id) of each."""
    chance = random.Random(SEED)
    ids = [(f"crowd-{number}", chance.getrandbits(ID_BITS), chance.getrandbits(ID_BITS)) for number in range(viewers)]
    story = read_folder(stories / STORY)
    begun = step(story, None, Begin(story.language), NOW, seeded(0, 0)).branch_state
    values = {
        "story": story.id, "version": story.version, "state": pack(story, begun), "platform": PLATFORM, "now": NOW
    }  # fmt: skip
    connection = connect(str(path))
    try:
        _write(connection, ids, values)
    finally:
        connection.close()
    return [(user, session) for user, session, _ in ids]


def _write(connection: sqlite3.Connection, ids: list[tuple[str, int, int]], values: dict[str, object]) -> None:
    connection.execute("PRAGMA cache_size = -400000")
    connection.execute("PRAGMA synchronous = OFF")  # only while it is filled
    connection.execute("CREATE TEMP TABLE crowd (user TEXT, session INTEGER, viewer INTEGER)")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO crowd VALUES (?, ?, ?)", ids)
    for statement in ROWS:
        connection.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
