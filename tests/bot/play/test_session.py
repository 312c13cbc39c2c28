"""Whole sessions: whatever happens in them happens again in the same way, and nobody loses their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.play.event import Choose, Event, Jump, Learn, Restart, Rewind, Speak, TimeOut
from bot.play.path import choice_points
from bot.play.state import BranchState, pack, unpack
from bot.play.step import Refused, retell, show
from bot.play.walk import Walk
from bot.story.story import Story
from tests.bot.play.dramas import DRAMAS, drama, made_up
from tests.bot.play.player import Player, replayed
from tests.fakes.effort import effort

Move = tuple[str, int]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ["choose"] * 6 + ["time out", "alone", "rewind", "restart", "jump", "speak", "learn", "stale", "unknown"]
        ),
        st.integers(0, 50),
    ),
    max_size=14,
)
TEXTS = ("", "Mo", "  a\nlong   name indeed ", "{trust} {{", "%1 >c0 @end ~c1")


def event_of(player: Player, what: str, number: int) -> Event:
    """A move made into an event that fits the session, or nearly does."""
    revision = player.state.revision
    choices = list(player.story.scenes[player.scene].choices) or ["none"]
    points = len(choice_points(player.state.path))
    makers: dict[str, Callable[[], Event]] = {
        "choose": lambda: Choose(revision, choices[number % len(choices)], TEXTS[number % len(TEXTS)]),
        "time out": lambda: TimeOut(revision),
        "alone": lambda: TimeOut(revision, present=False),
        "rewind": lambda: Rewind(revision, number % (points + 1)),
        "restart": lambda: Restart(revision),
        "jump": lambda: Jump(revision, list(player.story.scenes)[number % len(player.story.scenes)]),
        "speak": lambda: Speak(revision, ("es", "fr", "en")[number % 3]),
        "learn": lambda: Learn(revision, picked(player.story.endings, number), picked(player.story.scenes, number)),
        "stale": lambda: Choose(revision - 1, choices[0]),
        "unknown": lambda: Choose(revision, "no-such-choice"),
    }
    return makers[what]()


def picked(scenes: Iterable[str], number: int) -> frozenset[str]:
    """Some of them, with one that there is not."""
    return frozenset(scene for at, scene in enumerate(scenes) if (number >> at % 6) & 1) | {"no-such-scene"}


def play(story: Story, moves: list[Move], seed: int = 7) -> Player:
    player = Player(story, seed=seed)
    for what, number in moves:
        before = player.state
        try:
            player.do(event_of(player, what, number))
        except Refused:
            assert player.state is before
            continue
        sound(story, player)
    return player


def sound(story: Story, player: Player) -> None:
    """What holds after every step."""
    state, cards = player.state, player.cards
    assert state.revision == len(player.steps) - 1
    assert unpack(story, pack(story, state)) == state
    assert show(story, state) == cards[-1]
    assert retell(story, state)[-1] == cards[-1]
    assert cards[-1].scene == state.scene
    assert all(card.language == state.language for card in cards)
    assert not any(card.options or card.ending or card.stuck for card in cards[:-1])
    walk = Walk.again(story, state.language, state.base, state.path)
    assert walked(walk) == standing(state)
    for value, variable in zip(state.values, story.variables, strict=True):
        fits = {
            "flag": isinstance(value, bool),
            "choice": value in variable.options,
            "text": isinstance(value, str) and len(value) <= variable.length,
            "integer": isinstance(value, int) and variable.low <= value <= variable.high,
        }
        assert fits[variable.kind]


def walked(walk: Walk) -> tuple[object, ...]:
    return walk.scene, tuple(walk.values), walk.visits, walk.chosen, walk.ended, tuple(walk.path)


def standing(state: BranchState) -> tuple[object, ...]:
    return state.scene, state.values, state.visits, state.chosen, state.ended, state.path


def same_again(player: Player) -> None:
    again = replayed(player)
    for one, other in zip(player.steps, again.steps, strict=True):
        assert pack(player.story, one.branch_state) == pack(player.story, other.branch_state)
        assert (one.cards, one.agenda, one.facts) == (other.cards, other.agenda, other.facts)


@settings(max_examples=effort(150, 1000))
@given(st.integers(0, 100), MOVES, st.integers(0, 2**64 - 1))
def test_any_session_of_any_story_is_sound_and_happens_again_the_same(
    author: int, moves: list[Move], seed: int
) -> None:
    same_again(play(made_up(author), moves, seed))


@pytest.mark.parametrize("name", DRAMAS)
@settings(max_examples=effort(50, 1000))
@given(moves=MOVES, seed=st.integers(0, 2**32))
def test_any_session_of_the_dramas_is_sound_and_happens_again_the_same(name: str, moves: list[Move], seed: int) -> None:
    same_again(play(drama(name), moves, seed))


def without_memory(state: BranchState) -> tuple[object, ...]:
    """A state without what a rewind keeps: the revision, the times, what was seen, kept values and endings."""
    return state.scene, state.visits, state.chosen, state.language


@pytest.mark.parametrize("name", DRAMAS)
@pytest.mark.parametrize("seed", range(4))
def test_a_rewind_leads_to_every_earlier_choice_as_it_was(name: str, seed: int) -> None:
    story = drama(name)
    player = Player(story, seed=seed)
    stood: list[BranchState] = []
    for n in range(40):
        if not player.card.options:
            break
        stood.append(player.state)
        player.choose([option.id for option in player.card.options if not option.locked][(n + seed) % 2 - 1], text="Mo")
    kept = [n for n, variable in enumerate(story.variables) if variable.keep]
    for index, before in reversed(list(enumerate(stood))):
        back = Player.__new__(Player)
        back.__dict__.update(player.__dict__, steps=list(player.steps), events=list(player.events))
        after = back.rewind(index).state
        assert without_memory(after) == without_memory(before)
        for n, (value, then) in enumerate(zip(after.values, before.values, strict=True)):
            assert value == (player.state.values[n] if n in kept else then)
        assert after.seen | after.visits.keys() >= player.state.visits.keys()
        assert after.ended == player.state.ended
        sound(story, back)


def speaking(player: Player, code: str) -> Player:
    """A second player at the same place, who goes on in another language."""
    other = Player(player.story, seed=player.seed)
    other.steps, other.now = list(player.steps), player.now
    return other.speak(code)


@pytest.mark.parametrize("name", DRAMAS)
def test_a_change_of_language_at_any_point_loses_nothing(name: str) -> None:
    player = Player(drama(name), seed=1)
    for n in range(40):
        before = player.state
        for code in player.story.languages[1:]:
            other = speaking(player, code)
            there = other.state
            assert standing(there) == standing(before)
            assert (there.deadline, there.since, there.seen) == (before.deadline, before.since, before.seen)
            assert [option.id for option in other.card.options] == [option.id for option in player.card.options]
            assert other.speak(player.story.language).card == player.card
            sound(player.story, other)
        options = [option.id for option in player.card.options if not option.locked]
        if not options:
            break
        player.choose(options[n % len(options)], text="Mo")
