"""How a watch-along stands under its scene: tally, clock, buttons; and how a vote is said to have gone."""

from __future__ import annotations

import pytest

from adapters.billboard import seconds_left
from adapters.button import LONGEST, Buttons, Press, Tap
from adapters.telegram.billboard import worth_it
from adapters.telegram.stand import VOTES, Stand, stand_of
from adapters.telegram.text import CAPTION, bold, units
from adapters.verdict import verdict_line
from adapters.words import words
from bot.app import App
from bot.delivery.parcel import Counted, Taken
from bot.watch.event import Pause, Stop
from bot.watch.rules import Mode, Rules
from bot.watch.verdict import Why
from tests.fakes.crowd import HOST, Crowd
from tests.fakes.house import Clock, House

BUTTONS = Buttons(b"a secret", "telegram", 7)
SAID = words("en")


@pytest.fixture
async def crowd(app: App, clock: Clock) -> Crowd:
    crowd = Crowd(app, clock)
    await crowd.gather()
    return crowd


async def stand(crowd: Crowd) -> Stand:
    return stand_of(await crowd.booth(), BUTTONS, SAID, crowd.clock())


def labels(stand: Stand) -> list[str]:
    return [button.text for row in stand.rows for button in row]


async def test_the_choices_carry_their_votes_and_the_host_s_buttons_come_last(crowd: Crowd) -> None:
    for number, choice in enumerate(["left", "left", "right"]):
        await crowd.vote(number, choice)
    crowd.clock.advance(10)
    shown = await stand(crowd)
    assert shown.below == "3 votes · closes in 20 s"
    assert labels(shown)[:4] == ["Go left · 2", "Go right · 1", "Sign your name", "🔒 Open the gate"]
    assert len(shown.rows[-1]) == 4
    read = [BUTTONS.read(str(button.callback_data)) for row in shown.rows for button in row]
    assert read[0] == Tap(crowd.session, 0, VOTES + "left")
    assert read[-1] == Press("watch-stop", f"{crowd.session} 0")
    assert all(len(str(button.callback_data)) <= LONGEST for row in shown.rows for button in row)


async def test_paused_says_so_and_offers_to_go_on(crowd: Crowd) -> None:
    await crowd.vote(2, "left")
    await crowd.control(Pause(HOST))
    shown = await stand(crowd)
    assert shown.below == f"1 vote · {SAID('vote_paused_tally')}"
    assert SAID("host_resume") in labels(shown)
    assert seconds_left(await crowd.booth(), crowd.clock()) is None


async def test_stopped_leaves_nothing_to_press(crowd: Crowd) -> None:
    await crowd.control(Stop(HOST))
    assert await stand(crowd) == Stand(SAID("watch_stopped"), ())


async def test_without_votes_twice_the_clock_is_said_to_wait(crowd: Crowd) -> None:
    await crowd.vote(1, "left")
    for _ in range(3):
        await crowd.wait(30)
    assert (await stand(crowd)).below == SAID("vote_waiting")


async def test_a_long_vote_is_told_in_minutes_and_one_without_a_clock_by_its_host(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(seconds=600))
    assert (await stand(crowd)).below == "0 votes · closes in 10 min"
    await crowd.gather(Rules(seconds=0), address="-2")
    assert (await stand(crowd)).below == SAID("vote_no_clock", votes="0 votes")


async def test_in_a_second_round_only_those_in_it_have_buttons(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(mode=Mode.TWO_ROUND))
    for number, choice in enumerate(["left", "right"]):
        await crowd.vote(number, choice)
    await crowd.wait(30)
    shown = await stand(crowd)
    assert shown.below.startswith(SAID("vote_second_round"))
    assert labels(shown)[:3] == ["Go left · 1", "Go right · 1", "🔒 Open the gate"]


VERDICTS = [
    (Counted(Why.MOST, 61, 23), "🗳 <b>Go left</b> · 61% of 23 votes"),
    (Counted(Why.ALL, 100, 1), "🗳 <b>Go left</b> · 100% of 1 vote"),
    (Counted(Why.TIE_DICE, 50, 2), "🎲 A tie; the dice say <b>Go left</b>."),
    (Counted(Why.DEFAULT, 0, 0), "Nobody voted, so the story decides: <b>Go left</b>"),
    (Counted(Why.CHANCE, 0, 0), "Nobody voted, so the story decides: <b>Go left</b>"),
    (Counted(Why.DEFAULT, 0, 1), "Too few voted, so the story decides: <b>Go left</b>"),
    (Counted(Why.SKIPPED, 10, 9), "⏭ Skipped. The story takes <b>Go left</b>."),
    (Counted(Why.DRAWN, 20, 5), "🎟 Drawn: <b>Go left</b> · 20% of 5 votes"),
    (Counted(Why.HOST, 20, 5), "🎤 The host decides: <b>Go left</b>"),
]


@pytest.mark.parametrize(("counted", "line"), VERDICTS)
def test_a_verdict_in_words(app: App, counted: Counted, line: str) -> None:
    story = app.library.stories["crossroads"]
    assert verdict_line(story, "en", Taken("fork", "left", counted=counted), SAID, bold) == line


def test_a_choice_that_was_no_vote_has_no_verdict(app: App) -> None:
    assert verdict_line(app.library.stories["crossroads"], "en", Taken("fork", "left"), SAID, bold) == ""


async def test_a_label_of_a_stranger_is_no_markup_and_its_votes_stay_in_sight(house: House, clock: Clock) -> None:
    label = "<b>" + "🚂" * 50 + " &amp;"
    text = (house.stories / "crossroads" / "story.yaml").read_text("utf-8").replace("Go left", f'"{label}"')
    house.write("crossroads", text)
    async with house.running() as app:
        crowd = Crowd(app, clock)
        await crowd.gather()
        await crowd.vote(1, "left")
        assert labels(await stand(crowd))[0].endswith("… · 1")
        await crowd.wait(30)
        [taken] = await crowd.verdicts()
        line = verdict_line(app.library.stories["crossroads"], "en", taken, SAID, bold)
        assert "&lt;b&gt;" in line
        assert "&amp;amp;" in line
        assert units(line) < CAPTION


async def test_an_edit_is_made_for_what_somebody_would_see(crowd: Crowd) -> None:
    before = await stand(crowd)
    assert not worth_it(before, await stand(crowd))
    await crowd.vote(1, "left")
    first = await stand(crowd)
    assert worth_it(before, first)
    for number in range(2, 102):
        await crowd.vote(number, "left")
    hundred = await stand(crowd)
    assert worth_it(first, hundred)
    await crowd.vote(102, "left")
    assert not worth_it(hundred, await stand(crowd))
    await crowd.control(Pause(HOST))
    assert worth_it(hundred, await stand(crowd))
