"""The billboard of Telegram's groups: tally and countdown under a scene."""

from __future__ import annotations

from collections.abc import Callable

from telegram.error import TelegramError

from adapters import billboard
from adapters.button import Buttons
from adapters.telegram.chat import PLATFORM, Chat, chat_at
from adapters.telegram.sender import Sender
from adapters.telegram.stand import Stand, stand_of
from adapters.telegram.standing import Standing, Standings
from adapters.telegram.ticker import MARKS
from adapters.words import words
from bot.rooms import Rooms
from bot.rooms.booth import Booth
from bot.store.port import Store

GAP = 4.0
"""Seconds between two edits in a chat: with the scenes themselves that stays below Telegram's 20 a minute."""

Posting = billboard.Posting[Chat, Standing, Stand]


class Billboard(billboard.Billboard[Chat, Standing, Stand]):
    """All rooms of one bot."""

    faults = (TelegramError,)
    marks = MARKS

    def __init__(
        self, rooms: Rooms, store: Store, sender: Sender, standings: Standings, buttons: Buttons,
        now: Callable[[], int], mine: Callable[[Chat], bool], gap: float = GAP,
    ) -> None:  # fmt: skip
        super().__init__(rooms, now, gap, mine)
        self._store = store
        self._sender = sender
        self._standings = standings
        self._buttons = buttons

    async def find(self, session: int) -> list[tuple[Chat, Standing]]:
        """See the base."""
        booth = await self._rooms.look(session)
        if booth is None:
            return []
        found = []
        for address in booth.addresses(PLATFORM):
            standing = await self._standings.of(chat_at(address), session)
            if standing is not None and standing.waits and standing.revision == booth.row.revision:
                found.append((chat_at(address), standing))
        return found

    def chat(self, place: Chat) -> int:
        """A chat's topics share its limits."""
        return place.id

    def spare(self, place: Chat) -> bool:
        """See the base."""
        return self._sender.pace.spare(place.address)

    def stand(self, booth: Booth) -> Stand:
        """See the base."""
        return stand_of(booth, self._buttons, words(booth.card.language), self._now())

    def worth_it(self, says: Stand | None, stand: Stand) -> bool:
        """See the base."""
        return worth_it(says, stand)

    async def edit(self, posting: Posting, stand: Stand) -> None:
        """See the base."""
        standing = posting.message
        html = f"{standing.html}\n\n{stand.below}".strip() if stand.below else standing.html
        await self._sender.edit(posting.place, standing.message, html or "…", stand.keyboard, caption=standing.caption)

    async def settle(self, posting: Posting) -> None:
        """See the base."""
        await self._standings.keep(posting.place, posting.session, posting.message.settled(), self._now())


def worth_it(says: Stand | None, stand: Stand) -> bool:
    """Whether anybody would see a difference that is worth an edit, be it sooner than the clock's next mark."""
    if says is None or says.tally is None or stand.tally is None:
        return says != stand
    return stand.tally.worth_showing(says.tally) or _pressed_for(stand) != _pressed_for(says)


def _pressed_for(stand: Stand) -> list[object]:
    """What can be pressed."""
    return [button.callback_data for row in stand.rows for button in row]
