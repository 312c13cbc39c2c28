"""A moment that somebody shared: their place and what they had done become mine, my endings stay my own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.play.dice import seeded
from bot.play.event import Adopt, Choose
from bot.play.path import choice_points
from bot.play.state import BranchState, pack, unpack
from bot.play.step import Reason, Refused, Step, Timer, show, step
from bot.play.toll import hold
from bot.story.story import Story
from tests.bot.play.dramas import made_up
from tests.bot.play.player import NOON, Player
from tests.bot.play.test_session import MOVES, Move, play, sound
from tests.bot.story.draft import read
from tests.fakes.effort import effort
from tests.fakes.priced import TOLLGATE
from tests.fakes.stories import CROSSROADS, CROSSROADS_ES

STORY = read(CROSSROADS, {"locales/es.yaml": CROSSROADS_ES})


def sharer() -> Player:
    """Signed as Ann, turned back, went left, and stands at the clock with the story behind her."""
    return Player(STORY).choose("sign", text="Ann").choose("back", "left")


def adopted(source: Player, to: int, language: str = "en") -> Step:
    """What somebody gets who never played."""
    return step(source.story, None, Adopt(source.state, to, language), NOON, seeded(7, 0))


def joined(mine: Player, source: Player, to: int) -> Player:
    return mine.do(Adopt(source.state, to, mine.state.language, mine.state.revision))


def done(state: BranchState) -> tuple[object, ...]:
    """Where somebody stands, with what they had done."""
    return state.scene, state.values, state.visits, state.chosen


def test_a_newcomer_stands_where_the_sharer_stood_at_that_choice() -> None:
    source = sharer()
    for to, then in enumerate(["fork", "clearing", "fork"]):
        taken = adopted(source, to)
        assert (taken.branch_state.scene, taken.branch_state.revision) == (then, 0)
        assert done(taken.branch_state) == done(source.steps[to].branch_state)
        assert taken.cards == (show(STORY, source.steps[to].branch_state),)


def test_one_past_the_last_choice_is_where_the_sharer_stands_now() -> None:
    source = sharer()
    taken = adopted(source, len(choice_points(source.state.path)))
    assert done(taken.branch_state) == done(source.state)
    assert taken.cards[-1] == source.card


@pytest.mark.parametrize("to", [-1, 4, 2**34])
def test_a_moment_that_there_is_not_is_refused(to: int) -> None:
    with pytest.raises(Refused) as refused:
        adopted(sharer(), to)
    assert refused.value.reason is Reason.NOTHING_TO_DO


def test_it_is_meant_for_one_revision() -> None:
    source, mine = sharer(), Player(STORY).choose("right")
    for state, revision in ((mine.state, 0), (mine.state, None), (None, 0)):
        with pytest.raises(Refused) as refused:
            step(STORY, state, Adopt(source.state, 0, "en", revision), NOON, seeded(7, 1))
        assert refused.value.reason is Reason.MOVED_ON


def test_my_own_language_is_spoken_or_the_storys() -> None:
    assert adopted(sharer(), 0, "es-MX").cards[-1].language == "es"
    assert adopted(sharer(), 0, "tlh").cards[-1].language == "en"
    assert adopted(sharer(), 2, "es").cards[-1].lines[0].text == "¿Izquierda o derecha, Ann?"


def test_the_clock_of_the_moment_runs_anew() -> None:
    taken = adopted(sharer(), 3)
    assert taken.branch_state.deadline == NOON + 5_000
    assert taken.agenda == (Timer("timeout", NOON + 5_000),)


def test_my_endings_stay_and_theirs_do_not_become_mine() -> None:
    mine = Player(STORY).choose("right", "on")
    assert mine.state.ended == {"dawn"}
    joined(mine, sharer(), 0)
    assert mine.state.ended == {"dawn"}
    source = Player(STORY).choose("right", "on").restart()
    assert source.state.ended == {"dawn"}
    assert adopted(source, 0).branch_state.ended == frozenset()


def test_what_i_saw_before_stays_seen() -> None:
    mine = joined(Player(STORY).choose("right", "on"), sharer(), 0)
    assert {"clearing", "morning", "dawn"} <= mine.state.seen | mine.state.visits.keys()


def test_the_story_goes_on_from_there_and_back_only_as_far() -> None:
    mine = joined(Player(STORY).choose("right"), sharer(), 2)
    assert mine.value("name") == "Ann"
    assert mine.value("coins") == 0
    with pytest.raises(Refused):
        mine.rewind(0)
    mine.choose("right", "on")
    assert mine.card.ending == "happy"
    mine.rewind(0)
    assert mine.scene == "fork"
    mine.restart()
    assert (mine.scene, mine.value("name"), mine.value("lamp")) == ("fork", "nobody", True)


def test_it_is_a_fact_that_nobody_takes_for_a_choice() -> None:
    [began] = adopted(sharer(), 1).facts
    assert (began.kind, began.scene, began.choice) == ("begin", "clearing", None)
    mine = joined(Player(STORY), sharer(), 1)
    [jumped] = mine.steps[-1].facts
    assert (jumped.kind, jumped.scene, jumped.choice) == ("jump", "clearing", None)


def test_my_own_moment_can_be_mine_again() -> None:
    mine = sharer()
    source = mine.state
    joined(mine, mine, 1)
    assert (mine.scene, mine.state.revision) == ("clearing", source.revision + 1)


def test_a_button_of_before_no_longer_counts() -> None:
    mine = Player(STORY).choose("right")
    revision = mine.state.revision
    joined(mine, sharer(), 0)
    with pytest.raises(Refused) as refused:
        mine.do(Choose(revision, "back"))
    assert refused.value.reason is Reason.MOVED_ON


@pytest.mark.parametrize("choice", ["knock", "steal"])
def test_a_moment_behind_a_price_waits_for_who_has_not_paid(choice: str) -> None:
    story = read(TOLLGATE)
    source = Player(story).choose(choice)
    taken = hold(story, adopted(source, 1), frozenset())
    assert taken.cards[-1].toll is not None
    assert taken.cards[-1].lines == ()
    assert taken.agenda == ()
    assert taken.branch_state.held is not None
    assert taken.branch_state.ended == frozenset()
    free = hold(story, adopted(source, 0), frozenset())
    assert (free.branch_state.held, free.cards[-1].scene) == (None, "corner")
    paid = hold(story, adopted(source, 1), frozenset({""}))
    assert (paid.branch_state.held, paid.cards[-1].toll) == (None, None)


@pytest.mark.parametrize("choice", ["knock", "steal", "tunnel"])
def test_nobody_comes_past_a_price_by_the_moment_of_one_who_waits_there(choice: str) -> None:
    story = read(TOLLGATE)
    walked = Player(story).choose(choice)
    source = replace(walked.steps[-1], branch_state=walked.state)
    waiting = hold(story, source, frozenset()).branch_state
    assert waiting.held is not None
    for to in (0, 1):
        taken = step(story, None, Adopt(waiting, to, "en"), NOON, seeded(7, 0))
        assert taken.branch_state.scene == "corner"
    with pytest.raises(Refused):
        step(story, None, Adopt(waiting, 2, "en"), NOON, seeded(7, 0))


def test_of_one_who_waits_and_never_chose_there_is_no_moment() -> None:
    state = Player(STORY).state
    with pytest.raises(Refused):
        step(STORY, None, Adopt(replace(state, held=0), 0, "en"), NOON, seeded(7, 0))


def test_an_ending_that_was_shared_is_seen_and_not_found() -> None:
    source = Player(STORY).choose("right", "on")
    taken = adopted(source, 2)
    assert (taken.cards[-1].ending, taken.cards[-1].new) == ("happy", False)
    assert taken.branch_state.ended == frozenset()


@settings(max_examples=effort(60, 1000))
@given(seed=st.integers(0, 20), moves=MOVES, mine=MOVES, to=st.integers(0, 30))
def test_whatever_was_played_any_moment_of_it_can_be_adopted(
    seed: int, moves: list[Move], mine: list[Move], to: int
) -> None:
    story: Story = made_up(seed)
    source = play(story, moves)
    to %= len(choice_points(source.state.path)) + 1
    fresh = adopted(source, to).branch_state
    assert unpack(story, pack(story, fresh)) == fresh
    guest = play(story, mine, seed=8)
    before = guest.state.ended
    joined(guest, source, to)
    sound(story, guest)
    assert guest.state.ended == before
    assert done(guest.state)[1:] == done(fresh)[1:]
    assert len(choice_points(guest.state.path)) == 0
