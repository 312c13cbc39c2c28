"""Acting: what a creator does in their test play, by a word or by a button, and where it is then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.studio.ask import Ask, ready
from adapters.studio.denial import advice
from adapters.studio.scenes import asked_sheet, play_sheet, reason, reasons_sheet, values_sheet
from adapters.studio.sheet import Sheet, bold, command, few, line
from bot.play.step import Reason, Refused
from bot.store.port import Store
from bot.studio.creator import Creator, Denied, Why
from bot.studio.playing import Deed, Play
from bot.studio.rehearsal import Rehearsal
from bot.studio.studio import Studio

ASKS = "studio_asks"
"""The preference that says which choice of a test play the next text answers."""

LONGEST_LINK = 1_500
"""Characters: what a message of any platform takes beside other words, Discord's with 2,000 the fewest."""

SAID: dict[Reason, str] = {
    Reason.MOVED_ON: "The test play has moved on. This is where it is.",
    Reason.LOCKED: "That choice is locked.",
}


@dataclass(frozen=True, slots=True)
class Who:
    """A creator on a platform, and the language they read stories in."""

    creator: Creator
    language: str = ""


class Acting:
    """One desk's. Raises `StoreError`, and what the desk tells kindly."""

    def __init__(self, studio: Studio, store: Store, now: Callable[[], int]) -> None:
        self._studio = studio
        self._store = store
        self._now = now
        self.commands: Mapping[str, Callable[[Who, str], Awaitable[Ask]]] = {
            "jump": self._jump, "set": self._set, "dice": self._dice, "wait": self._wait, "back": self._back,
            "why": self._why, "vars": self._vars, "from": self._from, "link": self._bookmark,
        }  # fmt: skip
        self.keys: Mapping[str, Callable[[Who, list[str]], Awaitable[Ask]]] = {
            "play": self._play, "c": self._choose, "time": self._key_time, "back": self._key_back,
            "again": self._key_again, "at": self._at, "why": lambda who, _: self._why(who, ""),
            "vars": lambda who, _: self._vars(who, ""), "link": lambda who, _: self._bookmark(who, ""),
        }  # fmt: skip

    async def story(self, who: Who, written: str) -> str:
        """The story that is meant: the one named, else the one in the test play, else the latest. Raises `Denied`."""
        if written:
            return written.split()[0].lower()
        row = await self._store.rehearsal(who.creator.viewer)
        if row is not None and await self._store.role_in(row.story, who.creator.viewer) is not None:
            return row.story
        mine = await self._studio.portfolio.all_of(who.creator)
        if not mine:
            raise Denied(Why.UNKNOWN)
        return mine[0].row.story

    async def text(self, who: Who, text: str) -> Coroutine[Any, Any, Ask] | None:
        """A text, as the answer that a choice of the test play waits for; None where none does."""
        asked = (await self._store.preferences(who.creator.viewer)).get(ASKS)
        if asked is None:
            return None
        await self._store.prefer(who.creator.viewer, ASKS, None)
        revision, _, choice = asked.partition(" ")
        row = await self._store.rehearsal(who.creator.viewer)
        if row is None or str(row.revision) != revision:
            return None  # they did something else meanwhile: the text is for somebody else
        return self._acted(who, int(revision), lambda play: play.choose(choice, text))

    async def _play(self, who: Who, rest: list[str]) -> Ask:
        await self._studio.playing.begin(who.creator, rest[0], self._now(), who.language)
        return Ask("now")

    async def _from(self, who: Who, rest: str) -> Ask:
        words = rest.split(" ", 1)
        named = len(words) == 2 and await self._store.role_in(words[0], who.creator.viewer) is not None
        story, link = (words[0], words[1]) if named else (await self.story(who, ""), rest)
        await self._studio.playing.begin(who.creator, story, self._now(), who.language, link)
        return Ask("now")

    async def _at(self, who: Who, rest: list[str]) -> Ask:
        """Stand in a scene of a story, as a press on its map wants it; the test play is that story's then."""
        story, scene = rest[0], rest[1]
        row = await self._store.rehearsal(who.creator.viewer)
        if row is None or row.story != story:
            await self._studio.playing.begin(who.creator, story, self._now(), who.language)
        return await self._jump(who, scene)

    async def _acted(self, who: Who, revision: int | None, deed: Deed) -> Ask:
        """Do something in the test play, and show where it is then."""
        try:
            play = await self._studio.playing.act(who.creator, revision, self._now(), deed)
        except Refused as refused:
            play, why = await self._studio.playing.now(who.creator, self._now()), SAID.get(refused.reason, "")
            return ready(play_sheet(play, why or "That cannot be done here."))
        if play is None:
            play = await self._studio.playing.now(who.creator, self._now())
            return ready(play_sheet(play, SAID[Reason.MOVED_ON]))
        return ready(play_sheet(play))

    async def _choose(self, who: Who, rest: list[str]) -> Ask:
        revision, number = int(rest[0]), int(rest[1])
        play = await self._studio.playing.now(who.creator, self._now())
        options = play.rehearsal.card.options
        if play.row.revision != revision or number >= len(options):
            return ready(play_sheet(play, SAID[Reason.MOVED_ON]))
        option = options[number]
        if option.locked:
            return ready(play_sheet(play, f"🔒 {option.label}: {_why(play, option.id)}"))
        if option.ask is not None:
            await self._store.prefer(who.creator.viewer, ASKS, f"{revision} {option.id}")
            return ready(asked_sheet(option))
        return await self._acted(who, revision, lambda rehearsal: rehearsal.choose(option.id))

    async def _key_time(self, who: Who, rest: list[str]) -> Ask:
        return await self._acted(who, int(rest[0]), Rehearsal.time_out)

    async def _key_back(self, who: Who, rest: list[str]) -> Ask:
        return await self._acted(who, int(rest[0]), Rehearsal.rewind)

    async def _key_again(self, who: Who, rest: list[str]) -> Ask:
        return await self._acted(who, int(rest[0]), Rehearsal.restart)

    async def _wait(self, who: Who, rest: str) -> Ask:
        return await self._acted(who, None, Rehearsal.time_out)

    async def _back(self, who: Who, rest: str) -> Ask:
        to = int(rest[:6]) - 1 if rest.isascii() and rest.isdigit() else None
        return await self._acted(who, None, lambda rehearsal: rehearsal.rewind(to))

    async def _jump(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        scenes = play.rehearsal.story.scenes
        if rest not in scenes:
            wrong = f'There is no scene "{rest}". ' if rest else ""
            return ready(Sheet((line(wrong, command("jump <scene>"), f" goes to {few(list(scenes), 12)}."),)))
        return await self._acted(who, None, lambda rehearsal: rehearsal.jump(rest))

    async def _set(self, who: Who, rest: str) -> Ask:
        name, _, value = rest.replace("=", " ", 1).partition(" ")
        if not name or not value.strip():
            return ready(advice("Set a variable like this: `/set trust 2`"))
        return await self._acted(who, None, lambda rehearsal: rehearsal.assign(name, value))

    async def _dice(self, who: Who, rest: str) -> Ask:
        faces = rest.split()
        if not faces or not all(face.isascii() and face.isdigit() and int(face[:6]) for face in faces[:20]):
            return ready(advice("Lay down the next dice like this: `/dice 2`, or `/dice 1 3`"))
        laid = tuple(int(face[:6]) for face in faces[:20])
        return await self._acted(who, None, lambda rehearsal: rehearsal.lay(*laid))

    async def _why(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        return ready(reasons_sheet(play.rehearsal))

    async def _vars(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        return ready(values_sheet(play.rehearsal))

    async def _bookmark(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        link = f"from {play.row.story} {play.rehearsal.link}"
        if len(link) > LONGEST_LINK:
            here = play.rehearsal.state.scene
            return ready(advice(f"The way here is too long for a link. `/jump {here}` comes here without it."))
        return ready(Sheet((line(bold("🔖 Start here again")), line(command(link, "code")))))


def _why(play: Play, choice: str) -> str:
    """The part of its condition that fails."""
    found = [one for one in play.rehearsal.prospects() if one.choice.id == choice]
    return reason(found[0], play.rehearsal) if found else "locked"
