"""A group of steps, posts and votes as the arrays that one statement takes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.record import record
from bot.store.home import home_of
from bot.store.lane import lane_of
from bot.store.records import BallotRow, Commit, Due, EventKey, OutboxCard, RoomRow
from bot.store.transaction import Cast


@record(frozen=True, slots=True)
class Post:
    """Cards of no step, under their event when there is one."""

    event: EventKey | None
    cards: tuple[OutboxCard, ...]


Grouped = Commit | Post | Cast
GROUPED = (Commit, Post, Cast)
"""Jobs of which a group is written in one statement."""

Row = tuple[Any, ...]


@dataclass(slots=True)
class Arrays:
    """The arrays of `write_group`, in its order: see the types of the same names in the migrations."""

    steps: list[Row] = field(default_factory=list)
    posts: list[Row] = field(default_factory=list)
    casts: list[Row] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    dues: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    rooms: list[Row] = field(default_factory=list)
    ballots: list[Row] = field(default_factory=list)

    def all(self) -> tuple[list[Row], ...]:
        """Every array, to be passed on."""
        return (self.steps, self.posts, self.casts, self.cards, self.dues, self.facts, self.rooms, self.ballots)


def arrange(jobs: Sequence[Grouped]) -> tuple[Arrays, list[int]]:
    """The arrays, and which job has which number: the first in the list has number 1."""
    order = [number for kind in GROUPED for number, job in enumerate(jobs) if isinstance(job, kind)]
    arrays = Arrays()
    for number, place in enumerate(order, start=1):
        job = jobs[place]
        if isinstance(job, Commit):
            _add_step(arrays, number, job)
        elif isinstance(job, Post):
            arrays.posts.append((number, *key_row(job.event)))
            arrays.cards.extend(card_rows(number, job.cards))
        else:
            event, vote = job.event, job.vote
            arrays.casts.append((
                number, event.platform, event.id, vote.session, vote.revision, vote.voter, vote.ranking,
                vote.weight, vote.at,
            ))  # fmt: skip
    return arrays, order


def _add_step(arrays: Arrays, number: int, commit: Commit) -> None:
    event, one = commit.event, commit.session
    arrays.steps.append((
        number, event.platform, event.id, one.id, commit.expected, one.viewer, one.story, one.version, one.seed,
        one.revision, one.state, one.address, one.updated,
    ))  # fmt: skip
    arrays.cards.extend(card_rows(number, commit.cards))
    arrays.dues.extend(due_rows(number, commit.agenda))
    arrays.facts.extend(
        (number, place, one.id, one.revision, one.story, fact.kind, fact.scene, fact.choice, fact.at, fact.took)
        for place, fact in enumerate(commit.facts)
    )
    if commit.room is not None:
        arrays.rooms.append(room_row(number, commit.room))
    if commit.ballot is not None:
        arrays.ballots.append(_ballot_row(number, commit.ballot))


def key_row(event: EventKey | None) -> Row:
    """An event that belongs to no session, as an `event_key`: (home, platform, id)."""
    return (None, None, None) if event is None else (home_of(event.platform, event.id), event.platform, event.id)


def card_rows(number: int, cards: Sequence[OutboxCard]) -> Iterator[Row]:
    """Cards as `card_row`s, in their order."""
    for card in cards:
        home = card.session or home_of(card.platform, card.address)
        lane = lane_of(card.platform, card.address)
        yield number, home, lane, card.platform, card.address, card.session, card.revision, card.body


def due_rows(number: int, dues: Sequence[Due]) -> Iterator[Row]:
    """Agenda rows as `due_row`s."""
    return ((number, due.session, due.revision, due.kind, due.at, due.payload) for due in dues)


def room_row(number: int, room: RoomRow) -> Row:
    """A room as a `room_row`."""
    return (
        number, room.session, room.code, room.platform, room.address, room.revision, room.open, room.body,
        room.version, room.ended,
    )  # fmt: skip


def _ballot_row(number: int, ballot: BallotRow) -> Row:
    return number, ballot.session, ballot.revision, ballot.host, ballot.body, ballot.winner, ballot.at


def waves(jobs: Sequence[Grouped]) -> list[list[int]]:
    """The places of the jobs, split so that in no wave two of them touch the same thing; nearly always one wave.

    What touches the same thing keeps its order.
    """
    found: list[list[int]] = []
    latest: dict[Hashable, int] = {}
    for place, job in enumerate(jobs):
        keys = _touched(job)
        wave = max((latest[key] + 1 for key in keys if key in latest), default=0)
        if wave == len(found):
            found.append([])
        found[wave].append(place)
        latest.update(dict.fromkeys(keys, wave))
    return found


def _touched(job: Grouped) -> list[Hashable]:
    keys: list[Hashable] = [] if job.event is None else [(job.event.platform, job.event.id)]
    if isinstance(job, Commit):
        keys.append(job.session.id)
        if job.expected is None:
            keys.append((job.session.viewer, job.session.story))
        if job.room is not None:
            keys.append(job.room.code)
    return keys
