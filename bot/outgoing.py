"""What leaves with a step: the commit with its cards for the outbox and its timers for the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.delivery.parcel import Taken, wrap
from bot.event import Event
from bot.play.card import Card
from bot.play.fact import Fact
from bot.play.step import Step
from bot.store.port import Commit, Due, OutboxCard, Session


def record_of(event: Event, session: Session, taken: Step, expected: int | None) -> Commit:
    """The step as rows: cards only for platforms that want them pushed, timers only where we keep the time."""
    agenda: tuple[Due, ...] = ()
    if not event.keeps_time:
        agenda = tuple([Due(timer.at, timer.kind, session.id, session.revision) for timer in taken.agenda])
    cards = _cards(session, taken) if event.pushes else ()
    return Commit(event.key, session, expected, cards, agenda, taken.facts)


def _cards(session: Session, step: Step) -> tuple[OutboxCard, ...]:
    """The step's cards for the outbox: the first says what was taken, the last when time runs out."""
    platform, _, address = (session.address or "").partition(":")
    if not address:
        return ()
    last = len(step.cards) - 1
    return tuple([
        OutboxCard(platform, address, session.id, session.revision, wrap(
            session,
            card,
            _taken(step.facts) if number == 0 else None,
            step.branch_state.deadline if number == last else None,
        ))
        for number, card in enumerate(step.cards)
    ])  # fmt: skip


def in_no_hurry(session: Session, cards: Sequence[Card]) -> tuple[OutboxCard, ...]:
    """Cards for the session's chat that belong to no step, and so to no timer."""
    platform, _, address = (session.address or "").partition(":")
    if not address:
        return ()
    return tuple([
        OutboxCard(platform, address, session.id, session.revision, wrap(session, replace(card, within=None)))
        for card in cards
    ])  # fmt: skip


def _taken(facts: tuple[Fact, ...]) -> Taken | None:
    """The choice that made the step, if one did."""
    for fact in facts:
        if fact.choice is not None:
            return Taken(fact.scene, fact.choice, fact.kind == "timeout")
    return None
