"""The store's port: what any durable store must do. tests/bot/store holds every store to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

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
    """An agenda row: at `at` (Unix ms) something of `kind` falls due for that session's revision."""

    at: int
    kind: str
    session: int
    revision: int
    payload: bytes = b""
    id: int = 0


@record(frozen=True, slots=True)
class Commit:
    """One step, to be written whole or not at all.

    `expected` is the revision the step was made from (None: the session is new). Agenda rows of the
    session's earlier revisions are removed in the same transaction. `done` names the agenda row that caused
    it, if one did.
    """

    event: EventKey
    session: Session
    expected: int | None
    cards: tuple[OutboxCard, ...] = ()
    agenda: tuple[Due, ...] = ()
    facts: tuple[Fact, ...] = ()
    done: int | None = None


class Outcome(Enum):
    """What became of a commit."""

    COMMITTED = "committed"
    DUPLICATE = "duplicate"
    """The event was already committed: nothing was changed."""
    CONFLICT = "conflict"
    """The session is no longer at `expected` (a new one: the viewer has one in that story). Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An event that was set aside after failing too often, for the operator."""

    event: EventKey
    error: str
    at: int


class Store(Protocol):
    """Durable state. Every coroutine raises `StoreError` (bot.store.errors) when the database is at fault, which may
    pass, and `Unstorable` when what it was given is. After a `StoreError` a commit may be made again as it was.
    """

    async def open(self) -> None:
        """Connect and migrate. Raises `StoreError` when the database is newer, damaged, or unwritable."""

    async def close(self) -> None:
        """Finish what is queued, then disconnect."""

    async def viewer(self, platform: str, user: str) -> Viewer:
        """The viewer behind an identity, made on first sight."""

    async def speak(self, viewer: int, language: str) -> None:
        """Remember the language a viewer chose."""

    async def session(self, id: int, owner: Identity | None = None) -> Session | None:
        """The session, or None when there is none; with an owner, also when it is not theirs."""

    async def session_in(self, viewer: int, story: str) -> Session | None:
        """The viewer's one session in that story."""

    async def sessions_of(self, viewer: int) -> Sequence[Session]:
        """All of a viewer's sessions, the latest first."""

    async def commit(self, commit: Commit) -> Outcome:
        """Write one step. Returns after it is durable."""

    async def seen(self, event: EventKey) -> bool:
        """Whether that event is already committed."""

    async def pending(self, platform: str, after: int, limit: int) -> Sequence[OutboxCard]:
        """Undelivered cards with an id above `after`, in order of id."""

    async def delivered(self, ids: Sequence[int]) -> None:
        """These cards have been shown."""

    async def attempted(self, id: int, error: str) -> None:
        """A delivery failed: count it and keep the error."""

    async def due(self, now: int, limit: int) -> Sequence[Due]:
        """Agenda rows that have fallen due, the oldest first."""

    async def next_due(self) -> int | None:
        """When the next agenda row falls due (Unix ms), or None."""

    async def drop_due(self, id: int) -> None:
        """An agenda row that has become void."""

    async def keep_version(self, story: str, version: str, sources: str, at: int) -> None:
        """Keep a story version's source (JSON: path -> text), once, so that sessions pinned to it can go on."""

    async def version(self, story: str, version: str) -> str | None:
        """The source kept for that version."""

    async def choice_counts(self, story: str, scene: str) -> dict[str, int]:
        """How often each choice of a scene was taken, by choice id, over all sessions of the story."""

    async def clip_file(self, bot: str, clip: str) -> str | None:
        """The platform's own file id for a clip (by digest), per bot."""

    async def keep_clip_file(self, bot: str, clip: str, file_id: str) -> None: ...

    async def set_aside(self, trouble: Trouble) -> None:
        """Put an event aside with its error; a second time replaces the first."""

    async def troubles(self, limit: int) -> Sequence[Trouble]:
        """Events set aside, the latest first."""
