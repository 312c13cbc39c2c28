"""Whoever watches a session is told that it moved."""

from __future__ import annotations

import asyncio

from bot.moves import ENDED, Moves


def told(queue: asyncio.Queue[int]) -> list[int]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def test_everybody_who_listens_to_a_session_hears_its_moves_and_no_others() -> None:
    moves = Moves()
    async with moves.of(1) as one, moves.of(1) as another, moves.of(2) as elsewhere:
        moves.tell(1, 5)
        moves.tell(3, 7)
        assert (told(one), told(another), told(elsewhere)) == ([5], [5], [])


async def test_who_is_slow_misses_old_moves_but_never_the_newest() -> None:
    moves = Moves()
    async with moves.of(1) as slow:
        for revision in range(100):
            moves.tell(1, revision)
        heard = told(slow)
    assert heard == list(range(100 - len(heard), 100))
    assert heard


async def test_nobody_who_left_is_remembered() -> None:
    moves = Moves()
    for session in range(1_000):
        async with moves.of(session), moves.of(session):
            moves.tell(session, 1)
        moves.tell(session, 2)
    assert not moves._listeners


async def test_the_end_is_told_to_who_listens_and_to_who_comes_later() -> None:
    moves = Moves()
    async with moves.of(1) as before:
        moves.end()
        async with moves.of(2) as after:
            assert (told(before), told(after)) == ([ENDED], [ENDED])
