"""The workshop: what creators send is worked on in a child process, and the bot goes on whatever that does to it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import structlog

from bot.story.problem import StoryError
from bot.studio.bench.answer import OUT_OF_MEMORY, Answer, Broke, Done, Refused
from bot.studio.bench.child import Child
from bot.studio.bench.frame import TooLong
from bot.studio.bench.job import Check, Clips, Files, Job, Kind, Map, Picture, Plays, Prove, Tale
from bot.studio.bench.limits import Limits
from bot.studio.bench.line import Busy, Line, Replaced, Ticket
from bot.studio.bench.unpacking import Unpacked
from bot.studio.counts import Visits
from bot.studio.figures import Figures
from bot.studio.proof import Proof
from bot.studio.report import Report

__all__ = ["Busy", "Fault", "Kind", "Limits", "Replaced", "Unpacked", "WorkFailed", "Workshop"]

log = structlog.get_logger()

Came = TypeVar("Came")


class Fault(Enum):
    """Why a job came to nothing, and what to do."""

    TIME = "took too long and was ended; make the story smaller or simpler, or ask for less"
    MEMORY = "needed too much memory and was ended; make the story smaller or simpler, or ask for less"
    LARGE = "came to more than can be told; make the story smaller, or ask for less"
    CRASH = "broke off; ask again, and if that happens once more, tell whoever runs this bot"
    CLOSED = "was broken off because the bot is being restarted; ask again in a minute"


class WorkFailed(Exception):
    """A job came to nothing; the next one is not touched by it. `str` says what happened, and what to do."""

    def __init__(self, kind: Kind, fault: Fault) -> None:
        self.kind, self.fault = kind, fault
        super().__init__(f"{kind.value} {fault.value}")


_FALLS: Mapping[int | None, Fault] = MappingProxyType(
    {OUT_OF_MEMORY: Fault.MEMORY, -getattr(signal, "SIGXCPU", 0): Fault.TIME}
)
"""What the exit code of a bench that has fallen means."""


class Workshop:
    """One bench for all creators, begun with the first job. Jobs are done one after the other, in their order.

    Each raises `Busy` where it is not taken and `WorkFailed` where it comes to nothing. Who no longer waits for a job
    (is cancelled) ends it. `known` are the seconds of clips that the story has, by path; 0 where nobody knows.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._line = Line(self._limits.each, self._limits.all)
        self._child: Child | None = None
        self._open = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Workshop]:
        """Take jobs; at the end whatever runs or waits is broken off, and no process is left."""
        work = asyncio.create_task(self._work(), name="workshop")
        self._open = True
        try:
            yield self
        finally:
            self._open = False
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            for ticket in self._line.all():
                _fail(ticket, Fault.CLOSED)

    @property
    def pid(self) -> int | None:
        """The bench's process; None while there is none."""
        return None if self._child is None else self._child.pid

    # -- jobs

    async def check(
        self, creator: int, path: Path, name: str, before: Mapping[str, str] | None = None,
        known: Mapping[str, float] | None = None,
    ) -> Report:  # fmt: skip
        """The report on the upload in a file, which must stay as it is and whose folder may be written to. `name` is
        what its sender calls it, `before` the files of the version before."""
        files = None if before is None else _files(before)
        return await self._done(creator, Check(_whole(path), name, files, dict(known or {})))

    async def clips(self, creator: int, path: Path, name: str, to: Path) -> tuple[Unpacked, ...]:
        """The clips of an upload, a file each in the empty folder `to`, looked at and fit for the vault, or why not.

        Raises `StoryError` where the upload cannot be opened.
        """
        return await self._done(creator, Clips(_whole(path), name, _whole(to)))

    async def prove(
        self, creator: int, story_id: str, sources: Mapping[str, str], known: Mapping[str, float] | None = None
    ) -> Proof:
        """What can and cannot happen in a story. Raises `StoryError`, as the following do."""
        return await self._done(creator, Prove(_tale(story_id, sources, known)))

    async def plays(
        self, creator: int, story_id: str, sources: Mapping[str, str], known: Mapping[str, float] | None = None,
        plays: int = 10_000, seed: int = 1,
    ) -> Figures:  # fmt: skip
        """What so many random plays come to; the same seed plays the same."""
        return await self._done(creator, Plays(_tale(story_id, sources, known), plays, seed))

    async def map(
        self, creator: int, story_id: str, sources: Mapping[str, str], known: Mapping[str, float] | None = None,
        visits: Visits | None = None, proof: Proof | None = None, kind: Picture = "png",
    ) -> bytes:  # fmt: skip
        """The creator's map as a file, with counts as heat; a proof of another version is passed over."""
        return await self._done(creator, Map(_tale(story_id, sources, known), visits, proof, kind))

    async def _done(self, creator: int, job: Job[Came]) -> Came:
        if not self._open:
            raise WorkFailed(job.kind, Fault.CLOSED)
        ticket = Ticket(creator, job)
        self._line.join(ticket)
        try:
            came: Came = await ticket.answer
            return came
        finally:
            self._line.leave(ticket)

    # -- the one who works

    async def _work(self) -> None:
        try:
            while True:
                await self._serve(await self._line.next())
        finally:
            await self._let_go()

    async def _serve(self, ticket: Ticket) -> None:
        """Have a job done, for as long as somebody waits for it."""
        work = asyncio.create_task(self._answer(ticket.job))
        try:
            await asyncio.wait({work, ticket.answer}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            _fail(ticket, Fault.CLOSED)
            raise
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                await self._let_go()
        if not ticket.answer.done():
            _settle(ticket, work.result())

    async def _answer(self, job: Job[Any]) -> Answer | Fault:
        """What the bench says to a job, or why it says nothing; then it is ended, and the next job gets another."""
        try:
            answer = await self._asked(job)
        except TimeoutError:
            await self._let_go()
            return _told(job, Fault.TIME)
        except TooLong:
            await self._let_go()
            return _told(job, Fault.LARGE)
        except (EOFError, OSError):
            return _told(job, _FALLS.get(await self._let_go(kindly=True), Fault.CRASH))
        if isinstance(answer, Broke):
            _told(job, Fault.CRASH, answer.way)
        if isinstance(answer, Done) and answer.last:
            await self._let_go(kindly=True)
        return answer

    async def _asked(self, job: Job[Any]) -> Answer:
        if self._child is not None and self._child.fallen:
            await self._let_go()
        if self._child is None:
            self._child = await Child.begin(self._limits)
        return await self._child.ask(job, self._limits.time(job.kind))

    async def _let_go(self, *, kindly: bool = False) -> int | None:
        """End the bench: its exit code. Whoever is cancelled meanwhile leaves it to be ended again."""
        code = None if self._child is None else await self._child.end(kindly=kindly)
        self._child = None
        return code


def _told(job: Job[Any], fault: Fault, way: str | None = None) -> Fault:
    """The fault, once the operator has been told of it."""
    log.warning("workshop_failed", kind=job.kind.name.lower(), why=fault.name.lower(), way=way)
    return fault


def _settle(ticket: Ticket, answer: Answer | Fault) -> None:
    match answer:
        case Done(came):
            ticket.answer.set_result(came)
        case Refused(problems):
            ticket.answer.set_exception(StoryError(problems))
        case Fault():
            _fail(ticket, answer)
        case Broke():
            _fail(ticket, Fault.CRASH)
        case _:
            _fail(ticket, Fault.LARGE)


def _fail(ticket: Ticket, fault: Fault) -> None:
    if not ticket.answer.done():
        ticket.answer.set_exception(WorkFailed(ticket.job.kind, fault))


def _whole(path: Path) -> Path:
    """The bench is at home in another folder."""
    return path.absolute()


def _files(sources: Mapping[str, str]) -> Files:
    return tuple(sorted(sources.items()))


def _tale(story_id: str, sources: Mapping[str, str], known: Mapping[str, float] | None) -> Tale:
    return Tale(story_id, _files(sources), tuple(sorted((known or {}).items())))
