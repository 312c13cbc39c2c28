"""The player: what one member does for themselves, in answers that only they see or in direct messages."""

from __future__ import annotations

import structlog

from adapters.button import Tap
from adapters.discord.arrival import Arrival
from adapters.discord.card import ASKS, bare
from adapters.discord.place import PLATFORM, whisper
from adapters.discord.screen import Screen
from adapters.discord.shop import Shop
from adapters.discord.text import bold, plain
from adapters.discord.trouble import PASSING
from adapters.discord.voice import Voice
from adapters.words import words
from bot.app import SetAside, UnknownSession
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.delivery.parcel import Taken
from bot.event import Answer, Event, Open, Tell
from bot.library import UnknownStory
from bot.play.event import Choose, Restart, Rewind, Speak
from bot.play.event import Event as PlayEvent
from bot.play.path import choice_points
from bot.store.port import Due

log = structlog.get_logger()

CLOCK = 3_600_000
"""Milliseconds after a step in which its clock may still run: ten minutes at the most, after all its clips."""

ANSWER, LABEL, TEXT_INPUT = "answer", 45, 4
"""The field of a question, the characters of its label, and its type (Discord, text input)."""


class Player:
    """One bot's. Raises `StoreError`."""

    def __init__(self, shop: Shop, screen: Screen) -> None:
        self._shop = shop
        self._app = shop.app
        self._screen = screen

    async def play(self, voice: Voice, story: str, *, direct: bool = False) -> None:
        """Begin a story, or show where the viewer is in it; in direct messages where they want that."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        language = viewer.language or arrived.language or None
        address = await self._address(voice, story, language, direct=direct)
        if address is None:
            return
        here = f"{PLATFORM}:{address}"
        await self._leave_others(here, viewer.id, story, arrived.at)
        pushes = not address.startswith(whisper(arrived.user))
        session = await self._app.store.session_in(viewer.id, story)
        if session is not None and pushes:
            await self._app.push(PLATFORM, arrived.person, session.id, arrived.key, here)
        try:
            answer = await self._app.handle(
                Event(arrived.key, arrived.person, Open(story, language), arrived.at, here, pushes=pushes)
            )
        except UnknownStory as error:
            await voice.say(said("room_story_broken" if error.problems else "room_story_unknown"))
            return
        if pushes:
            await voice.say(said("direct_begun", channel=f"<#{address}>"))
        else:
            await self._screen.answer(voice, answer)

    async def _address(self, voice: Voice, story: str, language: str | None, *, direct: bool) -> str | None:
        """Where cards go; None where there are to be direct messages and the viewer takes none."""
        arrived = voice.arrived
        if arrived.direct:
            return str(arrived.channel)
        if not direct:
            return whisper(arrived.user)
        try:
            channel = await self._shop.sender.direct(arrived.user)
            # There is such a channel with everybody; only a message tells whether they take any.
            if (told := self._app.library.stories.get(story)) is not None:
                title = bold(told.wording(language or "").plain("title"))
                await self._shop.sender.send(channel, f"title {arrived.id}", bare(f"🎬 {title}"))
            return str(channel)
        except (*PASSING, Gone, Later, Unshowable) as error:
            log.info("no_direct_messages", error=type(error).__name__)
            await voice.say(words(arrived.language)("direct_closed"))
            return None

    async def _leave_others(self, here: str, viewer: int, story: str, at: int) -> None:
        """A story that is left waits: its clock must not push a scene into the one that is played now."""
        for session in await self._app.store.sessions_of(viewer):
            if session.story != story and session.address == here and at - session.updated < CLOCK:
                await self._app.store.drop_due(Due(0, "timeout", session.id, session.revision))

    async def go_on(self, voice: Voice, session: int | None = None) -> None:
        """Show where the viewer is, in the session asked for or the one played last."""
        arrived = voice.arrived
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        sessions = await self._app.store.sessions_of(viewer.id)
        wanted = next((one for one in sessions if session in (None, one.id)), None)
        if wanted is None:
            await voice.say(words(arrived.language)("direct_no_session"))
        else:
            await self.play(voice, wanted.story)

    # -- what is pressed

    async def tap(self, voice: Voice, tap: Tap, text: str | None = None) -> None:
        """A choice, with the text it asks for."""
        if tap.choice.startswith(ASKS):
            await self._ask(voice, Tap(tap.session, tap.revision, tap.choice[1:]))
        else:
            await self.tell(voice, tap.session, Choose(tap.revision, tap.choice, text))

    async def restart(self, voice: Voice, session: int, revision: int) -> None:
        """From the beginning."""
        await self.tell(voice, session, Restart(revision))

    async def rewind(self, voice: Voice, session: int, revision: int, to: int) -> None:
        """Back to a choice point."""
        await self.tell(voice, session, Rewind(revision, to))

    async def speak(self, voice: Voice, language: str) -> None:
        """Another language, for the bot and for the story that was played last."""
        arrived = voice.arrived
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        await self._app.store.speak(viewer.id, language)
        for session in (await self._app.store.sessions_of(viewer.id))[:1]:
            event = Event(arrived.key, arrived.person, Tell(session.id, Speak(session.revision, language)), arrived.at)
            try:
                await self._app.handle(event)
            except (UnknownSession, UnknownStory, SetAside) as error:
                log.info("language_not_told", error=type(error).__name__)
        await voice.say(plain(words(language)("language_set")))

    async def tell(self, voice: Voice, session: int, what: PlayEvent) -> None:
        """Something happens in a session: what follows is shown where it was pressed."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        address = str(arrived.channel) if arrived.direct and not arrived.ephemeral else whisper(arrived.user)
        pushes = not address.startswith(whisper(arrived.user))
        here = f"{PLATFORM}:{address}"
        event = Event(arrived.key, arrived.person, Tell(session, what), arrived.at, here, pushes=pushes)
        try:
            answer = await self._app.handle(event)
        except UnknownSession:
            await voice.say(said("direct_not_yours"))
        except (SetAside, UnknownStory):
            await voice.say(said("trouble"))
        else:
            await self._answered(voice, answer, what, pushes=pushes)

    async def _answered(self, voice: Voice, answer: Answer, what: PlayEvent, *, pushes: bool) -> None:
        said = words(answer.state.language)
        under = plain(said(answer.notice.value)) if answer.notice is not None else ""
        if pushes:
            await (voice.say(under) if under else voice.nothing())
            return
        if not under and isinstance(what, Choose):
            under = await self._screen.chosen(answer.story, _taken(answer), answer.state.language)
        await self._screen.answer(voice, answer, under=under, update=voice.arrived.ephemeral)

    async def _ask(self, voice: Voice, tap: Tap) -> None:
        """A choice that asks for a text first: a small form."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        try:
            answer = await self._app.current(PLATFORM, arrived.person, tap.session)
        except UnknownSession:
            await voice.say(said("direct_not_yours"))
            return
        option = next((one for one in answer.cards[-1].options if one.id == tap.choice), None)
        if option is None or option.ask is None or answer.session.revision != tap.revision:
            await self.tell(voice, tap.session, Choose(tap.revision, tap.choice))
            return
        field = {
            "type": TEXT_INPUT, "custom_id": ANSWER, "style": 1, "label": option.label[:LABEL] or "…",
            "max_length": option.ask, "min_length": 1, "required": True, "placeholder": said("ask_placeholder"),
        }  # fmt: skip
        token = self._shop.buttons.tap(tap.session, tap.revision, tap.choice)
        form = {"custom_id": f"tap:{token}", "title": option.label[:LABEL] or "…"}
        await voice.ask({**form, "components": [{"type": 1, "components": [field]}]})

    async def forget(self, arrived: Arrival) -> None:
        """Everything about the viewer goes."""
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        addresses = [(PLATFORM, whisper(arrived.user))]
        mine = {session.address for session in await self._app.store.sessions_of(viewer.id) if session.address}
        addresses += [(PLATFORM, one.removeprefix(f"{PLATFORM}:")) for one in mine if one.startswith(f"{PLATFORM}:")]
        await self._app.forget(viewer.id, addresses)
        self._screen.forget(arrived.user)


def _taken(answer: Answer) -> Taken | None:
    """The choice that led to where the viewer is."""
    points = choice_points(answer.state.path)
    return Taken(points[-1].scene, points[-1].choice, points[-1].timed_out) if points else None
