"""A finding's link starts a rehearsal where the finding shows, by whichever search it was found."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace

import pytest

from bot.play.dice import seeded
from bot.play.replay import replay
from bot.story.problem import Problem
from bot.story.prover.prove import Budget, prove
from bot.story.prover.report import Report
from bot.story.story import Story
from bot.studio.proof import MOST_MOVES, Proof, proof_of
from bot.studio.prospect import Look
from bot.studio.rehearsal import Rehearsal
from tests.bot.story.draft import scenes
from tests.bot.story.prover.small_story import small_story

BUDGETS = {"one by one": Budget(), "by sets": Budget(states=0), "sampled": Budget(states=5, nodes=0, plays=20)}


def proven(story: Story, budget: Budget = BUDGETS["one by one"]) -> tuple[Report, Proof]:
    report = prove(story, seeded(1, 0), budget)
    return report, proof_of(story, report)


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
def test_a_link_leads_to_where_the_play_led(budget: Budget) -> None:
    followed = 0
    for seed in range(40):
        story = small_story(seed)
        report, proof = proven(story, budget)
        for finding, found in zip(report.findings, proof.found, strict=True):
            assert (found.problem, found.proven) == (finding.problem, finding.proven)
            if finding.evidence is None:
                assert found.link is None
                continue
            *_, last = replay(story, finding.evidence)
            assert found.link is not None
            rehearsal = Rehearsal.at(story, found.link)
            there = replace(rehearsal.state, revision=0, seen=frozenset(), deadline=None)
            assert there == replace(last.branch_state, revision=0, seen=frozenset(), deadline=None)
            assert rehearsal.card.stuck == last.cards[-1].stuck
            followed += 1
    assert followed > 50


TALE = """
gate:
  choices:
    knock: {label: Knock, do: coins += 1, route: [{random: [{to: hall}, {to: yard}]}]}
    say: {label: Say, ask: name, to: gate}
    again: {label: Again, if: ended(sea) and name == 'Ana', to: cave}
yard: {choices: {back: {label: Back, to: gate}, never: {label: Never, if: coins > 4, to: hall}}}
hall: {choices: {out: {label: Out, if: coins > 1, to: sea}}}
cave: {look: dark}
sea: {lines: [{m: "{coins}"}], ending: {title: The sea, kind: open}}
"""
HEAD = """
cast: {m: {name: M}}
variables:
  coins: {type: integer, from: 0, to: 3, keep: true}
  name: {type: text, length: 8, start: You}
"""


def found(proof: Proof, code: str, words: str = "") -> tuple[Problem, Rehearsal]:
    one = next(one for one in proof.found if one.problem.code == code and words in one.problem.message)
    assert one.link is not None
    return one.problem, Rehearsal.at(scenes(TALE, HEAD), one.link)


def test_a_link_shows_what_the_finding_says() -> None:
    _, proof = proven(scenes(TALE, HEAD))
    _, dead_end = found(proof, "STORY074", '"hall"')
    assert (dead_end.state.scene, dead_end.card.stuck, dead_end.state.values[0]) == ("hall", True, 1)
    _, far = found(proof, "STORY074", '"cave"')
    assert (far.state.scene, far.card.stuck, far.state.values[1]) == ("cave", True, "Ana")
    assert "sea" in far.state.base.ended
    _, shut = found(proof, "STORY071", '"yard.never"')
    looks = {one.choice.id: one.look for one in shut.prospects()}
    assert (shut.state.scene, looks["never"]) == ("yard", Look.HIDDEN)


def test_a_proof_tells_the_way_in_words_and_goes_through_a_pipe() -> None:
    report, proof = proven(scenes(TALE, HEAD))
    dead_end = next(one for one in proof.found if one.problem.code == "STORY074" and '"hall"' in one.problem.message)
    assert (dead_end.way, dead_end.moves) == (("knock",), 1)
    assert (proof.errors, proof.proven, proof.impossible) == (report.errors, True, frozenset())
    assert pickle.loads(pickle.dumps(proof)) == proof


def test_a_link_of_a_very_long_way_still_leads_there() -> None:
    long = "\n".join(f"s{n}: {{choices: {{on: {{label: On, to: s{n + 1}}}}}}}" for n in range(400))
    story = scenes(f"{long}\ns400: {{look: fog}}\nend: {{ending: {{title: E, kind: open}}}}")
    _, proof = proven(story)
    one = next(one for one in proof.found if one.problem.code == "STORY074")
    assert (one.moves, len(one.way)) == (400, MOST_MOVES)
    assert one.link is not None
    assert re.match(r"!\{.*\} =s\d+ >on ", one.link)
    there = Rehearsal.at(story, one.link)
    assert (there.state.scene, there.card.stuck, sum(there.state.visits.values())) == ("s400", True, 401)
