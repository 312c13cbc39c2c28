"""The one door: every event of every platform comes in here, and leaves durable or not at all."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace

import structlog

from bot.delivery.parcel import wrap
from bot.event import Answer, Event, Open, Tell
from bot.library import Library, UnknownStory
from bot.moves import Moves
from bot.play.dice import seeded
from bot.play.event import Begin, Restart
from bot.play.event import Event as PlayEvent
from bot.play.state import BranchState, pack, unpack
from bot.play.step import Reason, Refused, Step, carried, retell, show, step
from bot.store.errors import StoreError
from bot.store.port import Commit, Due, OutboxCard, Outcome, Session, Store, Trouble, Viewer
from bot.story.story import Story

log = structlog.get_logger()

ATTEMPTS = 3
"""Tries at an event that our own code fails on, before it is set aside and no longer holds up the others."""

ID_BITS = 62
"""Random bits of a session's id and seed: unguessable, and inside SQLite's and PostgreSQL's 64-bit integers."""


class UnknownSession(LookupError):
    """No such session, or it is somebody else's; the two are not told apart."""


class SetAside(Exception):
    """The event could not be handled and was put where the operator sees it. Acknowledge it and go on."""


class App:
    """Loads, steps and commits. Knows no platform; many events may be in hand at once."""

    def __init__(self, store: Store, library: Library) -> None:
        self.store = store
        self.library = library
        self.moves = Moves()

    async def handle(self, event: Event) -> Answer:
        """Take an event to its end: when this returns, what it did is durable and it may be acknowledged.

        Raises `UnknownStory`, `UnknownSession` and `SetAside` (acknowledge those), and `StoreError` (do not: the
        platform is to send the event again).
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._handle(event)
            except (StoreError, UnknownStory, UnknownSession):
                raise
            except Exception as error:
                log.exception("event_failed", platform=event.key.platform, event=event.key.id, attempt=attempt)
                failure = error
        reason = f"{type(failure).__name__}: {failure}"
        await self.store.set_aside(Trouble(event.key, reason, event.at))
        raise SetAside(reason) from failure

    async def current(self, platform: str, user: str, session_id: int) -> Answer:
        """A viewer's session as it stands. Raises `UnknownSession`."""
        _, session = await self._own(platform, user, session_id)
        return await self._current(session, None)

    # -- the way of one event

    async def _handle(self, event: Event) -> Answer:
        """Load, step, commit; when somebody else was faster, load and step again."""
        while True:
            what = event.what
            answer = await (self._open(event, what) if isinstance(what, Open) else self._tell(event, what))
            if answer is not None:
                return answer

    async def _open(self, event: Event, what: Open) -> Answer | None:
        viewer = await self.store.viewer(event.key.platform, event.user)
        session = await self.store.session_in(viewer.id, what.story)
        if session is not None:
            return await self._current(session, None)
        story = self.library.story(what.story)
        language = what.language or viewer.language or story.language
        fresh = _new_session(viewer, story, event)
        begun = step(story, None, Begin(language), event.at, seeded(fresh.seed, 0))
        return await self._commit(event, story, fresh, begun, expected=None)

    async def _tell(self, event: Event, told: Tell) -> Answer | None:
        if event.done is None:
            _, session = await self._own(event.key.platform, event.user, told.session)
        else:
            session = await self._session(told.session)
        story = await self.library.version(session.story, session.version)
        state = unpack(story, session.state)
        try:
            story, taken = self._step(story, state, session, told.what, event.at)
        except Refused as refused:
            return await self._refused(event, session, refused.reason)
        return await self._commit(event, story, session, taken, expected=session.revision)

    def _step(
        self, story: Story, state: BranchState, session: Session, what: PlayEvent, now: int
    ) -> tuple[Story, Step]:
        """The step; a restart begins with the newest version of the story."""
        newest = self.library.stories.get(story.id)
        if isinstance(what, Restart) and newest is not None and newest.version != story.version:
            story, state = newest, carried(story, state, newest)
        return story, step(story, state, what, now, seeded(session.seed, state.revision + 1))

    async def _commit(
        self, event: Event, story: Story, session: Session, taken: Step, expected: int | None
    ) -> Answer | None:
        """Write the step whole. None: the session moved meanwhile, so step again from where it is."""
        state = taken.branch_state
        moved = replace(
            session,
            version=story.version,
            revision=state.revision,
            state=pack(story, state),
            address=event.address or session.address,
            updated=event.at,
        )
        outcome = await self.store.commit(_record(event, moved, taken, expected))
        if outcome is Outcome.CONFLICT:
            return None
        if outcome is Outcome.DUPLICATE:
            return await self._repeated(await self._session(session.id))
        self.moves.tell(moved.id, moved.revision)
        return Answer(moved, story, state, taken.cards)

    async def _refused(self, event: Event, session: Session, reason: Reason) -> Answer:
        """Nothing changes. An event that was counted before gets its own answer again, without a reproach."""
        if event.done is not None:
            await self.store.drop_due(event.done)
        if reason is Reason.MOVED_ON and await self.store.seen(event.key):
            return await self._repeated(session)
        return await self._current(session, reason)

    async def _repeated(self, session: Session) -> Answer:
        story = await self.library.version(session.story, session.version)
        state = unpack(story, session.state)
        return Answer(session, story, state, retell(story, state))

    async def _current(self, session: Session, notice: Reason | None) -> Answer:
        story = await self.library.version(session.story, session.version)
        state = unpack(story, session.state)
        return Answer(session, story, state, (show(story, state),), notice)

    async def _own(self, platform: str, user: str, session_id: int) -> tuple[Viewer, Session]:
        """A viewer and their session, read together. Raises `UnknownSession`."""
        viewer, session = await asyncio.gather(self.store.viewer(platform, user), self.store.session(session_id))
        if session is None or session.viewer != viewer.id:
            raise UnknownSession(str(session_id))
        return viewer, session

    async def _session(self, session_id: int) -> Session:
        session = await self.store.session(session_id)
        if session is None:
            raise UnknownSession(str(session_id))
        return session


def _new_session(viewer: Viewer, story: Story, event: Event) -> Session:
    return Session(
        id=secrets.randbits(ID_BITS),
        viewer=viewer.id,
        story=story.id,
        version=story.version,
        seed=secrets.randbits(ID_BITS),
        revision=0,
        state=b"",
        address=event.address,
        updated=event.at,
    )


def _record(event: Event, session: Session, taken: Step, expected: int | None) -> Commit:
    """The step as rows: cards only for platforms that want them pushed, timers only where we keep the time."""
    cards: tuple[OutboxCard, ...] = ()
    platform, _, address = (session.address or "").partition(":")
    if address:
        cards = tuple(
            OutboxCard(platform, address, session.id, session.revision, wrap(session, card)) for card in taken.cards
        )
    agenda = (
        ()
        if event.keeps_time
        else tuple(Due(timer.at, timer.kind, session.id, session.revision) for timer in taken.agenda)
    )
    return Commit(event.key, session, expected, cards, agenda, taken.facts, event.done)
