"""A group watches together: several real browsers in one room, on phones and on the wall."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.fakes.visitor import new_event
from tests.journeys.conftest import Visit
from tests.journeys.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

WALL: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 568}}
IN_STEP = 0.5
"""Seconds that two pictures may be apart (what the page mends by a jump)."""

STARTED = "() => document.querySelector('video.live')?.currentTime > 0.4"
STANDS_AT = """at => {
    const video = document.querySelector("video.live");
    return video.paused && !video.seeking && Math.abs(video.currentTime - Math.min(at, video.duration)) < 0.3;
}"""

WIDER = """() => [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => !one.closest(".unseen, .ambient, svg, .hud-words"))
    .filter((one) => !one.matches("video, canvas, img, .player, .stage, .vote-bar"))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1
        || (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline"))
    .map((one) => `${one.tagName}.${one.className}`)"""


async def gathered(visit: Visit, **rules: Any) -> Screen:
    """The host's phone in a new room, with time enough for a test; the story runs."""
    host = await visit()
    facts = {"event": new_event(), "story": "lantern", "seconds": 600, "language": "en", **rules}
    answer = await host.page.request.post(f"{host.address}/api/rooms", data=facts)
    assert answer.ok, await answer.text()
    await joined(host, (await answer.json())["code"])
    return host


async def joined(screen: Screen, code: str) -> Screen:
    await screen.page.goto(f"{screen.address}/room/{code}")
    await screen.page.locator("[data-state]").wait_for()
    return screen


def code_of(screen: Screen) -> str:
    return screen.page.url.rpartition("/")[2]


async def vote(screen: Screen, choice: str) -> None:
    """Vote, early if the vote is not up yet, and see it marked."""
    now, button = screen.at("vote-now"), screen.at(f"vote-{choice}")
    await screen.page.locator(f"[data-test=vote-now]:visible, [data-test=vote-{choice}]:visible").first.wait_for()
    if await now.is_visible():
        await now.click()
    await button.click()
    await screen.page.locator(f"[data-test=vote-{choice}][aria-pressed=true]").wait_for()


async def want(host: Screen, what: str) -> None:
    """Use the host's menu."""
    await host.tap("host")
    await host.tap(f"host-{what}")


async def share(screen: Screen, choice: str, percent: int) -> None:
    """Wait until the bar of a choice says so."""
    await screen.shows(f"vote-{choice}", f"{percent}%")


async def times(*screens: Screen) -> list[float]:
    found: list[float] = await asyncio.gather(
        *[screen.video.evaluate("video => video.currentTime") for screen in screens]
    )
    return found


async def stand_together(host: Screen, *others: Screen) -> None:
    """The host pauses in the middle of a clip: every screen holds the same picture."""
    await host.until(STARTED)
    await want(host, "pause")
    for screen in (host, *others):
        await screen.page.locator("[data-state=paused]").wait_for()
    moment = (await (await host.page.request.get(f"{host.address}/api/rooms/{code_of(host)}")).json())["moment"]
    for screen in (host, *others):
        await screen.until(STANDS_AT, max(moment["stands"], 0) / 1000)


async def overflows(screen: Screen) -> list[str]:
    """What is wider than the screen, or has words that its box cuts."""
    found: list[str] = await screen.page.evaluate(WIDER)
    return found


async def test_a_room_is_opened_from_the_catalogue_and_begins_when_the_host_says_so(visit: Visit) -> None:
    host, wall = await visit(), await visit(**WALL)
    await host.catalogue()
    await host.tap("watch-together", within="story-lantern")
    await host.at("gather").click()
    await host.shows("lobby", "The Little Lantern")
    await host.shows("lobby-here", "first here")
    await joined(wall, code_of(host))
    await wall.shows("lobby", "when the host lets it")
    await wall.lacks("begin")
    await host.shows("lobby-here", "2 are here")
    await host.tap("begin")
    for screen in (host, wall):
        await screen.lacks("lobby")
        await screen.scene("gate", 0)
        await screen.until(STARTED)


async def test_two_phones_and_a_wall_watch_vote_and_go_on_in_step(visit: Visit) -> None:
    ann = await gathered(visit)
    bob, wall = await visit(), await visit(**WALL)
    for screen in (bob, wall):
        await joined(screen, code_of(ann))
        await screen.scene("gate", 0)
    await stand_together(ann, bob, wall)
    await want(ann, "resume")
    await vote(ann, "walk")
    await vote(bob, "wait")
    await share(wall, "walk", 50)
    await wall.shows("votes", "2 votes")
    await vote(bob, "walk")
    await share(wall, "walk", 100)
    await share(ann, "wait", 0)
    await want(ann, "close")
    for screen in (ann, bob, wall):
        await screen.page.locator(".deciding .title-large", has_text="Walk on").wait_for()
    for screen in (ann, bob, wall):
        await screen.scene("bridge", 1)
        await screen.until(STARTED)
    one, *others = await times(ann, bob, wall)
    seconds = await ann.video.evaluate("video => video.duration")
    assert all(abs(other - one) < IN_STEP or max(other, one) > seconds - IN_STEP for other in others)
    await stand_together(ann, bob, wall)


async def test_who_comes_late_is_where_the_others_are(visit: Visit) -> None:
    ann = await gathered(visit)
    await ann.scene("gate", 0)
    await stand_together(ann)
    late = await joined(await visit(), code_of(ann))
    await late.scene("gate", 0)
    at, there = await times(ann, late)
    assert abs(at - there) < IN_STEP
    await want(ann, "resume")
    await vote(ann, "walk")
    await vote(late, "walk")
    await want(ann, "close")
    await late.scene("bridge", 1)
    last = await joined(await visit(), code_of(ann))
    await last.scene("bridge", 1)
    await last.shows("votes", "0 votes")


async def test_a_pause_of_ones_own_holds_nobody_else(visit: Visit) -> None:
    ann = await gathered(visit)
    bob = await joined(await visit(), code_of(ann))
    await bob.until(STARTED)
    await bob.pause_or_play()
    await bob.until("() => document.querySelector('video.live').paused")
    await ann.until("() => document.querySelector('video.live').ended")
    assert not await bob.video.evaluate("video => video.ended")
    await bob.pause_or_play()
    await bob.until("() => document.querySelector('video.live').ended")


async def test_the_host_pauses_goes_back_and_ends_it(visit: Visit) -> None:
    ann = await gathered(visit)
    bob = await joined(await visit(), code_of(ann))
    await vote(ann, "walk")
    await want(ann, "close")
    await bob.scene("bridge", 1)
    await want(ann, "pause")
    await bob.page.locator("[data-state=paused]").wait_for()
    await want(ann, "resume")
    await bob.page.locator("[data-state=open]").wait_for()
    await want(ann, "back")
    await bob.scene("gate", 2)
    await vote(bob, "wait")
    assert await bob.at("host").is_hidden()
    await ann.tap("host")
    await ann.tap("host-stop")
    await ann.shows("host-stop", "Tap again")
    await ann.tap("host-stop")
    for screen in (ann, bob):
        await screen.shows("room-over", "The host has ended it")
    later = await joined(await visit(), code_of(ann))
    await later.shows("room-over", "The watch-along is over")
    await later.tap("to-stories")
    await later.shows("story-lantern")


async def test_a_story_ends_for_all_with_its_picture(visit: Visit) -> None:
    ann = await gathered(visit)
    bob = await joined(await visit(), code_of(ann))
    for choice, scene, revision in (("walk", "bridge", 1), ("cross", "dawn", 2)):
        await vote(ann, choice)
        await want(ann, "close")
        await bob.scene(scene, revision)
    for screen in (ann, bob):
        await screen.shows("room-over", "A light over the water")
    picture = await bob.page.request.get(f"{bob.address}{await bob.at('recap').get_attribute('href')}")
    assert picture.headers["content-type"] == "image/png"


async def test_a_code_that_leads_nowhere_is_told_kindly(visit: Visit) -> None:
    screen = await visit()
    screen.cut_off = True  # the browser says by itself that the answer was 404
    await screen.page.goto(f"{screen.address}/room/nosuchroom")
    await screen.shows("no-room", "There is no such room")
    await screen.tap("to-stories")
    await screen.shows("story-lantern")


async def test_whose_line_broke_is_back_in_step_by_themselves(visit: Visit) -> None:
    ann = await gathered(visit)
    bob = await joined(await visit(), code_of(ann))
    await bob.scene("gate", 0)
    bob.cut_off = True
    await bob.page.context.set_offline(True)
    await vote(ann, "walk")
    await want(ann, "close")
    await ann.scene("bridge", 1)
    await bob.page.context.set_offline(False)
    await bob.scene("bridge", 1)
    await vote(bob, "cross")
    await share(ann, "cross", 100) if await ann.at("vote-cross").is_visible() else await (
        ann.at("vote-now").filter(has_text="1").wait_for()
    )


async def test_a_vote_while_the_line_is_broken_counts_when_it_is_back(visit: Visit) -> None:
    ann = await gathered(visit)
    bob = await joined(await visit(), code_of(ann))
    await vote(bob, "wait")
    bob.cut_off = True
    await bob.page.context.set_offline(True)
    await bob.at("vote-walk").click()
    await bob.shows("scene", "We cannot reach the story")
    await bob.page.context.set_offline(False)
    await vote(ann, "walk")
    await share(ann, "walk", 100)
    await ann.shows("votes", "2 votes")


async def test_a_group_that_splits_goes_two_ways(visit: Visit) -> None:
    ann = await gathered(visit, fork="ask")
    bob = await joined(await visit(), code_of(ann))
    await vote(ann, "walk")
    await vote(bob, "wait")
    await want(ann, "close")
    await bob.shows("ask-split", "The host decides")
    await ann.tap("split")
    for screen, scene in ((ann, "bridge"), (bob, "well")):
        await screen.scene(scene, 1)
    assert code_of(ann) != code_of(bob)
    await bob.lacks("fork")


async def test_the_keyboard_is_enough(visit: Visit) -> None:
    ann = await gathered(visit)
    await ann.scene("gate", 0)
    await ann.page.keyboard.press("v")
    await ann.shows("ballot")
    await ann.page.keyboard.press("1")
    await ann.page.locator("[data-test=vote-walk][aria-pressed=true]").wait_for()
    await ann.page.keyboard.press("ArrowDown")
    assert await ann.focus() == "vote-walk"
    await ann.page.keyboard.press("i")
    await ann.shows("invite-panel", code_of(ann))
    await ann.shows("invite-panel", f"/join {code_of(ann)}")
    await ann.page.keyboard.press("Escape")
    await ann.lacks("invite-panel")
    assert (
        "Your vote: Walk on" in await ann.at("ballot").inner_text()
        or await ann.page.get_by_text("Your vote: Walk on").count()
    )


@pytest.mark.parametrize("size", [SMALL, {"viewport": {"width": 390, "height": 844}}, WALL])
async def test_nothing_is_wider_than_the_screen(visit: Visit, size: dict[str, Any]) -> None:
    host = await gathered(visit, waits=True, story="lantern")
    guest = await joined(await visit(locale="es-ES", **size), code_of(host))
    await guest.shows("lobby")
    assert await overflows(guest) == []
    await host.tap("begin")
    await vote(guest, "say-name")
    assert await overflows(guest) == []
    await guest.tap("invite")
    await guest.shows("invite-panel")
    assert await overflows(guest) == []
    await guest.page.keyboard.press("Escape")
    await want(host, "close")
    await guest.page.locator(".deciding .title-large").wait_for()
    assert await overflows(guest) == []
