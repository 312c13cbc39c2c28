"""Fairness over an evening: whoever is outvoted weighs more until they win once."""

from __future__ import annotations

from bot.watch.losses import MOST_LOSERS, MOST_LOSSES, losses_after
from bot.watch.room import Room, pack, unpack
from bot.watch.rules import Mode, Rules
from bot.watch.tally import tally_of
from bot.watch.verdict import Verdict, Why
from tests.bot.watch.group import CHOICES, Group, vote, votes

RUN = Verdict("run", Why.MOST, tally_of((), CHOICES))


def test_losers_gain_winners_start_again_the_absent_keep() -> None:
    assert losses_after({"v0": 2, "v1": 2, "v9": 4}, votes("run", "hide", "wait"), RUN) == {"v1": 3, "v2": 1, "v9": 4}


def test_nobody_is_outvoted_by_the_story_or_a_skip() -> None:
    losses = {"v0": 2}
    for why in (Why.DEFAULT, Why.CHANCE, Why.SKIPPED, Why.RUN_OFF):
        assert losses_after(losses, votes("hide"), Verdict("run", why, RUN.tally)) is losses


def test_losses_are_bounded() -> None:
    assert losses_after({"v0": MOST_LOSSES}, votes("hide"), RUN) == {"v0": MOST_LOSSES}


def test_those_remembered_are_bounded_and_the_most_wronged_stay() -> None:
    many = {f"{'x' * 120}{number}": vote(f"{'x' * 120}{number}", "hide") for number in range(10_000)}
    losses = losses_after({"zzz": 5}, many, RUN)
    assert len(losses) == MOST_LOSERS
    assert losses["zzz"] == 5
    assert losses == losses_after({"zzz": 5}, dict(reversed(many.items())), RUN)
    room = Room("host", losses=losses)
    assert unpack(pack(room)) == room


def evening(rules: Rules) -> list[str | None]:
    """Two who always run, one who always hides."""
    group, winners = Group(rules), []
    for _ in range(5):
        group.open()
        for voter, choice in (("a", "run"), ("b", "run"), ("c", "hide")):
            group.cast(voter, choice)
        move = group.time_over()
        assert move.verdict is not None
        winners.append(move.verdict.winner)
    return winners


def test_who_is_always_outvoted_wins_once() -> None:
    assert evening(Rules()) == ["run"] * 5
    fair = evening(Rules(fair=True))
    assert fair[0] == "run"
    assert "hide" in fair[1:3]
    assert fair.count("run") > fair.count("hide") > 0


def test_a_role_and_losses_add_up() -> None:
    group = Group(Rules(mode=Mode.WEIGHTED, weights={"captain": 3}, fair=True))
    group.room = Room("h", group.room.rules, losses={"a": 2})
    group.open()
    assert (move := group.cast("a", "run").vote) is not None
    assert move.weight == 3


def test_where_it_is_not_fair_nothing_is_kept() -> None:
    group = Group()
    group.open()
    group.cast("a", "run")
    group.cast("b", "run")
    group.cast("c", "hide")
    assert group.time_over().room.losses == {}
