"""Notices: what a channel is told about its room that is no scene, such as a split, a meeting and the recap."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import fields

import structlog

from adapters.discord.branches import Branches
from adapters.discord.card import Sheet, bare, files_of, page_button
from adapters.discord.clips import Media
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.text import bold, joined, plain, when
from adapters.words import Words, words
from bot.chart.draw import Names, RecapWords, recap_png
from bot.delivery.parcel import Note, wrap_note
from bot.play.path import ChoicePoint, choice_points
from bot.play.state import unpack
from bot.rooms.booth import Booth
from bot.store.port import EventKey, OutboxCard
from bot.watch.recap import Often, Recap

log = structlog.get_logger()

RECAP = "recap.png"

MOST_NAMED = 5
"""People named in one line; more are counted."""

MOST_LABELS = 8
"""Choices of the others that are told when both meet."""

MOST_SWUNG = 3
"""Votes of which it is told who decided them."""

PLAN_MISSED = "plan_missed"
"""The note of a plan that did not begin."""

PLANNED = "planned"
"""The note of a watch-along that will begin by itself."""

RECAP_NOTE = "recap"
"""The note that asks for a recap: of an evening that its host ended."""

LEFT = "left"
"""The note that a channel does not watch along any more."""

HANDED_ON = "handed_on"
"""The note that somebody else hosts a room."""

MISSED = {"running": "plan_missed_running", "story": "plan_missed_story", "calendar": "plan_missed_calendar"}


def stopped(booth: Booth) -> tuple[EventKey, Sequence[OutboxCard]]:
    """What tells the chat of a room that its host stopped, wherever they did, how the evening went: once for it."""
    row = booth.row
    note = wrap_note(Note(RECAP_NOTE, "0", {"session": str(row.session)}))
    cards = [OutboxCard(PLATFORM, row.address, row.session, row.revision, note)] if row.platform == PLATFORM else []
    return EventKey(PLATFORM, f"{RECAP_NOTE}:{row.session}"), cards


def left(booth: Booth, address: str) -> Sequence[OutboxCard]:
    """What tells a channel that it does not watch along any more."""
    note = wrap_note(Note(LEFT, "0", {"session": str(booth.row.session)}))
    return [OutboxCard(PLATFORM, address, booth.row.session, booth.row.revision, note)]


def handed_on(booth: Booth, to: str) -> Sequence[OutboxCard]:
    """What tells the chat of a room who hosts it now."""
    row = booth.row
    if row.platform != PLATFORM:
        return ()
    note = wrap_note(Note(HANDED_ON, "0", {"session": str(row.session), "to": to}))
    return [OutboxCard(PLATFORM, row.address, row.session, row.revision, note)]


class Notices:
    """One bot's. Raises what `Sender` raises."""

    def __init__(self, shop: Shop, branches: Branches) -> None:
        self._shop = shop
        self._branches = branches

    async def show(self, address: str, note: Note) -> None:
        """Tell a channel what the note says; nothing where what it is about is gone. Of a split, the cards tell."""
        if note.note == PLAN_MISSED:
            said = words(None)
            text = said(MISSED.get(note.about.get("why", ""), "plan_missed_late"))
            await self._shop.sender.send(int(address), f"plan {note.about.get('plan')}", bare(plain(text)))
            return
        if note.note == PLANNED:
            await self._planned(address, int(note.about["plan"]))
            return
        booth = await self._shop.rooms.look(int(note.about["session"]))
        if booth is None:
            log.info("notice_left", note=note.note)
            return
        said = words(booth.card.language)
        channel = await self._branches.channel(address)
        if note.note == RECAP_NOTE:
            await self.recap(channel, booth.row.session)
            return
        text = await self._text(booth, note, said)
        if text:
            name = f"{note.note} {note.about.get('to', '')} {booth.row.session} {booth.row.revision} {address}"
            await self._shop.sender.send(channel, name, bare(text))

    async def _planned(self, address: str, id: int) -> None:
        """A watch-along is to begin here: so everybody knows, and its host can call it off."""
        plan = await self._shop.rooms.plan_of(id)
        story = None if plan is None else self._shop.app.library.stories.get(plan.wanted.story)
        if plan is None or story is None:
            return
        said = words(plan.wanted.language)
        title = bold(story.wording(plan.wanted.language or "").plain("title"))
        host = f"<@{plan.host.partition(':')[2]}>"
        text = said("room_will_begin", title=title, host=host, when=f"<t:{plan.at // 1000}:F>", left=when(plan.at))
        rows = [[page_button(self._shop.buttons, said("room_call_off"), "room-unplan", str(id))]]
        await self._shop.sender.send(int(address), f"planned {id}", Sheet(None, (text,), rows).components)

    async def _text(self, booth: Booth, note: Note, said: Words) -> str:
        match note.note:
            case "meanwhile":
                return await self._meanwhile(int(note.about["twin"]), said)
            case "handed_on":
                return said("room_handed_on", host=f"<@{note.about['to']}>")
            case "met":
                return said("room_met", home=f"<#{booth.row.address.partition('/')[0]}>")
        return ""

    async def _meanwhile(self, twin: int, said: Words) -> str:
        """What the others lived until both met."""
        booth = await self._shop.rooms.look(twin)
        if booth is None:
            return ""
        parted = booth.room.parted
        since = parted[-1].since if parted else 0
        names = Names(booth.story, booth.card.language)
        points = [point for point in await self._points(booth) if point.at >= since]
        labels = [bold(names.choice(point.scene, point.choice)) for point in points][:MOST_LABELS]
        return said("room_meanwhile", choices=" → ".join(labels) or "…")

    async def _points(self, booth: Booth) -> list[ChoicePoint]:
        """The choices on the way of a room."""
        session = await self._shop.app.store.session(booth.row.session)
        return [] if session is None else choice_points(unpack(booth.story, session.state).path)

    async def recap(self, channel: int, session: int, *, named: bool = True) -> None:
        """At the end: how the evening went, as a picture, and who had which part in it. Nothing where nobody voted.

        `named`: not for chats that only watch along, where those people are strangers.
        """
        booth, recap = await self._shop.rooms.look(session), await self._shop.rooms.recap(session)
        if booth is None or recap is None or not any(stretch.everything for stretch in recap.stretches):
            return
        language = booth.card.language
        said, names = words(language), Names(booth.story, language)
        written = RecapWords(**{field.name: said(f"recap_{field.name}") for field in fields(RecapWords)})
        picture = await asyncio.to_thread(recap_png, recap, names, written)
        sheet = Sheet(Media(f"attachment://{RECAP}", (RECAP, picture)), (_told(recap, names, said, named=named),))
        await self._shop.sender.send(channel, f"recap {session}", sheet.components, files_of([sheet]))


