"""The studio in a private chat: what creators write, press and send. What takes long lies in the outbox until it is
done, so that nobody else's updates wait for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from adapters.studio.acting import Who
from adapters.studio.ask import Ask, ready
from adapters.studio.denial import told
from adapters.studio.door import Counter
from adapters.studio.sheet import PAGE
from adapters.telegram.arrival import Arrival
from adapters.telegram.attachment import Attachment
from adapters.telegram.chat import PLATFORM
from adapters.telegram.command import Command
from adapters.telegram.download import MOST
from adapters.telegram.errand import FILE, PRESS
from adapters.telegram.sheets import asked
from bot.app import App
from bot.delivery.parcel import Note, wrap_note
from bot.store.port import EventKey, OutboxCard

INVITED = "i-"
"""With what a link begins that is an invitation (t.me/<bot>?start=i-<code>)."""

INVITATION = re.compile(r"[A-Za-z0-9_-]{16}")
"""An invitation's code. A room's has nine letters."""

VIEWERS = frozenset({"link", "map", "join"})
"""Commands of the desk that are the viewers' own here: /map with one's story after it is not, nor is /join with an
invitation; the button makes a link."""

SLOW = frozenset({"pub", "undo"})
"""Buttons that may move thousands of viewers."""

ONCE = SLOW | {"gone", "inv", "out", "allow"}
"""Buttons that do something once, however often they are pressed where they stand: a second touch must not answer that
there is nothing left to do, in the place of what was done."""

TAKEN = (
    "I take stories, as a .yaml file or as a zip of their folder, and clips, as MP4 videos with their scene's id as "
    "caption. /studio tells more."
)
UNNAMED = "Which scene is this clip for? Send it again with the scene's id as caption: whistle, or last-train whistle."
LARGE = (
    "That file has {size} MB; Telegram hands me no more than {most}. Leave clips out of the zip and send them one by "
    "one, with their scene's id as caption, or make them smaller."
)


class Studio:
    """One bot's. Raises `StoreError`. An update that comes again changes nothing."""

    def __init__(self, counter: Counter, app: App) -> None:
        self._counter = counter
        self._desk = counter.desk
        self._app = app

    @property
    def commands(self) -> frozenset[str]:
        """Commands that are the studio's alone."""
        return self._desk.commands - VIEWERS

    async def wrote(self, arrived: Arrival, command: Command | None, text: str) -> bool:
        """A command, or the text that a test play waits for: whether it was the studio's."""
        if command is not None:
            return await self._commanded(arrived, _meant(command))
        if await self._app.store.seen(arrived.key):
            return True
        answer = await self._desk.text(await self._who(arrived), text)
        if answer is not None:
            await self._answer(arrived, answer)
        return answer is not None

    async def press(self, arrived: Arrival, about: str, label: str, here: Mapping[str, str]) -> None:
        """A button, by what it carries and what stands on it. Its answer may take its message's place."""
        verb = about.partition(" ")[0]
        if verb in ONCE and "message" in here:
            id = f"{arrived.key.id.partition(':')[0]}:{arrived.chat.address}:{here['message']}:{about}"
            arrived = replace(arrived, key=EventKey(PLATFORM, id))
        if verb in SLOW:
            await self._post(arrived, PRESS, {"press": about, "event": arrived.key.id, **here})
        elif not await self._app.store.seen(arrived.key):
            answer = await self._desk.press(await self._who(arrived), about)
            await self._answer(arrived, answer, pressed=verb, label=label, **here)

    async def sent(self, arrived: Arrival, attachment: Attachment) -> None:
        """A file. It is fetched and read when its turn comes in the outbox."""
        wrong = _wrong(attachment)
        if wrong:
            await self._answer(arrived, ready(told(wrong)))
            return
        # A clip need not be called as one: what it is was seen already.
        name = attachment.name if attachment.kind == "story" else "clip.mp4"
        about = {"file": attachment.file, "name": name, "text": attachment.caption, "event": arrived.key.id}
        await self._post(arrived, FILE, about)

    async def _commanded(self, arrived: Arrival, command: Command) -> bool:
        name, rest = command.name, command.rest
        if name not in self._desk.commands or name == "link":
            return False
        if name == "join" and not INVITATION.fullmatch(rest):
            return False
        who = await self._who(arrived)
        if name == "map" and not await self._has(who, rest):
            return False
        if name == "stop" and not who.creator.operator:
            return False
        if not await self._app.store.seen(arrived.key):
            await self._answer(arrived, await self._desk.command(who, name, rest))
        return True

    async def _has(self, who: Who, story: str) -> bool:
        return bool(story) and await self._app.store.role_in(story.lower(), who.creator.viewer) is not None

    async def _who(self, arrived: Arrival) -> Who:
        return await self._counter.who(PLATFORM, arrived.person, arrived.language)

    async def _answer(self, arrived: Arrival, ask: Ask, **about: str) -> None:
        await self._post(arrived, PAGE, {**asked(ask), **about})

    async def _post(self, arrived: Arrival, page: str, about: Mapping[str, str]) -> None:
        """Put it into the outbox, once for this update."""
        note = Note(page, arrived.person, {"language": arrived.language, **about})
        await self._app.post(arrived.key, [OutboxCard(PLATFORM, arrived.chat.address, 0, 0, wrap_note(note))])


def _meant(command: Command) -> Command:
    """An invitation's link is /start with its code."""
    if command.name == "start" and command.rest.startswith(INVITED):
        return Command("join", command.rest.removeprefix(INVITED))
    return command


def _wrong(attachment: Attachment) -> str:
    """Why a file is not even fetched."""
    if attachment.kind == "other":
        return TAKEN
    if attachment.kind == "clip" and not attachment.caption:
        return UNNAMED
    if attachment.size > MOST:
        size = -(-attachment.size // 1024**2)
        return LARGE.format(size=size, most=MOST // 1024**2)
    return ""
