"""A turn: a session's step and the ballot that opens with it, as one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.delivery.parcel import Counted, Taken, wrap
from bot.play.card import Card
from bot.play.state import pack
from bot.play.step import Step
from bot.play.toll import hold
from bot.rooms.kept import MEET, Kept
from bot.store.port import Commit, Due, EventKey, OutboxCard, RoomRow, Session
from bot.story.story import Story
from bot.watch.event import Open
from bot.watch.lots import ballot_dice
from bot.watch.room import Room
from bot.watch.step import act
from bot.watch.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Turn:
    """The commit, and what stands there after it."""

    commit: Commit
    kept: Kept
    card: Card


def turn(
    key: EventKey, story: Story, session: Session, taken: Step, row: RoomRow, room: Room, at: int,
    expected: int | None, verdict: Verdict | None = None, meeting: int | None = None,
) -> Turn:  # fmt: skip
    """The step with the next ballot. Where nothing can be voted on, an ending or a price, the room ends with it.

    `row` is the stored one with the version it is to get; `verdict` what led to the step, `meeting` until when the room
    waits for its twin there. Nobody buys for a group: it plays what is free.
    """
    taken = hold(story, taken, frozenset())
    # The ballot has the clock, and the story's own must not run beside it.
    state = replace(taken.branch_state, deadline=None)
    moved = replace(session, version=story.version, revision=state.revision, state=pack(story, state), updated=at)
    opening = _opening(story, taken, state.revision, meeting)
    room = act(room, opening, at, ballot_dice(session.seed, state.revision), {}).room
    before = Kept(replace(row, revision=state.revision), room)
    kept = before.with_room(room, ended=room.ballot is None or room.ballot.closed)
    cards = _cards(moved, taken, kept, before.chats, verdict)
    commit = Commit(key, moved, expected, cards, _agenda(kept, at), taken.facts, kept.row)
    return Turn(commit, kept, taken.cards[-1])


def _agenda(kept: Kept, at: int) -> tuple[Due, ...]:
    """Its rows. A branch that came somewhere is to look for its twin at once, also if this process ends here."""
    if kept.room.branch is None or kept.row.ended:
        return kept.dues(at)
    look = Due(at, MEET, kept.row.session, kept.row.revision)
    return (*(due for due in kept.dues(at) if due.kind != MEET), look)


def _opening(story: Story, taken: Step, revision: int, meeting: int | None) -> Open:
    """What can be voted on, once the clips have run."""
    last = taken.cards[-1]
    choices = tuple(option.id for option in last.options if not option.locked)
    seconds = sum(story.seconds.get(card.scene, 0.0) for card in taken.cards)
    return Open(revision, choices, last.default, round(seconds * 1000), meeting)


def _cards(
    session: Session, taken: Step, kept: Kept, chats: Sequence[tuple[str, str]], verdict: Verdict | None
) -> tuple[OutboxCard, ...]:
    """The step's cards for every chat: the first says how the vote went, the last when the next one closes."""
    ballot, last = kept.room.ballot, len(taken.cards) - 1
    closes = None if ballot is None else ballot.closes
    led = _taken(taken, verdict)
    bodies = [
        wrap(session, card, led if number == 0 else None, closes if number == last else None, room=True)
        for number, card in enumerate(taken.cards)
    ]
    return tuple([
        OutboxCard(platform, address, session.id, session.revision, body)
        for platform, address in chats
        for body in bodies
    ])  # fmt: skip


def _taken(taken: Step, verdict: Verdict | None) -> Taken | None:
    for fact in taken.facts:
        if fact.choice is not None and verdict is not None:
            return Taken(fact.scene, fact.choice, counted=_counted(verdict, fact.choice))
    return None


def _counted(verdict: Verdict, winner: str) -> Counted:
    tally = verdict.tally
    shares: Sequence[int] = tally.percent()
    percent = shares[tally.choices.index(winner)] if winner in tally.choices else 0
    return Counted(verdict.why, percent, tally.voters)
