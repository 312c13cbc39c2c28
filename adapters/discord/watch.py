"""Watch-alongs in a server's channels: how they begin, now or later."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from adapters.discord.arrival import EPHEMERAL, Arrival
from adapters.discord.calendar import Calendar
from adapters.discord.card import Sheet
from adapters.discord.notices import PLANNED
from adapters.discord.panel import panel_of
from adapters.discord.permission import IN_CHANNEL, IN_THREAD, NEW_THREADS, may_make_events, missing, named
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.text import bold
from adapters.discord.trouble import PASSING
from adapters.discord.voice import Voice
from adapters.words import Words, words
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.delivery.parcel import Note, wrap_note
from bot.library import UnknownStory
from bot.rooms.plans import plan_missed
from bot.store.port import EventKey, OutboxCard
from bot.story.story import Story
from bot.watch.rules import Fork, Rules

log = structlog.get_logger()


UNTOLD = "en-US"
"""The language of a server whose owner never chose one: only communities can (Discord, guild)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What /watch asks for."""

    story: str
    rules: Rules
    thread: bool = False
    """Whether the room gets a thread of its own."""
    start: int | None = None
    """Unix ms; None: now."""


class Watch:
    """One bot's. Raises `StoreError`, and what `Sender` raises where nothing could be answered."""

    def __init__(self, shop: Shop, calendar: Calendar) -> None:
        self._shop = shop
        self._rooms = shop.rooms
        self._calendar = calendar

    async def begin(self, voice: Voice, wanted: Wanted) -> None:
        """Begin a room, now or later; where it cannot be, say why and what to do."""
        await voice.defer()
        await self._begin(voice, wanted)

    async def again(self, voice: Voice, watched: str) -> None:
        """Begin once more what was watched in that session, with the same rules; where it was only a guest, its roles
        are another server's, and the usual ones do. Buttons of before name a story.
        """
        await voice.defer()
        booth = await self._rooms.look(int(watched)) if watched.isdecimal() else None
        if booth is None:
            await self._begin(voice, Wanted(watched, Rules()))
            return
        home = voice.arrived.at_home(booth.row.platform, booth.row.address)
        await self._begin(voice, Wanted(booth.story.id, booth.room.rules if home else Rules()))

    async def _begin(self, voice: Voice, wanted: Wanted) -> None:
        arrived, said = voice.arrived, words(voice.arrived.language)
        refusal = self._refusal(arrived, wanted, said)
        if refusal:
            await voice.say(refusal)
        elif wanted.start is not None:
            await self._planned(voice, wanted, wanted.start, said)
        else:
            await self._begun(voice, wanted, said)

    def _refusal(self, arrived: Arrival, wanted: Wanted, said: Words) -> str:
        """Why there can be no such room; empty where it can."""
        if arrived.guild is None:
            return said("watch_private")
        try:
            story = self._shop.app.library.story(wanted.story)
        except UnknownStory as error:
            return said("room_story_broken" if error.problems else "room_story_unknown")
        if not has_choices(story):
            return said("room_no_choices", title=bold(_title(story, arrived)))
        if wanted.rules.fork is not Fork.NEVER and (wanted.thread or arrived.parent is not None):
            return said("room_split_in_thread")
        lacking = missing(arrived.may, *_needed(arrived, wanted))
        return said("room_missing", names=named(lacking, said), channel=f"<#{arrived.channel}>") if lacking else ""

    async def _begun(self, voice: Voice, wanted: Wanted, said: Words) -> None:
        arrived = voice.arrived
        address = await self._address(voice, wanted, said)
        if address is None:
            return
        await self._shop.app.store.find_chat(PLATFORM, address)
        language = await self._language(arrived)
        gathered = await self._rooms.gather(
            arrived.key, PLATFORM, arrived.voter.id, address, wanted.story, language, wanted.rules, arrived.at
        )
        if gathered.session is None:
            await voice.say(said("room_over"))
        elif gathered.begun:
            await self._told(voice, gathered.session, said, address)
        elif arrived.steward or await self._rooms.leads(gathered.session, arrived.voter, arrived.at):
            # Its card may have been deleted, and its buttons with it.
            await self._rooms.show_again(arrived.key, PLATFORM, address, arrived.at)
            await self._told(voice, gathered.session, said, address, said("watch_shown_again"))
        else:
            await voice.say(said("watch_running"))

    async def _language(self, arrived: Arrival) -> str | None:
        """The server's language; where that is only the one that every server begins with, its host's."""
        if arrived.guild_language not in ("", UNTOLD):
            return arrived.guild_language
        viewer = await self._shop.app.store.viewer(PLATFORM, arrived.person)
        return viewer.language or arrived.language or None

    async def _address(self, voice: Voice, wanted: Wanted, said: Words) -> str | None:
        """The channel, or a thread of its own; None where none could be made."""
        arrived = voice.arrived
        if not wanted.thread:
            return str(arrived.channel)
        story = self._shop.app.library.story(wanted.story)
        try:
            return str(await self._shop.sender.thread(arrived.channel, f"🍿 {_title(story, arrived)}"))
        except (*PASSING, Gone, Later, Unshowable) as error:
            log.info("thread_not_made", error=type(error).__name__)
            await voice.say(said("room_no_thread"))
            return None

    async def _told(self, voice: Voice, session: int, said: Words, address: str, happened: str = "") -> None:
        """The host gets the panel at once: nobody else sees it."""
        booth = await self._rooms.look(session)
        if booth is None or booth.ended:
            await voice.say(said("room_begun", channel=f"<#{address}>"))
        else:
            await voice.show(panel_of(booth, self._shop, said, happened).message(EPHEMERAL))

    async def _planned(self, voice: Voice, wanted: Wanted, start: int, said: Words) -> None:
        """A watch-along later: in the server's calendar where we may write into it."""
        arrived = voice.arrived
        story = self._shop.app.library.story(wanted.story)
        address = await self._address(voice, wanted, said)
        if address is None:
            return
        event = None
        if may_make_events(arrived.may):
            event = await self._calendar.enter(arrived, address, story, start, wanted.rules)
        plan = await self._rooms.plan(
            arrived.key, PLATFORM, arrived.voter.id, address, wanted.story,
            await self._language(arrived), wanted.rules, start,
        )  # fmt: skip
        if plan is None:
            if event is not None:
                await self._calendar.strike(arrived.guild or 0, event)
            await voice.say(said("room_plans_full"))
            return
        if event is not None:
            await self._calendar.keep(address, event, arrived.guild or 0, plan, arrived.at)
        note = wrap_note(Note(PLANNED, "0", {"plan": str(plan.id)}))
        await self._shop.app.post(
            EventKey(PLATFORM, f"{PLANNED}:{plan.id}"), [OutboxCard(PLATFORM, address, 0, 0, note)]
        )
        key = "room_planned" if event is not None else "room_planned_no_event"
        stamp = f"<t:{start // 1000}:F>"
        await voice.say(said(key, title=bold(_title(story, arrived)), when=stamp))

    async def unplan(self, voice: Voice, id: int) -> None:
        """Its host, or who manages events here, calls a planned watch-along off."""
        voice.patient()
        arrived, said = voice.arrived, words(voice.arrived.language)
        plan = await self._rooms.plan_of(id)
        if plan is None:
            await voice.say(said("room_plan_gone"))
        elif arrived.voter.id != plan.host and not arrived.voter_in(plan.platform, plan.address).steward:
            await voice.say(said("host_only"))
        else:
            await self._rooms.unplan(id)
            await self._calendar.missed(plan.address, id, arrived.at)
            await voice.update(Sheet(None, (words(plan.wanted.language)("room_called_off"),)).message())

    async def struck(self, location: str, event: int) -> None:
        """Somebody took an event out of the calendar: what was planned for it is off, and its channel is told."""
        planned = await self._calendar.planned(location, event)
        plan = None if planned is None else await self._rooms.plan_of(planned)
        if plan is not None and await self._rooms.unplan(plan.id):
            await self._shop.app.post(EventKey(PLATFORM, f"struck:{plan.id}"), plan_missed(plan, "calendar"))


def _here(arrived: Arrival) -> tuple[int, ...]:
    return IN_CHANNEL if arrived.parent is None else IN_THREAD


def _needed(arrived: Arrival, wanted: Wanted) -> tuple[int, ...]:
    """What the bot must be allowed for that room. A split makes threads as well, but none can be made in a thread."""
    if wanted.thread:
        return NEW_THREADS
    splits = wanted.rules.fork is not Fork.NEVER and arrived.parent is None
    return (*_here(arrived), *NEW_THREADS) if splits else _here(arrived)


def has_choices(story: Story) -> bool:
    """Whether there is anything to vote on."""
    return any(scene.choices for scene in story.scenes.values())


def _title(story: Story, arrived: Arrival) -> str:
    return story.wording(arrived.guild_language or arrived.language).plain("title")
