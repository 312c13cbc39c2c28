"""A viewer plays in a browser: the real page in a real Chromium, against the real bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.bot_process import BotProcess
from tests.journeys.conftest import Visit

if TYPE_CHECKING:
    from playwright.async_api import Route

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_story_is_played_to_an_ending_by_taps(visit: Visit) -> None:
    screen = await visit()
    await screen.catalogue()
    await screen.play()
    await screen.scene("gate", 0)
    await screen.choose("walk")
    await screen.scene("bridge", 1)
    await screen.choose("cross")
    await screen.scene("dawn", 2)
    await screen.shows("ending", "A light over the water")
    await screen.shows("ending", "1 of 2 endings found")
    await screen.tap("to-stories")
    await screen.shows("story-lantern", "1 of 2 endings found")


async def test_again_after_an_ending_begins_anew(visit: Visit) -> None:
    screen = await visit()
    await screen.open("walk", "cross")
    await screen.tap("again")
    await screen.scene("gate", 3)
    await screen.lacks("ending")
    await screen.choose("walk")


async def test_the_next_clip_is_there_before_the_tap_and_really_plays(visit: Visit) -> None:
    screen = await visit()
    async with screen.page.expect_event("requestfinished", lambda request: "/bridge.mp4" in request.url):
        await screen.open()
    asked = screen.asked_for("bridge")
    await screen.choose("walk")
    await screen.scene("bridge")
    await screen.until("() => document.querySelector('video.live').currentTime > 0.3")
    assert screen.asked_for("bridge") == asked == 1
    assert (await screen.video.evaluate("video => video.currentSrc")).startswith("blob:")
    assert await screen.video.evaluate("video => video.videoWidth") == 270


async def test_when_time_runs_out_the_default_is_taken(visit: Visit) -> None:
    screen = await visit()
    await screen.open("wait")
    await screen.scene("dark", 2)
    assert len(screen.sent("timeout")) == 1
    await screen.shows("ending", "The lantern goes out")
    await screen.tap("choose-point")
    await screen.shows("map-panel", "Time ran out: “Stay”")


async def test_a_choice_made_in_time_counts(visit: Visit) -> None:
    screen = await visit()
    await screen.open("walk", "climb")
    await screen.shows("countdown")
    await screen.choose("jump")
    await screen.scene("dawn", 3)
    await screen.shows("ending")
    assert screen.sent("timeout") == []


async def test_a_pause_stops_the_picture_and_the_countdown(visit: Visit) -> None:
    screen = await visit()
    await screen.open("walk", "climb")
    await screen.shows("countdown")
    await screen.until("() => document.querySelector('video.live').currentTime > 0")
    await screen.pause_or_play()
    await screen.until("() => document.querySelector('video.live').paused")
    left = await screen.time_left()
    await screen.page.wait_for_timeout(1500)
    assert await screen.time_left() == left
    await screen.pause_or_play()
    await screen.until("left => document.querySelector('[data-test=countdown] i').style.transform !== left", left)


async def test_a_reload_shows_the_same_scene(visit: Visit) -> None:
    screen = await visit()
    await screen.open("walk")
    await screen.page.reload()
    await screen.scene("bridge", 1)
    await screen.choose("cross")
    await screen.scene("dawn", 2)


async def test_who_comes_back_is_where_they_were_also_after_a_restart(visit: Visit, bot: BotProcess) -> None:
    screen = await visit()
    await screen.open("walk")
    kept = await screen.page.context.storage_state()
    await screen.page.context.close()
    assert bot.stop() == 0
    bot.start()
    later = await visit(storage_state=kept)
    await later.catalogue()
    await later.shows("story-lantern", "The bridge")
    await later.play()
    await later.scene("bridge", 1)
    stranger = await visit()
    await stranger.open()
    await stranger.scene("gate", 0)


async def test_the_map_leads_back_to_an_earlier_choice(visit: Visit) -> None:
    screen = await visit()
    await screen.open("walk", "cross")
    await screen.tap("map")
    await screen.shows("map-panel", "You chose “Walk on”")
    await screen.tap("rewind-0")
    await screen.tap("confirm-rewind")
    await screen.scene("gate", 3)
    await screen.lacks("map-panel")
    await screen.choose("wait")
    await screen.scene("well", 4)


async def test_the_question_before_going_back_keeps_the_focus_until_it_is_answered(visit: Visit) -> None:
    screen = await visit()
    await screen.open("walk", "cross")
    await screen.tap("map")
    await screen.tap("rewind-0")
    assert await screen.focus() == "confirm-rewind"
    for _ in range(4):
        await screen.page.keyboard.press("Tab")
        assert await screen.focus() in ("confirm-rewind", "cancel-rewind")
    await screen.page.keyboard.press("Escape")
    await screen.at("confirm-rewind").wait_for(state="hidden")
    await screen.shows("map-panel")
    assert await screen.focus() == "rewind-0"


async def test_another_language_changes_the_words_and_keeps_the_place(visit: Visit) -> None:
    screen = await visit()
    await screen.open()
    await screen.shows("subtitle", "Which way now")
    await screen.pause_or_play()
    await screen.tap("language")
    await screen.tap("language-es")
    await screen.shows("choice-walk", "Seguir andando")
    await screen.shows("subtitle", "¿Por dónde ahora?")
    await screen.shows("choice-wait", "Wait by the well")  # what nobody translated stays as the story has it
    await screen.scene("gate")
    assert await screen.page.evaluate("document.documentElement.lang") == "es"
    await screen.page.reload()
    await screen.shows("choice-walk", "Seguir andando")


async def test_another_language_in_one_tab_is_followed_by_the_other_without_a_stir(visit: Visit) -> None:
    one = await visit()
    await one.open("walk")
    other = await visit(beside=one)
    await other.page.goto(f"{other.address}/play/lantern")
    await other.scene("bridge", 1)
    await other.video.evaluate("video => { video.dataset.mark = 'the same take'; }")
    await one.tap("language")
    await one.tap("language-es")
    await other.scene("bridge", 2)
    await other.until("() => document.documentElement.lang === 'es'")
    await other.lacks("toast")
    assert await other.video.get_attribute("data-mark") == "the same take"
    await other.choose("cross")
    await one.scene("dawn", 3)


async def test_a_tap_in_one_tab_moves_the_other(visit: Visit) -> None:
    one = await visit()
    await one.open()
    other = await visit(beside=one)
    await other.open()
    await one.choose("walk")
    await other.scene("bridge", 1)
    await other.shows("toast", "moved on in another window")


async def test_the_slower_of_two_taps_changes_nothing_and_is_told_kindly(visit: Visit) -> None:
    one = await visit()
    await one.open()
    slower = await visit(beside=one)
    await slower.open()

    async def on_a_slow_line(route: Route) -> None:
        await one.choose("walk")
        await route.continue_()

    await slower.page.route("**/tap", on_a_slow_line)
    await slower.tap("choice-wait")
    await slower.shows("toast", "Someone was faster")
    await slower.scene("bridge", 1)
    await one.scene("bridge", 1)


async def test_a_double_click_counts_once(visit: Visit) -> None:
    screen = await visit()
    await screen.open()
    await screen.at("choice-walk").dblclick()
    await screen.scene("bridge", 1)
    assert len(screen.sent("tap")) == 1
    await screen.tap("map")
    await screen.shows("rewind-0")
    await screen.lacks("rewind-1")


async def test_a_locked_choice_is_shown_and_cannot_be_taken(visit: Visit) -> None:
    screen = await visit()
    await screen.open()
    await screen.shows("choice-fly", "Fly")
    await screen.at("choice-fly").click(force=True)
    await screen.page.keyboard.press("3")
    await screen.choose("walk")
    await screen.scene("bridge", 1)
    assert [call["choice"] for call in screen.sent("tap")] == ["walk"]


async def test_a_lock_opens_when_its_condition_holds(visit: Visit) -> None:
    screen = await visit()
    await screen.open("walk", "look-back")
    await screen.scene("gate", 2)
    await screen.choose("fly")
    await screen.scene("dawn", 3)


async def test_what_a_viewer_types_is_said_later_just_as_typed(visit: Visit) -> None:
    screen = await visit()
    await screen.open()
    await screen.tap("choice-say-name")
    await screen.at("ask-field").fill("<b>Mira</b>")
    await screen.tap("ask-send")
    await screen.shows("subtitle", "So you are <b>Mira</b>")
    await screen.scene("bridge", 1)


async def test_a_broken_story_is_listed_with_its_error_while_others_play(visit: Visit) -> None:
    screen = await visit()
    await screen.catalogue()
    await screen.page.get_by_text("1 story needs mending").click()
    await screen.shows("broken-torn", "story.yaml:")
    await screen.shows("broken-torn", "nowhere")
    await screen.play()
    await screen.scene("gate")
