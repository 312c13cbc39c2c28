"""The screen: shows the cards of those who play for themselves, in direct messages or in answers that only they see."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

import structlog

from adapters.discord.arrival import EPHEMERAL
from adapters.discord.card import Sheet, attached, choice_rows, end_rows, files_of, fitted, shown_as, texts_of
from adapters.discord.place import PLATFORM, WHISPER, home_of, whisper
from adapters.discord.shop import Shop
from adapters.discord.standing import Standing
from adapters.discord.text import bold, when
from adapters.discord.trouble import PASSING, Missing, Old
from adapters.discord.voice import COMPONENTS, NO_PINGS, Payload, Unanswerable, Voice, Voices
from adapters.shares import Shares
from adapters.words import Words, words
from bot.app import UnknownSession
from bot.crew import Topic
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.delivery.parcel import Parcel, Taken
from bot.event import Answer
from bot.library import UnknownStory
from bot.store.port import Session
from bot.story.story import Story

log = structlog.get_logger()

TOKEN_MS = 14 * 60_000
"""How long an answer can still be changed: a minute less than Discord allows."""

MOST_WHISPERS = 5_000
"""Answers remembered whose story may go on by its clock."""

MOST_CARDS = 3
"""Cards in one message."""


class Screen:
    """One bot's. Raises what `Sender` raises."""

    def __init__(self, shop: Shop, voices: Voices, shares: Shares) -> None:
        self._shop = shop
        self._voices = voices
        self._shares = shares
        self._whispers: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._parts: dict[str, list[Sheet]] = {}

    # -- direct messages, and what the clock does

    async def show(self, address: str, story: Story, parcel: Parcel) -> None:
        """Show a card from the outbox: in the chat, or in the answer that its viewer looks at, if they still do."""
        if address.startswith(WHISPER):
            await self._whispered(address, story, parcel)
            return
        channel, said = home_of(address), words(parcel.card.language)
        before = await self._shop.standings.of(address, parcel.session)
        if before is not None and before.revision > parcel.revision:
            return  # on its way from one worker while the story went on at another
        if before is not None and before.waits and before.revision < parcel.revision:
            await self._settled(before, await self._chosen(story, parcel.taken, parcel.card.language, said))
        *others, last = fitted(await self._sheets(story, parcel, said), MOST_CARDS)
        # Asked for again, it is a new message: Discord would take it for the one that is there.
        again = before.message if before is not None and before.revision == parcel.revision else ""
        name = f"{parcel.session} {parcel.revision} {parcel.card.scene} {again}"
        for number, stack in enumerate(others):
            await self._shop.sender.send(channel, f"{name} {number}", shown_as(stack), files_of(stack))
        message = await self._shop.sender.send(channel, name, shown_as(last), files_of(last))
        media = last[-1].media
        standing = Standing(
            # Without its clock, which is the last of them: what is decided has none.
            parcel.revision, channel, message, last[-1].texts[:1], bool(last[-1].rows),
            None if media is None else media.url, media is not None and media.covered, self._shop.now(),
        )  # fmt: skip
        await self._shop.standings.keep(address, parcel.session, standing, self._shop.now())

    async def _settled(self, before: Standing, under: str) -> None:
        """Take the buttons of the card before away, and write what was chosen under it."""
        sheet = Sheet(before.media, (*before.texts, under or "…"))
        try:
            await self._shop.sender.edit(before.channel, before.message, sheet.components)
        except (*PASSING, Later, Gone, Unshowable, Missing, Old) as error:
            # It does no harm where it stays: its taps are answered with where the viewer is.
            log.info("buttons_left", error=type(error).__name__)

    async def _whispered(self, address: str, story: Story, parcel: Parcel) -> None:
        """The clock went on: the answer that the viewer looks at changes. Nobody looks any more: nothing is lost."""
        key = f"{address} {parcel.session}"
        said = words(parcel.card.language)
        sheets = await self._sheets(story, parcel, said)
        if under := await self._chosen(story, parcel.taken, parcel.card.language, said):
            sheets[0] = replace(sheets[0], texts=(under, *sheets[0].texts))
        self._parts.setdefault(key, []).extend(sheets)
        if not _final(parcel):
            return
        sheets = self._parts.pop(key)
        token, until = self._whispers.get(key, ("", 0))
        if until < self._shop.now():
            self._whispers.pop(key, None)
            # Whoever gave the answer can change it; that may be another worker.
            self._shop.app.crew.news.tell(Topic.WHISPER, key)
            return
        last = fitted(sheets, MOST_CARDS)[-1]
        try:
            await self._voices.edit(token, _whisper(last, update=True), files_of(last))
        except Unanswerable as error:
            log.info("answer_lost", code=error.code)

    async def refresh(self, key: str) -> None:
        """Another worker found an answer out of date: change it, where it was given here. Raises `StoreError`."""
        token, until = self._whispers.get(key, ("", 0))
        if until < self._shop.now():
            return
        address, _, session = key.partition(" ")
        try:
            answer = await self._shop.app.current(PLATFORM, address.removeprefix(WHISPER), int(session))
            said = words(answer.state.language)
            sheets = [sheet for parcel in _parcels(answer) for sheet in await self._sheets(answer.story, parcel, said)]
            last = fitted(sheets, MOST_CARDS)[-1]
            await self._voices.edit(token, _whisper(last, update=True), files_of(last))
        except (UnknownSession, UnknownStory, Unanswerable) as error:
            log.info("answer_lost", error=type(error).__name__)

    # -- answers

    async def answer(self, voice: Voice, answer: Answer, *, under: str = "", update: bool = False) -> None:
        """Show where the viewer is now: in place of the card whose button was pressed, or as the answer."""
        said = words(answer.state.language)
        sheets = [sheet for parcel in _parcels(answer) for sheet in await self._sheets(answer.story, parcel, said)]
        if under:
            sheets[0] = replace(sheets[0], texts=(under, *sheets[0].texts))
        first, *others = fitted(sheets, MOST_CARDS)
        await (voice.update if update else voice.show)(_whisper(first, update=update), files_of(first))
        for stack in others:
            await voice.show(_whisper(stack), files_of(stack))
        self._remember(voice, answer.session)

    def _remember(self, voice: Voice, session: Session) -> None:
        key = f"{whisper(voice.arrived.user)} {session.id}"
        self._whispers[key] = (voice.arrived.token, self._shop.now() + TOKEN_MS)
        self._whispers.move_to_end(key)
        if len(self._whispers) > MOST_WHISPERS:
            self._whispers.popitem(last=False)

    def forget(self, user: int) -> None:
        """Nothing of theirs stays in memory."""
        address = f"{whisper(user)} "
        for key in [key for key in self._whispers if key.startswith(address)]:
            del self._whispers[key]

    async def chosen(self, story: Story, taken: Taken | None, language: str) -> str:
        """The choice that was taken, for above what it led to."""
        return await self._chosen(story, taken, language, words(language))

    async def _chosen(self, story: Story, taken: Taken | None, language: str, said: Words) -> str:
        if taken is None:
            return ""
        text = story.wording(language).texts.get(f"scene/{taken.scene}/choice/{taken.choice}")
        label = bold((text.plain or "…") if text is not None else taken.choice)
        if taken.timed_out:
            return said("timed_out", label=label)
        percent = await self._shares.percent(story.id, taken.scene, taken.choice)
        return said("chosen", label=label) if percent is None else said("chosen_share", label=label, percent=percent)

    async def _sheets(self, story: Story, parcel: Parcel, said: Words) -> list[Sheet]:
        """The card; what of its words does not fit stands before it."""
        card = parcel.card
        if card.toll is not None:
            title = bold(story.wording(card.language).plain(f"episode/{card.toll}"))
            return [Sheet(None, (said("toll_elsewhere", title=title),))]
        *others, last = texts_of(story, card, said)
        below = said("choose_until", when=when(parcel.deadline)) if parcel.deadline is not None else ""
        media = await self._shop.clips.media(story, story.scenes[card.scene].clip, self._shop.now() / 1000)
        rows = [*choice_rows(parcel, self._shop.buttons), *end_rows(parcel, self._shop.buttons, said)]
        return [*(Sheet(None, (text,)) for text in others), Sheet(media, (last or "…", below), rows)]


def _final(parcel: Parcel) -> bool:
    """Whether something is waited for after this card; else the next one follows by itself."""
    card = parcel.card
    return bool(card.options) or card.ending is not None or card.stuck or card.toll is not None


def _parcels(answer: Answer) -> list[Parcel]:
    """The cards of an answer as they would lie in the outbox."""
    session, last = answer.session, len(answer.cards) - 1
    return [
        Parcel(
            session.story, session.version, session.id, session.revision, card,
            deadline=answer.state.deadline if number == last else None,
        )
        for number, card in enumerate(answer.cards)
    ]  # fmt: skip


def _whisper(stack: Sequence[Sheet], *, update: bool = False) -> Payload:
    """A message of these cards that only one person sees. A changed one has no other files than these."""
    flags = COMPONENTS if update else COMPONENTS | EPHEMERAL
    message = {"components": shown_as(stack), "flags": flags, "allowed_mentions": NO_PINGS}
    return {**message, "attachments": attached(files_of(stack))} if update else message
