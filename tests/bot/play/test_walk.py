"""Routes: the first that holds, nested, by chance; and what happens where nothing holds or nothing ends."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.play.state import BadState, Base
from bot.play.step import Reason, Refused, show
from bot.play.walk import Walk
from bot.story.limits import MAX_CHAIN
from bot.story.story import Story
from tests.bot.play.player import Player
from tests.bot.story.draft import scenes

HEAD = """
variables:
  n: {type: integer, from: 0, to: 100}
  met: {type: flag}
"""
ENDS = "\n".join(f"{id}: {{ending: {{title: E, kind: open}}}}" for id in ("p", "q", "r"))


def routed(route: str, head: str = "", start: int = 0) -> Player:
    """Arrive at a scene with that route, `n` being `start`."""
    text = f"a: {{enter: [{{do: n = {start}}}], route: {route}}}\n{ENDS}"
    return Player(scenes(text, HEAD + head))


@pytest.mark.parametrize(("n", "end"), [(0, "r"), (3, "q"), (7, "p")])
def test_the_first_candidate_that_holds_is_taken(n: int, end: str) -> None:
    assert routed("[{if: n > 5, to: p}, {if: n > 2, to: q}, {to: r}]", start=n).scene == end


def test_only_the_candidate_taken_has_effects() -> None:
    player = routed("[{if: met, do: n = 50, to: p}, {do: [n += 2, n += 3], to: q}, {do: n = 99, to: r}]")
    assert (player.scene, player.value("n")) == ("q", 5)


NAMED = """
routes:
  high: [{if: n > 5, to: p}]
  low: [{if: n > 2, to: q}]
  both: [{route: high}, {route: low}]
  safe: [{route: both}, {to: r}]
