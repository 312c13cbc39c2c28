"""A group splits and meets again, in real browsers: who voted is taken along, and nobody is shut out."""

from __future__ import annotations

import pytest

from tests.fakes.visitor import new_event
from tests.journeys.conftest import Visit
from tests.journeys.screen import Screen
from tests.journeys.test_browser_room import (
    SMALL,
    WALL,
    code_of,
    gathered,
    joined,
    overflows,
    vote,
    want,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

VERDICT = ".deciding .title-large"
BOTH = "Nearly a tie: both happen"

WATCH_FOR_BOTH = """(() => {
    window.both = false;
    const look = () => {
        window.both ||= Boolean(document.querySelector(".deciding") && document.querySelector("[data-test=fork]"));
        requestAnimationFrame(look);
    };
    look();
})()"""
"""Whether the verdict and the question were ever on the screen together."""

EDGES_OF_THE_LINE = """() => {
    const line = document.querySelector(".line-state.offline");
    const { left, right, width } = line?.getBoundingClientRect() ?? { width: 0 };
    return width && [left, right];
}"""
"""Where the words about a broken line begin and end, once they are on the screen."""


async def parted(visit: Visit, *others: Screen) -> tuple[Screen, Screen]:
    """Ann and Bob want different things, others nothing, and the group has split: who is now in the main room comes
    first."""
    ann = await gathered(visit, fork="always")
    bob = await joined(await visit(), code_of(ann))
    for other in others:
        await joined(other, code_of(ann))
        await other.scene("gate", 0)
    main = code_of(ann)
    await vote(ann, "walk")
    await vote(bob, "wait")
    await want(ann, "close")
    for screen in (ann, bob, *others):
        await screen.page.locator(VERDICT, has_text=BOTH).wait_for()
    for screen, scene in ((ann, "bridge"), (bob, "well")):
        await screen.scene(scene, 1)
    stays, goes = (ann, bob) if code_of(ann) == main else (bob, ann)
    # In this story each side could still come to where the other is, so the second one waits at once.
    await told(ann, code_of(goes), "resume")
    await goes.page.locator("[data-state=open]").wait_for()
    return stays, goes


async def told(host: Screen, code: str, what: str) -> None:
    """The host of both rooms wants that in the one with the code, which stands after its first vote."""
    facts = {"event": new_event(), "revision": 1, "what": what}
    answer = await host.page.request.post(f"{host.address}/api/rooms/{code}/control", data=facts)
    assert (await answer.json())["reply"] == "done"


async def test_who_voted_is_taken_along_and_votes_on(visit: Visit) -> None:
    stays, goes = await parted(visit)
    assert code_of(stays) != code_of(goes)
    for screen in (stays, goes):
        await screen.lacks("fork")
        bridge = await screen.page.locator("[data-scene=bridge]").count()
        await vote(screen, "cross" if bridge else "leave")
        await screen.shows("votes", "1 vote")


async def test_who_did_not_vote_is_asked_after_the_verdict_or_stays(visit: Visit) -> None:
    wall, carl = await visit(**WALL), await visit()
    for screen in (wall, carl):
        await screen.page.add_init_script(WATCH_FOR_BOTH)
    stays, goes = await parted(visit, wall, carl)
    for screen in (wall, carl):
        await screen.shows("fork", "Which way do you go?")
        assert await screen.page.evaluate("window.both") is False
    await carl.tap("fork-go")
    await carl.page.wait_for_url(lambda url: url.endswith(code_of(goes)))
    await wall.lacks("fork")
    assert code_of(wall) == code_of(stays)
    await wall.shows("others", "The others:")
    assert await overflows(wall) == []
    await wall.at("others").click()
    await wall.page.wait_for_url(lambda url: url.endswith(code_of(goes)))
    await wall.shows("others")
    await wall.lacks("fork")


async def test_who_comes_late_is_in_the_main_room_and_not_asked(visit: Visit) -> None:
    stays, goes = await parted(visit)
    late = await joined(await visit(), code_of(stays))
    await late.shows("others", "The others:")
    await late.lacks("fork")
    assert code_of(late) == code_of(stays)
    await goes.page.goto(stays.page.url)
    await goes.page.wait_for_url(lambda url: not url.endswith(code_of(stays)))


async def test_both_ways_meet_and_each_hears_what_is_news_to_them(visit: Visit) -> None:
    stays, goes = await parted(visit)
    ways = {"bridge": "look-back", "well": "leave"}
    first, second = (stays, goes) if await stays.at("host").is_visible() else (goes, stays)
    for screen in (first, second):
        here = await screen.at("scene").get_attribute("data-scene")
        await vote(screen, ways[str(here)])
    await want(first, "close")
    await first.shows("meeting", "At most 2:")
    assert await overflows(first) == []
    await first.tap("host")
    await first.shows("host-panel", "Go on without waiting")
    assert await first.at("host-panel").locator(".deed").count() == 2
    await first.page.keyboard.press("Escape")
    await told(first, code_of(second), "close")
    await stays.page.locator(".room-note", has_text="Meanwhile, the others chose").wait_for()
    await goes.page.wait_for_url(lambda url: url.endswith(code_of(stays)))
    await goes.page.locator(".room-note", has_text="You are all together again").wait_for()


@pytest.mark.parametrize("language", ["en-GB", "es-ES"])
async def test_a_broken_line_is_told_on_the_smallest_screen(visit: Visit, language: str) -> None:
    ann = await gathered(visit)
    bob = await joined(await visit(locale=language, **SMALL), code_of(ann))
    await vote(bob, "wait")
    bob.cut_off = True
    await bob.page.context.set_offline(True)
    await bob.at("vote-walk").click()
    mark = bob.at("vote-walk").get_by_test_id("unsent")
    await mark.filter(has_text="Will be sent" if language == "en-GB" else "Se enviará").wait_for()
    # Looked for and measured in one step: while it is tried again, the line may say something else for a moment.
    shown = await bob.page.wait_for_function(EDGES_OF_THE_LINE)
    left, right = await shown.json_value()
    assert 0 <= left < right <= 320
    assert await overflows(bob) == []
    await bob.page.context.set_offline(False)
    await mark.wait_for(state="hidden")


async def test_the_host_is_told_that_phones_cannot_come_in(visit: Visit) -> None:
    host = await gathered(visit, waits=True)
    guest = await joined(await visit(), code_of(host))
    await host.shows("lobby", "set HOST and PUBLIC_URL")
    await guest.shows("lobby", "Scan to join")
    assert await guest.at("lobby").get_by_test_id("local").count() == 0


async def test_an_address_without_a_code_is_told_kindly(visit: Visit) -> None:
    for path in ("/room/", "/room"):
        screen = await visit()
        await screen.page.goto(f"{screen.address}{path}")
        await screen.shows("no-room", "There is no such room")
    await screen.tap("to-stories")
    await screen.shows("story-lantern")
