"""The map drawn beside a rehearsal: in a process of its own, so that the prompt never waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

_ENTRANCE = Path(__file__).parent.parent.parent / "run_bot.py"


class Drawing:
    """Draws a story's folder as it is now, into one picture. Who begins again has only the newer one drawn."""

    def __init__(self, folder: Path, picture: Path) -> None:
        self._command = (sys.executable, str(_ENTRANCE), "map", str(folder), "--out", str(picture))
        self._task: asyncio.Task[str] | None = None

    def begin(self) -> None:
        """Draw; what was under way ends undone."""
        self._task = asyncio.create_task(self._draw(self._task))

    async def done(self) -> None:
        """Returns once a drawing is done of which nothing was told yet."""
        await asyncio.wait([self._task or asyncio.get_running_loop().create_future()])

    def told(self) -> str:
        """What is to be said of the drawing that is done; nothing where the story has an error by now."""
        words = "" if self._task is None else self._task.result()
        self._task = None
        return words

    async def stop(self) -> None:
        """End what is under way; the picture stays as it was."""
        await _ended(self._task)

    async def _draw(self, before: asyncio.Task[str] | None) -> str:
        await _ended(before)
        # A session of its own: the layout is a process too, and both end together.
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
            )
        except OSError as error:
            return f"The map could not be drawn: {error.strerror}"
        try:
            said, trouble = await process.communicate()
        finally:
            await _stopped(process)
        if trouble:
            return f"The map could not be drawn: {trouble.decode(errors='replace').splitlines()[-1]}"
        return said.decode().rstrip() if process.returncode == 0 else ""


async def _ended(task: asyncio.Task[str] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait([task])


async def _stopped(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it may have ended just now
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
