"""The desk: what an adapter does with what arrives, through the bot's doors; nothing of a platform in it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import SetAside, UnknownSession
from bot.event import Event, Open, Tell
from bot.library import UnknownStory
from bot.rooms import Reply
from bot.rooms.rooms import Wish
from bot.store.port import EventKey
from bot.watch.rules import Rules
from bot.watch.vote import Voter
from tests.simulation.worker import PLATFORM, Worker

GROUP = "group"
"""The chat in which everybody watches together."""


@dataclass(frozen=True, slots=True)
class Ask:
    """See the card again."""

    session: int


@dataclass(frozen=True, slots=True)
class Erase:
    """Have everything forgotten."""


@dataclass(frozen=True, slots=True)
class Assemble:
    """Begin a watch-along in the group."""

    story: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class Cast:
    """Vote for a choice."""

    session: int
    revision: int
    choice: str
    expected: int | None


@dataclass(frozen=True, slots=True)
class Guide:
    """Want something of a room, as its host or as a steward."""

    session: int
    wish: Wish


@dataclass(frozen=True, slots=True)
class Come:
    """Join a room."""

    session: int


@dataclass(frozen=True, slots=True)
class Go:
    """Leave it."""

    session: int


What = Open | Tell | Ask | Erase | Assemble | Cast | Guide | Come | Go


@dataclass(frozen=True, slots=True)
class Call:
    """Something that a viewer sent. It is one event, however often it arrives."""

    key: EventKey
    who: str
    what: What


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the viewer was told. `counted`: that it happened (True), that it did not (False), or neither.

    `session` and `revision`: where the bot said that they stand.
    """

    counted: bool | None
    session: int = 0
    revision: int = 0
    late: int | None = None
    """Where they were told that what they voted on is over: what the worker's clock said then."""


HEARD = Acknowledged(None)


async def take(call: Call, worker: Worker) -> Acknowledged:
    """Take it to its end. Raises `StoreError`: it is to come again."""
    match call.what:
        case Open() | Tell() | Ask():
            return await _play(call, call.what, worker)
        case Erase():
            return await _erase(call, worker)
        case _:
            return await _watch(call, call.what, worker)


async def _play(call: Call, what: Open | Tell | Ask, worker: Worker) -> Acknowledged:
    address = f"{PLATFORM}:{call.who}"
    try:
        if isinstance(what, Ask):
            await worker.app.push(PLATFORM, call.who, what.session, call.key, address)
            return HEARD
        answer = await worker.app.handle(Event(call.key, call.who, what, worker.clock(), address))
    except (UnknownSession, UnknownStory, SetAside):
        return HEARD
    counted = answer.notice is None if isinstance(what, Tell) else None
    return Acknowledged(counted, answer.session.id, answer.session.revision)


async def _erase(call: Call, worker: Worker) -> Acknowledged:
    viewer = await worker.store.viewer(PLATFORM, call.who)
    await worker.app.forget(viewer.id, [(PLATFORM, call.who)])
    return HEARD


async def _watch(call: Call, what: Assemble | Cast | Guide | Come | Go, worker: Worker) -> Acknowledged:
    key, at, rooms, voter = call.key, worker.clock(), worker.rooms, voter_of(call.who)
    match what:
        case Assemble():
            await rooms.gather(key, PLATFORM, voter.id, GROUP, what.story, None, what.rules, at)
            return HEARD
        case Cast():
            reply = await rooms.vote(key, what.session, what.revision, what.choice, voter, at, what.expected)
            counted = {Reply.COUNTED: True, Reply.CHANGED: True, Reply.SAME: None}.get(reply, False)
            return Acknowledged(counted, late=at if reply in (Reply.LATE, Reply.OVER) else None)
        case Guide():
            return Acknowledged(await rooms.control(key, what.session, what.wish, at) is Reply.DONE or None)
        case Come():
            await rooms.join(key, what.session, voter, at)
        case Go():
            await rooms.host_left(key, what.session, voter.id, at)
    return HEARD


def voter_of(who: str) -> Voter:
    """Somebody as a voter; all are stewards, so that everybody's wishes are heard."""
    return Voter(f"{PLATFORM}:{who}", steward=True)
