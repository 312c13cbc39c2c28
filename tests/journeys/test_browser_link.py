"""Continue on another device: the panel on the real page, in two browsers of one person."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")

FITS = """() => [...document.querySelectorAll('[data-test=link-panel] *')].every((one) =>
    one.scrollWidth <= one.clientWidth + 1 || getComputedStyle(one).display === 'inline')"""


async def panel(screen: Screen) -> None:
    """Open it from the catalogue."""
    await screen.catalogue()
    await screen.at("link").click()
    await screen.shows("link-panel")


async def code_on(screen: Screen) -> str:
    await panel(screen)
    await screen.tap("make-code", within="link-panel")
    code = await screen.at("link-code").inner_text()
    assert CODE.fullmatch(code)
    return code


async def enter(screen: Screen, code: str) -> None:
    await screen.at("enter-code").fill(code)
    await screen.page.keyboard.press("Enter")


async def test_a_story_goes_on_in_another_browser(visit: Visit) -> None:
    first, second = await visit(), await visit()
    await first.open("walk")
    code = await code_on(first)
    await panel(second)
    await enter(second, code.lower().replace("-", " "))
    await second.shows("linked", "You are in “The Little Lantern”")
    await second.tap("go-on", within="link-panel")
    await second.scene("bridge", 1)
    await second.choose("look-back")
    # The first one is told when it comes back from its panel.
    await first.page.keyboard.press("Escape")
    await first.play()
    await first.scene("gate", 2)


async def test_two_places_in_one_story_become_the_one_played_last(visit: Visit) -> None:
    first, second = await visit(), await visit()
    await first.open("walk", "cross")
    code = await code_on(first)
    await second.open("walk")
    await panel(second)
    await enter(second, code)
    await second.shows("linked", "You had two places in The Little Lantern")
    await second.tap("go-on", within="link-panel")
    await second.scene("bridge")
    await second.tap("map")
    await second.tap("endings-tab", within="map-panel")
    await second.shows("endings-panel", "1 of 2 endings")


async def test_a_wrong_code_and_ones_own_are_told_kindly(visit: Visit) -> None:
    screen = await visit()
    screen.cut_off = True
    code = await code_on(screen)
    await enter(screen, "ABCD-EFGH")
    await screen.shows("link-trouble", "That code is not good")
    await enter(screen, code)
    await screen.shows("link-trouble", "That is your own code")
    await screen.page.keyboard.press("Escape")
    await screen.lacks("link-panel")
    await screen.until("() => document.activeElement.dataset.test === 'link'")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("locale", ["en-GB", "es-ES", "zh-CN"])
async def test_the_panel_fits_on_every_screen(visit: Visit, width: int, locale: str) -> None:
    screen = await visit(viewport={"width": width, "height": 800}, locale=locale)
    await code_on(screen)
    await screen.until(FITS)
    assert await screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
