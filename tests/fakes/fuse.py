"""A fuse: ends this process with SIGKILL at the n-th point of a kind that it passes."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from types import TracebackType
from typing import Any, Literal

Kind = Literal["await", "statement", "opcodes"]
KINDS: tuple[Kind, ...] = ("await", "statement", "opcodes")

OPCODES = 40
"""Instructions of SQLite's machine between two points within a statement."""


class Fuse:
    """`points` counts what was passed; `kind` and `at` say where it ends (None: never)."""

    def __init__(self, kind: Kind | None = None, at: int = 0) -> None:
        self.kind = kind
        self.at = at
        self.points: Counter[Kind] = Counter()

    def passes(self, kind: Kind) -> None:
        """A point is passed, or everything ends here, as if the power had gone."""
        self.points[kind] += 1
        if kind == self.kind and self.points[kind] >= self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def loop(self) -> asyncio.AbstractEventLoop:
        """An event loop whose every task passes a point before and after each of its turns."""
        loop = asyncio.new_event_loop()
        loop.set_task_factory(self._task)
        return loop

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, *, context: Context | None = None) -> asyncio.Task[Any]:
        return asyncio.Task(_Fused(work, self), loop=loop, context=context)

    def connect(self, connect: Callable[[str], sqlite3.Connection]) -> Callable[[str], sqlite3.Connection]:
        """The same, with connections that pass a point before each statement and every few instructions."""

        def connected(path: str) -> sqlite3.Connection:
            connection = connect(path)
            connection.set_trace_callback(lambda _: self.passes("statement"))
            connection.set_progress_handler(lambda: self.passes("opcodes"), OPCODES)
            return connection

        return connected


class _Fused(Coroutine[Any, Any, Any]):
    """A coroutine that passes a point wherever it is resumed or comes to wait."""

    def __init__(self, work: Coroutine[Any, Any, Any], fuse: Fuse) -> None:
        self._work = work
        self._fuse = fuse

    def send(self, value: Any) -> Any:
        self._fuse.passes("await")
        awaited = self._work.send(value)
        self._fuse.passes("await")
        return awaited

    def throw(self, kind: Any, value: Any = None, traceback: TracebackType | None = None) -> Any:
        return self._work.throw(kind if value is None else value)

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._work.__await__()
