"""A bench as a child process: started, given one job at a time, ended, and never left behind.

It is a program of its own (`python -m bot.studio.bench`) and no process of `multiprocessing`: it loads what it needs
and not the whole bot, gets an environment without the bot's tokens, shares nothing that is harmed when it is killed in
the midst of something, needs no thread here, and ends by itself when the pipe to it does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from bot.studio.bench.answer import Answer, Ready
from bot.studio.bench.frame import framed, heard
from bot.studio.bench.job import Job
from bot.studio.bench.limits import Limits

ROOT = Path(__file__).resolve().parents[3]

KEPT = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "XDG_DATA_DIRS", "XDG_DATA_HOME"})
"""Of the environment; whatever else is in it, such as tokens, stays out of reach."""

BEGINS = 30.0
"""Seconds that it may take to begin: half of one, on a machine that is not busy."""

ENDS = 2.0
"""Seconds that it may take to end by itself."""

_PIECE = 1024 * 1024


class Child:
    """One bench, from its beginning to its end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def begin(cls, limits: Limits) -> Child:
        """A bench that is ready. Raises `OSError`, or `EOFError` where it does not begin."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "bot.studio.bench",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_PIECE,
            cwd=os.sep, env=_environment(), start_new_session=True,
        )  # fmt: skip
        child = cls(process)
        try:
            async with asyncio.timeout(BEGINS):
                if isinstance(await child._asked(limits), Ready):
                    return child
            raise EOFError
        except TimeoutError:
            await child.end()
            raise EOFError from None
        except BaseException:
            await child.end()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def fallen(self) -> bool:
        """Whether it is known to have ended."""
        stdout = self._process.stdout
        return self._process.returncode is not None or stdout is None or stdout.at_eof()

    async def ask(self, job: Job[Any], seconds: float) -> Answer:
        """The answer to a job. Raises `EOFError` when the bench has fallen, `TimeoutError`, `TooLong`; then end it."""
        async with asyncio.timeout(seconds):
            return await self._asked(job)

    async def end(self, *, kindly: bool = False) -> int:
        """End it, and wait until it is gone: its exit code, negative where a signal ended it. `kindly` lets it end by
        itself first, as one does that has fallen already."""
        process = self._process
        if process.stdin is not None:
            process.stdin.close()
        if kindly:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ENDS):
                    return await process.wait()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        return await process.wait()

    async def _asked(self, thing: object) -> Answer:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise EOFError
        with contextlib.suppress(ConnectionError):
            stdin.write(framed(thing))
            await stdin.drain()
        answer: Answer = await heard(stdout)
        return answer


def _environment() -> dict[str, str]:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    # Each thread's own heap would take 64 MB of the addresses that are counted.
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "MALLOC_ARENA_MAX": "1"}
