"""A session settled in another version: who need not hear of it keeps their buttons, everybody else gets new ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.play.event import Choose
from bot.play.landing import Fate
from bot.play.resettle import resettled
from bot.play.state import Landed, pack, unpack
from bot.play.step import Reason, Refused, step
from bot.story.story import Story
from tests.bot.play.player import NOON, Player
from tests.bot.story.draft import read
from tests.fakes.atelier import NO_YARD, OTHER_BUTTONS, OTHER_WORDS, TALE

TIMED = TALE.replace("lines: [{narrator: The yard., id: yard}]", "within: 9s\n        default: end")
FATES: list[tuple[str, Fate, Landed | None]] = [
    (OTHER_WORDS, Fate.CONTINUES, None),
    (OTHER_BUTTONS, Fate.CONTINUES, "refreshed"),
    (NO_YARD, Fate.MOVED, "moved"),
    (NO_YARD.replace("gate", "door"), Fate.RESTARTS, "restarts"),
]


def version(text: str) -> Story:
    return read(text)


def in_the_yard(text: str = TALE) -> Player:
    return Player(version(text)).choose("in")


@pytest.mark.parametrize(("text", "fate", "told"), FATES)
def test_who_must_hear_of_it_is_told_and_gets_buttons_of_their_own(text: str, fate: Fate, told: Landed | None) -> None:
    player, new = in_the_yard(), version(text)
    landing, state = resettled(player.story, player.state, new)
    assert (landing.fate, state.landed) == (fate, told)
    assert state.revision == player.state.revision + (told is not None)
    assert unpack(new, pack(new, state)) == state


@pytest.mark.parametrize(("text", "fate", "told"), FATES)
def test_a_button_of_before_is_good_only_where_nothing_was_told(text: str, fate: Fate, told: Landed | None) -> None:
    player, new = in_the_yard(), version(text)
    state = resettled(player.story, player.state, new)[1]
    press = Choose(player.state.revision, "end")
    if told is None:
        assert step(new, state, press, NOON, lambda sides: 0).branch_state.scene == "hall"
        return
    with pytest.raises(Refused) as refused:
        step(new, state, press, NOON, lambda sides: 0)
    assert refused.value.reason is Reason.MOVED_ON


def test_a_clock_runs_on_only_for_a_card_that_stays() -> None:
    player = in_the_yard(TIMED)
    assert player.state.deadline is not None
    kept = resettled(player.story, player.state, version(TIMED.replace("title: One", "title: Two")))[1]
    assert kept.deadline == player.state.deadline
    for text in (TIMED.replace("9s", "8s"), TIMED.replace("label: Back", "label: Turn back"), TALE, NO_YARD):
        assert resettled(player.story, player.state, version(text))[1].deadline is None


def test_what_was_not_read_yet_stays_to_be_told() -> None:
    player = in_the_yard()
    moved = resettled(player.story, player.state, version(NO_YARD))[1]
    again = resettled(version(NO_YARD), moved, version(NO_YARD.replace("The Gate", "A Gate")))[1]
    assert (again.landed, again.revision) == ("moved", moved.revision)
    again = resettled(version(NO_YARD), moved, version(NO_YARD.replace("label: In", "label: Inside")))[1]
    assert (again.landed, again.revision) == ("moved", moved.revision + 1)
    again = resettled(version(NO_YARD), moved, version(NO_YARD.replace("gate", "door")))[1]
    assert (again.landed, again.revision) == ("restarts", moved.revision + 1)


def test_whoever_goes_on_has_read_it() -> None:
    player, new = in_the_yard(), version(NO_YARD)
    state = resettled(player.story, player.state, new)[1]
    assert step(new, state, Choose(state.revision, "in"), NOON, lambda sides: 0).branch_state.landed is None


def test_the_version_itself_changes_nothing() -> None:
    player = in_the_yard()
    assert resettled(player.story, player.state, version(TALE))[1] == replace(player.state)
