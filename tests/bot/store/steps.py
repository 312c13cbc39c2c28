"""Steps to commit, with only what a test cares about spelled out."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from bot.play.fact import Fact, FactKind
from bot.store.port import Commit, Due, EventKey, OutboxCard, Outcome, Session, Store

STORY = "last-train"


def event(id: object = None) -> EventKey:
    """A key by that id, or one nobody has seen."""
    return EventKey("console", secrets.token_hex(8) if id is None else str(id))


async def begin(store: Store, user: str = "ann", story: str = STORY, **carried: Any) -> Session:
    """A session at revision 0 that the store has."""
    viewer = await store.viewer("console", user)
    session = Session(secrets.randbits(62), viewer.id, story, "v1", 7, 0, b"at whistle", "chat-1", 1_000)
    assert await store.commit(Commit(event(), session, None, **carried)) is Outcome.COMMITTED
    return session


def after(session: Session, **changes: Any) -> Session:
    """The session one revision on."""
    return replace(session, revision=session.revision + 1, **changes)


def step(session: Session, key: EventKey | None = None, **carried: Any) -> Commit:
    """The next step of that session."""
    return Commit(key or event(), after(session), session.revision, **carried)


def card(session: Session, body: bytes = b"card", address: str = "chat-1", platform: str = "console") -> OutboxCard:
    return OutboxCard(platform, address, session.id, session.revision, body)


def due(session: Session, at: int, revision: int | None = None, kind: str = "deadline") -> Due:
    return Due(at, kind, session.id, session.revision if revision is None else revision, b"payload")


def chose(choice: str | None, scene: str = "whistle", kind: FactKind = "choice") -> Fact:
    return Fact(kind, scene, choice, 2_000, 350)
