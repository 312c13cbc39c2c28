"""The one door: every event of every platform comes in here, and leaves durable or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.carriers import Carriers
from bot.crew import Alone, Topic, Workers
from bot.delivery.reason import reason_of
from bot.event import Answer, Event, Join, Open, Tell
from bot.library import Library, UnknownStory
from bot.moves import Moves
from bot.outgoing import in_no_hurry, record_of
from bot.play.carry import carried
from bot.play.dice import seeded
from bot.play.event import Admit, Adopt, Begin, Restart
from bot.play.event import Event as PlayEvent
from bot.play.resettle import resettled
from bot.play.state import pack
from bot.play.step import Reason, Refused, Step, show, step
from bot.recent import Place, Recent
from bot.standing import Standings, UnknownSession, new_session
from bot.store.drafts import Moved
from bot.store.errors import StoreError, Unstorable
from bot.store.port import Commit, EventKey, Identity, OutboxCard, Outcome, Session, Store, Trouble
from bot.story.story import Story
from bot.toll import NOTHING, Tolls

__all__ = ["App", "SetAside", "UnknownSession"]

log = structlog.get_logger()

ATTEMPTS = 3
"""Tries at an event that our own code fails on, before it is set aside and no longer holds up the others."""

ADMISSION = ":admit"
"""What follows the id of an event in that of the admission it leads to."""


class SetAside(Exception):
    """The event could not be handled and was put where the operator sees it. Acknowledge it and go on."""


class App:
    """Loads, steps and commits. Knows no platform; many events may be in hand at once."""

    def __init__(self, store: Store, library: Library, crew: Workers | None = None) -> None:
        """`crew`: the workers that share the store; None where this is the only one."""
        self.store = store
        self.library = library
        self.crew = crew or Alone()
        self.crew.news.listen(Topic.PLACES, lambda _: self.forget_places())
        self.crew.news.listen(Topic.STORIES, lambda _: library.look())
        self.figures = store.figures
        self.moves = Moves()
        self._recent = Recent()
        self._tolls = Tolls(store)
        self._standings = Standings(store, library, self._tolls)
        self.carriers = Carriers(self.crew)
        self.deliveries = self.carriers.deliveries
        self._on_places: list[Callable[[], None]] = []

    def handle(self, event: Event) -> Coroutine[Any, Any, Answer]:
        """Take an event to its end: when this returns, what it did is durable and it may be acknowledged.

        Raises `UnknownStory`, `UnknownSession` and `SetAside` (acknowledge those), and `StoreError` (do not: the
        platform is to send the event again).
        """
        trace = self.figures.trace
        handled = self._handle(event)
        return handled if trace is None else trace.around(handled, "event", platform=event.key.platform)

    async def _handle(self, event: Event) -> Answer:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                # Load, step, commit; when somebody else was faster, load and step again.
                while (answer := await self._take(event)) is None:
                    pass
                return answer
            except StoreError:
                self.figures.counted(event.key.platform, "unsaved")
                raise
            except (UnknownStory, UnknownSession):
                raise
            except Exception as error:
                log.exception("event_failed", platform=event.key.platform, id=ascii(event.key.id), attempt=attempt)
                failure = error
        self.figures.counted(event.key.platform, "set_aside")
        reason = reason_of(failure)
        await self._set_aside(Trouble(event.key, reason, event.at))
        raise SetAside(reason) from failure

    async def current(self, platform: str, user: str, session_id: int) -> Answer:
        """A viewer's session as it stands. Raises `UnknownSession`."""
        session = await self._standings.session(session_id, Identity(platform, user))
        return await self._standings.current(session, None)

    async def push(self, platform: str, user: str, session_id: int, key: EventKey, address: str | None = None) -> bool:
        """The viewer goes on in a chat, the session's own or the one at `address`: the current card is put there,
        once for that key.

        False where there is no such chat. No clock runs for that card. Raises `UnknownSession`.
        """
        answer = await self.current(platform, user, session_id)
        session = answer.session if address is None else replace(answer.session, address=address)
        cards = in_no_hurry(session, answer.cards)
        if cards and await self.store.post(key, cards) is Outcome.COMMITTED:
            self.carriers.call(cards)
        return bool(cards)

    async def admit(self, key: EventKey, platform: str, user: str, story: str, at: int) -> Answer | None:
        """After a purchase, the viewer goes on where they wait; after a refund, they are held where they stand.

        `key` is of the event that told of it, and may be counted already. None where nothing changes for the viewer,
        as when it is called again. Raises what `handle` does.
        """
        viewer = await self.store.viewer(platform, user)
        admission = EventKey(platform, key.id + ADMISSION)
        while (session := await self.store.session_in(viewer.id, story)) is not None:
            place = await self._standings.place(session)
            if await self._tolls.settled(place):
                return None
            told = Tell(session.id, Admit(place.state.revision))
            answer = await self.handle(Event(admission, user, told, at, keeps_time=session.address is None))
            if answer.notice is not Reason.MOVED_ON:
                return answer
        return None

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """A chat has another id from now on. Raises `StoreError`."""
        await self.store.move_chat(platform, old, new)
        # The places remembered have the old address, and would write it back with the next step.
        self.forget_places()
        self.crew.news.tell(Topic.PLACES)

    async def merge(self, key: EventKey, source: int, into: int, given_up: Sequence[int], code: str) -> Outcome:
        """Two viewers are one from now on; see the store. Raises `StoreError` and `Unstorable`."""
        outcome = await self.store.merge(source, into, given_up, key, code)
        # The places remembered are those of a viewer who is gone, or sessions that are.
        self.forget_places()
        self.crew.news.tell(Topic.PLACES)
        return outcome

    async def forget(self, viewer: int, addresses: Sequence[tuple[str, str]]) -> None:
        """Everything of that viewer goes, and what waits for their chats (platform, address); see the store. Raises
        `StoreError`.
        """
        await self.store.forget(viewer, addresses)
        self.forget_places()
        self.crew.news.tell(Topic.PLACES)

    def forget_places(self) -> None:
        """Sessions have other owners or addresses than they had, or are gone, and so are their cards."""
        self._recent.clear()
        self.carriers.forgot()
        for heard in self._on_places:
            heard()

    def listen_places(self, listener: Callable[[], None]) -> None:
        """Have `listener` called whenever `forget_places` is, whichever worker it began at."""
        self._on_places.append(listener)

    async def spread(self, story: str, done: Sequence[Moved]) -> None:
        """A story was published anew, or is not played any more: tell everybody who must know."""
        try:
            await self.library.refresh()
        except StoreError:
            self.library.look()  # it is published all the same, and is looked for again
        self.forget_places()
        self.crew.news.tell(Topic.STORIES, story)
        for one in done:
            if one.after.revision != one.before.revision:
                self.moves.tell(one.after.id, one.after.revision)
            self.carriers.call(one.cards)

    async def post(self, key: EventKey | None, cards: Sequence[OutboxCard]) -> None:
        """Put what belongs to no step into the outbox, once for that key. Raises `StoreError`."""
        if await self.store.post(key, cards) is Outcome.COMMITTED:
            self.carriers.call(cards)

    # -- the way of one event

    def _take(self, event: Event) -> Awaitable[Answer | None]:
        """One try; None when the session moved meanwhile."""
        what = event.what
        if isinstance(what, Tell):
            return self._tell(event, what)
        return self._open(event, what) if isinstance(what, Open) else self._join(event, what)

    async def _open(self, event: Event, what: Open) -> Answer | None:
        viewer = await self.store.viewer(event.key.platform, event.user)
        session = await self.store.session_in(viewer.id, what.story)
        if session is not None:
            return await self._opened(event, session)
        story = self.library.story(what.story)
        language = what.language or viewer.language or story.language
        fresh = new_session(viewer, story, event)
        begun = step(story, None, Begin(language), event.at, seeded(fresh.seed, 0))
        return await self._commit(event, story, fresh, begun, expected=None)

    async def _join(self, event: Event, what: Join) -> Answer | None:
        """Where the sharer stood, in the version they play; in place of where the viewer was in that story."""
        source = await self._standings.place(await self._standings.session(what.session, None))
        story = source.story
        viewer = await self.store.viewer(event.key.platform, event.user)
        mine = await self.store.session_in(viewer.id, story.id)
        session = mine or new_session(viewer, story, event)
        state = None if mine is None else (await self._standings.place(mine)).state
        language = story.language if state is None else state.language
        wanted = (what.language if state is None else None) or viewer.language or language
        adopt = Adopt(source.state, what.to, wanted, None if state is None else state.revision)
        try:
            taken = step(
                story, state, adopt, event.at, seeded(session.seed, 0 if state is None else state.revision + 1)
            )
        except Refused as refused:
            raise UnknownSession(str(what.session)) from refused
        return await self._commit(event, story, session, taken, expected=None if mine is None else mine.revision)

    async def _opened(self, event: Event, session: Session) -> Answer | None:
        """Where the viewer was; for the event that began the session, its beginning once more."""
        if session.revision == 0 and await self.store.seen(event.key):
            return await self._standings.repeated(event, session)
        place = await self._standings.place(session)
        if await self._tolls.settled(place):
            return await self._standings.current(session, None)
        return await self._admit(event, place)

    async def _tell(self, event: Event, told: Tell) -> Answer | None:
        # What the agenda brings is nobody's; everything else must come from the session's own viewer.
        owner = None if event.done is not None else Identity(event.key.platform, event.user)
        remembered = self._recent.place(told.session, owner)
        if remembered is not None and not self.library.holds(remembered.story):
            remembered = None  # the story was stopped, or has other clips
        place = remembered or await self._standings.place(await self._standings.session(told.session, owner))
        if self.library.is_behind(place.story):
            landed = await self._landed(event, place)
            if not isinstance(landed, Place):
                self._recent.forget(told.session)
                return landed
            place = landed
        try:
            what = await self._tolls.passed(place, told.what) if place.story.priced else told.what
            story, taken = self._step(place, what, event.at)
        except Refused as refused:
            if remembered is None:
                return await self._refused(event, place.session, refused.reason)
        else:
            answer = await self._commit(event, story, place.session, taken, expected=place.session.revision)
            if answer is not None:
                self._recent.keep(owner, Place(answer.session, answer.story, answer.state))
                return answer
        self._recent.forget(told.session)
        return None

    async def _landed(self, event: Event, place: Place) -> Place | Answer | None:
        """A session that a publication has left behind, where it stands in the newest version. Where the viewer must be
        told, that is all that the event does: the answer, or None when the session moved meanwhile.
        """
        story = await self.library.successor(place.story)
        if story is None:
            return place
        _, state = resettled(place.story, place.state, story)
        if state.revision == place.state.revision:
            session = replace(place.session, version=story.version, state=pack(story, state))
            return Place(session, story, state)
        taken = Step(state, (show(story, state),), (), ())
        return await self._commit(event, story, place.session, taken, expected=place.session.revision)

    def _step(self, place: Place, what: PlayEvent, now: int) -> tuple[Story, Step]:
        """The step; a restart begins with the newest version of the story."""
        story, state = place.story, place.state
        newest = self.library.stories.get(story.id)
        if isinstance(what, Restart) and newest is not None and newest.version != story.version:
            story, state = newest, carried(story, state, newest)
        return story, step(story, state, what, now, seeded(place.session.seed, state.revision + 1))

    async def _admit(self, event: Event, place: Place) -> Answer | None:
        """Let the viewer in, or hold them, as what they have bought now says. None: the session moved meanwhile."""
        story, taken = self._step(place, Admit(place.state.revision), event.at)
        return await self._commit(event, story, place.session, taken, expected=place.session.revision)

    async def _held(self, event: Event, answer: Answer) -> Answer:
        """The answer; with what follows it, if what it waits for was bought between the look and the commit."""
        place = Place(answer.session, answer.story, answer.state)
        if await self._tolls.settled(place):
            return answer
        key = EventKey(event.key.platform, event.key.id + ADMISSION)
        further = await self._admit(replace(event, key=key, done=None), place)
        return answer if further is None else replace(further, cards=(*answer.cards[:-1], *further.cards))

    async def _commit(
        self, event: Event, story: Story, session: Session, taken: Step, expected: int | None
    ) -> Answer | None:
        """Write the step whole. None: the session moved meanwhile, so step again from where it is."""
        granted = NOTHING
        if story.priced:
            taken, granted = await self._tolls.held(story, session.viewer, taken)
        state = taken.branch_state
        moved = Session(
            id=session.id,
            viewer=session.viewer,
            story=session.story,
            version=story.version,
            seed=session.seed,
            revision=state.revision,
            state=pack(story, state),
            address=event.address or session.address,
            updated=event.at,
        )
        record = record_of(event, moved, taken, expected)
        outcome = await self.store.commit(record)
        if outcome is Outcome.CONFLICT:
            return None
        if outcome is Outcome.DUPLICATE:
            self.figures.counted(event.key.platform, "duplicate")
            return await self._standings.repeated(event, await self._standings.stored(session))
        self.figures.committed(event.key.platform, event.at)
        self._tell_others(record)
        answer = Answer(moved, story, state, taken.cards, granted=granted)
        return answer if state.held is None else await self._held(event, answer)

    def _tell_others(self, done: Commit) -> None:
        """Whoever watches or carries need not look for it."""
        self.moves.tell(done.session.id, done.session.revision)
        self.carriers.call(done.cards)

    async def _refused(self, event: Event, session: Session, reason: Reason) -> Answer:
        """Nothing changes. An event that was counted before gets its own answer again, without a reproach."""
        if event.done is not None:
            await self.store.drop_due(event.done)
        if reason is Reason.MOVED_ON and await self.store.seen(event.key):
            self.figures.counted(event.key.platform, "duplicate")
            return await self._standings.repeated(event, session)
        self.figures.counted(event.key.platform, "refused")
        return await self._standings.current(session, reason)

    async def _set_aside(self, trouble: Trouble) -> None:
        try:
            await self.store.set_aside(trouble)
        except Unstorable as error:
            # Not even the event's id can be kept; the log has it, and those behind it must not wait.
            log.error("event_unstorable", id=ascii(trouble.event.id), error=type(error).__name__)
