"""What passes through the store's port. All times are Unix milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bot.play.fact import Fact
from bot.record import record


@record(frozen=True, slots=True)
class EventKey:
    """What makes an event one event: its platform and the id that platform (or its adapter) gave it."""

    platform: str
    id: str


@record(frozen=True, slots=True)
class Identity:
    """Who a viewer is on a platform, by the platform's own id for a user."""

    platform: str
    user: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person. `language` is what they chose, or None while they have not."""

    id: int
    language: str | None


@record(frozen=True, slots=True)
class Session:
    """A viewer's place in a story, pinned to a version. `state` is what `bot.play.state.pack` wrote.

    `id` is 62 random bits, `seed` fits in signed 64 bits; `address` is where pushed cards go (None: the platform
    asks for its cards); times are Unix milliseconds.
    """

    id: int
    viewer: int
    story: str
    version: str
    seed: int
    revision: int
    state: bytes
    address: str | None
    updated: int


@record(frozen=True, slots=True)
class OutboxCard:
    """A card to deliver, opaque to the store. Cards of one chat (platform, address) go out in order of `id`."""

    platform: str
    address: str
    session: int
    revision: int
    body: bytes
    id: int = 0
    """Given by the store; 0 before it is written."""
    attempts: int = 0


@record(frozen=True, slots=True)
class Due:
    """An agenda row: at `at` (Unix ms) something of `kind` falls due for that session's revision, which has at most one
    of a kind.
    """

    at: int
    kind: str
    session: int
    revision: int
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Leases:
    """What workers have to themselves at `now` (Unix ms, by the database's clock): the worker of each name."""

    now: int
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A watch-along: the chat it is in, its ballot, and `body`, opaque to the store. Its session is owned by a viewer
    without a face, who has the identity ("room", `code`); no two rooms have one code.

    `revision` is the one the ballot is for, `open` whether it takes votes; `version` counts how often the room was
    written.
    """

    session: int
    code: str
    platform: str
    address: str
    revision: int
    open: bool
    body: bytes
    version: int
    ended: bool = False


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A ballot that was decided at `at`, to be counted again with its votes. `winner` is the id of the choice taken.

    `host` is a voter's id. No other id of a person may stand in `body`, opaque to the store: the host's is taken out
    of here when they are forgotten.
    """

    session: int
    revision: int
    host: str | None
    body: bytes
    winner: str
    at: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A watch-along to begin at `at` in that chat, hosted by a voter's id. `id` is 62 random bits; `body` is opaque to
    the store.
    """

    id: int
    platform: str
    address: str
    host: str
    at: int
    body: bytes


@record(frozen=True, slots=True)
class Commit:
    """One step, to be written whole or not at all.

    `expected` is the revision the step was made from (None: the session is new). `agenda` is for the session's new
    revision, and replaces what its earlier ones had in the agenda. `room` is inserted, or replaces the one stored,
    whose version must be below its own: give it one more than was read, so that what a host did meanwhile is a
    conflict and not undone. `ballot` is the one whose winner the step took: a revision has one.
    """

    event: EventKey
    session: Session
    expected: int | None
    cards: tuple[OutboxCard, ...] = ()
    agenda: tuple[Due, ...] = ()
    facts: tuple[Fact, ...] = ()
    room: RoomRow | None = None
    ballot: BallotRow | None = None


class Outcome(Enum):
    """What became of a commit."""

    COMMITTED = "committed"
    DUPLICATE = "duplicate"
    """The event was already committed: nothing was changed."""
    CONFLICT = "conflict"
    """The session is no longer at `expected` (a new one: the viewer has one in that story), or the room has changed,
    does not take this vote, or has a code that is taken. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An event that was set aside after failing too often, for the operator."""

    event: EventKey
    error: str
    at: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a session's card of that revision stands in a chat: which messages it is made of, opaque to the store."""

    platform: str
    address: str
    session: int
    revision: int
    body: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was paid for, under the platform's own id of the charge. `episode` "" is the whole story.

    `refunded` says when (Unix ms); of a viewer who was forgotten, `viewer` is None and `user` "".
    """

    charge: str
    platform: str
    user: str
    viewer: int | None
    story: str
    episode: str
    stars: int
    at: int
    refunded: int | None = None


@record(frozen=True, slots=True)
class VoteRow:
    """What a voter ("platform:user") wants at a revision: `ranking` is ids with spaces between, the dearest first."""

    session: int
    revision: int
    voter: str
    ranking: str
    weight: int
    at: int
