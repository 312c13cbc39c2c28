"""Evenings to be weighed: viewers who play the stories that ship with the bot to an ending, and groups that vote."""

from __future__ import annotations

import asyncio
import random
import time
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter

from adapters.telegram.standing import Standing
from benchmarks.players import PLATFORM, SEED
from bot.app import App
from bot.event import Answer, Event, Open, Tell
from bot.library import Library
from bot.play.event import Choose
from bot.rooms import Rooms
from bot.rooms.kept import CLOSE
from bot.store.port import EventKey, Shown, Store
from bot.watch.rules import Rules
from bot.watch.vote import Voter

STORIES = Path(__file__).parent.parent / "stories"
MOST_TAPS = 60
AT_ONCE = 64
VOTERS, BALLOTS = 20, 5
HOUR = 3_600_000

_STANDINGS = TypeAdapter(Standing)


class Evenings:
    """Plays on one store, by an `App`. `taps` counts those of viewers alone, `plays` their sessions."""

    def __init__(self, store: Store) -> None:
        self.app = App(store, Library(STORIES, store, lambda folder, story: {}))
        self.rooms = Rooms(self.app)
        self.taps = 0
        self.plays = 0
        self._chance = random.Random(SEED)
        self._keys = count(10**9)
        """As Telegram numbers its updates."""

    async def play(self, viewers: int) -> None:
        """So many viewers play one story each, some at a time."""
        await self.app.library.load(self._now())
        left = iter(range(viewers))

        async def seat() -> None:
            for number in left:
                await self._play(str(700_000_000 + number))

        await asyncio.gather(*(seat() for _ in range(AT_ONCE)))

    async def vote(self, rooms: int) -> None:
        """So many groups vote a few times."""
        for number in range(rooms):
            await self._watch(str(-1_000_000_000_000 - number))

    async def _play(self, user: str) -> None:
        story = self._chance.choice(sorted(self.app.library.stories))
        answer, self.plays = await self._do(user, Open(story)), self.plays + 1
        for _ in range(MOST_TAPS):
            await self._stand(user, answer)
            options = [option.id for option in answer.cards[-1].options if not option.locked and not option.ask]
            if not options:
                return
            choose = Choose(answer.session.revision, self._chance.choice(options))
            answer, self.taps = await self._do(user, Tell(answer.session.id, choose)), self.taps + 1

    async def _do(self, user: str, what: Open | Tell) -> Answer:
        return await self.app.handle(Event(self._key(), user, what, self._now(), f"{PLATFORM}:{user}"))

    async def _stand(self, user: str, answer: Answer) -> None:
        """What Telegram's adapter keeps of a card that it has shown."""
        session, words = answer.session, "\n".join(line.text for line in answer.cards[-1].lines)
        body = _STANDINGS.dump_json(Standing(session.revision, next(self._keys), True, words, True))
        await self.app.store.keep_shown(Shown(PLATFORM, user, session.id, session.revision, body, self._now()))

    async def _watch(self, chat: str) -> None:
        story = self._chance.choice(sorted(self.app.library.stories))
        host = f"{PLATFORM}:{chat}1"
        gathered = await self.rooms.gather(self._key(), PLATFORM, host, chat, story, None, Rules(), self._now())
        assert gathered.session is not None
        for ballot in range(1, BALLOTS + 1):
            await self._ballot(gathered.session, chat, self._now() + ballot * HOUR)

    async def _ballot(self, session: int, chat: str, at: int) -> None:
        booth = await self.rooms.look(session)
        if booth is None or booth.ended:
            return
        options = [option.id for option in booth.card.options if not option.locked]
        for number in range(VOTERS):
            voter, choice = Voter(f"{PLATFORM}:{chat}{number}"), self._chance.choice(options)
            await self.rooms.vote(self._key(), session, booth.row.revision, choice, voter, at - HOUR)
        for due in await self.app.store.due(at, 1_000):
            if due.kind == CLOSE and due.session == session:
                await self.rooms.close(due, at)

    def _key(self) -> EventKey:
        return EventKey(PLATFORM, str(next(self._keys)))

    @staticmethod
    def _now() -> int:
        return time.time_ns() // 1_000_000
