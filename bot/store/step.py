"""Writing steps: each commit whole or not at all, a whole group of them in a few statements."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from bot.store.port import Commit, EventKey, Outcome, Session
from bot.store.queries import Queries
from bot.store.room_rows import RoomsBefore, put_ballots, put_rooms
from bot.store.rows import ask_rows, send_rows
from bot.store.transaction import Load

ENDING = ""
"""What an ending is counted as, among the choices of its scene: no choice has that id."""


def write_steps(queries: Queries, commits: Sequence[Commit], connection: sqlite3.Connection) -> list[Outcome]:
    """Write the commits in their order, in the caller's transaction, begun as IMMEDIATE so that nobody interferes.

    When it raises, some of it may have been written: the caller rolls back.
    """
    if _all_move(queries, commits, connection):
        return [Outcome.COMMITTED] * len(commits)
    before = Before(queries, commits, connection)
    outcomes = []
    accepted: dict[int, Commit] = {}
    for commit in commits:
        outcomes.append(before.judge(commit))
        if outcomes[-1] is not Outcome.COMMITTED:
            continue
        if commit.session.id in accepted:
            # The next step of a session in the same group: its rows replace those of the one before.
            _write(queries, list(accepted.values()), connection)
            accepted.clear()
        accepted[commit.session.id] = commit
    _write(queries, list(accepted.values()), connection)
    return outcomes


def _all_move(queries: Queries, commits: Sequence[Commit], connection: sqlite3.Connection) -> bool:
    """Write a group in which each commit is the next step of another session, by a new event: nearly every group is.

    Nothing is looked up before. When a single commit turns out to be anything else, nothing is written: False.
    """
    sessions = {one.session.id for one in commits}
    if len(sessions) < len(commits) or any(one.expected is None or one.room is not None for one in commits):
        return False
    connection.execute("SAVEPOINT moves")
    try:
        moved = _claim(queries, commits, connection)
    except sqlite3.IntegrityError:  # an event that is known already
        moved = 0
    if moved == len(commits):
        _attach(queries, commits, connection)
    elif connection.in_transaction:
        connection.execute("ROLLBACK TO moves")
    connection.execute("RELEASE moves")
    return moved == len(commits)


def load_sessions(queries: Queries, loads: Sequence[Load], connection: sqlite3.Connection) -> list[Session | None]:
    """The sessions wished for, in that order; None for those that are not there."""
    asked = [
        (number, load.session, *((load.owner.platform, load.owner.user) if load.owner else (None, None)))
        for number, load in enumerate(loads)
    ]
    found: list[Session | None] = [None] * len(loads)
    for number, *row in ask_rows(connection, queries.sessions, asked):
        found[number] = Session(*row)
    return found


class Before:
    """What the commits of a group find, kept up to date as they are accepted one after the other."""

    def __init__(self, queries: Queries, commits: Sequence[Commit], connection: sqlite3.Connection) -> None:
        self._events: set[EventKey] = set()
        self._revisions: dict[int, int] = {}
        self._places: set[tuple[int, str]] = set()
        self._rooms = RoomsBefore(queries, [one.room for one in commits if one.room is not None], connection)
        asked = [
            # Only a new session can meet another one in its place.
            (
                number,
                one.event.platform,
                one.event.id,
                one.session.id,
                one.session.viewer if one.expected is None else None,
                one.session.story,
            )
            for number, one in enumerate(commits)
        ]
        for [answer] in ask_rows(connection, queries.look_before, asked):
            for number, known, revision, taken in json.loads(answer):
                self._note(commits[number], known, revision, taken)

    def _note(self, commit: Commit, known: int, revision: int | None, taken: int) -> None:
        if known:
            self._events.add(commit.event)
        if revision is not None:
            self._revisions[commit.session.id] = revision
        if taken:
            self._places.add((commit.session.viewer, commit.session.story))

    def judge(self, commit: Commit) -> Outcome:
        """What becomes of the commit; when it is accepted, those that follow find it done."""
        session = commit.session
        place = (session.viewer, session.story)
        if commit.event in self._events:
            return Outcome.DUPLICATE
        if self._revisions.get(session.id) != commit.expected:
            return Outcome.CONFLICT
        if commit.expected is None and place in self._places:
            return Outcome.CONFLICT
        if commit.room is not None and not self._rooms.accept(commit.room):
            return Outcome.CONFLICT
        self._events.add(commit.event)
        self._revisions[session.id] = session.revision
        self._places.add(place)
        return Outcome.COMMITTED


def _write(queries: Queries, commits: Sequence[Commit], connection: sqlite3.Connection) -> None:
    """Everything the commits carry; no session is among them twice."""
    _claim(queries, commits, connection)
    _attach(queries, commits, connection)


def _claim(queries: Queries, commits: Sequence[Commit], connection: sqlite3.Connection) -> int:
    """The events and the sessions: how many of those that are not new were where they were expected."""
    send_rows(connection, queries.add_events, [(one.event.platform, one.event.id) for one in commits])
    send_rows(connection, queries.add_sessions, [
        (one.id, one.viewer, one.story, one.version, one.seed, one.revision, one.state, one.address, one.updated)
        for one in (commit.session for commit in commits if commit.expected is None)
    ])  # fmt: skip
    return send_rows(connection, queries.move_sessions, [
        (one.id, commit.expected, one.version, one.seed, one.revision, one.state, one.address, one.updated)
        for commit in commits if commit.expected is not None for one in (commit.session,)
    ])  # fmt: skip


def _attach(queries: Queries, commits: Sequence[Commit], connection: sqlite3.Connection) -> None:
    """All that goes with the sessions."""
    send_rows(connection, queries.clear_agenda, [(one.session.id,) for one in commits])
    send_rows(connection, queries.add_dues, [
        (due.at, due.kind, due.session, due.revision, due.payload) for one in commits for due in one.agenda
    ])  # fmt: skip
    send_rows(connection, queries.add_cards, [
        (card.platform, card.address, card.session, card.revision, card.body)
        for one in commits for card in one.cards
    ])  # fmt: skip
    put_rooms(queries, [one.room for one in commits if one.room is not None], connection)
    put_ballots(queries, [one.ballot for one in commits if one.ballot is not None], connection)
    _write_facts(queries, commits, connection)


def _write_facts(queries: Queries, commits: Sequence[Commit], connection: sqlite3.Connection) -> None:
    facts = [(one.session, fact) for one in commits for fact in one.facts]
    send_rows(connection, queries.add_facts, [
        (
            session.id, session.revision, session.story, session.version, fact.kind, fact.scene, fact.choice, fact.at,
            fact.took,
        )
        for session, fact in facts
    ])  # fmt: skip
    taken = Counter(
        (session.story, fact.scene, ENDING if fact.kind == "ending" else fact.choice)
        for session, fact in facts
        if fact.choice is not None or fact.kind == "ending"
    )
    send_rows(connection, queries.count_choices, [(*choice, times) for choice, times in taken.items()])
