"""The bench's own program: takes a job, does it, answers, until nobody gives it one. `bench/child.py` starts it.

It limits itself before the first job. It ends when its standard input does, in the midst of a job too: then whoever
started it is gone.
"""

from __future__ import annotations

import contextlib
import math
import mmap
import os
import sys
import threading
import traceback
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from bot.clips.vault.kept import LARGEST
from bot.story.problem import StoryError
from bot.studio.bench.answer import OUT_OF_MEMORY, Answer, Broke, Done, Ready, Refused, TooLarge
from bot.studio.bench.frame import TooLong, framed, taken
from bot.studio.bench.job import Job
from bot.studio.bench.limits import Limits

if sys.platform != "win32":  # there it is only watched from outside
    import resource

_LATE = 2
"""Seconds of CPU beyond a job's limit, after which the system ends the bench even if nobody watches."""


def main() -> None:
    """Work until the standard input ends."""
    limits: Limits = taken(sys.stdin.buffer)
    answers = os.dup(1)
    _silence(1)
    _limit(limits)
    jobs: SimpleQueue[Job[Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    _say(answers, Ready())
    # What is said from here on may be a story's own words. What goes wrong before is told to the operator.
    _silence(2)
    while True:
        _say(answers, _done(jobs.get(), limits))


def _silence(output: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, output)
    os.close(nowhere)


def _listen(jobs: SimpleQueue[Job[Any]]) -> None:
    try:
        while True:
            jobs.put(taken(sys.stdin.buffer))
    except EOFError:
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _say(answers: int, answer: Answer) -> None:
    left = memoryview(_told(answer))
    try:
        while left:
            left = left[os.write(answers, left) :]
    except OSError:
        os._exit(0)


def _told(answer: Answer) -> bytes:
    try:
        return framed(answer)
    except TooLong:
        return framed(TooLarge())
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _done(job: Job[Any], limits: Limits) -> Answer:
    _limit_time(limits.time(job.kind))
    try:
        return Done(job.do(), _size() > limits.memory // 2)
    except StoryError as error:
        return Refused(error.problems)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        return Broke("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)


# -- limits


def _limit(limits: Limits) -> None:
    if sys.platform != "win32":
        os.nice(limits.nice)
        _lower(resource.RLIMIT_AS, limits.memory)
        _lower(resource.RLIMIT_FSIZE, LARGEST + 1)
        _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, to: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = to if hard == resource.RLIM_INFINITY else min(to, hard)
    with contextlib.suppress(OSError, ValueError):  # macOS does not limit memory
        resource.setrlimit(what, (most, most))


def _limit_time(seconds: float) -> None:
    """The watch from outside counts time as it passes; this one counts work, in case that watch is gone."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = math.ceil(used.ru_utime + used.ru_stime + seconds) + _LATE
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _size() -> int:
    """The bytes of address space that are in use; 0 where the system does not tell. The peak that `resource` tells is
    of no use: it counts what the bot had in use when it started this."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * mmap.PAGESIZE


if __name__ == "__main__":
    main()
