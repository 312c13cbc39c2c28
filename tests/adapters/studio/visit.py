"""Creators at the studio's counter, as a platform brings them: what they send and press, and the sheets they get."""

from __future__ import annotations

from itertools import count

from adapters.studio.acting import Who
from adapters.studio.ask import Ask
from adapters.studio.door import StudioDoor
from adapters.studio.sheet import Sheet
from bot.studio.creator import Creator
from tests.fakes.atelier import Atelier

_numbers = count(1)


def link(invitation: str) -> str:
    return f"https://t.me/a_bot?start=i-{invitation}"


class Visit:
    """`owner` is the one who is meant where nobody is named."""

    def __init__(self, house: Atelier) -> None:
        self.house = house
        self.counter = StudioDoor(house.studio, house.store).counter(house.clock, link)
        self.owner = Who(house.owner, "en")

    async def show(self, ask: Ask, who: Who | None = None) -> Sheet:
        return await self.counter.sheet(who or self.owner, ask)

    async def command(self, name: str, rest: str = "", who: Who | None = None) -> Sheet:
        return await self.show(await self.counter.desk.command(who or self.owner, name, rest), who)

    async def press(self, about: str, who: Who | None = None) -> Sheet:
        return await self.show(await self.counter.desk.press(who or self.owner, about), who)

    async def file(self, content: str | bytes, name: str, caption: str = "", who: Who | None = None) -> Sheet:
        path = self.house.folder / f"upload-{next(_numbers)}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return await self.show(await self.counter.desk.file(who or self.owner, path, name, caption), who)

    async def text(self, text: str, who: Who | None = None) -> Sheet | None:
        ask = await self.counter.desk.text(who or self.owner, text)
        return None if ask is None else await self.show(ask, who)

    async def key(self, sheet: Sheet, label: str, who: Who | None = None) -> Sheet:
        """Press the button of a sheet whose label has that in it."""
        [about] = [key.about for row in sheet.rows for key in row if label in key.label]
        return await self.press(about, who)


def labels(sheet: Sheet) -> list[str]:
    return [key.label for row in sheet.rows for key in row]


def named(creator: Creator) -> Who:
    return Who(creator, "en")
