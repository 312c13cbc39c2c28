"""Pace: a chat that is to be left alone is, with all its topics, and nobody else."""

from __future__ import annotations

import asyncio
import time

from bot.delivery.pace import Pace, Rate

PATIENCE = 0.05
"""Seconds."""


async def test_a_chat_that_is_held_waits_with_its_topics_and_nobody_else_does() -> None:
    pace = Pace(lambda chat: None, None)
    asked = time.monotonic()
    pace.hold("-1/7", PATIENCE)
    assert not pace.spare("-1")
    assert pace.spare("-2")
    order: list[str] = []

    async def turn(address: str) -> None:
        await pace.turn(address)
        order.append(address)

    await asyncio.gather(*map(turn, ("-1", "-1/7", "-2", "-1/8")))
    assert order[0] == "-2"
    assert time.monotonic() - asked >= PATIENCE
    assert pace.spare("-1/7")


async def test_of_two_holds_the_longer_one_counts() -> None:
    now = 100.0
    pace = Pace(lambda chat: None, None, lambda: now)
    pace.hold("1", 5)
    pace.hold("1", 2)
    now = 104.0
    assert not pace.spare("1")
    now = 105.0
    assert pace.spare("1")


async def test_topics_of_a_chat_share_its_limit() -> None:
    pace = Pace(lambda chat: Rate(per_second=1, burst=2), None, lambda: 0.0)
    await pace.turn("-1/7")
    await pace.turn("-1")
    assert not pace.spare("-1/8")
    assert pace.spare("-2/8")