def _told(recap: Recap, names: Names, said: Words, *, named: bool) -> str:
    lines = [said("recap_caption", title=bold(names.title)), *(_parts(recap, names, said) if named else ())]
    for one in recap.closest[:1]:
        lines.append(said("recap_closest", label=bold(names.choice(one.scene, one.choice)), percent=one.percent))
    found = sum(ending.percent > 0 and not ending.reached for ending in recap.endings)
    if found:
        lines.append(said("recap_endings_others", count=found))
    return joined(lines)


def _parts(recap: Recap, names: Names, said: Words) -> Iterator[str]:
    """Who had which part in it."""
    # Where the room split nobody's vote decided.
    split = {stretch.decided[-1].revision for stretch in recap.stretches if stretch.split and stretch.decided}
    everything = [one for stretch in recap.stretches for one in stretch.everything]
    swung = [one for one in everything if one.swing and one.revision not in split]
    for one in swung[:MOST_SWUNG]:
        yield said("recap_swing", names=_people(one.swing, said), label=bold(names.choice(one.scene, one.choice)))
    if recap.told_you is not None:
        yield _often("recap_told", recap.told_you, said)
    if recap.outvoted is not None:
        yield _often("recap_outvoted", recap.outvoted, said)


def _often(key: str, often: Often, said: Words) -> str:
    return said(key, names=_people(often.voters, said), count=often.count, total=often.total)


def _people(voters: Sequence[str], said: Words) -> str:
    """People as the channel knows them, whom nothing of this pings; those from elsewhere are only counted."""
    here = [voter.partition(":")[2] for voter in voters if voter.startswith(f"{PLATFORM}:")]
    named = [f"<@{user}>" for user in here[:MOST_NAMED]]
    others = len(voters) - len(named)
    return ", ".join([*named, *([said.count("people_more", others)] if others else [])])
