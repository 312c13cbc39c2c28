"""Watch-alongs in a server's channels: what is commanded, voted and pressed there."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import structlog

from adapters.button import Tap
from adapters.discord.arrival import EPHEMERAL, Arrival
from adapters.discord.calendar import Calendar
from adapters.discord.hall import Hall
from adapters.discord.panel import WISHES, panel_of
from adapters.discord.permission import may_make_events, missing, named
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.text import bold
from adapters.discord.trouble import PASSING
from adapters.discord.voice import Voice
from adapters.replies import VOTED
from adapters.words import Words, words
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.library import UnknownStory
from bot.rooms import Reply
from bot.rooms.booth import Booth
from bot.store.errors import StoreError
from bot.story.story import Story
from bot.watch.event import HandOver
from bot.watch.rules import Fork, Mode, Rules, Who

log = structlog.get_logger()

STORE_SECONDS = 10.0
"""For which a vote is tried again while the store is at fault: Discord does not send it again."""

STORE_PAUSE = 0.5

LOOK_EVERY = 60.0
"""Seconds between two looks at whether a host is still in the server."""

STEERED = {
    Reply.NOT_HOST: "host_only",
    Reply.LATE: "panel_moved_on",
    Reply.OVER: "room_over",
    Reply.NOTHING_TO_DO: "nothing_to_do",
}
DONE = {"pause": "watch_paused", "resume": "watch_resumed", "stop": "room_over"}


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

    def __init__(self, shop: Shop, hall: Hall, calendar: Calendar) -> None:
        self._shop = shop
        self._rooms = shop.rooms
        self._hall = hall
        self._calendar = calendar
        self._looked: dict[int, float] = {}

    # -- beginning

    async def begin(self, voice: Voice, wanted: Wanted) -> None:
        """Begin a room, now or later; where it cannot be, say why and what to do."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        await voice.defer()
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
        # A split makes threads as well.
        threads = wanted.thread or wanted.rules.fork is not Fork.NEVER
        lacking = missing(arrived.may, thread=threads)
        return said("room_missing", names=named(lacking, said), channel=f"<#{arrived.channel}>") if lacking else ""

    async def _begun(self, voice: Voice, wanted: Wanted, said: Words) -> None:
        arrived = voice.arrived
        address = await self._address(voice, wanted, said)
        if address is None:
            return
        await self._shop.app.store.find_chat(PLATFORM, address)
        language = arrived.guild_language or arrived.language or None
        gathered = await self._rooms.gather(
            arrived.key, PLATFORM, arrived.voter.id, address, wanted.story, language, wanted.rules, arrived.at
        )
        if not gathered.begun:
            await voice.say(said("watch_running"))
        elif gathered.session is not None:
            self._hall.hosted(gathered.session, arrived.name)
            await self._told(voice, gathered.session, said, address)

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

    async def _told(self, voice: Voice, session: int, said: Words, address: str) -> None:
        """The host gets the panel at once: nobody else sees it."""
        booth = await self._rooms.look(session)
        if booth is None or booth.ended:
            await voice.say(said("room_begun", channel=f"<#{address}>"))
        else:
            await voice.show(panel_of(booth, self._shop, said).message(EPHEMERAL))

    async def _planned(self, voice: Voice, wanted: Wanted, start: int, said: Words) -> None:
        """A watch-along later: in the server's calendar where we may write into it."""
        arrived = voice.arrived
        story = self._shop.app.library.story(wanted.story)
        address = await self._address(voice, wanted, said)
        if address is None:
            return
        event = None
        if may_make_events(arrived.may):
            event = await self._calendar.enter(arrived, story, start, wanted.rules)
        plan = await self._rooms.plan(
            arrived.key, PLATFORM, arrived.voter.id, address, wanted.story,
            arrived.guild_language or arrived.language or None, wanted.rules, start,
        )  # fmt: skip
        if plan is None:
            if event is not None:
                await self._calendar.strike(arrived.guild or 0, event)
            await voice.say(said("room_plans_full"))
            return
        if event is not None:
            await self._calendar.keep(address, event, arrived.guild or 0, plan, arrived.at)
        key = "room_planned" if event is not None else "room_planned_no_event"
        stamp = f"<t:{start // 1000}:F>"
        await voice.say(said(key, title=bold(_title(story, arrived)), when=stamp))

    # -- votes

    async def vote(self, voice: Voice, tap: Tap) -> None:
        """A vote. What is answered is durable."""
        voice.patient()
        arrived = voice.arrived
        reply, booth = await self._voted(arrived, tap)
        said = words(arrived.language)
        await voice.say(said("trouble") if reply is None else _answer(reply, tap, booth, said))

    async def _voted(self, arrived: Arrival, tap: Tap) -> tuple[Reply | None, Booth | None]:
        """What became of the vote (None where the store did not come back), and the room as it was before: the last
        vote may close the ballot, and its choices are gone then.
        """
        ends = time.monotonic() + STORE_SECONDS
        while True:
            try:
                booth = await self._rooms.look(tap.session)
                reply = await self._rooms.vote(
                    arrived.key, tap.session, tap.revision, tap.choice, arrived.voter, arrived.at
                )
                return reply, booth
            except StoreError as error:
                if time.monotonic() > ends:
                    log.error("vote_not_stored", error=str(error))
                    return None, None
                await asyncio.sleep(STORE_PAUSE)

    async def attend(self, voice: Voice, code: str) -> None:
        """This channel watches along in a room that was begun elsewhere."""
        voice.patient()
        arrived, said = voice.arrived, words(voice.arrived.language)
        lacking = [] if arrived.direct else missing(arrived.may, thread=False)
        if lacking:
            await voice.say(said("room_missing", names=named(lacking, said), channel=f"<#{arrived.channel}>"))
            return
        booth = await self._rooms.by_code(code.replace("-", "").replace(" ", ""))
        if booth is None or booth.ended:
            await voice.say(said("room_unknown"))
            return
        address = str(arrived.channel)
        await self._shop.app.store.find_chat(PLATFORM, address)
        reply = await self._rooms.attend(arrived.key, booth.row.session, PLATFORM, address, arrived.at)
        answers = {Reply.DONE: "room_attended", Reply.NOT_ALLOWED: "room_full"}
        await voice.say(said(answers.get(reply, "room_unknown")))

    async def join(self, voice: Voice, session: int) -> None:
        """Somebody wants to be one of those who vote."""
        said = words(voice.arrived.language)
        reply = await self._rooms.join(voice.arrived.key, session, voice.arrived.voter, voice.arrived.at)
        await voice.say(said("room_joined" if reply is Reply.DONE else "room_over"))

    # -- the host

    async def panel(self, voice: Voice, session: int, happened: str = "") -> None:
        """Everything a host can do, for the host alone; somebody else is told whose it is."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        booth = await self._rooms.look(session)
        if booth is None or booth.ended:
            await voice.say(said("room_over"))
        elif arrived.steward or await self._leads(arrived, booth):
            await voice.show(panel_of(booth, self._shop, said, happened).message(EPHEMERAL))
        else:
            await voice.say(said("host_only"))

    async def steer(self, voice: Voice, what: str, session: int, revision: int, *, panel: bool) -> None:
        """Do what the host wants. On the panel, the panel shows what came of it."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        voice.patient()
        wish = WISHES[what](arrived.voter, revision)
        reply = await self._rooms.control(arrived.key, session, wish, arrived.at)
        if what == "stop" and reply is Reply.DONE:
            await self._stopped(session, arrived.at)
        happened = said(DONE[what]) if what in DONE else ""
        if reply is not Reply.DONE:
            happened = said(STEERED.get(reply, "nothing_to_do"))
        await self._after(voice, session, happened, said, panel=panel)

    async def _stopped(self, session: int, at: int) -> None:
        booth = await self._rooms.look(session)
        if booth is not None and booth.row.platform == PLATFORM:
            await self._calendar.over(booth.row.address, at)

    async def hand_over(self, voice: Voice, session: int, to: str) -> None:
        """The host makes somebody else the host."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        wish = HandOver(arrived.voter, f"{PLATFORM}:{to}")
        reply = await self._rooms.control(arrived.key, session, wish, arrived.at)
        done = said("room_handed_over", host=f"<@{to}>")
        happened = done if reply is Reply.DONE else said(STEERED.get(reply, "nothing_to_do"))
        await self._after(voice, session, happened, said, panel=True)

    async def _after(self, voice: Voice, session: int, happened: str, said: Words, *, panel: bool) -> None:
        # Nothing but a panel may become one: elsewhere everybody would see it.
        booth = await self._rooms.look(session) if panel and voice.arrived.ephemeral else None
        if booth is not None:
            await voice.update(panel_of(booth, self._shop, said, happened).message())
        elif happened:
            await voice.say(happened)
        else:
            await voice.nothing()

    async def _leads(self, arrived: Arrival, booth: Booth) -> bool:
        """Whether somebody is the host by now: where the host has left the server, another takes over by rule."""
        session = booth.row.session
        if await self._rooms.leads(session, arrived.voter, arrived.at):
            return True
        host = booth.room.host
        if not await self._has_left(arrived, session, host):
            return False
        heir = await self._rooms.host_left(arrived.key, session, host or "", arrived.at)
        log.info("host_left", taken_over=heir is not None)
        return await self._rooms.leads(session, arrived.voter, arrived.at)

    async def _has_left(self, arrived: Arrival, session: int, host: str | None) -> bool:
        """Whether the host is no longer in the server; asked for once a minute at the most."""
        platform, _, user = (host or "").partition(":")
        if platform != PLATFORM or arrived.guild is None:
            return False
        if time.monotonic() - self._looked.get(session, -LOOK_EVERY) < LOOK_EVERY:
            return False
        self._looked[session] = time.monotonic()
        try:
            return not await self._shop.sender.is_member(arrived.guild, int(user))
        except (*PASSING, Later, Unshowable) as error:
            log.info("host_not_looked_up", error=type(error).__name__)
            return False


def has_choices(story: Story) -> bool:
    """Whether there is anything to vote on."""
    return any(scene.choices for scene in story.scenes.values())


def _title(story: Story, arrived: Arrival) -> str:
    return story.wording(arrived.guild_language or arrived.language).plain("title")


def _answer(reply: Reply, tap: Tap, booth: Booth | None, said: Words) -> str:
    """What a voter is told; where votes are ranked, what a press did to the order."""
    if reply is Reply.NOT_ALLOWED and booth is not None and booth.room.rules.who is Who.ROLE:
        return said("vote_role_only", role=f"<@&{booth.room.rules.role}>")
    counted = reply in (Reply.COUNTED, Reply.CHANGED)
    if not counted or booth is None or booth.row.revision != tap.revision:
        return said(VOTED.get(reply, "nothing_to_do"), label="✓")
    ballot = booth.room.ballot
    if ballot is not None and ballot.rules.mode is Mode.RANKED:
        return said("vote_ranked", label=bold(booth.label(tap.choice)))
    answer = said(VOTED[reply], label=bold(booth.label(tap.choice)))
    return f"{answer}\n-# {said('vote_may_change')}" if reply is Reply.COUNTED else answer
