"""Group commit: what arrives while the last transaction runs goes into the next one, all together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from bot import figures
from bot.store.errors import StoreError

Waiting = tuple[Any, "asyncio.Future[Any]"]

Together = Callable[[Sequence[Any], Any], Any]
"""Does a group of jobs on the connection that its line lends: a result for each, `Failed` for one that raised."""


class Lender(Protocol):
    """A line to a database, which lends its connection to one piece of work at a time."""

    async def lend(self, work: Callable[[Any], Any]) -> Any:
        """Do the work with the connection, and give what it gave."""


GROUP = 256
"""Most jobs in one transaction: enough to share its cost, few enough that nobody waits long for others."""


class Failed:
    """A job that raised, among the results of those that did not."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class Batch:
    """Runs jobs in groups on one line. A caller hears only after its whole group is done (writing: durable).

    `explain` makes the error a caller gets from the one that happened, anew for each caller.
    """

    def __init__(
        self,
        line: Lender,
        together: Together,
        explain: Callable[[Exception], Exception],
        group: int = GROUP,
        counted: figures.Line | None = None,
    ) -> None:
        self._line = line
        self._together = together
        self._explain = explain
        self._group = group
        self._counted = counted or figures.Line()
        self._waiting: deque[Waiting] = deque()
        self._runner: asyncio.Task[None] | None = None
        self._closed = False

    def run(self, job: Any) -> asyncio.Future[Any]:
        """Do the job in the next group. When the caller is cancelled it is done or not done, never half."""
        if self._closed:
            raise StoreError("the store is closed; nothing was read or written.")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._runner is None:
            self._runner = asyncio.create_task(self._drain())
        return future

    async def close(self) -> None:
        """Take no more jobs and finish those that wait."""
        self._closed = True
        if self._runner is not None:
            await asyncio.wait([self._runner])

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._next_group()
        finally:
            self._runner = None
            # Only when this task itself was cancelled is anybody left: they must not wait for ever.
            for _, future in self._waiting:
                future.cancel()
            self._waiting.clear()

    async def _next_group(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._group))]
        wanted = [waiting for waiting in taken if not waiting[1].done()]
        jobs = [job for job, _ in wanted]
        self._counted.groups.note(len(jobs))
        try:
            results = await self._line.lend(partial(self._together, jobs))
        except Exception as error:
            results = [Failed(error)] * len(wanted)
        except asyncio.CancelledError:
            self._waiting.extendleft(reversed(wanted))
            raise
        for (_, future), result in zip(wanted, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Failed):
                self._counted.failures += 1
                future.set_exception(self._explain(result.error))
            else:
                future.set_result(result)
