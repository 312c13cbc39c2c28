"""Creators: what somebody does in the studio, in answers that only they see."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from adapters.discord.attachment import Attachment, Attachments, Unfetched
from adapters.discord.place import PLATFORM
from adapters.discord.player import ANSWER, LABEL, TEXT_INPUT
from adapters.discord.shop import Shop
from adapters.discord.studio_card import message_of, page_of
from adapters.discord.voice import Kind, Voice
from adapters.studio.acting import Who
from adapters.studio.ask import Ask, ready
from adapters.studio.denial import advice, told
from adapters.studio.door import Counter
from adapters.studio.hints import DEEDS
from adapters.studio.sheet import PAGE, Key
from adapters.studio.sheet import Sheet as StudioSheet
from bot.store.errors import StoreError

IN_PLACE = frozenset({"c", "time", "back", "again", "play", "now", "story", "out", "pub", "undo", "gone", "allow"})
"""What buttons ask for whose answer takes the place of their message: one message is the whole test play."""

OVER = frozenset({"pub", "undo", "gone", "allow"})
"""Those of them after which the message they stand in is of no more use."""

GO_ON = "now"
"""What the button asks for that shows where the test play is."""

KNOWN = f"In a test play you can do this: {', '.join(f'`/{deed}`' for deed in DEEDS)}."

SUGGESTIONS = 25
"""Discord, application command autocomplete."""


class Creators:
    """One bot's. Raises `StoreError`, but where something is only suggested; whatever else is wrong is told."""

    def __init__(self, shop: Shop, counter: Counter, attachments: Attachments) -> None:
        self._shop = shop
        self._counter = counter
        self._attachments = attachments

    # -- what comes in

    async def command(self, voice: Voice, name: str, rest: str) -> None:
        """A command of the studio."""
        voice.patient()
        who = await self._who(voice)
        await self._answer(voice, who, await self._counter.desk.command(who, name, rest))

    async def deed(self, voice: Voice, what: str) -> None:
        """Something in the test play, as it was written."""
        name, _, rest = what.strip().removeprefix("/").partition(" ")
        if name.lower() in DEEDS:
            await self.command(voice, name.lower(), rest)
        else:
            voice.patient()
            await self._answer(voice, await self._who(voice), ready(advice(KNOWN)))

    async def play(self, voice: Voice, story: str) -> None:
        """A test play from the beginning; without a story, where it is."""
        voice.patient()
        who = await self._who(voice)
        about = f"play {story.strip().lower()}" if story.strip() else GO_ON
        await self._answer(voice, who, await self._counter.desk.press(who, about))

    async def send(self, voice: Voice, attachment: Attachment, caption: str) -> None:
        """A story or a clip. It takes as long as it takes, so that is said first."""
        await voice.defer()
        who = await self._who(voice)
        with tempfile.TemporaryDirectory(prefix="cliffhanger-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "sent"
            try:
                await self._attachments.fetch(attachment, path)
            except Unfetched as error:
                ask = ready(told(str(error)))
            else:
                ask = await self._counter.desk.file(who, path, attachment.name, caption)
        await self._answer(voice, who, ask)

    async def press(self, voice: Voice, about: str) -> None:
        """A button."""
        in_place = voice.arrived.ephemeral and _verb(about) in IN_PLACE
        voice.patient(Kind.QUIET if in_place else Kind.LATER)
        who = await self._who(voice)
        await self._answer(voice, who, await self._counter.desk.press(who, about), about)

    async def typed(self, voice: Voice, about: str, text: str) -> None:
        """The answer to the question that this button asked."""
        voice.patient(Kind.QUIET if voice.arrived.ephemeral else Kind.LATER)
        who = await self._who(voice)
        ask = await self._counter.desk.text(who, text)
        # Where nothing waits for it any more, the button says where the test play is.
        await self._answer(voice, who, ask or await self._counter.desk.press(who, about), about, asks=False)

    # -- what is suggested

    async def stories(self, person: str, typed: str) -> Sequence[str]:
        """Ids of that person's own stories, and of no other."""
        try:
            who = await self._counter.who(PLATFORM, person)
            return (await self._counter.hints.stories(who, typed))[:SUGGESTIONS]
        except StoreError:
            return ()

    async def deeds(self, person: str, typed: str) -> Sequence[str]:
        """What can be done in that person's test play."""
        try:
            who = await self._counter.who(PLATFORM, person)
            return await self._counter.hints.deeds(who, typed, SUGGESTIONS)
        except StoreError:
            return ()

    # -- answers

    async def _who(self, voice: Voice) -> Who:
        return await self._counter.who(PLATFORM, voice.arrived.person, voice.arrived.language)

    async def _answer(self, voice: Voice, who: Who, ask: Ask, about: str = "", *, asks: bool = True) -> None:
        """Show it: in the place of the message whose button was pressed, or as an answer. `asks`: a form may open."""
        if ask.slow:
            await voice.later()
        sheet = await self._counter.sheet(who, ask)
        if sheet.question:
            if asks and await voice.ask(self._form(sheet, about)):
                return
            # An answer was promised already, or this is one to a form: no other can open.
            sheet = StudioSheet(sheet.lines, ((Key("✎ Write", about),),))
        page = await page_of(self._shop, self._counter, sheet)
        if voice.arrived.ephemeral and _stays(about, sheet):
            await voice.update(message_of(page, update=True), page.all_files)
        else:
            await voice.show(message_of(page), page.all_files)
        if ask.then is not None:
            await self._answer(voice, who, ask.then)

    def _form(self, sheet: StudioSheet, about: str) -> dict[str, object]:
        """A form, whose answer comes back with what its button carries."""
        title, label = (text[:LABEL] or "…" for text in [*sheet.text.split("\n"), ""][:2])
        field = {
            "type": TEXT_INPUT, "custom_id": ANSWER, "style": 1, "label": label, "max_length": sheet.question,
            "min_length": 1, "required": True,
        }  # fmt: skip
        form = {"custom_id": f"page:{self._shop.buttons.press(PAGE, about)}", "title": title}
        return {**form, "components": [{"type": 1, "components": [field]}]}


def _verb(about: str) -> str:
    return about.partition(" ")[0]


def _stays(about: str, sheet: StudioSheet) -> bool:
    """Whether the sheet takes the place of the message; a refusal stands beside what it is about."""
    return _verb(about) in IN_PLACE and (bool(sheet.rows) or _verb(about) in OVER)
