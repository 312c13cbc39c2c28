"""A story that parts and meets, and a group that may split in it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import App
from bot.delivery.parcel import Note, Parcel, unwrap
from bot.rooms import Rooms
from bot.store.port import OutboxCard, RoomRow
from bot.watch.room import Room
from bot.watch.rules import Fork, Rules
from tests.fakes.crowd import Crowd
from tests.fakes.house import Clock

TWO_WAYS = """\
title: Two ways
synopsis: Apart and together.
genres: [test]
rating: all
language: en
variables:
  wet: {type: flag}
episodes:
  one:
    title: One
    scenes:
      gate:
        choices:
          hall: {label: The hall, to: hall}
          garden: {label: The garden, to: garden}
          wall: {label: Over the wall, to: roof}
          same: {label: The hall again, to: hall}
          out: {label: Out, to: street}
      hall:
        choices:
          on: {label: On, to: bridge}
          deep: {label: Down, to: cellar}
      garden:
        choices:
          walk: {label: Walk, do: [wet = true], to: bridge}
          rest: {label: Rest, to: pond}
      roof:
        choices:
          down: {label: Down, to: bridge}
      cellar:
        choices:
          up: {label: Up, to: bridge}
          dig: {label: Dig, to: grave}
      pond:
        choices:
          swim: {label: Swim, to: sea}
          sleep: {label: Sleep, to: sea}
      bridge:
        choices:
          cross: {label: Cross, to: square}
          jump: {label: Jump, to: sea}
      square:
        choices:
          left: {label: Left, to: home}
          right: {label: Right, to: street}
      home: {ending: {title: Home, kind: happy}}
      street: {ending: {title: The street, kind: open}}
      sea: {ending: {title: The sea, kind: sad}}
      grave: {ending: {title: The grave, kind: sad}}
"""
"""gate -> hall | garden, both -> bridge; the cellar too; never from the pond."""

EVEN = {1: "hall", 2: "garden", 3: "hall", 4: "garden", 5: "wall"}
"""Voters and what they want at the gate: the host (1) wants the hall, which wins."""


class Pair:
    """A group before and after it splits: the room itself and, from then on, its twin."""

    def __init__(self, app: App, clock: Clock, session: int = 0) -> None:
        self.app, self.clock = app, clock
        self.main = Crowd(app, clock, session=session)

    @property
    def rooms(self) -> Rooms:
        return self.main.rooms

    async def gather(self, fork: Fork = Fork.ALWAYS, rules: Rules | None = None) -> None:
        assert await self.main.gather(rules or Rules(fork=fork), story="two-ways")

    async def vote(self, wishes: dict[int, str] | None = None) -> None:
        for number, wish in (wishes or EVEN).items():
            await self.main.vote(number, wish)

    async def split(self, rules: Rules | None = None) -> Crowd:
        """The group splits at the gate; its twin."""
        await self.gather(rules=rules)
        await self.vote()
        await self.main.wait(30)
        return await self.other()

    async def other(self) -> Crowd:
        """The twin of the last split."""
        row = await self.row()
        room = await self.room()
        assert row is not None
        return Crowd(self.app, self.clock, self.rooms, room.parted[-1].twin)

    async def row(self, session: int | None = None) -> RoomRow:
        row = await self.app.store.room(self.main.session if session is None else session)
        assert row is not None
        return row

    async def room(self, session: int | None = None) -> Room:
        booth = await self.rooms.look(self.main.session if session is None else session)
        assert booth is not None
        return booth.room

    async def cards(self) -> Sequence[OutboxCard]:
        return await self.app.store.pending("telegram", 0, 1_000)

    async def told(self) -> list[tuple[str, str]]:
        """Everything that went out, in order: (address, the note's page or the card's scene)."""
        return [(card.address, said(card)) for card in await self.cards()]

    async def notes(self) -> dict[str, Note]:
        found = [unwrap(card.body) for card in await self.cards()]
        return {note.note: note for note in found if isinstance(note, Note)}


def said(card: OutboxCard) -> str:
    """What a card or a note is."""
    parcel = unwrap(card.body)
    return parcel.card.scene if isinstance(parcel, Parcel) else f"*{parcel.note}"
