"""Whoever links their identities, or is forgotten, while a vote runs: one vote, and what is told is what is stored."""

from __future__ import annotations

import asyncio

import pytest

from bot.link import Linked, Links
from bot.rooms import Reply, Rooms
from bot.rooms.kept import Shut, read
from bot.watch.event import Pause, Resume
from bot.watch.rules import Mode, Rules, Who
from tests.bot.rooms.parting import Pair
from tests.bot.rooms.test_voters import cast
from tests.fakes.crowd import HOST, Crowd, key, voter

TELEGRAM, DISCORD = "telegram:5", "discord:55"


async def link(pair: Pair, one: str, other: str) -> None:
    """With a code, as viewers do."""
    links = Links(pair.app)
    theirs = await pair.app.store.viewer(*other.split(":"))
    platform, user = one.split(":")
    linked = await links.enter(platform, user, await links.code(theirs.id, pair.clock()), pair.clock())
    assert isinstance(linked, Linked)


async def forget(pair: Pair, id: str) -> None:
    viewer = await pair.app.store.viewer(*id.split(":"))
    await pair.app.forget(viewer.id, [])


async def stored(pair: Pair) -> list[tuple[str, str]]:
    rows = await pair.app.store.votes(pair.main.session, await pair.main.revision())
    return [(row.voter, row.ranking) for row in rows]


async def shown(pair: Pair) -> tuple[int, int, int]:
    """Those who have voted, and how many are for the hall and for the garden."""
    tally = (await pair.main.booth()).tally
    return tally.voters, tally.of("hall"), tally.of("garden")


async def test_who_votes_and_then_links_changes_the_vote_from_elsewhere(pair: Pair) -> None:
    await pair.gather()
    assert await cast(pair, TELEGRAM, "hall") is Reply.COUNTED
    await link(pair, TELEGRAM, DISCORD)
    assert await cast(pair, DISCORD, "garden") is Reply.CHANGED
    assert await stored(pair) == [(TELEGRAM, "garden")]
    assert await shown(pair) == (1, 0, 1)


async def test_of_two_votes_of_one_the_last_stays_and_the_tally_says_so(pair: Pair) -> None:
    await pair.gather()
    await cast(pair, DISCORD, "hall")
    pair.clock.advance(1)
    await cast(pair, TELEGRAM, "garden")
    await link(pair, TELEGRAM, DISCORD)
    assert await shown(pair) == (1, 0, 1)
    assert await cast(pair, DISCORD, "garden") is Reply.SAME
    assert await cast(pair, DISCORD, "hall") is Reply.CHANGED
    assert await stored(pair) == [(TELEGRAM, "hall")]


async def test_another_worker_hears_of_it(pair: Pair) -> None:
    await pair.gather()
    await cast(pair, DISCORD, "hall")
    elsewhere = Crowd(pair.app, pair.clock, Rooms(pair.app), pair.main.session)
    pair.clock.advance(1)
    await cast(pair, TELEGRAM, "garden")
    assert (await elsewhere.booth()).tally.voters == 2
    await link(pair, TELEGRAM, DISCORD)
    assert (await elsewhere.booth()).tally.voters == 1


async def test_while_the_room_is_paused_too(pair: Pair) -> None:
    await pair.gather()
    await cast(pair, DISCORD, "hall")
    pair.clock.advance(1)
    await cast(pair, TELEGRAM, "garden")
    await pair.main.control(Pause(HOST))
    await link(pair, TELEGRAM, DISCORD)
    await pair.main.control(Resume(HOST))
    assert await stored(pair) == [(TELEGRAM, "garden")]
    assert await shown(pair) == (1, 0, 1)


async def test_who_joined_is_still_in(pair: Pair) -> None:
    await pair.gather(rules=Rules(who=Who.JOINED))
    assert await pair.rooms.join(key(), pair.main.session, voter(5), pair.clock()) is Reply.DONE
    await link(pair, TELEGRAM, DISCORD)
    assert await cast(pair, DISCORD, "hall") is Reply.COUNTED


async def test_who_was_outvoted_still_weighs_more(pair: Pair) -> None:
    await pair.gather(rules=Rules(fair=True))
    await pair.vote({1: "garden", 2: "garden", 5: "hall"})
    await pair.main.wait(30)
    await link(pair, TELEGRAM, DISCORD)
    await cast(pair, DISCORD, "rest")
    [vote] = await pair.app.store.votes(pair.main.session, await pair.main.revision())
    assert vote.weight == 2


async def test_who_chose_the_other_side_still_lives_there(pair: Pair) -> None:
    await pair.gather()
    await pair.vote({1: "hall", 2: "garden", 3: "hall", 5: "garden"})
    await pair.main.wait(30)
    await link(pair, TELEGRAM, DISCORD)
    assert await cast(pair, DISCORD, "on") is Reply.OTHER_SIDE


@pytest.mark.parametrize("shut", Shut)
async def test_votes_that_are_final_stay_as_they_are(pair: Pair, shut: Shut) -> None:
    await pair.gather()
    await cast(pair, DISCORD, "hall")
    await cast(pair, TELEGRAM, "garden")
    kept = read(await pair.row())
    await pair.app.store.keep_room(None, kept.with_room(kept.room, shut).row, kept.row.version)
    await link(pair, TELEGRAM, DISCORD)
    await forget(pair, DISCORD)
    assert sorted(choice for _, choice in await stored(pair)) == ["garden", "hall"]


@pytest.mark.parametrize("paused", [False, True])
async def test_who_is_forgotten_and_comes_back_has_one_vote(pair: Pair, paused: bool) -> None:
    await pair.gather()
    await cast(pair, DISCORD, "hall")
    if paused:
        await pair.main.control(Pause(HOST))
    await forget(pair, DISCORD)
    assert await shown(pair) == (0, 0, 0)
    if paused:
        await pair.main.control(Resume(HOST))
    assert await cast(pair, DISCORD, "hall") is Reply.COUNTED
    assert await stored(pair) == [(DISCORD, "hall")]
    assert await shown(pair) == (1, 1, 0)


async def test_presses_of_one_who_ranks_add_up_however_fast_they_come(pair: Pair) -> None:
    await pair.gather(rules=Rules(mode=Mode.RANKED))
    at = pair.clock()
    wishes = ("hall", "garden", "wall")
    votes = [pair.rooms.vote(key(), pair.main.session, 0, wish, voter(2), at) for wish in wishes]
    assert await asyncio.gather(*votes) == [Reply.COUNTED, Reply.CHANGED, Reply.CHANGED]
    assert await pair.rooms.ranking(pair.main.session, 0, voter(2), at) == [*wishes]
    assert await stored(pair) == [("telegram:2", "hall garden wall")]
