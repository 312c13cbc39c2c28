"""A watch-along that goes round and round at Discord, those who vote in it, and what the database says of them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.discord import Channel, Message, Person, components
from tests.fakes.discord.refusal import Body
from tests.fakes.on_discord import choices, votes, write

ROUND = """\
title: Round and round
synopsis: Over the water and back.
genres: [test]
rating: all
language: en
episodes:
  one:
    title: The crossing
    scenes:
      pier:
        lines: [{narrator: The pier.}]
        choices:
          aboard: {label: Go aboard, to: deck}
          wade: {label: Wade, to: deck}
      deck:
        lines: [{narrator: The deck.}]
        choices:
          back: {label: Turn back, to: pier}
          drift: {label: Drift, to: pier}
"""
SCENES = ("The pier.", "The deck.")
IDS = {"Go aboard": "aboard", "Wade": "wade", "Turn back": "back", "Drift": "drift"}

ANSWERED = ("Counted", "Changed", "You voted for that")
"""How an answer begins that says: this vote counts."""

WAIT = 1.5
"""Seconds for an answer, before somebody presses again: the bot may be gone."""

BREATH = 0.02
"""Seconds between two presses of somebody, at the most."""

SIGNATURE, SESSION = 8, 11
"""Letters of a button's token before the revision."""


def write_round(stories: Path) -> None:
    write(stories, "round", ROUND)


def revision_of(body: Body) -> int | None:
    """The revision that a message's buttons vote on; None where it has none."""
    for part in components.walk(body["components"]):
        role, _, token = str(part.get("custom_id", "")).partition(":")
        if role == "vote":
            return int(token[SIGNATURE:].partition(":")[0][SESSION:], 32)
    return None


def scenes_shown(channel: Channel) -> int:
    """How many scenes came there; one that came twice counts twice."""
    return sum(scene in message.text for message in channel.messages for scene in SCENES)


@dataclass
class Voter:
    """`wishes` has by revision what was sent, in order, and whether it was acknowledged."""

    person: Person
    dice: random.Random
    wishes: defaultdict[int, list[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def acknowledged(self) -> int:
        """How many presses were answered as votes that count."""
        return sum(counted for wishes in self.wishes.values() for _, counted in wishes)

    async def go_round(self, channel: Channel, over: asyncio.Event) -> None:
        """Vote on whatever can be voted on."""
        while not over.is_set():
            card = await channel.shown(votes)
            with contextlib.suppress(LookupError):
                # A LookupError: the buttons went at this very moment.
                await self.vote(card)
            await asyncio.sleep(self.dice.uniform(0, BREATH))

    async def vote(self, card: Message) -> bool:
        """Whether a vote for anything there was acknowledged."""
        label = self.dice.choice(choices(card))
        revision = revision_of(card.body)
        pressed = self.person.send_press(card, label)
        wishes = self.wishes[revision or 0]
        wishes.append((IDS[label], False))
        try:
            await pressed.acknowledged(WAIT)
            said = (await pressed.spoken(WAIT)).text
        except TimeoutError:
            return False
        wishes[-1] = IDS[label], said.startswith(ANSWERED)
        return wishes[-1][1]

    def possible(self, revision: int) -> set[str]:
        """What may stand in the store: the last that was acknowledged, or anything sent since."""
        wishes = self.wishes[revision]
        last = max((place for place, (_, counted) in enumerate(wishes) if counted), default=None)
        return set() if last is None else {choice for choice, _ in wishes[last:]}


@dataclass
class Books:
    """What the database of a bot says about its only room."""

    path: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def faults(self, voters: list[Voter], channel: Channel) -> Iterator[str]:
        """Everything that is wrong, given what voters were told and the channel shows."""
        stored = {(voter, revision): choice for voter, revision, choice in self.rows(VOTES)}
        for voter in voters:
            for revision in voter.wishes:
                possible = voter.possible(revision)
                found = stored.get((voter.person.voter, revision))
                if possible and found not in possible:
                    yield f"{voter.person.voter} was told of {possible} at {revision}, stored is {found}"
        [(revision, room)] = self.rows(
            "SELECT session.revision, room.revision FROM room JOIN session ON session.id = room.session"
        )
        closed = [one for [one] in self.rows("SELECT revision FROM ballot ORDER BY revision")]
        taken = [one for [one] in self.rows("SELECT revision FROM fact WHERE kind <> 'begin' ORDER BY revision, id")]
        if revision != room or closed != list(range(len(closed))) or taken != list(range(1, len(closed) + 1)):
            yield f"the room is at {room}, the session at {revision}, closed were {closed}, taken {taken}"
        if room != len(closed):
            yield f"the room is at {room}, but {len(closed)} ballots were decided"
        if scenes_shown(channel) != len(closed) + 1:
            yield f"{scenes_shown(channel)} scenes were shown, {len(closed)} ballots closed"
        if troubles := self.rows("SELECT platform, id, error FROM trouble"):
            yield f"events were set aside: {troubles}"


VOTES = "SELECT voter, revision, ranking FROM vote"
