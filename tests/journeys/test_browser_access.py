"""Everyone can play: on a small screen, by keyboard, by ear, in any light, and with nobody looking on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import Visit

if TYPE_CHECKING:
    from tests.journeys.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

READABLE = 4.5
"""Contrast of text to its ground: https://www.w3.org/TR/WCAG22/#contrast-minimum"""

THUMB = 44
"""CSS pixels of a target for a thumb: https://www.w3.org/TR/WCAG22/#target-size-enhanced"""

NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, dialog, [role=dialog]")]
    .filter((one) => one.checkVisibility())
    .filter((one) => !(one.getAttribute("aria-label") ?? one.innerText).trim())
    .map((one) => one.outerHTML)"""

SMALL = """(least) => [...document.querySelectorAll("button")]
    .filter((one) => one.checkVisibility())
    .filter((one) => one.offsetWidth < least || one.offsetHeight < least)
    .map((one) => `${one.dataset.test} ${one.offsetWidth} x ${one.offsetHeight}`)"""

CONTRAST = """(text) => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const ground = getComputedStyle(text.closest("button, .line")).backgroundColor;
    const [red, green, blue, opaque = 1] = numbers(ground);
    const onWhite = [red, green, blue].map((part) => part * opaque + 255 * (1 - opaque));
    const [dark, bright] = [light(numbers(getComputedStyle(text).color)), light(onWhite)].sort((one, two) => one - two);
    return (bright + 0.05) / (dark + 0.05);
}"""
"""Of a text to its ground, with the brightest picture shining through."""


async def test_keys_alone_play_to_an_ending(visit: Visit) -> None:
    screen = await visit()
    await screen.catalogue()
    await screen.tab_to("play")
    await screen.page.keyboard.press("Enter")
    await screen.shows("choice-walk")
    await screen.page.keyboard.press("1")
    await screen.scene("bridge", 1)
    await screen.shows("choice-cross")
    await screen.tab_to("choice-cross")
    await screen.page.keyboard.press("Enter")
    await screen.scene("dawn", 2)
    await screen.shows("ending")
    await screen.tab_to("again")
    await screen.page.keyboard.press("Enter")
    await screen.scene("gate", 3)


async def test_a_screen_of_360_pixels_holds_everything(visit: Visit) -> None:
    screen = await visit(viewport={"width": 360, "height": 640})
    await screen.catalogue()
    await _fits(screen)
    await screen.play()
    await screen.shows("choice-wait")
    await _fits(screen)
    for choice in ("walk", "say-name", "fly", "wait"):
        box = await screen.at(f"choice-{choice}").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["y"] + box["height"] <= 640
    await screen.choose("walk")
    await screen.choose("cross")
    await screen.tap("map")
    await screen.shows("map-panel")
    await _fits(screen)
    await screen.tap("close-panel")
    await screen.shows("ending")
    await _fits(screen)


async def test_every_button_has_a_name_and_room_for_a_thumb(visit: Visit) -> None:
    screen = await visit()
    await screen.catalogue()
    await _is_usable(screen)
    await screen.play()
    await screen.shows("choice-walk")
    await _is_usable(screen)
    await screen.tap("choice-say-name")
    await screen.shows("ask-field")
    await _is_usable(screen)
    await screen.page.keyboard.press("Escape")
    await screen.choose("walk")
    await screen.choose("cross")
    await screen.tap("map")
    await screen.shows("map-panel")
    await _is_usable(screen)
    await screen.tap("close-panel")
    await screen.shows("ending")
    await _is_usable(screen)


async def test_the_page_speaks_the_browsers_language_and_says_which(visit: Visit) -> None:
    for locale, language in (("es-MX", "es"), ("zh-CN", "zh"), ("fi-FI", "en")):
        screen = await visit(locale=locale)
        await screen.catalogue()
        assert await screen.page.evaluate("document.documentElement.lang") == language


async def test_words_can_be_read_on_any_picture(visit: Visit) -> None:
    screen = await visit()
    await screen.open()
    for word in (".speaker", ".said"):
        assert await screen.page.locator(word).evaluate(CONTRAST) >= READABLE
    await screen.shows("choice-walk")
    for choice in ("walk", "say-name", "fly", "wait"):
        assert await screen.at(f"choice-{choice}").evaluate(CONTRAST) >= READABLE


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
async def test_with_less_motion_it_is_the_same_story(visit: Visit, motion: str) -> None:
    screen = await visit(reduced_motion=motion)
    await screen.open("walk", "cross")
    await screen.shows("ending", "A light over the water")
    await screen.tap("rewind-last")
    await screen.scene("bridge", 3)


async def test_nobody_else_is_told(visit: Visit) -> None:
    screen = await visit()
    answer = await screen.page.goto(f"{screen.address}/")
    assert answer is not None
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    await screen.open("walk", "cross")
    await screen.shows("ending")
    assert len(screen.requests) > 30
    assert screen.strangers == []
    cookies = await screen.page.context.cookies()
    assert [(cookie.get("name"), cookie.get("httpOnly")) for cookie in cookies] == [("viewer", True)]


async def _fits(screen: Screen) -> None:
    wide = "document.scrollingElement.scrollWidth <= innerWidth"
    assert await screen.page.evaluate(wide)


async def _is_usable(screen: Screen) -> None:
    assert await screen.page.evaluate(NAMELESS) == []
    assert await screen.page.evaluate(SMALL, THUMB) == []
