"""Every kind of defect is found where it is planted, with a play that comes to it."""

from __future__ import annotations

import pytest

from bot.play.dice import seeded
from bot.play.replay import replay
from bot.story.prover import prove as prover
from bot.story.prover.prove import Budget, prove
from bot.story.prover.report import Finding, Report
from bot.story.story import Story
from tests.bot.story.draft import scenes

HEAD = """
variables:
  lamp: {type: flag}
  coins: {type: integer, from: 0, to: 2}
  name: {type: text, length: 3, start: you}
"""
END = "end: {lines: [{narrator: '{lamp} {coins} {name}'}], ending: {title: E, kind: open}}"

ONE_BY_ONE = Budget()
BY_SETS = Budget(states=0)


def proven(text: str, budget: Budget, head: str = HEAD) -> Report:
    return prove(scenes(f"{text}\n{END}", head), seeded(1, 0), budget)


PLANTED = [
    ("start: {to: end}\nlost: {to: end}", "STORY070", '"lost"', None),
    ("start: {choices: {a: {label: A, to: end}, b: {label: B, if: lamp, to: end}}}", "STORY071", "start.b", 1),
    ("start: {route: [{to: end}, {if: lamp, to: end}]}", "STORY072", "one before it always is", 1),
    ("start: {route: [{if: lamp, to: end}, {to: end}]}", "STORY072", "never holds when it is its turn", 1),
    ("start: {route: [{route: [{if: lamp, to: end}]}, {to: end}]}", "STORY072", "finds nothing", 1),
    ("start: {to: end}\nother: {ending: {title: O, kind: sad}}", "STORY073", '"other"', None),
    ("start: {choices: {a: {label: A, to: gap}, b: {label: B, to: end}}}\ngap: {look: fog}", "STORY074", "gap", 2),
    ("start: {choices: {a: {label: A, route: [{if: lamp, to: end}]}}}", "STORY074", "behind", 2),
    ("start: {route: [{if: lamp, to: end}]}", "STORY074", "its route", 1),
    ("start: {to: on}\non: {to: start}", "STORY074", "more than 64", 1),
    (
        "start: {choices: {a: {label: A, to: o}, b: {label: B, to: end}}}\no: {choices: {c: {label: C, to: p}}}\n"
        "p: {choices: {d: {label: D, to: o}}}",
        "STORY075",
        '"o"',
        2,
    ),
    ("start: {choices: {a: {label: A, if: coins < 1, to: end}}}", "STORY076", "coins < 1", 1),
    ("start: {enter: [{if: lamp, do: coins = 1}], to: end}", "STORY077", "lamp", 1),
    (
        "start: {within: 5s, default: a, choices: {a: {label: A, if: lamp, to: end}, b: {label: B, to: end}}}",
        "STORY078",
        "start",
        2,
    ),
    ("start: {choices: {a: {label: A, do: coins += 1, to: start}, b: {label: B, to: end}}}", "STORY079", "coins", 4),
    ("start: {choices: {a: {label: A, do: name = 'Anna', to: end}}}", "STORY079", "name", 2),
]


@pytest.mark.parametrize("budget", [ONE_BY_ONE, BY_SETS], ids=["one by one", "by sets"])
@pytest.mark.parametrize(("text", "code", "words", "moves"), PLANTED)
def test_a_planted_defect_is_found(text: str, code: str, words: str, moves: int | None, budget: Budget) -> None:
    report = proven(text, budget)
    found = [one for one in report.findings if one.problem.code == code and words in one.problem.message]
    assert len(found) == 1, [str(one.problem) for one in report.findings]
    assert report.proven
    assert found[0].proven
    assert (None if found[0].evidence is None else len(found[0].evidence)) == moves
    assert len(list(replay(scenes(f"{text}\n{END}", HEAD), found[0].evidence or ()))) == (moves or 0)


def codes(report: Report) -> set[str]:
    return {one.problem.code for one in report.findings}


