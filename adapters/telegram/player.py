"""The player: what one viewer does in a private chat."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from adapters.button import Forged, Press, Tap
from adapters.telegram.arrival import Arrival
from adapters.telegram.chat import PLATFORM
from adapters.telegram.command import Command
from adapters.telegram.page import Shop
from adapters.telegram.scene import ASKS
from adapters.telegram.standing import Standings
from adapters.words import words
from bot.app import SetAside, UnknownSession
from bot.delivery.parcel import Note, wrap_note
from bot.event import Answer, Event, Join, Open, Tell
from bot.library import UnknownStory
from bot.link import Unlinked
from bot.play.event import Choose, Restart, Rewind, Speak
from bot.play.event import Event as PlayEvent
from bot.store.port import Due, EventKey, OutboxCard

log = structlog.get_logger()

CLOCK = 3_600_000
"""Milliseconds after a step in which its clock may still run: ten minutes at the most, after all its clips."""

QUIET = 5_000
"""Milliseconds after a card was shown in which it is not shown again: a double tap needs no second card."""

PAGES = frozenset(
    {
        *("map", "endings", "rewind", "language", "settings", "link", "help"),
        *("privacy", "export", "forget", "terms", "paysupport"),
    }
)
"""Commands that show a page of the same name."""


class Player:
    """One bot's. Raises `StoreError`."""

    def __init__(self, shop: Shop, standings: Standings) -> None:
        self._shop = shop
        self._app = shop.app
        self._standings = standings

    @property
    def commands(self) -> frozenset[str]:
        """Every command of a private chat."""
        return frozenset({"start", "play", "continue", "refund", "watch", "join", *PAGES})

    def called(self) -> None:
        """There may be something new in the outbox."""
        self._app.carriers.look(PLATFORM)

    def _on_its_way(self, address: str) -> bool:
        """Whether the chat is still to be shown something."""
        delivery = self._app.deliveries.get(PLATFORM)
        return delivery is not None and delivery.owes(address)

    async def note(self, arrived: Arrival, page: str, /, **about: str) -> None:
        """Show a page in the chat, once for this update."""
        note = Note(page, arrived.person, {"language": arrived.language, **about})
        await self._app.post(arrived.key, [OutboxCard(PLATFORM, arrived.chat.address, 0, 0, wrap_note(note))])

    # -- what is written

    async def command(self, arrived: Arrival, command: Command) -> None:
        """A command. One that there is not is answered with help."""
        if command.name == "start":
            await self._start(arrived, command.rest)
        elif command.name == "play":
            await (self.play(arrived, command.rest.lower()) if command.rest else self.note(arrived, "stories"))
        elif command.name == "continue":
            await self._go_on(arrived)
        elif command.name == "link" and command.rest:
            await self._link(arrived, command.rest)
        elif command.name == "refund" and arrived.user in self._shop.bot.owners:
            await self.note(arrived, "refund", charge=command.rest)
        else:
            await self.note(arrived, command.name if command.name in PAGES else "help")

    async def _start(self, arrived: Arrival, payload: str) -> None:
        """/start, and the links that begin with it: s-<story> shows a story, p-<story> begins it,
        m-<moment> leads to a moment that was shared."""
        # Who blocked the bot comes back by /start, and it may never have heard that they unblocked it.
        await self._app.store.find_chat(PLATFORM, arrived.chat.address)
        kind, _, rest = payload.partition("-")
        if kind == "p" and rest:
            await self.play(arrived, rest)
        elif kind == "m" and rest:
            await self._shared(arrived, rest)
        elif kind == "s" and rest:
            await self.note(arrived, "start", greet="yes", story=rest)
        else:
            await self.note(arrived, "start", greet="yes")

    async def play(self, arrived: Arrival, story: str) -> None:
        """Begin a story, or show where the viewer is in it."""
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        await self._leave_others(arrived, viewer.id, story)
        session = await self._app.store.session_in(viewer.id, story)
        if session is not None:
            await self._app.push(PLATFORM, arrived.person, session.id, arrived.key, arrived.address)
            return
        language = viewer.language or arrived.language or None
        try:
            await self._app.handle(self._event(arrived, Open(story, language)))
        except UnknownStory as error:
            await self.note(arrived, "stories", said="story_broken" if error.problems else "story_unknown")

    async def _leave_others(self, arrived: Arrival, viewer: int, story: str) -> None:
        """A story that is left waits: its clock must not push a scene into the one that is played now."""
        for session in await self._app.store.sessions_of(viewer):
            if session.story != story and session.address == arrived.address and arrived.at - session.updated < CLOCK:
                await self._app.store.drop_due(Due(0, "timeout", session.id, session.revision))

    async def _go_on(self, arrived: Arrival, session: int | None = None) -> None:
        """Show where the viewer is, in the session asked for or the one played last."""
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        mine = [one.id for one in await self._app.store.sessions_of(viewer.id)]
        wanted = session if session in mine else next(iter(mine), None)
        if wanted is None:
            await self.note(arrived, "stories", said="no_session")
        else:
            await self._app.push(PLATFORM, arrived.person, wanted, arrived.key, arrived.address)

    async def text(self, arrived: Arrival, text: str) -> None:
        """A text: the answer that was asked for, or a choice as it stands on its button."""
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        sessions = await self._app.store.sessions_of(viewer.id)
        if not sessions:
            await self.note(arrived, "stories", said="no_session")
            return
        answer = await self._app.current(PLATFORM, arrived.person, sessions[0].id)
        standing = await self._standings.of(arrived.chat, answer.session.id)
        asked = standing.asked if standing is not None and standing.revision == answer.session.revision else ""
        taken = asked or _labelled(answer, text)
        if not taken:
            await self.note(arrived, "say-more")
            return
        length = _asks(answer, taken)
        if length and not asked:
            # The label of a choice that asks for a text is the choice, not yet its answer.
            await self._question(arrived, answer.session.id, taken, length)
            return
        await self._tell(arrived, answer.session.id, Choose(answer.session.revision, taken, text if length else None))

    # -- what is pressed

    async def tap(self, arrived: Arrival, tap: Tap) -> str | None:
        """A choice: the words to answer the press with, or None."""
        if tap.choice.startswith(ASKS):
            return await self._ask(arrived, Tap(tap.session, tap.revision, tap.choice[1:]))
        return await self._tell(arrived, tap.session, Choose(tap.revision, tap.choice))

    async def press(self, arrived: Arrival, pressed: Press, here: Mapping[str, str]) -> str | None:
        """A page's button."""
        about = pressed.about.split()
        if pressed.page == "play":
            await self.play(arrived, pressed.about)
        elif pressed.page == "join":
            await self._join(arrived, pressed.about)
        elif pressed.page == "go":
            await self._go_on(arrived, int(pressed.about))
        elif pressed.page == "back":
            session, revision, to = map(int, about)
            return await self._tell(arrived, session, Rewind(revision, to))
        elif pressed.page == "again":
            session, revision = map(int, about)
            return await self._tell(arrived, session, Restart(revision))
        else:
            return await self._leaf(arrived, pressed, here)
        return None

    async def _leaf(self, arrived: Arrival, pressed: Press, here: Mapping[str, str]) -> str | None:
        """Buttons that change something about the viewer, or lead to another page in the same message."""
        page, about = pressed.page, pressed.about
        if page == "speak":
            return await self._speak(arrived, about)
        if page == "turn":
            name, _, wanted = about.partition(" ")
            await self._shop.tastes.turn(arrived.user, name, wanted == "yes")
            await self.note(arrived, "settings", **here)
        elif page == "erase":
            await self._erase(arrived, here)
        elif page in ("keep", "close"):
            await self.note(arrived, "kept" if page == "keep" else "set", **here)
        elif page == "stories":
            await self.note(arrived, page, **here, **({"story": about} if about else {}))
        elif page == "rewind":
            session, _, at = about.partition(" ")
            await self.note(arrived, page, session=session, **({"page": at, **here} if at else {}))
        elif page == "map":
            await self.note(arrived, page, session=about)
        return None

    # -- what it does

    async def _tell(self, arrived: Arrival, session: int, what: PlayEvent) -> str | None:
        said = words(arrived.language)
        try:
            answer = await self._app.handle(self._event(arrived, Tell(session, what)))
        except UnknownSession:
            await self.note(arrived, "stories", said="no_session")
            return said("not_yours")
        except (SetAside, UnknownStory):
            return said("trouble")
        if answer.notice is None:
            return None
        await self._again(arrived, answer)
        return words(answer.state.language)(answer.notice.value)

    async def _again(self, arrived: Arrival, answer: Answer) -> None:
        """Show the current card again, unless it was shown a moment ago or is on its way."""
        session = answer.session
        shown = await self._app.store.shown(PLATFORM, arrived.chat.address, session.id)
        at = shown.at if shown is not None and shown.revision == session.revision else session.updated
        if arrived.at - at < QUIET or self._on_its_way(arrived.chat.address):
            return
        key = EventKey(PLATFORM, f"{arrived.key.id}:again")
        await self._app.push(PLATFORM, arrived.person, session.id, key, arrived.address)

    async def _ask(self, arrived: Arrival, tap: Tap) -> str | None:
        """A choice that asks for a text first."""
        try:
            answer = await self._app.current(PLATFORM, arrived.person, tap.session)
        except UnknownSession:
            return words(arrived.language)("not_yours")
        length = _asks(answer, tap.choice)
        if answer.session.revision != tap.revision or not length:
            return await self._tell(arrived, tap.session, Choose(tap.revision, tap.choice))
        await self._question(arrived, tap.session, tap.choice, length)
        return None

    async def _question(self, arrived: Arrival, session: int, choice: str, length: int) -> None:
        await self.note(arrived, "ask", session=str(session), choice=choice, length=str(length))

    async def _speak(self, arrived: Arrival, language: str) -> str | None:
        """Another language, for the bot and for the story that was played last."""
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        await self._app.store.speak(viewer.id, language)
        for session in (await self._app.store.sessions_of(viewer.id))[:1]:
            await self._tell(arrived, session.id, Speak(session.revision, language))
        return words(language)("language_set")

    async def _erase(self, arrived: Arrival, here: Mapping[str, str]) -> None:
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        await self._app.forget(viewer.id, [(PLATFORM, arrived.chat.address)])
        self._shop.tastes.forget(arrived.user)
        await self.note(arrived, "forgotten", **here)

    async def _link(self, arrived: Arrival, code: str) -> None:
        """Be one with whoever made that code."""
        linked = await self._shop.links.enter(PLATFORM, arrived.person, code, arrived.at)
        if isinstance(linked, Unlinked):
            await self.note(arrived, "linked", said=linked.value)
            return
        self._shop.tastes.forget(arrived.user)
        last = {} if linked.last is None else {"session": str(linked.last.id), "story": linked.last.story}
        await self.note(arrived, "linked", both=" ".join(linked.both), **last)

    async def _shared(self, arrived: Arrival, moment: str) -> None:
        """A link to a moment that somebody shared; where the viewer has a place of their own, they are asked first."""
        try:
            session = await self._app.store.session(self._shop.buttons.shared(moment)[0])
        except Forged:
            session = None
        if session is None:
            await self.note(arrived, "stories", said="share_gone")
            return
        viewer = await self._app.store.viewer(PLATFORM, arrived.person)
        if await self._app.store.session_in(viewer.id, session.story) is None:
            await self._join(arrived, moment)
        else:
            await self.note(arrived, "joining", story=session.story, moment=moment)

    async def _join(self, arrived: Arrival, moment: str) -> None:
        try:
            shared, to = self._shop.buttons.shared(moment)
            await self._app.handle(self._event(arrived, Join(shared, to, arrived.language or None)))
        except (Forged, UnknownSession, UnknownStory):
            await self.note(arrived, "stories", said="share_gone")

    def _event(self, arrived: Arrival, what: Open | Join | Tell) -> Event:
        return Event(arrived.key, arrived.person, what, arrived.at, arrived.address)


def _labelled(answer: Answer, text: str) -> str:
    """The choice whose label a text is; empty for none."""
    wanted = " ".join(text.casefold().split())
    for option in answer.cards[-1].options:
        if not option.locked and " ".join(option.label.casefold().split()) == wanted:
            return option.id
    return ""


def _asks(answer: Answer, choice: str) -> int:
    """How long a text the choice asks for; 0 when it asks for none."""
    return next((option.ask or 0 for option in answer.cards[-1].options if option.id == choice), 0)
