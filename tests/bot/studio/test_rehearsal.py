"""A rehearsal does what is asked of it, tells the truth about what cannot be done, and starts again from its link."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.play.state import BranchState
from bot.play.step import Reason, Refused
from bot.story.compiler import compile_condition
from bot.studio.bookmark import BadBookmark
from bot.studio.dice import Roll
from bot.studio.ledger import BadValue
from bot.studio.obstacle import told
from bot.studio.prospect import Look
from bot.studio.rehearsal import Rehearsal
from tests.bot.play.dramas import made_up
from tests.bot.story.draft import scenes

HEAD = """
variables:
  trust: {type: integer, from: 0, to: 3}
  met: {type: flag}
  ticket: {type: choice, of: [none, mei], start: none}
  name: {type: text, length: 8, start: You}
  wise: {type: flag, keep: true}
"""
TALE = """
gate:
  within: 5s
  default: away
  choices:
    ask: {label: "Ask, {name}", do: trust += 2, once: true, to: gate}
    say: {label: Say it, ask: name, to: gate}
    away: {label: Away, to: road}
    secret: {label: In, if: trust >= 2 and (met or ticket == mei), to: hall}
    bluff: {label: Bluff, if: "trust > 2 or visits(road) > 0", else: locked, to: hall}
road:
  choices:
    roll: {label: Roll, route: [{random: [{to: hall}, {weight: 2, to: sea}]}]}
    lost: {label: Lost, route: [{if: met, to: sea}]}
    back: {label: Back, to: gate}
