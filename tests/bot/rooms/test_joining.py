"""Rooms in which only those vote who have joined: the ballot waits for them all, and the host alone decides nothing."""

from __future__ import annotations

import pytest

from bot.app import App
from bot.rooms import Reply
from bot.watch.rules import Mode, Rules, Who
from tests.fakes.crowd import HOST, Crowd, key, voter
from tests.fakes.house import Clock


@pytest.fixture(params=[Mode.MAJORITY, Mode.UNANIMOUS])
async def crowd(request: pytest.FixtureRequest, app: App, clock: Clock) -> Crowd:
    """As Discord begins such a room."""
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(mode=request.param, who=Who.JOINED, early=True))
    return crowd


async def join(crowd: Crowd, number: int) -> None:
    assert await crowd.rooms.join(key(), crowd.session, voter(number), crowd.clock()) is Reply.DONE


async def test_a_host_who_votes_before_anybody_has_joined_does_not_decide_alone(crowd: Crowd) -> None:
    assert await crowd.vote(1, "left") is Reply.COUNTED
    assert await crowd.revision() == 0
    await join(crowd, 2)
    assert await crowd.vote(2, "left") is Reply.COUNTED
    assert await crowd.revision() == 1


async def test_a_host_who_has_not_joined_takes_nobodys_place(crowd: Crowd) -> None:
    assert (await crowd.booth()).room.host == HOST.id
    await join(crowd, 2)
    await join(crowd, 3)
    await crowd.vote(2, "left")
    await crowd.vote(1, "left")
    assert await crowd.revision() == 0
    await crowd.vote(3, "left")
    assert await crowd.revision() == 1


async def test_nobody_waits_for_a_host_who_only_watches(crowd: Crowd) -> None:
    await join(crowd, 2)
    await join(crowd, 3)
    await crowd.vote(2, "left")
    await crowd.vote(3, "left")
    assert await crowd.revision() == 1
