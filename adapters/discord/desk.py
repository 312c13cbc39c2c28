"""The desk: does what is commanded and pressed. When it has answered, that is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog

from adapters.button import Buttons, Forged, Press, Tap
from adapters.discord.arrival import EPHEMERAL, Arrival
from adapters.discord.ballots import Ballots
from adapters.discord.button import TAP, VOTE
from adapters.discord.card import ASKS, Sheet, attached
from adapters.discord.creators import Creators
from adapters.discord.pages import PAGES, Guest
from adapters.discord.panel import DO, HAND_OVER
from adapters.discord.place import PLATFORM
from adapters.discord.player import Player
from adapters.discord.shop import Shop
from adapters.discord.steering import Steering
from adapters.discord.text import plain
from adapters.discord.voice import Voice, Voices
from adapters.discord.watch import Wanted, Watch
from adapters.studio.sheet import PAGE as STUDIO
from adapters.words import words
from bot.delivery.reason import reason_of
from bot.link import Linked, Unlinked
from bot.store.errors import StoreError
from bot.store.port import Trouble

log = structlog.get_logger()

GRACE = 2.0
"""Seconds for what is in hand when the bot ends."""

UNLINKED = {Unlinked.WRONG: "link_wrong", Unlinked.OWN: "link_own", Unlinked.MANY: "link_many"}


class Desk:
    """One bot's."""

    def __init__(
        self, shop: Shop, voices: Voices, watch: Watch, ballots: Ballots, steering: Steering, player: Player,
        creators: Creators | None = None,
    ) -> None:  # fmt: skip
        self._shop = shop
        self._voices = voices
        self._watch = watch
        self._ballots = ballots
        self._steering = steering
        self._player = player
        self.creators = creators
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def _buttons(self) -> Buttons:
        return self._shop.buttons

    # -- whatever comes in, each in a task of its own

    def soon(self, arrived: Arrival, work: Coroutine[Any, Any, None], voice: Voice) -> None:
        """Do it, and say so when it cannot be done."""
        self._work(self._done(arrived, work, voice))

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(self, arrived: Arrival, work: Coroutine[Any, Any, None], voice: Voice) -> None:
        key = "trouble"
        try:
            await work
        except asyncio.CancelledError:
            voice.hush()
            raise
        except Forged:
            key = "discord_forged"
        except StoreError as error:
            log.warning("interaction_failed", error=str(error))
        except Exception as error:
            log.exception("interaction_failed")
            await self._set_aside(arrived, error)
        else:
            return
        await voice.say(words(arrived.language)(key))

    async def _set_aside(self, arrived: Arrival, error: Exception) -> None:
        try:
            await self._shop.app.store.set_aside(Trouble(arrived.key, reason_of(error), arrived.at))
        except StoreError as fault:
            log.warning("trouble_not_kept", error=str(fault))

    async def close(self) -> None:
        """Give what is in hand a moment, then cut it off."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def vote(self, arrived: Arrival, token: str) -> None:
        """A vote, as it came from the gateway."""
        voice = self._voices.to(arrived)
        self.soon(arrived, self._pressed(voice, VOTE, token, ()), voice)

    def press(self, arrived: Arrival, role: str, token: str, chosen: Sequence[str] = ()) -> None:
        """A button, or a menu with what was chosen in it."""
        voice = self._voices.to(arrived)
        self.soon(arrived, self._pressed(voice, role, token, tuple(chosen)), voice)

    def typed(self, arrived: Arrival, token: str, text: str) -> None:
        """The answer to a question."""
        voice = self._voices.to(arrived)
        self.soon(arrived, self._answered(voice, token, text), voice)

    def command(self, arrived: Arrival, name: str, about: str = "") -> None:
        """A command that shows a page or goes on."""
        voice = self._voices.to(arrived)
        self.soon(arrived, self._commanded(voice, name, about), voice)

    def play(self, arrived: Arrival, story: str, *, direct: bool) -> None:
        """/play with a story."""
        voice = self._voices.to(arrived)
        self.soon(arrived, self._playing(voice, story, direct=direct), voice)

    def studio(self, arrived: Arrival, do: Callable[[Creators, Voice], Coroutine[Any, Any, None]]) -> None:
        """Whatever a creator asks for; nothing where there is no studio."""
        if self.creators is not None:
            voice = self._voices.to(arrived)
            self.soon(arrived, do(self.creators, voice), voice)

    def watch(self, arrived: Arrival, wanted: Wanted) -> None:
        """/watch."""
        voice = self._voices.to(arrived)
        self.soon(arrived, self._watch.begin(voice, wanted), voice)

    def struck(self, location: str, event: int) -> None:
        """Somebody took an event out of a server's calendar."""
        self._work(self._struck(location, event))

    def attend(self, arrived: Arrival, code: str) -> None:
        """/join."""
        voice = self._voices.to(arrived)
        self.soon(arrived, self._ballots.attend(voice, code), voice)

    def refuse(self, arrived: Arrival, why: str) -> None:
        """What was asked for makes no sense."""
        voice = self._voices.to(arrived)
        self.soon(arrived, voice.say(words(arrived.language)(why)), voice)

    # -- what it does

    async def _struck(self, location: str, event: int) -> None:
        try:
            await self._watch.struck(location, event)
        except StoreError as error:
            log.warning("plan_not_dropped", error=str(error))

    async def _pressed(self, voice: Voice, role: str, token: str, chosen: tuple[str, ...]) -> None:
        button = self._buttons.read(token)
        if isinstance(button, Press):
            await self._page(voice, button, chosen)
        elif role == VOTE:
            await self._ballots.vote(voice, button)
        elif role == TAP:
            if not button.choice.startswith(ASKS):
                voice.patient()
            await self._player.tap(voice, button)
        else:
            raise Forged

    async def _answered(self, voice: Voice, token: str, text: str) -> None:
        button = self._buttons.read(token)
        if isinstance(button, Tap):
            voice.patient()
            await self._player.tap(voice, button, text)
        elif button.page == STUDIO and self.creators is not None:
            await self.creators.typed(voice, button.about, text)
        else:
            raise Forged

    async def _playing(self, voice: Voice, story: str, *, direct: bool) -> None:
        voice.patient()
        await self._player.play(voice, story, direct=direct)

    async def _commanded(self, voice: Voice, name: str, about: str) -> None:
        voice.patient()
        if name == "continue":
            await self._player.go_on(voice)
        elif name == "link":
            await self._link(voice, about)
        else:
            await self._show(voice, name, about)

    async def _page(self, voice: Voice, pressed: Press, chosen: tuple[str, ...]) -> None:
        """A button that is no choice of a story."""
        page, about = pressed.page, pressed.about
        if page.startswith("room-"):
            await self._room(voice, page, about, chosen)
            return
        if page == STUDIO and self.creators is not None:
            await self.creators.press(voice, about)
            return
        voice.patient()
        first = chosen[0] if chosen else ""
        if page in ("begin", "go"):
            await (self._player.play(voice, about) if page == "begin" else self._player.go_on(voice, int(about)))
        elif page == "again":
            session, revision = map(int, about.split())
            await self._player.restart(voice, session, revision)
        elif page == "back":
            session, revision = map(int, about.split())
            await self._player.rewind(voice, session, revision, int(first))
        elif page == "speak":
            await self._player.speak(voice, first)
        elif page == "erase":
            await self._player.forget(voice.arrived)
            await self._replaced(voice, "discord_forgotten")
        elif page == "keep":
            await self._replaced(voice, "kept")
        else:
            await self._show(voice, "play" if page == "story" else page, first or about, update=page == "story")

    async def _room(self, voice: Voice, page: str, about: str, chosen: tuple[str, ...]) -> None:
        if page == "room-host":
            voice.patient()
            await self._steering.panel(voice, int(about))
        elif page == "room-unplan":
            await self._watch.unplan(voice, int(about))
        elif page == "room-panel":
            await self._steering.back_to_panel(voice, int(about))
        elif page == "room-leave":
            await self._steering.leave(voice, int(about))
        elif page == "room-join":
            voice.patient()
            await self._ballots.join(voice, int(about))
        elif page == "room-again":
            await self._watch.again(voice, about)
        elif page == DO:
            what, session, revision = about.split()
            await self._steering.steer(voice, what, int(session), int(revision), panel=True)
        elif page == HAND_OVER:
            voice.patient()
            await self._steering.hand_over(voice, int(about), chosen[0] if chosen else None)
        elif page in ("room-split", "room-together"):
            session, revision = about.split()
            await self._steering.steer(voice, page.removeprefix("room-"), int(session), int(revision), panel=False)
        else:
            raise Forged

    async def _show(self, voice: Voice, name: str, about: str, *, update: bool = False) -> None:
        arrived = voice.arrived
        viewer = await self._shop.app.store.viewer(PLATFORM, arrived.person)
        guest = Guest(viewer, arrived.user, words(viewer.language or arrived.language), about)
        page = await PAGES[name](self._shop, guest)
        if update and arrived.ephemeral:
            # With these files and no others: else the first picture would stay the one that is shown.
            message = {**page.sheet.message(), "attachments": attached(page.all_files)}
            await voice.update(message, page.all_files)
        else:
            await voice.show(page.sheet.message(EPHEMERAL), page.all_files)

    async def _replaced(self, voice: Voice, key: str) -> None:
        """The question was answered: the answer stands in its place."""
        said = words(voice.arrived.language)
        await voice.update(Sheet(None, (plain(said(key)),)).message())

    async def _link(self, voice: Voice, code: str) -> None:
        """/link shows a code; with one it joins two places."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        if not code:
            viewer = await self._shop.app.store.viewer(PLATFORM, arrived.person)
            made = await self._shop.links.code(viewer.id, arrived.at)
            await voice.say(said("discord_link_code", code=f"`{made}`"))
            return
        linked = await self._shop.links.enter(PLATFORM, arrived.person, code, arrived.at)
        if isinstance(linked, Linked):
            await voice.say(said("discord_link_done"))
        else:
            await voice.say(said(UNLINKED[linked]))