hall: {enter: [{do: wise = true}], ending: {title: The hall, kind: happy}}
sea: {look: sea, to: shore}
shore: {ending: {title: The shore, kind: open}}
"""
STORY = scenes(TALE, HEAD)


def looks(rehearsal: Rehearsal) -> dict[str, Look]:
    return {one.choice.id: one.look for one in rehearsal.prospects()}


def why(rehearsal: Rehearsal, choice: str) -> str:
    [one] = [one for one in rehearsal.prospects() if one.choice.id == choice]
    assert one.obstacle is not None
    return told(one.obstacle, rehearsal.state)


def path(rehearsal: Rehearsal) -> str:
    return " ".join(rehearsal.state.path)


def changed(rehearsal: Rehearsal) -> dict[str, tuple[object, object]]:
    return {entry.name: (entry.before, entry.value) for entry in rehearsal.ledger() if entry.changed}


# -- what can be done


def test_everything_a_viewer_can_do_can_be_done() -> None:
    rehearsal = Rehearsal(STORY)
    rehearsal.choose("ask")
    assert changed(rehearsal) == {"trust": (0, 2)}
    rehearsal.choose("say", "Ana")
    assert changed(rehearsal) == {"name": ("You", "Ana")}
    rehearsal.time_out()
    assert rehearsal.state.scene == "road"
    assert changed(rehearsal) == {}
    rehearsal.rewind()
    assert path(rehearsal) == 'gate >ask gate >say "Ana gate'
    rehearsal.rewind(0)
    assert changed(rehearsal) == {"trust": (2, 0), "name": ("Ana", "You")}
    rehearsal.jump("hall")
    rehearsal.restart()
    assert path(rehearsal) == "gate"
    assert [entry.name for entry in rehearsal.ledger() if entry.value is True] == ["wise"]


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (lambda one: one.choose("bluff"), Reason.LOCKED),
        (lambda one: one.choose("fly"), Reason.UNKNOWN_CHOICE),
        (lambda one: one.rewind(), Reason.NOTHING_TO_DO),
        (lambda one: one.jump("moon"), Reason.NOTHING_TO_DO),
    ],
)
def test_what_cannot_be_done_changes_nothing(deed: Callable[[Rehearsal], None], reason: Reason) -> None:
    rehearsal = Rehearsal(STORY)
    rehearsal.lay(2)
    before = (rehearsal.state, rehearsal.cards, rehearsal.faces)
    with pytest.raises(Refused) as refused:
        deed(rehearsal)
    assert refused.value.reason is reason
    assert (rehearsal.state, rehearsal.cards, rehearsal.faces) == before


def test_a_variable_is_set_and_stays_set_on_the_way() -> None:
    rehearsal = Rehearsal(STORY)
    rehearsal.assign("trust", "3")
    assert looks(rehearsal)["bluff"] is Look.OPEN
    assert changed(rehearsal) == {"trust": (0, 3)}
    rehearsal.choose("away")
    rehearsal.rewind()
    assert rehearsal.state.values[0] == 3


@pytest.mark.parametrize(
    ("variable", "written", "said"),
    [
        ("trust", "4", "whole numbers from 0 to 3"),
        ("trust", "much", "whole numbers from 0 to 3"),
        ("trust", "9" * 5000, "whole numbers from 0 to 3"),
        ("met", "2", "true or false"),
        ("ticket", "lin", "one of none, mei"),
        ("name", "much too long", "up to 8 characters"),
        ("trsut", "1", 'Did you mean "trust"?'),
    ],
)
def test_what_a_variable_does_not_take_is_said(variable: str, written: str, said: str) -> None:
    rehearsal = Rehearsal(STORY)
    with pytest.raises(BadValue) as bad:
        rehearsal.assign(variable, written)
    assert said in str(bad.value)
    assert rehearsal.state.path == ("gate",)


@pytest.mark.parametrize(("face", "scene"), [(1, "hall"), (2, "shore"), (3, "shore"), (9, "shore")])
def test_dice_show_what_was_laid_down(face: int, scene: str) -> None:
    rehearsal = Rehearsal(STORY)
    rehearsal.lay(face)
    rehearsal.choose("away")
    [roll] = [one for one in rehearsal.prospects() if one.choice.id == "roll"]
    assert roll.outcome is not None
    assert roll.outcome.scenes[-1] == scene
    rehearsal.choose("roll")
    assert (rehearsal.state.scene, rehearsal.rolls, rehearsal.faces) == (scene, (Roll(min(face, 3), 3),), ())


# -- what is seen beside the card


def test_who_asks_why_is_told_the_part_that_fails() -> None:
    rehearsal = Rehearsal(STORY)
    assert looks(rehearsal)["secret"] is Look.HIDDEN
    assert looks(rehearsal)["bluff"] is Look.LOCKED
    whole = "trust >= 2 and (met or ticket == mei) (trust is 0, met is false, ticket is none)"
    assert why(rehearsal, "secret") == whole
    assert why(rehearsal, "bluff") == "trust > 2 or visits(road) > 0 (trust is 0, visits(road) is 0)"
    rehearsal.choose("ask")
    assert why(rehearsal, "secret") == "met or ticket == mei (met is false, ticket is none)"
    [ask] = [one for one in rehearsal.prospects() if one.choice.id == "ask"]
    assert (ask.look, ask.used_up, ask.obstacle) == (Look.HIDDEN, True, None)


@pytest.mark.parametrize(
    ("condition", "blamed"),
    [
        ("not (met or trust < 2)", "not trust < 2"),
        ("not (not met)", "met"),
        ("not (trust == 0 and name == 'You')", 'not (trust == 0 and name == "You")'),
        ("chosen(away) and not met", "chosen(gate.away)"),
    ],
)
def test_the_blame_goes_through_not(condition: str, blamed: str) -> None:
    story = scenes(TALE.replace("trust > 2 or visits(road) > 0", condition), HEAD)
    assert why(Rehearsal(story), "bluff").startswith(f"{blamed} (")


def test_each_choice_says_what_it_would_do() -> None:
    rehearsal = Rehearsal(STORY)
    outcomes = {one.choice.id: one.outcome for one in rehearsal.prospects()}
    assert outcomes["ask"] is not None
    assert outcomes["ask"].scenes == ("gate",)
    assert [(entry.name, entry.before, entry.value) for entry in outcomes["ask"].changes] == [("trust", 0, 2)]
    assert outcomes["secret"] is None
    rehearsal.choose("away")
    outcomes = {one.choice.id: one.outcome for one in rehearsal.prospects()}
    assert outcomes["lost"] is not None
    assert (outcomes["lost"].scenes, outcomes["lost"].stuck) == ((), True)
    rehearsal.choose("lost")
    assert rehearsal.prospects() == ()


def test_at_a_gap_where_all_is_hidden_the_writer_sees_why() -> None:
    rehearsal = Rehearsal(
        scenes("a: {choices: {on: {label: On, if: visits(a) > 1, to: b}}}\nb: {ending: {title: B, kind: sad}}")
    )
    assert rehearsal.card.stuck
    assert why(rehearsal, "on") == "visits(a) > 1 (visits(a) is 1)"


# -- any story, any deeds

DEEDS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), max_size=12)
WRITTEN = (("trust", "2"), ("kept", "4"), ("met", "true"), ("ticket", "mei"), ("name", "O' Bri n"), ("name", "小雨"))


def rehearse(rehearsal: Rehearsal, deeds: Sequence[tuple[int, int]]) -> None:
    """Whatever the numbers stand for; what is refused is left out."""
    for what, which in deeds:
        try:
            _do(rehearsal, what, which)
        except Refused:
            continue


def _do(rehearsal: Rehearsal, what: int, which: int) -> None:
    options = rehearsal.card.options
    match what:
        case 0 | 1 | 2 | 3 if options:
            rehearsal.choose(options[which % len(options)].id, "a  'b\" {c} \\" if which % 2 else None)
        case 4:
            rehearsal.time_out()
        case 5:
            rehearsal.rewind(which % 4)
        case 6:
            rehearsal.restart()
        case 7:
            rehearsal.jump(list(rehearsal.story.scenes)[which % len(rehearsal.story.scenes)])
        case 8:
            rehearsal.assign(*WRITTEN[which % len(WRITTEN)])
        case _:
            rehearsal.lay(which % 5 + 1)


def what_counts(state: BranchState) -> tuple[object, ...]:
    return (state.scene, state.values, state.visits, state.chosen, state.ended, state.path, state.base)


@given(st.integers(0, 60), DEEDS)
def test_a_link_starts_the_same_rehearsal_again(author: int, deeds: list[tuple[int, int]]) -> None:
    rehearsal = Rehearsal(made_up(author))
    rehearse(rehearsal, deeds)
    assert "'" not in rehearsal.link
    assert "\n" not in rehearsal.link
    again = Rehearsal.at(made_up(author), rehearsal.link)
    assert what_counts(again.state) == what_counts(rehearsal.state)
    assert again.card == rehearsal.card
    assert again.link == rehearsal.link


@given(st.integers(0, 60), DEEDS)
def test_what_is_said_of_a_choice_is_true(author: int, deeds: list[tuple[int, int]]) -> None:
    rehearsal = Rehearsal(made_up(author))
    rehearse(rehearsal, deeds)
    state = rehearsal.state
    shown = {option.id: not option.locked for option in rehearsal.card.options}
    for one in rehearsal.prospects():
        assert (one.look is Look.HIDDEN) == (one.choice.id not in shown)
        assert (one.look is Look.OPEN) == shown.get(one.choice.id, False) == (one.outcome is not None)
        if one.look is not Look.OPEN and not one.used_up:
            assert one.obstacle is not None
            part = compile_condition("", one.obstacle)
            assert not part.holds(state.values, state.visits, state.chosen, state.ended)
        if one.outcome is not None:
            _does_what_it_said(rehearsal, one.choice.id)


def _does_what_it_said(rehearsal: Rehearsal, choice: str) -> None:
    copy = Rehearsal.at(rehearsal.story, rehearsal.link)
    copy.state, copy.faces = rehearsal.state, rehearsal.faces
    [said] = [one.outcome for one in copy.prospects() if one.choice.id == choice]
    assert said is not None
    copy.choose(choice)
    assert said.changes == tuple(entry for entry in copy.ledger() if entry.changed)
    assert (said.rolls, said.stuck) == (copy.rolls, copy.card.stuck)
    assert said.scenes in ((), tuple(card.scene for card in copy.cards))


# -- links that do not fit


@pytest.mark.parametrize(
    "link",
    [
        "", "  ", "moon", "gate >fly", "gate >away road >roll", "gate >away road >roll %7 sea shore", "gate !{}",
        'gate !{"values":{"trust":9},"ended":[]}', 'gate !{"values":{"trust":"x"},"ended":[]}',
        'gate !{"values":{"met":1},"ended":[]}', 'gate !{"values":{},"ended":["moon"]}', 'gate !{"values":[]', "gate !",
        '!{"values":{"trust":9}} gate', '!{"values":{"gold":1}} gate', '!{"visits":{"gate":-1}} gate', "!{} ",
        '!{"sessions":1} gate', "=moon", "@gate", "gate @moon", 'gate >say "\\q gate', "gate road",
        "gate !" + "[" * 50_000, "!" + "[" * 50_000, "x" * 100_001,
    ],
)  # fmt: skip
def test_a_link_that_does_not_fit_is_refused(link: str) -> None:
    with pytest.raises(BadBookmark) as bad:
        Rehearsal.at(STORY, link)
    assert "link" in str(bad.value)


@given(st.text(alphabet='gate>away road~"%@!={}[]0123456789:,\\ ', max_size=60))
def test_any_text_is_a_link_or_refused(text: str) -> None:
    try:
        rehearsal = Rehearsal.at(STORY, text)
    except BadBookmark:
        return
    assert Rehearsal.at(STORY, rehearsal.link).state == rehearsal.state
