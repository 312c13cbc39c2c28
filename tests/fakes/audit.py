"""What must hold after any number of kills: the books are checked against the pure engine."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from bot.delivery.parcel import Parcel, Taken
from bot.play.dice import seeded
from bot.play.event import Begin, Choose, Event, Restart, TimeOut
from bot.play.fact import Fact
from bot.play.state import BranchState, pack
from bot.play.step import Step, step
from bot.store.port import Session
from bot.story.reader import read_folder
from tests.fakes.journal import Journal, read_journal
from tests.fakes.life import PLATFORM, REVISIONS, VIEWERS, as_shown


def faults(folder: Path) -> list[str]:
    """Everything that is wrong with what the lives in this folder left behind."""
    connection = sqlite3.connect(folder / "bot.db")
    try:
        return list(Audit(folder, connection).faults())
    finally:
        connection.close()


class Audit:
    """One database and one journal."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.story = read_folder(folder / "stories" / "crossroads")
        self.journal: Journal = read_journal(folder / "journal")
        self.connection = connection
        columns = "id, viewer, story, version, seed, revision, state, address, updated"
        self.sessions = [Session(*row) for row in self.rows(f"SELECT {columns} FROM session")]
        self.agenda: list[tuple[int, str, int, int]] = []
        self.counted: set[tuple[str, str]] = set()

    def rows(self, query: str, *values: object) -> list[Any]:
        return self.connection.execute(query, values).fetchall()

    def faults(self) -> Iterator[str]:
        if len(self.sessions) != VIEWERS:
            yield f"{len(self.sessions)} sessions of {VIEWERS} viewers"
        for session in self.sessions:
            yield from self.session(session)
        yield from self.events()
        yield from self.remains()

    def session(self, session: Session) -> Iterator[str]:
        """Played again by the pure engine from its facts, a session must come to the same in every respect."""
        query = "SELECT revision, kind, scene, choice, at, took FROM fact WHERE session = ? ORDER BY revision, id"
        facts = self.rows(query, session.id)
        state: BranchState | None = None
        cards: list[str] = []
        again: list[tuple[Any, ...]] = []
        for revision, group in groupby(facts, lambda fact: fact[0]):
            what = Fact(*next(group)[1:])
            if revision != (0 if state is None else state.revision + 1):
                yield f"session {session.id} jumps to revision {revision}"
                return
            taken = step(self.story, state, event_of(what, revision), what.at, seeded(session.seed, revision))
            state = taken.branch_state
            again += [(revision, fact.kind, fact.scene, fact.choice, fact.at, fact.took) for fact in taken.facts]
            here = Session(session.id, session.viewer, session.story, session.version, 0, revision, b"", None, 0)
            cards += parcels(here, taken)
        if again != facts:
            yield f"session {session.id} has facts {facts}, played again {again}"
        if state is None or pack(self.story, state) != session.state or state.revision != session.revision:
            yield f"session {session.id} stands where its steps do not lead"
            return
        if state.revision < REVISIONS:
            yield f"session {session.id} came only to revision {state.revision}"
        if state.deadline is not None:
            self.agenda.append((state.deadline, "timeout", session.id, state.revision))
        shown = [parcel for parcel, _ in groupby(self.journal.shown[(session.address or "").partition(":")[2]])]
        if shown != cards:
            yield f"session {session.id} was shown {shown}, not {cards}"

    def events(self) -> Iterator[str]:
        """Every event was answered; those acknowledged as counted are in the books, and no others."""
        booked = {id for [id] in self.rows("SELECT id FROM event WHERE platform = ?", PLATFORM)}
        steps = len(booked) + self.rows("SELECT count(*) FROM event WHERE platform = 'agenda'")[0][0]
        revisions = sum(session.revision + 1 for session in self.sessions)
        if steps != revisions:
            yield f"{steps} events are booked for {revisions} steps"
        for id, sent in self.journal.sent.items():
            answers = {answer["counted"] for answer in self.journal.answered[id]}
            if not answers:
                yield f"event {id} was never answered"
            # Opening a story that is already open is answered without a step.
            elif sent["open"] is None and answers != {id in booked}:
                yield f"event {id} was acknowledged as counted: {answers}, but booked: {id in booked}"
            elif id in booked and sent["open"] is None:
                yield from self.booked(id, sent["session"], *sent["what"])
        if booked - self.journal.sent.keys():
            yield f"events nobody sent are booked: {booked - self.journal.sent.keys()}"

    def booked(self, id: str, session: int, kind: str, what: dict[str, Any]) -> Iterator[str]:
        """A tap that counts is the one step from its revision."""
        query = "SELECT kind, choice FROM fact WHERE session = ? AND revision = ? AND kind <> 'ending'"
        found = self.rows(query, session, what["revision"] + 1)
        if found != [(kind.replace("Choose", "choice").lower(), what.get("choice"))]:
            yield f"event {id} ({kind} {what}) counts, but its step is {found}"

    def remains(self) -> Iterator[str]:
        if self.rows("SELECT count(*) FROM outbox") != [(0,)]:
            yield "cards are left in the outbox"
        if troubles := self.rows("SELECT platform, id, error FROM trouble"):
            yield f"events were set aside: {troubles}"
        agenda = self.rows("SELECT at, kind, session, revision FROM agenda")
        if sorted(agenda) != sorted(self.agenda):
            yield f"the agenda is {agenda}, not {self.agenda}"
        counted = "choice IS NOT NULL OR kind = 'ending'"
        choices = self.rows(f"SELECT scene, coalesce(choice, ''), count(*) FROM fact WHERE {counted} GROUP BY 1, 2")
        if Counter(choices) != Counter(self.rows("SELECT scene, choice, times FROM choice_count")):
            yield "the choices are counted wrong"


def parcels(session: Session, taken: Step) -> list[str]:
    """What is to be shown of a step, as the journal has it."""
    chosen = [Taken(fact.scene, fact.choice, fact.kind == "timeout") for fact in taken.facts if fact.choice is not None]
    last = len(taken.cards) - 1
    return [
        as_shown(
            Parcel(
                session.story, session.version, session.id, session.revision, card,
                chosen[0] if chosen and number == 0 else None,
                taken.branch_state.deadline if number == last else None,
            )
        )
        for number, card in enumerate(taken.cards)
    ]  # fmt: skip


def event_of(fact: Fact, revision: int) -> Event:
    """What happened, as the engine was told of it."""
    if fact.kind == "begin":
        return Begin("en")
    if fact.kind == "restart":
        return Restart(revision - 1)
    if fact.kind == "timeout":
        return TimeOut(revision - 1, present=False)
    return Choose(revision - 1, fact.choice or "")
