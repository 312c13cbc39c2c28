"""A billboard: keeps what a group sees under a scene true, with few edits whatever the crowd.

One task for each message that shows a room. It writes when something changed or a mark of the countdown is passed,
never sooner than some seconds after the last time in that chat, and not while the chat has no turns to spare.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Protocol, TypeVar

import structlog

from bot.delivery.delivery import Gone, Later, Unshowable
from bot.rooms import Rooms
from bot.rooms.booth import Booth
from bot.store.errors import StoreError

log = structlog.get_logger()

BREATH = 1.0
"""Seconds until a chat without turns to spare, or a store at fault, is looked at again."""

MOST_CHATS = 5_000
"""Chats whose last edit is remembered."""


class Message(Protocol):
    """The message that shows a room's scene of that revision."""

    @property
    def revision(self) -> int: ...


Place = TypeVar("Place", bound=Hashable)
Shown = TypeVar("Shown", bound=Message)
Says = TypeVar("Says")


@dataclass(slots=True, eq=False)
class Posting(Generic[Place, Shown, Says]):
    """The message of a room, and what it says by now."""

    place: Place
    session: int
    message: Shown
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    down: bool = False
    says: Says | None = None


class Billboard(ABC, Generic[Place, Shown, Says]):
    """All rooms of one bot."""

    faults: ClassVar[tuple[type[Exception], ...]] = ()
    """What the platform raises: the message is then left as it is."""
    marks: ClassVar[tuple[int, ...]] = ()
    """Seconds left at which the countdown is written anew; none where the platform counts down by itself."""

    def __init__(
        self, rooms: Rooms, now: Callable[[], int], gap: float, mine: Callable[[Place], bool] = lambda _: True
    ) -> None:
        """`gap`: seconds between two edits in a chat; `mine`: whether it is this worker that writes there."""
        self._rooms = rooms
        self._now = now
        self._gap = gap
        self._mine = mine
        self._postings: defaultdict[int, dict[Place, Posting[Place, Shown, Says]]] = defaultdict(dict)
        self._tasks: set[asyncio.Task[None]] = set()
        self._finding: dict[int, asyncio.Task[None]] = {}
        self._last: dict[Hashable, float] = {}

    # -- what differs from platform to platform

    @abstractmethod
    async def find(self, session: int) -> Sequence[tuple[Place, Shown]]:
        """Where the room was shown in an earlier life and still waits for votes. Raises `StoreError`, `ValueError`."""

    @abstractmethod
    def chat(self, place: Place) -> Hashable:
        """The chat whose edits are counted together."""

    @abstractmethod
    def spare(self, place: Place) -> bool:
        """Whether the chat has a turn to spare."""

    @abstractmethod
    def stand(self, booth: Booth) -> Says:
        """What is to be seen of the room as it stands."""

    @abstractmethod
    def worth_it(self, says: Says | None, stand: Says) -> bool:
        """Whether anybody would see a difference that is worth an edit, be it sooner than the clock's next mark."""

    @abstractmethod
    async def edit(self, posting: Posting[Place, Shown, Says], stand: Says) -> None:
        """Write it."""

    @abstractmethod
    async def settle(self, posting: Posting[Place, Shown, Says]) -> None:
        """The room has ended: nothing more will be written there."""

    # -- the rooms

    def touch(self, session: int) -> None:
        """Something about that room has changed."""
        postings = self._postings.get(session)
        if postings:
            for posting in postings.values():
                posting.changed.set()
        else:
            self._find_soon(session)

    def put(self, place: Place, session: int, message: Shown, says: Says | None = None) -> None:
        """The room is voted on in that message from now on."""
        before = self._postings[session].get(place)
        if before is not None:
            before.down = True
            before.changed.set()
        posting = Posting(place, session, message, says=says)
        if says is not None:
            self._written(place)
        # Looked at once right away: the room may have changed while its message was on the way.
        posting.changed.set()
        self._postings[session][place] = posting
        task = asyncio.create_task(self._run(posting))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(posting, done))

    async def take_down(self, place: Place, session: int) -> None:
        """Write no more there; afterwards no edit is on its way."""
        posting = self._postings.get(session, {}).pop(place, None)
        if posting is None:
            return
        posting.down = True
        posting.changed.set()
        async with posting.writing:
            pass

    def resume(self) -> None:
        """After a start, and when chats are taken over from another worker: tallies and countdowns shown before go on;
        where the store is at fault, with the next vote.
        """
        task = asyncio.create_task(self._resume())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _resume(self) -> None:
        try:
            running = await self._rooms.ticking()
        except StoreError as error:
            log.warning("rooms_unread", error=str(error))
            return
        for session in running:
            self._find_soon(session)

    def _find_soon(self, session: int) -> None:
        if session not in self._finding:
            task = self._finding[session] = asyncio.create_task(self._find(session))
            task.add_done_callback(lambda _: self._finding.pop(session, None))

    async def close(self) -> None:
        """Stop all."""
        tasks = [*self._tasks, *self._finding.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _find(self, session: int) -> None:
        """A room that was shown in an earlier life: its message is kept true again."""
        try:
            found = await self.find(session)
        except (StoreError, ValueError) as error:
            log.warning("billboard_unread", error=type(error).__name__)
            return
        for place, message in found:
            if place not in self._postings.get(session, {}) and self._mine(place):
                self.put(place, session, message)

    # -- one room

    async def _run(self, posting: Posting[Place, Shown, Says]) -> None:
        while not posting.down:
            try:
                at_mark = await self._until_worth_it(posting)
                await self._until_in_turn(posting)
                if not await self._write(posting, at_mark):
                    return
            except Later as later:
                posting.changed.set()
                await asyncio.sleep(later.seconds)
            except StoreError:
                posting.changed.set()
                await asyncio.sleep(BREATH)
            except Exception as error:
                if not isinstance(error, (*self.faults, Gone, Unshowable)):
                    log.exception("billboard_failed")
                    return
                # The next scene is a message of its own; this one is left as it is.
                log.info("billboard_left", error=type(error).__name__)
                return

    async def _until_worth_it(self, posting: Posting[Place, Shown, Says]) -> bool:
        """Until something changed, or the time left passes a mark: whether it was that."""
        booth = await self._rooms.look(posting.session) if self.marks else None
        left = None if booth is None else seconds_left(booth, self._now())
        mark = None if left is None else next((mark for mark in self.marks if mark < left), None)
        try:
            async with asyncio.timeout(None if left is None or mark is None else left - mark):
                await posting.changed.wait()
        except TimeoutError:
            return True
        return False

    async def _until_in_turn(self, posting: Posting[Place, Shown, Says]) -> None:
        chat = self.chat(posting.place)
        while not posting.down:
            wait = self._last.get(chat, 0.0) + self._gap - time.monotonic()
            if wait <= 0 and self.spare(posting.place):
                return
            await asyncio.sleep(wait if wait > 0 else BREATH)

    async def _write(self, posting: Posting[Place, Shown, Says], at_mark: bool) -> bool:
        """Write what is true now. False: there is nothing more to write."""
        posting.changed.clear()
        async with posting.writing:
            booth = await self._rooms.look(posting.session)
            if posting.down or booth is None or booth.row.revision != posting.message.revision:
                return False
            if not self._mine(posting.place):
                return False
            stand = self.stand(booth)
            if (at_mark and stand != posting.says) or self.worth_it(posting.says, stand):
                self._written(posting.place)
                await self.edit(posting, stand)
                posting.says = stand
            if booth.ended:
                await self.settle(posting)
            return not booth.ended

    def _written(self, place: Place) -> None:
        if len(self._last) >= MOST_CHATS:
            self._last.clear()
        self._last[self.chat(place)] = time.monotonic()

    def _ended(self, posting: Posting[Place, Shown, Says], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        postings = self._postings.get(posting.session, {})
        if postings.get(posting.place) is posting:
            del postings[posting.place]
        if not postings:
            self._postings.pop(posting.session, None)


def seconds_left(booth: Booth, now: int) -> float | None:
    """Seconds until the ballot closes; None while no clock runs."""
    ballot = booth.room.ballot
    if ballot is None or ballot.closes is None or not booth.open:
        return None
    return max(0.0, (ballot.closes - now) / 1000)