@pytest.mark.parametrize("budget", [ONE_BY_ONE, BY_SETS], ids=["one by one", "by sets"])
def test_a_variable_that_is_read_only_where_no_play_comes_is_never_read(budget: Budget) -> None:
    head = "variables:\n  seen: {type: flag}\n"
    story = scenes(
        "start: {to: end}\nlost: {route: [{if: seen, to: end}, {to: end}]}\nend: {ending: {title: E, kind: open}}", head
    )
    assert "STORY080" in codes(prove(story, seeded(1, 0), budget))


@pytest.mark.parametrize("budget", [ONE_BY_ONE, BY_SETS], ids=["one by one", "by sets"])
def test_what_is_kept_opens_a_choice_in_the_second_playthrough(budget: Budget) -> None:
    text = (
        "start: {choices: {a: {label: A, to: end}, b: {label: B, if: ended(end), to: more}}}\n"
        "more: {ending: {title: M, kind: secret}}"
    )
    report = proven(text, budget)
    assert not {"STORY071", "STORY073"} & codes(report)
    assert report.figures.shortest == {"end": 1, "more": 1}


MET = HEAD + "  met: {type: flag, keep: true}\n"
HALL = (
    "start: {enter: [{do: [met = false]}], choices: {a: {label: A, to: hall}}}\n"
    "hall: {choices: {b: {label: B, do: met = true, to: end}, c: {label: C, if: met, to: secret}}}\n"
    "secret: {ending: {title: S, kind: secret}}"
)
"""Whoever plays again forgets what was kept; only who goes back to the hall comes to the secret."""


@pytest.mark.parametrize("budget", [ONE_BY_ONE, BY_SETS], ids=["one by one", "by sets"])
def test_what_only_who_goes_back_comes_to_is_not_impossible(budget: Budget) -> None:
    report = proven(HALL, budget, MET)
    assert (report.proven, report.back, report.impossible) == (True, True, frozenset())
    assert not {"STORY071", "STORY073"} & codes(report)
    assert report.figures.shortest == {"end": 2, "secret": 2}
    dark = HALL.replace("if: met,", "if: met and lamp,")
    assert proven(dark, budget, MET).impossible == {"secret"}


@pytest.mark.parametrize("budget", [ONE_BY_ONE, BY_SETS], ids=["one by one", "by sets"])
def test_a_play_that_goes_back_is_shown_as_one(budget: Budget) -> None:
    stuck = HALL.replace("secret: {ending: {title: S, kind: secret}}", "secret: {look: fog}")
    dead_end = finding(proven(stuck, budget, MET), "STORY074")
    told = [str(move) for move in dead_end.evidence or ()]
    assert told == ["play again", "a", "b", "back a choice", "c"]
    *_, last = replay(scenes(f"{stuck}\n{END}", MET), dead_end.evidence or ())
    assert last.cards[-1].stuck


@pytest.mark.parametrize("budget", [ONE_BY_ONE, BY_SETS], ids=["one by one", "by sets"])
def test_going_back_on_the_way_to_what_is_brought_back_further_is_known(budget: Budget) -> None:
    text = (
        "start: {enter: [{do: [met = false, key = false]}], choices: {z: {label: Z, to: lobby}}}\n"
        "lobby: {choices: {a: {label: A, do: met = false, to: hall}, s: {label: S, if: key, to: gap}}}\n"
        "hall: {choices: {b: {label: B, do: met = true, to: end}, c: {label: C, if: met, do: key = true, to: end}}}\n"
        "gap: {look: fog}"
    )
    head = MET + "  key: {type: flag, keep: true}\n"
    evidence = finding(proven(text, budget, head), "STORY074").evidence or ()
    told = [str(move) for move in evidence]
    assert told == ["play again", "z", "a", "b", "back a choice", "c", "back 2 choices", "s"]
    *_, last = replay(scenes(f"{text}\n{END}", head), evidence)
    assert last.cards[-1].stuck


