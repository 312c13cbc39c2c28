"""The story is exchanged under a rehearsal, which goes on as near as can be, and says where."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from bot.play.landing import Fate
from bot.story.changes import Change, Kind
from bot.story.story import Story
from bot.studio.landed import Cause, Landed
from bot.studio.rehearsal import Rehearsal
from tests.bot.play.dramas import made_up
from tests.bot.play.editor import edited
from tests.bot.story.draft import scenes
from tests.bot.studio.test_rehearsal import DEEDS, rehearse, what_counts

HEAD = "variables: {coins: {type: integer, from: 0, to: 5}}\n"
TALE = """
gate: {choices: {in: {label: In, to: yard}, away: {label: Away, do: coins += 1, to: road}}}
yard: {choices: {ring: {label: Ring, to: hall}}}
road: {choices: {on: {label: On, to: sea}, in: {label: In, to: yard}}}
hall: {ending: {title: The hall, kind: happy}}
sea: {look: sea}
"""


def tale(*replacements: tuple[str, str]) -> Story:
    text = TALE
    for before, after in replacements:
        assert before in text
        text = text.replace(before, after)
    return scenes(text, HEAD)


def at(*choices: str) -> Rehearsal:
    rehearsal = Rehearsal(tale())
    for choice in choices:
        rehearsal.choose(choice)
    return rehearsal


def reloaded(rehearsal: Rehearsal, *replacements: tuple[str, str]) -> Landed:
    return rehearsal.reload(tale(*replacements))


def test_new_words_are_there_at_once_and_the_place_is_kept() -> None:
    rehearsal = at("away")
    landed = reloaded(rehearsal, ("label: On", "label: Onward"))
    assert (landed.fate, landed.scene, landed.cause, landed.rewindable) == (Fate.CONTINUES, "road", None, True)
    assert rehearsal.card.options[0].label == "Onward"
    assert [change.kind for change in landed.changes] == [Kind.REWORDED]


def test_what_is_done_on_the_way_now_counts_at_once() -> None:
    rehearsal = at("away")
    reloaded(rehearsal, ("coins += 1", "coins += 3"))
    [entry] = rehearsal.ledger()
    assert (entry.before, entry.value) == (1, 3)
    rehearsal.rewind()
    assert rehearsal.state.path == ("gate",)


def test_a_set_variable_stays_set() -> None:
    rehearsal = at("away")
    rehearsal.assign("coins", "5")
    reloaded(rehearsal, ("label: On", "label: Onward"))
    assert rehearsal.state.values == (5,)


def test_what_it_was_set_to_stays_inside_new_bounds() -> None:
    rehearsal = at("away")
    rehearsal.assign("coins", "5")
    rehearsal.reload(scenes(TALE, HEAD.replace("to: 5", "to: 2")))
    assert rehearsal.state.values == (2,)
    assert rehearsal.state.path[-1] == '!{"values":{"coins":2},"ended":[]}'


def test_a_renamed_scene_is_followed() -> None:
    rehearsal = at("away")
    landed = reloaded(rehearsal, ("to: road", "to: lane"), ("road: {", "lane: {was: road, "))
    assert (landed.fate, landed.left, landed.scene) == (Fate.CONTINUES, "lane", "lane")
    assert Change(Kind.RENAMED, "scene", "lane", "road") in landed.changes


def test_where_the_way_is_another_the_place_is_kept_and_the_way_back_is_not() -> None:
    rehearsal = at("away")
    landed = reloaded(rehearsal, ("do: coins += 1, to: road", "do: coins += 1, to: yard"))
    assert (landed.fate, landed.scene, landed.cause, landed.rewindable) == (Fate.CONTINUES, "road", None, False)


def test_where_the_scene_is_gone_it_is_the_choice_before() -> None:
    rehearsal = at("away", "in")
    landed = reloaded(rehearsal, ("in: {label: In, to: yard}, ", ""), (", in: {label: In, to: yard}", ""),
                      ("yard: {choices: {ring: {label: Ring, to: hall}}}\n", ""))  # fmt: skip
    assert (landed.fate, landed.left, landed.scene) == (Fate.MOVED, "yard", "road")
    assert landed.cause is Cause.GONE


def test_where_nothing_can_be_chosen_any_more_too() -> None:
    landed = reloaded(at("away"), ("{choices: {on: {label: On, to: sea}, in: {label: In, to: yard}}}", "{look: fog}"))
    assert (landed.fate, landed.scene, landed.cause) == (Fate.MOVED, "gate", Cause.SHUT)


def test_a_gap_that_is_closed_leads_on() -> None:
    rehearsal = at("away", "on")
    assert rehearsal.card.stuck
    landed = reloaded(rehearsal, ("sea: {look: sea}", "sea: {look: sea, to: gate}"))
    assert (landed.fate, landed.scene, landed.cause) == (Fate.MOVED, "gate", Cause.PASSING)
    assert rehearsal.state.path == ("gate", ">away", "road", ">on", "sea", "gate")


def test_an_ending_that_got_a_sequel_leads_on() -> None:
    rehearsal = at("in", "ring")
    reloaded(
        rehearsal,
        ("{ending: {title: The hall, kind: happy}}", "{to: stairs}\nstairs: {ending: {title: Up, kind: open}}"),
    )
    assert rehearsal.state.scene == "stairs"


def test_what_has_no_way_left_begins_again() -> None:
    rehearsal = Rehearsal(tale())
    landed = rehearsal.reload(scenes("start: {choices: {go: {label: Go, to: start}}}"))
    assert (landed.fate, landed.cause, rehearsal.state.path) == (Fate.RESTARTS, Cause.GONE, ("start",))


@cache
def _edited(author: int, edit: int) -> Story | None:
    return edited(made_up(author), author * 10 + edit)


@given(author=st.integers(0, 20), deeds=DEEDS, edit=st.integers(0, 9))
def test_after_any_edit_it_stands_where_its_link_says(author: int, deeds: list[tuple[int, int]], edit: int) -> None:
    new = _edited(author, edit)
    if new is None:
        return
    rehearsal = Rehearsal(made_up(author))
    rehearse(rehearsal, deeds)
    landed = rehearsal.reload(new)
    assert landed.scene == rehearsal.card.scene == rehearsal.state.scene
    assert (landed.cause is None) == (landed.fate is Fate.CONTINUES)
    assert what_counts(Rehearsal.at(new, rehearsal.link).state) == what_counts(rehearsal.state)
    rehearsal.prospects()
    rehearsal.restart()
