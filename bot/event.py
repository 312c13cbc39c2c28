"""An event: something that happened outside, as an adapter tells it to the one door."""

from __future__ import annotations

from dataclasses import dataclass

from bot.play import event as play
from bot.play.card import Card
from bot.play.state import BranchState
from bot.play.step import Reason
from bot.play.toll import Granted
from bot.record import record
from bot.store.port import Due, EventKey, Session
from bot.story.story import Story


@dataclass(frozen=True, slots=True)
class Open:
    """A viewer wants to play a story: it begins, or goes on where they were."""

    story: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A viewer wants to play on from a choice point that somebody shared: in the sharer's session, the `to`-th."""

    session: int
    to: int
    language: str | None = None


@record(frozen=True, slots=True)
class Tell:
    """Something happens in a session: a tap, a text, the clock."""

    session: int
    what: play.Event


@record(frozen=True, slots=True)
class Event:
    """`key` makes it one event however often it arrives; `at` is Unix ms.

    `address` is where the platform wants cards pushed to (None: it asks for them). `keeps_time` says that the
    platform's player runs the clock itself and tells when time is over. `pushes` is off when it shows the cards
    itself too, so that the chat the session goes on in need not.
    """

    key: EventKey
    user: str
    what: Open | Join | Tell
    at: int
    address: str | None = None
    keeps_time: bool = False
    done: Due | None = None
    """The agenda row that this event comes from, if it does."""
    pushes: bool = True


@record(frozen=True, slots=True)
class Answer:
    """What to show: the session as it is now and the cards of this event, or the current one with the reason why."""

    session: Session
    story: Story
    state: BranchState
    cards: tuple[Card, ...]
    notice: Reason | None = None
    granted: Granted = frozenset()
    """What the viewer has bought of the story, where it has prices."""