@pytest.mark.parametrize("budget", [ONE_BY_ONE, BY_SETS], ids=["one by one", "by sets"])
def test_the_longest_play_is_known_unless_a_loop_leaves_no_bound(budget: Budget) -> None:
    line = "start: {choices: {a: {label: A, to: b}, c: {label: C, to: end}}}\nb: {choices: {d: {label: D, to: end}}}"
    assert proven(line, budget).figures.longest == 2
    loop = "start: {choices: {a: {label: A, to: start}, c: {label: C, to: end}}}"
    assert proven(loop, budget).figures.longest is None


# -- beyond proof

MEETING = (
    "start: {choices: {a: {label: A, to: start}, b: {label: B, if: visits(end) > visits(start), to: lost}, "
    "c: {label: C, to: end}}}\nlost: {to: end}"
)


def finding(report: Report, code: str) -> Finding:
    return next(one for one in report.findings if one.problem.code == code)


def test_counts_without_a_bound_are_sampled_and_it_is_said_so() -> None:
    report = proven(MEETING, Budget(states=10, all_states=50, plays=20))
    assert not report.proven
    assert any("without a bound" in why for why in report.why)
    assert not finding(report, "STORY070").proven


def test_what_a_sampled_play_comes_to_is_proven_by_that_play() -> None:
    wide = HEAD + "  score: {type: integer, from: 0, to: 100000}\n"
    text = (
        "start: {choices: {a: {label: A, do: score += 1, to: start}, b: {label: B, if: score > 3, to: gap}, "
        "c: {label: C, to: end}}}\ngap: {look: fog}"
    )
    report = proven(text, Budget(states=3, all_states=3, plays=200), wide)
    dead_end = finding(report, "STORY074")
    assert (report.proven, dead_end.proven) == (False, True)
    *_, last = replay(scenes(f"{text}\n{END}", wide), dead_end.evidence or ())
    assert last.cards[-1].stuck


def test_texts_that_meet_each_other_are_never_called_proven() -> None:
    head = HEAD + "  other: {type: text, length: 3}\n"
    text = (
        "start: {choices: {a: {label: A, ask: name, to: on}}}\non: {route: [{if: name == other, to: end}, {to: end}]}"
    )
    report = proven(text, Budget(plays=10), head)
    assert not report.proven
    assert any("used otherwise than beside a fixed text" in why for why in report.why)


def test_where_going_back_is_too_much_it_is_said_and_nothing_is_called_impossible() -> None:
    report = proven(HALL, Budget(states=0, returns=0), MET)
    assert (report.proven, report.back, report.impossible) == (True, False, frozenset())
    assert finding(report, "STORY073").problem.message.endswith('"secret"')
    keeps_nothing = proven(HALL, Budget(states=0, returns=0), MET.replace(", keep: true", ""))
    assert (keeps_nothing.back, keeps_nothing.impossible) == (True, frozenset({"secret"}))


def large() -> Story:
    flags = "".join(f"  f{n}: {{type: flag}}\n" for n in range(12))
    middle = "\n".join(
        f"s{n}: {{choices: {{a: {{label: A, do: f{n} = true, to: s{(n + 1) % 12}}}, "
        f"b: {{label: B, to: s{(n + 5) % 12}}}, c: {{label: C, if: f{(n + 7) % 12}, to: end}}}}}}"
        for n in range(12)
    )
    return scenes(f"{middle}\n{END}", HEAD + flags)


def test_without_the_package_a_large_story_is_sampled_with_a_word_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Budget(states=100, all_states=500, plays=5)
    assert prove(large(), seeded(1, 0), small).proven
    monkeypatch.setattr(prover, "_SETS", False)
    report = prove(large(), seeded(1, 0), small)
    assert not report.proven
    assert "dd is missing" in report.why[0]
