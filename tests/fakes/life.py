"""One life of a bot with a few viewers, in a process of its own that a fuse may end anywhere."""

from __future__ import annotations

import asyncio
import random
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter

from bot.agenda import Agenda
from bot.app import App
from bot.delivery.delivery import Delivery, Pauses
from bot.delivery.parcel import Note, Parcel
from bot.event import Answer, Event, Open, Tell
from bot.play.event import Choose, Restart
from bot.rooms import Rooms
from bot.store import line
from bot.store.port import EventKey
from tests.fakes.fuse import Fuse
from tests.fakes.house import START, Clock, House
from tests.fakes.journal import Entry, Journal, Pen, read_journal

PLATFORM = "chat"
VIEWERS = 3
REVISIONS = 5
"""Each viewer plays until their session has come this far."""

MINUTE = 60_000
PAUSES = Pauses(first=0.001, last=0.01, idle=0.005)
_PARCELS = TypeAdapter(Parcel)


def live(folder: Path, seed: int, number: int, fuse: Fuse, *, early: bool) -> None:
    """Play to the end, or until the fuse burns. `early` plants a fault: taps are acknowledged before they are safe."""
    setattr(line, "connect", fuse.connect(line.connect))  # noqa: B010 - for this process, which is about to be killed
    with asyncio.Runner(loop_factory=fuse.loop) as runner:
        runner.run(Life(folder, seed, number, early=early).run())
    Pen(folder / "journal").write("points", **{str(kind): points for kind, points in fuse.points.items()})


class Life:
    """Everything that runs in one life."""

    def __init__(self, folder: Path, seed: int, number: int, *, early: bool) -> None:
        self.house = House(folder)
        self.seed = seed
        self.number = number
        self.early = early
        self.clock = Clock(START + number * 60 * MINUTE)
        self.past = read_journal(folder / "journal")
        self.pen = Pen(folder / "journal")

    async def run(self) -> None:
        async with self.house.running() as app:
            delivery = app.deliveries[PLATFORM] = Delivery(app.store, PLATFORM, self.show, PAUSES)
            agenda = Agenda(app, Rooms(app), self.clock)
            running = [asyncio.create_task(delivery.run()), asyncio.create_task(agenda.run())]
            users = [f"viewer-{n}" for n in range(VIEWERS)]
            await asyncio.gather(*[Player(self, app, agenda, user).play() for user in users])
            # Time stands still from here on: once nothing is due, nothing more comes into the outbox.
            await agenda.take_due()
            while await app.store.pending(PLATFORM, 0, 1):
                await asyncio.sleep(0.001)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        """The chat platform: what it was shown is written down for good."""
        await asyncio.sleep(0)
        assert isinstance(parcel, Parcel)
        self.pen.write("shown", address=address, parcel=as_shown(parcel))
        await asyncio.sleep(0)


def as_shown(parcel: Parcel) -> str:
    """A parcel as the journal has it."""
    return _PARCELS.dump_json(parcel).decode()


class Player:
    """A viewer with the memory of earlier lives: first repeats what was never answered, then goes on."""

    def __init__(self, life: Life, app: App, agenda: Agenda, user: str) -> None:
        self.life = life
        self.app = app
        self.agenda = agenda
        self.user = user
        self.chance = random.Random(f"{life.seed}:{life.number}:{user}")
        self.count = sum(entry["user"] == user for entry in life.past.sent.values())

    async def play(self) -> None:
        await self._repeat(self.life.past)
        answer = await self._send(Open("crossroads"))
        while answer.session.revision < REVISIONS:
            await self._turn(answer)
            answer = await self.app.current(PLATFORM, self.user, answer.session.id)

    async def _repeat(self, past: Journal) -> None:
        """Everything unanswered once more, as platforms do; and some of what was answered, as they do too."""
        for id, entry in past.sent.items():
            if entry["user"] == self.user and (id not in past.answered or self.chance.random() < 0.3):
                await self._handle(id, entry)

    async def _turn(self, answer: Answer) -> None:
        """Something that viewers do: tap, tap twice, in two tabs at once, too late, nonsense; or let time pass."""
        now, session = answer.session.revision, answer.session.id
        if answer.cards[-1].ending:
            await self._send(Tell(session, Restart(now)))
            return
        if self.life.early:
            # Nothing but taps that are bound to count, so that only a kill can make their acknowledgement a lie.
            choices = [option.id for option in answer.cards[-1].options if not option.locked]
            await self._send(Tell(session, Choose(now, self.chance.choice(choices))))
            return
        choices = [option.id for option in answer.cards[-1].options]
        taps = [Choose(now, self.chance.choice(choices)) for _ in range(2)]
        deed = self.chance.random()
        if answer.state.deadline is not None and deed < 0.5:
            await asyncio.gather(self._wait(), *([self._send(Tell(session, taps[0]))] if deed < 0.25 else []))
        elif deed < 0.6:
            await asyncio.gather(*[self._send(Tell(session, tap)) for tap in taps])
        else:
            wrong = [Choose(now - 1, taps[0].choice), Choose(now, "nonsense")]
            for tap in (self.chance.choice([*taps, *wrong]), taps[0]):
                await self._send(Tell(session, tap))

    async def _wait(self) -> None:
        self.life.clock.advance(60)
        await self.agenda.take_due()

    async def _send(self, what: Open | Tell) -> Answer:
        self.count += 1
        id = f"{self.user}:{self.count}"
        told: Entry = {"user": self.user, "at": self.life.clock(), "open": None, "session": None, "what": None}
        if isinstance(what, Open):
            told |= {"open": what.story}
        else:
            told |= {"session": what.session, "what": [type(what.what).__name__, asdict(what.what)]}
        self.life.pen.write("sent", id=id, **told)
        return await self._handle(id, told)

    async def _handle(self, id: str, told: Entry) -> Answer:
        what: Open | Tell
        if told["open"]:
            what = Open(told["open"])
        else:
            kind, facts = told["what"]
            what = Tell(told["session"], (Choose if kind == "Choose" else Restart)(**facts))
        address = f"{PLATFORM}:{self.user}"
        event = Event(EventKey(PLATFORM, id), self.user, what, told["at"], address)
        if self.life.early:
            self.life.pen.write("answered", id=id, counted=True)
            return await self.app.handle(event)
        answer = await self.app.handle(event)
        self.life.pen.write("answered", id=id, counted=answer.notice is None)
        return answer
