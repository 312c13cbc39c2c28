"""Watch-alongs in groups: what is commanded, voted and pressed there."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from adapters.button import Press, Tap
from adapters.replies import VOTED
from adapters.telegram.arrival import Arrival
from adapters.telegram.background import Background
from adapters.telegram.billboard import GAP, Billboard
from adapters.telegram.chat import PLATFORM, Chat
from adapters.telegram.command import Command
from adapters.telegram.hall import Hall
from adapters.telegram.page import Shop
from adapters.telegram.sender import Sender
from adapters.telegram.standing import Standings
from adapters.words import words
from bot.delivery.parcel import Note, Parcel, wrap_note
from bot.library import UnknownStory
from bot.rooms import Reply, Rooms
from bot.rooms.rooms import Wish
from bot.store.port import OutboxCard
from bot.story.story import Story
from bot.watch.event import CloseNow, Pause, Resume, Skip, Stop
from bot.watch.rules import Rules
from bot.watch.vote import Voter

log = structlog.get_logger()

LINK = "w-"
"""With what a link begins that adds the bot to a group and starts a story there (t.me/<bot>?startgroup=w-<story>)."""

ROOM = "r-"
"""With what a link begins that leads to a room, wherever that was begun (t.me/<bot>?start=r-<code>)."""

LEAST_SECONDS, MOST_SECONDS = 5, 3_600
"""How long a vote may be made with /watch <story> <seconds>."""

STEERED = {
    Reply.NOT_HOST: "host_only",
    Reply.LATE: "vote_late",
    Reply.OVER: "watch_stopped",
}
DONE = {"watch-pause": "watch_paused", "watch-resume": "watch_resumed", "watch-stop": "watch_stopped"}
"""What the host is told; after a close the next scene says it all."""

WISHES: dict[str, Callable[[Voter, int], Wish]] = {
    "watch-pause": lambda by, _: Pause(by),
    "watch-resume": lambda by, _: Resume(by),
    "watch-skip": Skip,
    "watch-close": CloseNow,
    "watch-stop": lambda by, _: Stop(by),
}


class Watch:
    """One bot's. What people want raises `StoreError`, what is shown raises what `Sender` raises."""

    def __init__(
        self, shop: Shop, rooms: Rooms, sender: Sender, standings: Standings, background: Background,
        mine: Callable[[Chat], bool], gap: float = GAP,
    ) -> None:  # fmt: skip
        """`mine`: whether it is this worker that writes in a chat; `gap`: seconds between two edits there."""
        self._shop = shop
        self._rooms = rooms
        self._billboard = Billboard(rooms, shop.app.store, sender, standings, shop.buttons, shop.now, mine, gap)
        self._hall = Hall(shop, rooms, sender, standings, self._billboard, background)
        rooms.listen(self._billboard.touch)

    def resume(self) -> None:
        """After a start, and when groups are taken over: tallies and countdowns shown before go on."""
        self._billboard.resume()

    async def close(self) -> None:
        """Write no more."""
        await self._billboard.close()

    # -- what is written and pressed

    def takes(self, command: Command) -> bool:
        """Whether a command in a private chat is about a watch-along."""
        return command.name in ("watch", "join") or (command.name == "start" and command.rest.startswith(ROOM))

    async def command(self, arrived: Arrival, command: Command) -> bool:
        """A command: whether it was one of ours."""
        if command.name == "watch":
            await self._wanted(arrived, command.words)
        elif command.name == "join":
            await self._joined(arrived, command.rest)
        elif command.name == "start" and command.rest.startswith(ROOM):
            await self._joined(arrived, command.rest.removeprefix(ROOM))
        elif command.name == "start":
            story = command.rest.removeprefix(LINK) if command.rest.startswith(LINK) else ""
            await self._wanted(arrived, [story] if story else [])
        elif command.name == "help":
            await self._note(arrived, "help")
        else:
            return False
        return True

    async def vote(self, arrived: Arrival, tap: Tap) -> str | None:
        """A vote: the words to answer the press with. They are said once it is durable."""
        said = words(arrived.language)
        if arrived.faceless:
            return said("vote_anonymous")
        voter = Voter(_identity(arrived))
        reply = await self._rooms.vote(arrived.key, tap.session, tap.revision, tap.choice, voter, arrived.at)
        if reply is Reply.OVER:
            self._billboard.touch(tap.session)
        booth = await self._rooms.look(tap.session) if reply in (Reply.COUNTED, Reply.CHANGED) else None
        label = booth.label(tap.choice) if booth is not None and booth.row.revision == tap.revision else "✓"
        return said(VOTED.get(reply, "nothing_to_do"), label=label)

    async def press(self, arrived: Arrival, pressed: Press) -> str | None:
        """A host's button, or a story that was chosen: the words to answer with."""
        if pressed.page == "watch-begin":
            await self._wanted(arrived, [pressed.about])
            return None
        wish = WISHES.get(pressed.page)
        said = words(arrived.language)
        if wish is None:
            return said("nothing_to_do")
        if arrived.faceless:
            return said("host_only")
        session, revision = map(int, pressed.about.split())
        wanted = wish(Voter(_identity(arrived)), revision)
        reply = await self._rooms.control(arrived.key, session, wanted, arrived.at)
        if reply is Reply.OVER:
            self._billboard.touch(session)
        if reply is Reply.DONE:
            return said(DONE[pressed.page]) if pressed.page in DONE else None
        return said(STEERED.get(reply, "nothing_to_do"))

    async def _wanted(self, arrived: Arrival, wanted: list[str]) -> None:
        """/watch <story> <seconds>; how it is used where no story is named, or none that there is."""
        rules = _rules(wanted[1:])
        if arrived.chat.private:
            await self._note(arrived, "stories", said="watch_private")
        elif not wanted or rules is None:
            await self._note(arrived, "watch-usage")
        elif arrived.faceless:
            await self._note(arrived, "watch-usage", said="watch_anonymous")
        else:
            await self._begin(arrived, wanted[0].lower(), rules)

    async def _joined(self, arrived: Arrival, code: str) -> None:
        """This chat watches along in a room that was begun elsewhere."""
        booth = await self._rooms.by_code(code.replace("-", "").replace(" ", "")) if code else None
        if booth is None or booth.ended:
            await self._note(arrived, "watch-usage", said="room_unknown")
            return
        session = booth.row.session
        reply = await self._rooms.attend(arrived.key, session, PLATFORM, arrived.chat.address, arrived.at)
        if reply is not Reply.DONE:
            await self._note(arrived, "watch-usage", said="room_full" if reply is Reply.NOT_ALLOWED else "room_unknown")

    async def _begin(self, arrived: Arrival, story: str, rules: Rules) -> None:
        try:
            gathered = await self._rooms.gather(
                arrived.key, PLATFORM, _identity(arrived), arrived.chat.address, story, arrived.language or None,
                rules, arrived.at,
            )  # fmt: skip
        except UnknownStory as error:
            await self._note(arrived, "watch-usage", said="story_broken" if error.problems else "story_unknown")
            return
        if not gathered.begun:
            await self._note(arrived, "watch-usage", said="watch_running")
        elif gathered.session is not None:
            self._hall.hosted(gathered.session, arrived.name)

    async def _note(self, arrived: Arrival, page: str, **about: str) -> None:
        note = Note(page, arrived.person, {"language": arrived.language, **about})
        card = OutboxCard(PLATFORM, arrived.chat.address, 0, 0, wrap_note(note))
        await self._shop.app.post(arrived.key, [card])

    async def show(self, chat: Chat, story: Story, parcel: Parcel) -> None:
        """Show a room's card in its group."""
        await self._hall.show(chat, story, parcel)


def _identity(arrived: Arrival) -> str:
    """Who votes or hosts, as rooms have it."""
    return f"{PLATFORM}:{arrived.user}"


def _rules(wanted: list[str]) -> Rules | None:
    """The rules of a new room; None where what was written makes no sense."""
    if not wanted:
        return Rules()
    seconds = wanted[0].removesuffix("s")
    if not (seconds.isascii() and seconds.isdigit() and LEAST_SECONDS <= int(seconds) <= MOST_SECONDS):
        return None
    return Rules(seconds=int(seconds))
