"""What all who watch a room hear: one event a second at most, the same for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.web import room_stream
from adapters.web.room_stream import PACE, Channels, Json, Shown
from tests.adapters.web.conftest import NewGoer
from tests.fakes.crowd import Crowd
from tests.fakes.web import error

VOTERS = 2_000


async def moment(events: AsyncIterator[tuple[str, Json]]) -> Json:
    """The next moment that is told."""
    while True:
        name, what = await anext(events)
        if name == "moment":
            return what


async def test_who_comes_in_hears_the_scene_and_the_moment(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    async with ann.listening() as events:
        name, scene = await anext(events)
        assert (name, scene["cards"][0]["scene"]) == ("scene", "fork")
        assert "me" not in scene
        assert (await moment(events))["watching"] == 1


async def test_a_vote_and_the_next_scene_are_told_to_all(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    bob = goer(ann.code)
    await bob.look()
    async with ann.listening() as hers, bob.listening() as his:
        await ann.vote("left")
        for events in (hers, his):
            while (told := await moment(events))["voters"] == 0:
                pass
            assert (told["tally"]["left"], told["watching"]) == (100, 2)
        await ann.want("close")
        for events in (hers, his):
            while (told_scene := await anext(events))[0] != "scene" or told_scene[1]["revision"] == 0:
                pass
            assert told_scene[1]["decided"]["label"] == "Go left"


async def test_who_leaves_is_not_counted_any_more(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    bob = goer(ann.code)
    async with ann.listening() as events:
        async with bob.listening() as his:
            await anext(his)
            while (await moment(events))["watching"] != 2:
                pass
        while (await moment(events))["watching"] != 1:
            pass


async def test_two_thousand_votes_are_a_handful_of_events(goer: NewGoer, crowd: Crowd) -> None:
    await crowd.gather()
    ann = goer((await crowd.booth()).row.code)
    loop = asyncio.get_running_loop()
    async with ann.listening() as events:
        begun = loop.time()
        await anext(events)
        for first in range(0, VOTERS, 200):
            wishes = [crowd.vote(number, ("left", "right")[number % 2]) for number in range(first, first + 200)]
            await asyncio.gather(*wishes)
        told = [await moment(events)]
        while told[-1]["voters"] < VOTERS:
            told.append(await moment(events))
        assert told[-1]["tally"] == {"left": 50, "right": 50, "sign": 0}
        assert len(told) <= 2 + (loop.time() - begun) / PACE


async def test_all_get_the_same_bytes_from_one_look() -> None:
    looks = 0

    async def look(session: int, watching: int) -> Shown:
        nonlocal looks
        looks += 1
        return Shown(1, {"session": session}, {"watching": watching})

    channels = Channels(look)
    listeners = [channels.listen(5) for _ in range(300)]
    heard = await asyncio.gather(*[anext(listener) for listener in listeners])
    assert looks == 1
    assert set(heard) == {heard[0]}
    assert channels.watching(5) == 300
    for listener in listeners:
        await listener.aclose()  # type: ignore[attr-defined]
    assert channels.watching(5) == 0


async def test_a_look_that_fails_ends_no_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_stream, "PACE", 0.01)
    failures = 2

    async def look(session: int, watching: int) -> Shown | None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            channels.touch(session)
            raise RuntimeError("the store is away")
        return Shown(1, {}, {})

    channels = Channels(look)
    async for event in channels.listen(1):
        assert event.startswith(b"event: scene")
        break


async def test_the_server_need_not_wait_for_those_who_listen() -> None:
    async def look(session: int, watching: int) -> Shown:
        return Shown(1, {}, {})

    channels = Channels(look)
    stream = channels.listen(1)
    await anext(stream)
    channels.end()
    assert [event async for event in stream] == []
    assert [event async for event in channels.listen(2)] == []


async def test_nobody_can_listen_to_no_room(goer: NewGoer) -> None:
    answer = await goer("nosuchroom").browser.http.get("/api/rooms/nosuchroom/events")
    assert error(answer) == (404, "unknown_room")
