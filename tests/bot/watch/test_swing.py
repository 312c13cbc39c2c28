"""Who decided a vote: exactly those without whom a recount has another winner."""

from __future__ import annotations

from hypothesis import given, settings

from bot.watch import swing as swing_module
from bot.watch.ballot import Ballot
from bot.watch.count import count
from bot.watch.lots import ballot_dice
from bot.watch.rules import Mode, Rules, TieRule
from bot.watch.swing import swing
from bot.watch.vote import Vote, Votes
from tests.bot.watch.group import SEED, ballot, vote, votes
from tests.bot.watch.polls import SEEDS, polls
from tests.fakes.effort import effort


def swung(on: Ballot, cast: Votes, seed: int = SEED) -> tuple[str, ...]:
    return swing(on, cast, ballot_dice(seed, on.revision))


def by_recounting_all(on: Ballot, cast: Votes, seed: int) -> tuple[str, ...]:
    """The definition, word for word."""
    winner = count(on, cast, ballot_dice(seed, on.revision)).winner
    if winner is None:
        return ()
    found = []
    for voter in cast:
        without = {other: vote for other, vote in cast.items() if other != voter}
        if count(on, without, ballot_dice(seed, on.revision)).winner not in (winner, None):
            found.append(voter)
    return tuple(sorted(found))


@settings(max_examples=effort(150, 1000))
@given(polls(), SEEDS)
def test_it_is_what_recounting_without_each_voter_gives(poll: tuple[Ballot, dict[str, Vote]], seed: int) -> None:
    assert swung(*poll, seed) == by_recounting_all(*poll, seed)


@given(polls(), SEEDS)
def test_the_order_of_the_votes_plays_no_part(poll: tuple[Ballot, dict[str, Vote]], seed: int) -> None:
    on, cast = poll
    assert swung(on, dict(reversed(cast.items())), seed) == swung(on, cast, seed)


def test_one_vote_ahead_every_voter_of_the_winner_decided_unless_the_dice_agree() -> None:
    on = ballot(Rules(ties=TieRule.DEFAULT), default="hide")
    assert swung(on, votes("run", "run", "hide")) == ("v0", "v1")
    on = ballot(Rules(ties=TieRule.DEFAULT), default="run")
    assert swung(on, votes("run", "run", "hide")) == ()


def test_two_votes_ahead_nobody_did() -> None:
    assert swung(ballot(), votes("run", "run", "run", "hide")) == ()


def test_a_heavy_vote_decides_where_light_ones_do_not() -> None:
    on = ballot(Rules(mode=Mode.WEIGHTED))
    assert swung(on, votes("run*3", "run", "hide", "hide")) == ("v0",)


def test_where_the_quorum_is_just_met_everybody_decided() -> None:
    on = ballot(Rules(quorum=3), default="wait")
    assert swung(on, votes("run", "run", "hide")) == ("v0", "v1", "v2")
    assert swung(on, votes("run", "run")) == ()


def test_the_host_decides_alone() -> None:
    on = ballot(Rules(mode=Mode.HOST), host="v0")
    assert swung(on, votes("hide", "run", "run", "run")) == ("v0",)


def test_nobody_decides_what_goes_on_to_a_second_round() -> None:
    assert swung(ballot(Rules(mode=Mode.TWO_ROUND)), votes("run", "hide")) == ()


def test_a_crowd_of_like_votes_needs_few_recounts_in_any_mode() -> None:
    crowd = {f"v{number}": vote(f"v{number}", ("run", "hide")[number % 2]) for number in range(10_001)}
    supporters = tuple(sorted(voter for voter, cast in crowd.items() if cast.ranking == ("run",)))
    for mode in (Mode.MAJORITY, Mode.RANKED, Mode.UNANIMOUS):
        on = ballot(Rules(mode=mode, ties=TieRule.DEFAULT), default="hide")
        assert swung(on, crowd) == supporters


def test_beyond_the_limit_nobody_is_named() -> None:
    on = ballot(Rules(mode=Mode.RANKED, ties=TieRule.DEFAULT), default="hide")
    cast = votes("run", "run", "hide")
    assert swung(on, cast) == ("v0", "v1")
    heavy = {f"v{n}": vote(f"v{n}", ("run", "hide")[n % 2], weight=n) for n in range(1, 700)}
    assert swing_module.MOST_RECOUNTED < 699 * 699
    assert swung(on, heavy) == ()
