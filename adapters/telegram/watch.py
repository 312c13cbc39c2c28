"""Watch-alongs in groups: what is commanded and pressed there, and how a scene that is voted on is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog
from telegram import InlineKeyboardButton
from telegram.error import TelegramError

from adapters.telegram.arrival import Arrival
from adapters.telegram.background import Background
from adapters.telegram.billboard import Billboard
from adapters.telegram.button import Press, Tap
from adapters.telegram.chat import PLATFORM, Chat
from adapters.telegram.command import Command
from adapters.telegram.files import Media
from adapters.telegram.page import Shop
from adapters.telegram.scene import page_button, scene_of
from adapters.telegram.sender import Look, Sender
from adapters.telegram.stand import Stand, stand_of, verdict_line
from adapters.telegram.standing import Standing, Standings
from adapters.telegram.text import bold, cut, plain
from adapters.words import Words, words
from bot.delivery.delivery import Gone, Later, Unshowable
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

NAME = 64
"""UTF-16 units of a host's name that are shown."""

RETRIES = 3
"""Tries at clearing away an old keyboard, which does no harm where it stays: its votes are late."""

LEAST_SECONDS, MOST_SECONDS = 5, 3_600
"""How long a vote may be made with /watch <story> <seconds>."""

MOST_NAMES = 1_000

