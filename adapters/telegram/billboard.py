"""The billboard: keeps what a group sees under a scene true, with few edits whatever the crowd.

One task for each room that is shown. It writes when something changed or a mark of the countdown is passed, never
sooner than some seconds after the last time in that chat, and not while the chat has no turns to spare.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from telegram.error import TelegramError

from adapters.button import Buttons
from adapters.telegram.chat import PLATFORM, Chat, chat_at
from adapters.telegram.sender import Sender
from adapters.telegram.stand import Stand, seconds_left, stand_of
from adapters.telegram.standing import Standing, Standings
from adapters.telegram.ticker import MARKS
from adapters.words import words
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.rooms import Rooms
from bot.rooms.booth import Booth
from bot.store.errors import StoreError
from bot.store.port import Store

log = structlog.get_logger()

GAP = 4.0
"""Seconds between two edits in a chat: with the scenes themselves that stays below Telegram's 20 a minute."""

BREATH = 1.0
"""Seconds until a chat without turns to spare, or a store at fault, is looked at again."""

MOST_CHATS = 5_000
"""Chats whose last edit is remembered."""


@dataclass(slots=True, eq=False)
class Posting:
    """The message of a room, and what it says by now."""

    chat: Chat
    session: int
    standing: Standing
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    down: bool = False
    says: Stand | None = None


class Billboard:
    """All rooms of one bot."""

    def __init__(
        self, rooms: Rooms, store: Store, sender: Sender, standings: Standings, buttons: Buttons,
        now: Callable[[], int], gap: float = GAP,
    ) -> None:  # fmt: skip
        self._rooms = rooms
        self._store = store
        self._sender = sender
        self._standings = standings
        self._buttons = buttons
        self._now = now
        self._gap = gap
        self._postings: dict[int, Posting] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._finding: dict[int, asyncio.Task[None]] = {}
        self._last: dict[int, float] = {}

    def touch(self, session: int) -> None:
        """Something about that room has changed."""
        posting = self._postings.get(session)
        if posting is not None:
            posting.changed.set()
        elif session not in self._finding:
            task = self._finding[session] = asyncio.create_task(self._find(session))
            task.add_done_callback(lambda _: self._finding.pop(session, None))

    def put(self, chat: Chat, session: int, standing: Standing, says: Stand | None = None) -> None:
        """The room is voted on in that message from now on."""
        before = self._postings.get(session)
        if before is not None:
            before.down = True
            before.changed.set()
        posting = Posting(chat, session, standing, says=says)
        if says is not None:
            self._written(chat)
        # Looked at once right away: the room may have changed while its message was on the way.
        posting.changed.set()
        self._postings[session] = posting
        task = self._tasks[session] = asyncio.create_task(self._run(posting))
        task.add_done_callback(lambda done: self._ended(posting, done))

    async def take_down(self, session: int) -> None:
        """Write no more there; afterwards no edit is on its way."""
        posting = self._postings.pop(session, None)
        if posting is None:
            return
        posting.down = True
        posting.changed.set()
        async with posting.writing:
            pass

    async def close(self) -> None:
        """Stop all."""
        tasks = [*self._tasks.values(), *self._finding.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- after a start

    async def _find(self, session: int) -> None:
        """A room that was shown in an earlier life: its message is kept true again."""
        try:
            row = await self._store.room(session)
            if row is None or row.platform != PLATFORM:
                return
            chat = chat_at(row.address)
            standing = await self._standings.of(chat, session)
        except (StoreError, ValueError) as error:
            log.warning("billboard_unread", error=type(error).__name__)
            return
        shown = standing is not None and standing.waits and standing.revision == row.revision
        if standing is not None and shown and session not in self._postings:
            self.put(chat, session, standing)
            self.touch(session)

    # -- one room

    async def _run(self, posting: Posting) -> None:
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
            except (TelegramError, Gone, Unshowable) as error:
                # The next scene is a message of its own; this one is left as it is.
                log.info("billboard_left", error=type(error).__name__)
                return

    async def _until_worth_it(self, posting: Posting) -> bool:
        """Until something changed, or the time left passes a mark: whether it was that."""
        booth = await self._rooms.look(posting.session)
        left = None if booth is None else seconds_left(booth, self._now())
        mark = None if left is None else next((mark for mark in MARKS if mark < left), None)
        try:
            async with asyncio.timeout(None if left is None or mark is None else left - mark):
                await posting.changed.wait()
        except TimeoutError:
            return True
        return False

    async def _until_in_turn(self, posting: Posting) -> None:
        while not posting.down:
            wait = self._last.get(posting.chat.id, 0.0) + self._gap - time.monotonic()
            if wait <= 0 and self._sender.pace.spare(posting.chat.address):
                return
            await asyncio.sleep(wait if wait > 0 else BREATH)

    async def _write(self, posting: Posting, at_mark: bool) -> bool:
        """Write what is true now. False: there is nothing more to write."""
        posting.changed.clear()
        async with posting.writing:
            booth = await self._rooms.look(posting.session)
            if posting.down or booth is None or booth.row.revision != posting.standing.revision:
                return False
            stand = stand_of(booth, self._buttons, words(booth.card.language), self._now())
            if (at_mark and stand != posting.says) or worth_it(posting.says, stand):
                self._written(posting.chat)
                await self._edit(posting, stand)
                posting.says = stand
            return not await self._over(posting, booth)

    async def _edit(self, posting: Posting, stand: Stand) -> None:
        standing = posting.standing
        html = f"{standing.html}\n\n{stand.below}".strip() if stand.below else standing.html
        await self._sender.edit(posting.chat, standing.message, html or "…", stand.keyboard, caption=standing.caption)

    async def _over(self, posting: Posting, booth: Booth) -> bool:
        if booth.ended:
            await self._standings.keep(posting.chat, posting.session, posting.standing.settled(), self._now())
        return booth.ended

    def _written(self, chat: Chat) -> None:
        if len(self._last) >= MOST_CHATS:
            self._last.clear()
        self._last[chat.id] = time.monotonic()

    def _ended(self, posting: Posting, task: asyncio.Task[None]) -> None:
        if self._postings.get(posting.session) is posting:
            del self._postings[posting.session]
        if self._tasks.get(posting.session) is task:
            del self._tasks[posting.session]


def worth_it(says: Stand | None, stand: Stand) -> bool:
    """Whether anybody would see a difference that is worth an edit, be it sooner than the clock's next mark."""
    if says is None or says.tally is None or stand.tally is None:
        return says != stand
    return stand.tally.worth_showing(says.tally) or _pressed_for(stand) != _pressed_for(says)


def _pressed_for(stand: Stand) -> list[object]:
    """What can be pressed."""
    return [button.callback_data for row in stand.rows for button in row]
