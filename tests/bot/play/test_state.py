"""A state is small, comes back as it was, and is refused when it is not this story's."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest

from bot.play.peek import peek
from bot.play.state import BadState, Base, BranchState, count, pack, unpack
from tests.bot.play.dramas import DRAMAS, drama, large
from tests.bot.play.player import Player
from tests.bot.story.draft import scenes

KILOBYTE = 1024


def rounds(player: Player) -> None:
    for taken in player.steps:
        state = taken.branch_state
        assert unpack(player.story, pack(player.story, state)) == state


def test_every_part_of_a_state_comes_back() -> None:
    text = """
        a: {within: 9s, default: x, choices: {x: {label: X, ask: name, to: a}, y: {label: Y, do: kept = true, to: e}}}
        e: {ending: {title: E, kind: sad}}
    """
    head = "variables:\n  name: {type: text, length: 30}\n  kept: {type: flag, keep: true}\n"
    player = Player(scenes(text, head))
    player.choose("x", text='"%1 >x @e !{} =a').time_out(present=False).choose("y").rewind(0).restart().jump(
        "e"
    ).restart()
    rounds(player)
    assert player.state.base == Base(("", True), frozenset({"e"}))


def test_a_deep_session_of_a_large_story_is_small() -> None:
    """50 choices deep in a story like the largest known film, and no scene seen twice."""
    player = Player(large(), seed=3)
    while len(player.steps) <= 50:
        ahead = peek(player.story, player.state, player.seed)
        new = [choice for choice, scene in ahead.items() if scene not in player.state.visits]
        player.choose(new[-1])
    assert len(player.state.visits) == 51
    assert len(pack(player.story, player.state)) < KILOBYTE
    rounds(player)


@pytest.mark.parametrize("name", DRAMAS)
def test_a_deep_session_of_a_drama_is_small(name: str) -> None:
    """50 choices deep: from every ending straight back into the first scene, without a restart."""
    player = Player(drama(name), seed=2)
    made = 0
    while made < 50:
        options = [option.id for option in player.card.options if not option.locked]
        if options:
            player.choose(options[made * 5 % len(options)], text="Little Fish")
            made += 1
        else:
            player.jump(player.story.start)
    assert len(pack(player.story, player.state)) < KILOBYTE
    rounds(player)


def test_equal_states_are_packed_alike() -> None:
    one, other = (Player(large()).choose("by-chance") for _ in range(2))
    assert pack(one.story, one.state) == pack(other.story, other.state)


def test_a_small_state_is_readable() -> None:
    player = Player(large())
    assert json.loads(pack(player.story, player.state))["scene"] == player.scene


def packed(**changes: object) -> bytes:
    player = Player(large())
    record = json.loads(pack(player.story, player.state))
    return json.dumps({**record, **changes}).encode()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"\xff\x00",
        zlib.compress(b"[1]"),
        zlib.compress(b"not json"),
        zlib.compress(b"x" * 100)[:-5],
        packed(scene="nowhere"),
        packed(scene=5),
        packed(path=None),
        packed(path=[1, 2]),
        packed(values=[]),
        packed(base=[]),
        packed(ended=5),
        packed(seen=5),
    ],
)
def test_a_damaged_state_is_refused(damaged: bytes) -> None:
    with pytest.raises(BadState):
        unpack(large(), damaged)


def test_a_path_is_counted_up() -> None:
    path = ("a", ">x", "b", "%1", "a", "~x", '"b', "b", "@a", "a", '!{"values":{}}', ">y", "c")
    visits, chosen = count(path)
    assert visits == {"a": 3, "b": 2, "c": 1}
    assert chosen == {"a.x": 2, "a.y": 1}
    base = Base((), visits={"a": 7}, chosen={"b.z": 1})
    assert count(("=b", ">z", "a"), base) == ({"a": 8}, {"b.z": 2})


def test_a_state_is_not_tied_to_the_order_of_variables() -> None:
    head = "variables:\n  one: {type: integer, from: 0, to: 9}\n  two: {type: integer, from: 0, to: 9}\n"
    text = "a: {choices: {x: {label: X, do: [one = 1, two = 2], to: a}}}"
    player = Player(scenes(text, head)).choose("x")
    turned = scenes(text, "\n".join(["variables:", *head.strip().splitlines()[:0:-1]]) + "\n")
    assert unpack(turned, pack(player.story, player.state)).values == (2, 1)


def test_a_state_cannot_be_changed_by_looking_at_it() -> None:
    player = Player(large())
    before = pack(player.story, player.state)
    state: BranchState = player.state
    player.choose("by-chance")
    assert pack(player.story, replace(state)) == before