VOTED = {
    Reply.COUNTED: "vote_counted",
    Reply.CHANGED: "vote_changed",
    Reply.SAME: "vote_same",
    Reply.LATE: "vote_late",
    Reply.PAUSED: "vote_paused",
    Reply.NOT_ALLOWED: "vote_not_allowed",
    Reply.NOT_OPEN: "vote_not_open",
    Reply.OVER: "watch_stopped",
}
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

    def __init__(self, shop: Shop, rooms: Rooms, sender: Sender, standings: Standings, background: Background) -> None:
        self._shop = shop
        self._rooms = rooms
        self._sender = sender
        self._standings = standings
        self._background = background
        self._billboard = Billboard(rooms, shop.app.store, sender, standings, shop.buttons, shop.now)
        self._names: dict[int, str] = {}
        """Hosts' names, from the command to the message that opens the room: they are kept nowhere else."""
        rooms.listen(self._billboard.touch)

    async def resume(self) -> None:
        """After a start: the tallies and countdowns shown before go on. Raises `StoreError`."""
        for session in await self._rooms.ticking():
            self._billboard.touch(session)

    async def close(self) -> None:
        """Write no more."""
        await self._billboard.close()

    # -- what is written and pressed

    async def command(self, arrived: Arrival, command: Command) -> bool:
        """A command in a group: whether it was one of ours."""
        if command.name == "watch":
            await self._wanted(arrived, command.words)
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
        if not wanted or rules is None:
            await self._note(arrived, "watch-usage")
        elif arrived.chat.private:
            await self._note(arrived, "watch-usage", said="watch_private")
        elif arrived.faceless:
            await self._note(arrived, "watch-usage", said="watch_anonymous")
        else:
            await self._begin(arrived, wanted[0].lower(), rules)

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
        elif gathered.session is not None and len(self._names) < MOST_NAMES:
            self._names[gathered.session] = arrived.name

    async def _note(self, arrived: Arrival, page: str, **about: str) -> None:
        note = Note(page, arrived.person, {"language": arrived.language, **about})
        card = OutboxCard(PLATFORM, arrived.chat.address, 0, 0, wrap_note(note))
        await self._shop.app.post(arrived.key, [card])

    # -- what is shown

    async def show(self, chat: Chat, story: Story, parcel: Parcel) -> None:
        """Show a room's card in its group; the message before keeps how its vote went, and loses its buttons."""
        said = words(parcel.card.language)
        before = await self._standings.of(chat, parcel.session)
        await self._billboard.take_down(parcel.session)
        if before is None and parcel.revision == 0:
            before = await self._opened(chat, story, parcel, said)
        under = verdict_line(story, parcel.card.language, parcel.taken, said) if parcel.taken is not None else ""
        stand = await self._stand(story, parcel, said)
        _, standing = await asyncio.gather(
            self._settled(chat, before, under), self._sent(chat, story, parcel, said, stand)
        )
        await self._standings.keep(chat, parcel.session, standing, self._shop.now())
        if standing.waits:
            self._billboard.put(chat, parcel.session, standing, stand)

    async def _opened(self, chat: Chat, story: Story, parcel: Parcel, said: Words) -> Standing:
        """The message that opens the room. It alone has the host's name."""
        booth = await self._rooms.look(parcel.session)
        seconds = (booth.room.rules if booth is not None else Rules()).seconds
        title = bold(story.wording(parcel.card.language).plain("title"))
        name = self._names.pop(parcel.session, None)
        if name is None:
            html = said("watch_begins_again", title=title, seconds=seconds)
        else:
            html = said("watch_begins", title=title, host=plain(cut(name, NAME)) or "…", seconds=seconds)
        message = await self._sender.text(chat, html)
        standing = Standing(-1, message, False, "", waits=False)
        # Kept at once: if the scene fails now and is tried again, the room is not opened a second time.
        await self._standings.keep(chat, parcel.session, standing, self._shop.now())
        return standing

    async def _stand(self, story: Story, parcel: Parcel, said: Words) -> Stand:
        """What stands under the card: the vote, or why there is none any more."""
        card, buttons = parcel.card, self._shop.buttons
        if card.toll is not None:
            title = bold(story.wording(card.language).plain(f"episode/{card.toll}"))
            alone = InlineKeyboardButton(said("watch_alone"), url=self._shop.bot.link(f"p-{story.id}"))
            return Stand(said("watch_toll", title=title), [[alone]])
        if card.stuck:
            return Stand(plain(said("watch_gap")), ())
        if card.ending is not None:
            again = page_button(buttons, said("watch_again"), "watch-begin", story.id)
            share = InlineKeyboardButton(said("share"), switch_inline_query=story.id)
            return Stand(plain(said("watch_over")), [[again], [share]])
        booth = await self._rooms.look(parcel.session) if card.options else None
        if booth is None or booth.row.revision != parcel.revision:
            return Stand("", ())
        return stand_of(booth, buttons, said, self._shop.now())

    async def _sent(self, chat: Chat, story: Story, parcel: Parcel, said: Words, stand: Stand) -> Standing:
        """Send the card as new messages; the last of them has the buttons."""
        card = replace(parcel.card, stuck=False)
        first, *others = scene_of(story, replace(parcel, card=card), self._shop.buttons, said).texts
        media = await self._media(story, parcel)
        message, caption = await self._clip(chat, story, media, said, first, Stand("", ()) if others else stand)
        last = first
        for number, last in enumerate(others, 1):
            bottom = stand if number == len(others) else Stand("", ())
            message = await self._sender.text(chat, _under(last, bottom.below), bottom.keyboard, reply=message)
        waits = stand.tally is not None
        return Standing(parcel.revision, message, caption and not others, last, waits)

    async def _media(self, story: Story, parcel: Parcel) -> Media | None:
        scene = story.scenes[parcel.card.scene]
        if parcel.card.toll is not None:
            return None
        seconds = story.seconds.get(scene.id, 0.0)
        return await self._sender.files.media(story, scene.clip, self._shop.now() / 1000, seconds)

    async def _clip(
        self, chat: Chat, story: Story, media: Media | None, said: Words, html: str, stand: Stand
    ) -> tuple[int, bool]:
        """The clip with its caption, else a text: the message, and whether its words are a caption."""
        look = Look(protect=story.protect, spoiler=story.covered)
        below = _under(html, stand.below)
        if media is not None:
            try:
                return await self._sender.video(chat, media, below, stand.keyboard, look=look), True
            except Unshowable as error:
                log.warning("clip_refused", story=story.id, error=str(error))
                below = _under(_link(media, said), below)
        return await self._sender.text(chat, below or "🎬", stand.keyboard, look=look), False

    # -- clearing away

    async def _settled(self, chat: Chat, before: Standing | None, under: str) -> None:
        """Clear away the card before. What goes wrong there never holds up the next scene."""
        if before is None or not (before.waits or (under and before.revision >= 0)):
            return
        try:
            await self._settle(chat, before, under)
        except Later as later:
            self._background.soon(self._settle_later(chat, before, under, later.seconds))
        except (TelegramError, Gone, Unshowable) as error:
            log.info("keyboard_left", error=type(error).__name__)

    async def _settle(self, chat: Chat, before: Standing, under: str) -> None:
        html = _under(before.html, under) or "…"
        await self._sender.edit(chat, before.message, html, None, caption=before.caption)

    async def _settle_later(self, chat: Chat, before: Standing, under: str, seconds: float) -> None:
        for _ in range(RETRIES):
            await asyncio.sleep(seconds)
            try:
                return await self._settle(chat, before, under)
            except Later as later:
                seconds = later.seconds
            except (TelegramError, Gone, Unshowable):
                return None
        return None


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


def _under(html: str, below: str) -> str:
    return f"{html}\n\n{below}".strip() if below else html


def _link(media: Media, said: Words) -> str:
    """A clip that Telegram does not take is a link to open."""
    links = [way for way in media.ways if isinstance(way, str) and way.startswith("https:")]
    return said("watch_clip", link=plain(links[-1])) if links else ""
