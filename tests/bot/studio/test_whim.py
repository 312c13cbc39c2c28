"""Made-up viewers: every open choice alike, clocks sometimes run out, and texts that matter are typed."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.studio.whim import ANSWERS, Decision, Habits, Whim, answers
from tests.bot.story.draft import scenes

STORY = scenes(
    """
    a:
      within: 5s
      default: x
      choices:
        x: {label: X, to: end}
        y: {label: Y, to: end}
        z: {label: Z, to: b}
    b:
      choices:
        sign: {label: Sign, ask: name, route: [{if: name == 'Sesame', to: end}, {to: b}]}
    end: {ending: {title: E, kind: open}}
    """,
    "variables:\n  name: {type: text, length: 8}\n",
)


def decisions(habits: Habits, count: int = 3000) -> Counter[str | None]:
    return Counter(Whim(habits, ANSWERS, n).decide(STORY.scenes["a"], ["x", "y", "z"]).choice for n in range(count))


def test_open_choices_are_alike_and_a_share_is_left_to_the_clock() -> None:
    made = decisions(Habits(late=20))
    assert 500 < made[None] < 700
    assert all(700 < made[choice] < 900 for choice in "xyz")


@pytest.mark.parametrize(("late", "kinds"), [(0, {"x", "y", "z"}), (100, {None})])
def test_the_share_may_be_none_or_all(late: int, kinds: set[str | None]) -> None:
    assert set(decisions(Habits(late=late), 200)) == kinds


def test_where_no_clock_runs_none_runs_out() -> None:
    decided = Whim(Habits(late=100), ("Bo",), 0).decide(STORY.scenes["b"], ["sign"])
    assert decided == Decision("sign", "Bo")


def test_a_text_that_the_story_waits_for_is_typed() -> None:
    assert answers(STORY) == ("Sesame", *ANSWERS)
    texts = answers(STORY)
    assert {Whim(Habits(), texts, n).decide(STORY.scenes["b"], ["sign"]).text for n in range(99)} == set(texts)


def test_the_seed_and_the_number_decide_everything() -> None:
    def several(habits: Habits, number: int) -> list[Decision]:
        whim = Whim(habits, ANSWERS, number)
        return [whim.decide(STORY.scenes["a"], ["x", "y", "z"]) for _ in range(20)]

    assert several(Habits(1), 4) == several(Habits(1), 4)
    assert several(Habits(1), 4) != several(Habits(1), 5)
    assert several(Habits(1), 4) != several(Habits(2), 4)
    assert Whim(Habits(1), ANSWERS, 4).session != Whim(Habits(1), ANSWERS, 5).session
