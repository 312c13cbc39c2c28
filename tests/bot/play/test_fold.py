"""However long a story is played, its state stays small, and all but the oldest way back is kept."""

from __future__ import annotations

from bot.play.fold import KEPT_PATH, MAX_PATH, folded
from bot.play.path import choice_points, scenes_walked
from bot.play.state import Base, pack, unpack
from bot.play.step import retell, show
from bot.play.walk import Walk
from tests.bot.play.dramas import large
from tests.bot.play.player import Player
from tests.bot.story.draft import scenes


def endless(choices: int) -> Player:
    player = Player(large(), seed=5)
    for n in range(choices):
        player.choose([option.id for option in player.card.options][n * 7 % 3])
    return player


def test_thousands_of_choices_stay_small_and_lose_no_count() -> None:
    player = endless(1500)
    state = player.state
    assert len(state.path) <= MAX_PATH
    assert sum(state.visits.values()) == 1501
    assert sum(state.chosen.values()) == 1500
    sizes = [len(pack(player.story, taken.branch_state)) for taken in player.steps[900::100]]
    assert max(sizes) < 1.25 * min(sizes)  # it has stopped growing: what is left grows with the story alone
    assert unpack(player.story, pack(player.story, state)) == state


def test_a_folded_session_plays_on_like_any_other() -> None:
    player = endless(500)
    state = player.state
    assert state.path[0].startswith("=")
    walk = Walk.again(player.story, "en", state.base, state.path)
    assert (walk.scene, tuple(walk.values), walk.visits, walk.chosen) == (
        state.scene,
        state.values,
        state.visits,
        state.chosen,
    )
    assert retell(player.story, state) == player.cards
    assert show(player.story, state) == player.card


def test_a_rewind_leads_back_as_far_as_the_path_goes() -> None:
    player = endless(500)
    points = choice_points(player.state.path)
    assert len(points) >= KEPT_PATH // 3
    for index in (0, 1, len(points) - 1):
        depth = 500 - len(points) + index
        then = player.steps[depth].branch_state
        back = Player(player.story)
        back.steps = list(player.steps)
        after = back.rewind(index).state
        assert (after.scene, after.visits, after.chosen) == (then.scene, then.visits, then.chosen)
        assert after.values == tuple(
            mine if variable.keep else theirs
            for variable, mine, theirs in zip(player.story.variables, player.state.values, then.values, strict=True)
        )


def test_a_restart_forgets_what_was_folded() -> None:
    player = endless(500).restart()
    assert player.state.path == (player.scene,)
    assert player.state.base.visits == {}
    assert player.state.visits == {player.scene: 1}


def test_what_was_seen_stays_seen() -> None:
    player = endless(500)
    seen = player.state.seen | player.state.visits.keys()
    player.rewind(0).restart()
    assert player.state.seen | player.state.visits.keys() == seen


def test_the_way_walked_begins_where_the_record_does() -> None:
    assert scenes_walked(("=b", ">x", "c")) == [("b", None), ("c", "x")]
    assert [(point.scene, point.choice) for point in choice_points(("=b", ">x", "c", ">y", "d"))] == [
        ("b", "x"),
        ("c", "y"),
    ]


def test_a_short_path_is_left_alone() -> None:
    story = scenes("a: {choices: {x: {label: X, to: a}}}")
    path = ("a", *(">x", "a") * 20)
    assert folded(story, Base(()), path) == (Base(()), path)


def test_jumps_are_folded_too() -> None:
    player = Player(scenes("a: {to: b}\nb: {choices: {x: {label: X, to: a}}}"))
    for _ in range(300):
        player.jump("a")
    assert len(player.state.path) <= MAX_PATH
    assert player.state.visits == {"a": 301, "b": 301}


def test_a_cut_never_takes_an_answer_from_its_choice() -> None:
    head = "variables:\n  name: {type: text, length: 9}\n"
    player = Player(
        scenes("a: {choices: {x: {label: X, ask: name, to: b}}}\nb: {choices: {y: {label: Y, to: a}}}", head)
    )
    for n in range(400):
        player.choose("x", text=f"n{n}").choose("y")
    state = player.state
    assert player.value("name") == "n399"
    assert Walk.again(player.story, "en", state.base, state.path).values == ["n399"]