"""


@pytest.mark.parametrize(("n", "end"), [(0, "r"), (3, "q"), (7, "p")])
def test_named_routes_nest_and_fall_through(n: int, end: str) -> None:
    assert routed("safe", NAMED, n).scene == end
    assert routed("[{route: both}, {to: r}]", NAMED, n).scene == end
    assert routed("[{route: [{route: high}, {if: n > 2, to: q}]}, {to: r}]", NAMED, n).scene == end


def test_a_nested_route_where_nothing_holds_leaves_no_trace() -> None:
    player = routed("[{do: n += 1, route: [{do: n += 10, route: [{if: n > 50, to: p}]}, {if: n > 5, to: q}]}, {to: r}]")
    assert (player.scene, player.value("n")) == ("r", 0)


def test_the_effects_before_a_nested_route_count_inside_it_and_stay_when_it_leads_on() -> None:
    player = routed("[{do: n += 7, route: [{if: n > 5, do: n += 1, to: p}]}, {to: r}]")
    assert (player.scene, player.value("n")) == ("p", 8)


def test_visits_count_the_scene_just_entered() -> None:
    text = "a: {choices: {go: {label: Go, to: b}}}\nb: {route: [{if: visits(b) >= 3, to: p}, {to: a}]}\n" + ENDS
    assert Player(scenes(text)).choose("go", "go", "go").scene == "p"


# -- chance


def test_chance_goes_by_weight() -> None:
    text = "a: {route: [{random: [{weight: 6, to: p}, {weight: 3, to: q}, {to: r}]}]}\n" + ENDS
    story = scenes(text)
    counted = Counter(Player(story, seed=seed).scene for seed in range(2000))
    for end, share in (("p", 0.6), ("q", 0.3), ("r", 0.1)):
        assert abs(counted[end] / 2000 - share) < 0.04


def test_chance_never_takes_what_does_not_hold() -> None:
    text = (
        "a: {route: [{random: [{if: met, weight: 1000, to: p}, {if: n == 0, to: q}, {if: not met, to: r}]}]}\n" + ENDS
    )
    story = scenes(text, HEAD)
    assert {Player(story, seed=seed).scene for seed in range(100)} == {"q", "r"}


def test_one_candidate_left_needs_no_dice() -> None:
    player = routed("[{random: [{if: met, to: p}, {to: q}]}]")
    assert player.state.path == ("a", "q")


def test_chance_that_picks_a_route_without_a_way_tries_the_others() -> None:
    text = "a: {route: [{random: [{weight: 1000, do: n += 1, route: [{if: met, to: p}]}, {to: q}]}, {to: r}]}\n" + ENDS
    story = scenes(text, HEAD)
    for seed in range(20):
        player = Player(story, seed=seed)
        assert (player.scene, player.value("n")) == ("q", 0)


def test_chance_without_a_way_at_all_falls_through() -> None:
    player = routed("[{random: [{if: met, to: p}, {if: n > 0, to: q}]}, {to: r}]")
    assert player.state.path == ("a", "r")


def test_the_dice_decide_and_are_remembered() -> None:
    text = "a: {choices: {go: {label: Go, route: [{random: [{to: p}, {to: q}, {to: r}]}]}}}\n" + ENDS
    story = scenes(text)
    for seed in range(10):
        state = Player(story, seed=seed).choose("go").state
        assert state.path[2][0] == "%"
        assert Walk.again(story, "en", state.base, state.path).scene == state.scene


# -- where nothing follows


@pytest.mark.parametrize(
    "scene",
    [
        "a: {look: fog}",
        "a: {route: [{if: met, to: a}]}",
        "a: {choices: {b: {label: B, if: met, to: a}}}",
        "a: {choices: {b: {label: B, if: met, else: locked, to: a}}}",
    ],
)
def test_a_story_with_a_gap_is_stuck_and_says_so(scene: str) -> None:
    player = Player(scenes(scene, HEAD))
    assert player.card.stuck
    assert show(player.story, player.state) == player.card
    assert player.jump("a").scene == "a"
    assert player.restart().card.stuck


def test_a_choice_that_leads_nowhere_is_stuck_until_the_viewer_goes_back() -> None:
    text = "a: {choices: {b: {label: B, do: n = 5, route: [{if: met, to: a}]}, c: {label: C, to: a}}}"
    player = Player(scenes(text, HEAD)).choose("b")
    assert (player.card.stuck, player.card.options, player.state.path) == (True, (), ("a", ">b"))
    with pytest.raises(Refused) as refused:
        player.choose("c")
    assert refused.value.reason is Reason.LOCKED
    assert player.rewind(0).buttons == ["b", "c"]
    assert player.value("n") == 0


LOOPS = [
    "a: {to: a}",
    "a: {to: b}\nb: {to: a}",
    "a: {route: [{if: met, to: b}, {do: n += 1, to: a}]}\nb: {ending: {title: B, kind: sad}}",
    "a: {route: [{random: [{to: a}, {to: b}]}]}\nb: {route: [{random: [{to: a}, {weight: 9, to: b}]}]}",
]


@pytest.mark.parametrize("text", LOOPS)
def test_a_story_that_goes_round_for_ever_stops_as_stuck(text: str) -> None:
    player = Player(scenes(text, HEAD))
    assert len(player.cards) == MAX_CHAIN
    assert [card.stuck for card in player.cards] == [False] * (MAX_CHAIN - 1) + [True]
    state = player.state
    assert show(player.story, state) == player.card
    assert Walk.again(player.story, "en", state.base, state.path).path == list(state.path)


def test_a_long_chain_that_ends_is_played_whole() -> None:
    text = "\n".join(f"s{n}: {{to: s{n + 1}}}" for n in range(MAX_CHAIN - 1))
    player = Player(scenes(text + f"\ns{MAX_CHAIN - 1}: {{ending: {{title: E, kind: open}}}}"))
    assert len(player.cards) == MAX_CHAIN
    assert player.card.ending == "open"


def test_the_widest_route_is_tried_to_its_end() -> None:
    """As much as the language allows: every candidate looked at, none holds, and it still ends."""
    doubled = "".join(f"  r{n}: [{{route: r{n + 1}}}, {{route: r{n + 1}}}]\n" for n in range(7))
    player = routed("[{route: r0}, {to: q}]", f"routes:\n{doubled}  r7: [{{if: met, to: p}}]\n")
    assert player.scene == "q"


# -- paths that cannot be


@pytest.fixture(scope="module")
def story() -> Story:
    text = "a: {choices: {b: {label: B, to: a}, c: {label: C, route: [{random: [{to: a}, {to: p}]}]}}}\n" + ENDS
    return scenes(text, HEAD)


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("",),
        ("nowhere",),
        ("a", "a"),
        ("a", ">x"),
        ("a", ">b"),
        ("a", ">b", "p"),
        ("a", ">c"),
        ("a", ">c", "a"),
        ("a", ">c", "%2", "a"),
        ("a", ">c", "%x", "a"),
        ("a", ">c", "%0", "p"),
        ("a", ">b", '"text', "a"),
        ("a", "@nowhere", "nowhere"),
        ("a", "!{", "a"),
        ("a", "!5", "a"),
        ("a", "=a"),
        ("=nowhere",),
        (">b", "a"),
    ],
)
def test_a_path_that_the_story_does_not_allow_is_refused(story: Story, path: tuple[str, ...]) -> None:
    with pytest.raises(BadState):
        Walk.again(story, "en", Base((0, False)), path)


def test_a_path_may_begin_in_the_middle(story: Story) -> None:
    base = Base((5, True), frozenset({"q"}), {"a": 40}, {"a.b": 39})
    walk = Walk.again(story, "en", base, ("=a", ">b", "a"))
    assert (walk.scene, walk.visits, walk.chosen, walk.ended) == ("a", {"a": 41}, {"a.b": 40}, frozenset({"q"}))
