"""The voting modes: each makes a verdict of a ballot on which somebody voted. The lots decide only between equals."""

from __future__ import annotations

from collections.abc import Callable

from bot.watch.ballot import FIRST, Ballot
from bot.watch.lots import Lots
from bot.watch.ranked import ranked
from bot.watch.rules import Mode
from bot.watch.tally import tally_of, wanted_by
from bot.watch.verdict import Verdict, Why
from bot.watch.vote import Votes


def most(ballot: Ballot, votes: Votes, lots: Lots) -> Verdict:
    """The choice with the most weight. Anonymous among voters of equal weight, and monotonic."""
    tally = tally_of(votes.values(), ballot.contenders)
    leaders = tally.leaders()
    winner, why = (leaders[0], Why.MOST) if len(leaders) == 1 else lots.first(leaders)
    return Verdict(winner, why, tally, tally.near(ballot.rules.near))


def two_round(ballot: Ballot, votes: Votes, lots: Lots) -> Verdict:
    """As `most`, but the first round ends without a winner on a near tie. A round is monotonic, the two are not."""
    counted = most(ballot, votes, lots)
    if ballot.run == FIRST and counted.near:
        return Verdict(None, Why.RUN_OFF, counted.tally, counted.near)
    return counted


def lottery(ballot: Ballot, votes: Votes, lots: Lots) -> Verdict:
    """The choice of a ticket that is drawn; a vote is as many tickets as it weighs. Anonymous and monotonic."""
    tally = tally_of(votes.values(), ballot.contenders)
    winner = tally.choices[lots.drawn(tally.counts)]
    return Verdict(winner, Why.DRAWN, tally, tally.near(ballot.rules.near))


def host_decides(ballot: Ballot, votes: Votes, lots: Lots) -> Verdict:
    """The host's choice; if the host did not vote, the advice of the others, as `most`."""
    advised = most(ballot, votes, lots)
    word = votes.get(ballot.host) if ballot.host else None
    wanted = None if word is None else wanted_by(word, ballot.contenders)
    return advised if wanted is None else Verdict(wanted, Why.HOST, advised.tally, advised.near)


def unanimous(ballot: Ballot, votes: Votes, lots: Lots) -> Verdict:
    """What all want who voted, else as `most`. Anonymous among voters of equal weight, and monotonic."""
    counted = most(ballot, votes, lots)
    agreed = counted.tally.of(counted.tally.leaders()[0]) == counted.tally.total
    return Verdict(counted.winner, Why.ALL, counted.tally) if agreed else counted


MODES: dict[Mode, Callable[[Ballot, Votes, Lots], Verdict]] = {
    Mode.MAJORITY: most,
    Mode.WEIGHTED: most,
    Mode.RANKED: ranked,
    Mode.TWO_ROUND: two_round,
    Mode.LOTTERY: lottery,
    Mode.HOST: host_decides,
    Mode.UNANIMOUS: unanimous,
}
"""Majority and weighted count alike: they differ in what a vote weighs when it is cast."""
