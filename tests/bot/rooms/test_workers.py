"""Several workers take the votes of one room: each counts, and only as what its voter wants last."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import App
from bot.crew import Alone
from bot.rooms import Reply
from bot.watch.rules import Mode, Rules, Who
from tests.fakes.crowd import Crowd, key, voter
from tests.fakes.house import Clock


class OneOfSeveral(Alone):
    """A worker that hears nothing from the others: hints may be lost."""

    several = True


@pytest.fixture
def crowds(app: App, clock: Clock) -> tuple[Crowd, Crowd]:
    """Two workers with a memory of their own each, on one store."""
    one, other = (App(app.store, app.library, OneOfSeveral()) for _ in range(2))
    return Crowd(one, clock), Crowd(other, clock)


async def gathered(crowds: tuple[Crowd, Crowd], rules: Rules | None = None) -> tuple[Crowd, Crowd]:
    one, other = crowds
    await one.gather(rules)
    other.session = one.session
    assert (await other.booth()).open
    return one, other


async def test_a_vote_changed_at_another_worker_can_be_changed_back(crowds: tuple[Crowd, Crowd]) -> None:
    one, other = await gathered(crowds)
    assert await one.vote(1, "left") is Reply.COUNTED
    assert await other.vote(1, "right") is not Reply.SAME
    assert await one.vote(1, "left") is Reply.CHANGED
    assert await one.vote(1, "left") is Reply.SAME
    assert await one.app.store.tally(one.session, 0) == {"left": 1}


async def test_a_ranking_is_made_of_presses_at_any_worker(crowds: tuple[Crowd, Crowd]) -> None:
    one, other = await gathered(crowds, Rules(mode=Mode.RANKED))
    await one.vote(1, "left")
    await other.vote(1, "right")
    await one.vote(1, "sign")
    [vote] = await one.app.store.votes(one.session, 0)
    assert vote.ranking == "left right sign"


@pytest.mark.parametrize("at_once", [False, True])
async def test_the_last_vote_that_is_waited_for_closes_wherever_it_comes(
    crowds: tuple[Crowd, Crowd], at_once: bool
) -> None:
    one, other = await gathered(crowds, Rules(who=Who.JOINED, early=True))
    for number in (2, 3):
        assert await one.rooms.join(key(), one.session, voter(number), one.clock()) is Reply.DONE
    votes = one.vote(2, "left", revision=0), other.vote(3, "left", revision=0)
    if at_once:
        await asyncio.gather(*votes)
    else:
        for vote in votes:
            await vote
    assert (await other.rooms.look(one.session, 1)) is not None
    room = await one.app.store.room(one.session)
    assert room is not None
    assert room.revision == 1


async def test_all_agree_who_voted_at_different_workers(crowds: tuple[Crowd, Crowd]) -> None:
    one, other = await gathered(crowds, Rules(mode=Mode.UNANIMOUS, quorum=2, seconds=0))
    await one.vote(2, "left")
    await other.vote(3, "right")
    await one.vote(3, "left")
    room = await one.app.store.room(one.session)
    assert room is not None
    assert room.revision == 1
