"""What a viewer notices when the bot, the network or a clip is gone: a pause at most."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.journeys.bot_process import BotProcess
from tests.journeys.conftest import Visit
from tests.journeys.little_story import lost_clip

if TYPE_CHECKING:
    from playwright.async_api import Route

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_lost_clip_shows_its_storyboard_and_the_story_goes_on(visit: Visit, bot: BotProcess) -> None:
    screen = await visit()
    screen.cut_off = True
    with lost_clip(bot.stories, "bridge"):
        await screen.open("walk")
        await screen.scene("bridge", 1)
        await screen.until("() => document.querySelector('img.still').naturalWidth > 0")
        await screen.shows("subtitle", "The river is loud")
    await screen.choose("cross")
    await screen.shows("ending", "A light over the water")


async def test_a_bot_that_is_killed_and_comes_back_is_found_again(visit: Visit, bot: BotProcess) -> None:
    screen = await visit()
    screen.cut_off = True
    await screen.open()
    await screen.shows("choice-walk")
    bot.kill()
    try:
        await screen.tap("choice-walk")
        await screen.page.get_by_text("We keep trying").wait_for()
    finally:
        bot.start()
    await screen.scene("bridge", 1)
    await screen.choose("cross")
    await screen.shows("ending")


async def test_after_a_restart_tabs_hear_of_each_other_again(visit: Visit, bot: BotProcess) -> None:
    one = await visit()
    await one.open()
    other = await visit(beside=one)
    await other.open()
    one.cut_off = other.cut_off = True
    bot.kill()
    bot.start()
    await one.choose("walk")
    await other.scene("bridge", 1)


async def test_a_tab_whose_line_was_refused_once_hears_of_others_again(visit: Visit) -> None:
    one = await visit()
    await one.open()
    other = await visit(beside=one)
    other.cut_off = True
    refused = asyncio.Event()

    async def refuse(route: Route) -> None:
        await route.fulfill(status=502)
        refused.set()

    await other.page.route("**/events", refuse, times=1)
    await other.open()
    await refused.wait()
    await one.choose("walk")
    await other.scene("bridge", 1)


async def test_a_playthrough_that_is_gone_is_told_before_another_begins(visit: Visit) -> None:
    screen = await visit()
    screen.cut_off = True
    await screen.open("walk")
    await screen.shows("choice-cross")
    await screen.page.context.clear_cookies()  # the bot does not know this viewer any more
    await screen.tap("choice-cross")
    await screen.shows("toast", "This playthrough is gone")
    await screen.scene("gate", 0)
    await screen.choose("walk")


async def test_a_tap_without_a_network_is_repeated_until_it_counts_once(visit: Visit) -> None:
    screen = await visit()
    screen.cut_off = True
    await screen.open()
    await screen.shows("choice-walk")
    await screen.page.context.set_offline(True)
    await screen.tap("choice-walk")
    await screen.page.get_by_text("We keep trying").wait_for()
    await screen.page.context.set_offline(False)
    await screen.scene("bridge", 1)
    assert len({call["event"] for call in screen.sent("tap")}) == 1


async def test_a_tap_whose_answer_was_lost_counts_once_and_without_reproach(visit: Visit) -> None:
    screen = await visit()
    screen.cut_off = True
    await screen.open()

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await screen.page.route("**/tap", lose_the_answer, times=1)
    await screen.tap("choice-say-name")
    await screen.at("ask-field").fill("Mira")
    await screen.tap("ask-send")
    await screen.scene("greeting", 1)  # the whole chain is played, as if the first answer had come
    await screen.lacks("toast")
    await screen.scene("bridge", 1)
    events = [call["event"] for call in screen.sent("tap")]
    assert len(events) == 2
    assert len(set(events)) == 1
