"""Two playthroughs that turn out to be one viewer's: what was found in one is found in the other, which stays put."""

from __future__ import annotations

import pytest

from bot.play.event import Learn
from bot.play.path import scenes_seen
from bot.play.state import pack, unpack
from bot.play.step import Reason, Refused, Timer, show
from bot.play.walk import Walk
from tests.bot.play.player import Player
from tests.bot.story.draft import read
from tests.fakes.stories import CROSSROADS, CROSSROADS_ES

STORY = read(CROSSROADS, {"locales/es.yaml": CROSSROADS_ES})


def learn(player: Player, *ended: str, seen: tuple[str, ...] = ()) -> Player:
    return player.do(Learn(player.state.revision, frozenset(ended), frozenset(seen)))


def test_endings_are_added_and_the_story_stays_where_it_is() -> None:
    ann = Player(STORY).choose("right")
    before = ann.state
    learn(ann, "dawn")
    assert ann.state.ended == {"dawn"}
    assert (ann.state.scene, ann.state.values, ann.state.visits) == (before.scene, before.values, before.visits)
    assert ann.cards == (show(STORY, ann.state),)
    assert ann.steps[-1].facts == ()


def test_the_path_still_says_all_of_it() -> None:
    ann = learn(Player(STORY).choose("right"), "dawn").choose("back")
    walk = Walk.again(STORY, "en", ann.state.base, ann.state.path)
    assert walk.ended == {"dawn"}
    assert walk.scene == "fork"
    assert unpack(STORY, pack(STORY, ann.state)) == ann.state


@pytest.mark.parametrize("further", [lambda ann: ann.rewind(0), lambda ann: ann.restart()])
def test_they_stay_when_the_viewer_goes_back_or_begins_anew(further: object) -> None:
    ann = learn(Player(STORY).choose("right"), "dawn", seen=("doze",))
    assert callable(further)
    further(ann)
    assert ann.state.ended == {"dawn"}
    assert "doze" in scenes_seen(ann.state)


def test_an_ending_that_was_learned_is_not_new_when_it_is_reached() -> None:
    ann = learn(Player(STORY).choose("right"), "dawn").choose("on")
    assert not ann.card.new
    assert Player(STORY).choose("right", "on").card.new


def test_the_clock_runs_on() -> None:
    ann = Player(STORY).choose("left")
    deadline = ann.state.deadline
    assert deadline is not None
    learn(ann, "dawn")
    assert ann.steps[-1].agenda == (Timer("timeout", deadline),)


def test_what_this_version_does_not_have_is_left_out() -> None:
    ann = learn(Player(STORY), "dawn", "hall", "nowhere", seen=("doze", "nowhere", "fork"))
    assert ann.state.ended == {"dawn"}
    assert ann.state.seen == {"doze"}


def test_nothing_new_is_nothing_to_do() -> None:
    ann = learn(Player(STORY), "dawn")
    with pytest.raises(Refused) as refused:
        learn(ann, "dawn", "hall", seen=("fork",))
    assert refused.value.reason is Reason.NOTHING_TO_DO
    with pytest.raises(Refused) as refused:
        ann.do(Learn(0, frozenset({"dawn"}), frozenset({"doze"})))
    assert refused.value.reason is Reason.MOVED_ON
