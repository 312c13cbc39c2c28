"""A duty: the work is done while it is ours, ends when it is lost, and begins again."""

from __future__ import annotations

import asyncio

import pytest

from bot.crew.duty import Duty

TURNS = 10


class Work:
    """Goes on until it is cancelled, fails or is told to end."""

    def __init__(self) -> None:
        self.begun = self.cancelled = 0
        self.over = asyncio.Event()
        self.fault: Exception | None = None

    async def __call__(self) -> None:
        self.begun += 1
        try:
            await self.over.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.fault is not None:
            raise self.fault


async def turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def test_the_work_begins_when_it_is_ours_ends_when_it_is_lost_and_begins_again() -> None:
    duty, work = Duty(), Work()
    doing = asyncio.create_task(duty.do(work))
    await turns()
    assert work.begun == 0
    for lives in (1, 2):
        duty.change(mine=True)
        duty.change(mine=True)
        await turns()
        assert (work.begun, work.cancelled) == (lives, lives - 1)
        duty.change(mine=False)
        await turns()
        assert (work.begun, work.cancelled) == (lives, lives)
    duty.change(mine=True)
    await turns()
    work.over.set()
    await doing


async def test_what_is_ours_again_at_once_was_lost_all_the_same() -> None:
    duty, work = Duty(), Work()
    duty.change(mine=True)
    doing = asyncio.create_task(duty.do(work))
    await turns()
    duty.change(mine=False)
    duty.change(mine=True)
    await turns()
    assert (work.begun, work.cancelled) == (2, 1)
    work.over.set()
    await doing


async def test_what_is_lost_before_it_begins_does_not_begin() -> None:
    duty, work = Duty(), Work()
    doing = asyncio.create_task(duty.do(work))
    await turns()
    duty.change(mine=True)
    duty.change(mine=False)
    await turns()
    assert work.begun == 0
    doing.cancel()
    await asyncio.wait([doing])


async def test_an_error_of_the_work_comes_through() -> None:
    duty, work = Duty(), Work()
    work.fault = ValueError("the token was refused")
    work.over.set()
    duty.change(mine=True)
    with pytest.raises(ValueError, match="the token was refused"):
        await duty.do(work)


async def test_who_is_cancelled_ends_the_work_first() -> None:
    duty, work = Duty(), Work()
    duty.change(mine=True)
    doing = asyncio.create_task(duty.do(work))
    await turns()
    doing.cancel()
    await asyncio.wait([doing])
    assert doing.cancelled()
    assert (work.begun, work.cancelled) == (1, 1)
