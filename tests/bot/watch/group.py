"""A group that plays by the rules: a room, its stored votes and a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.watch.ballot import Ballot
from bot.watch.count import count
from bot.watch.event import Cast, Close, Event, Open
from bot.watch.lots import ballot_dice
from bot.watch.move import Move, Reason, Refused
from bot.watch.room import Room, pack, unpack
from bot.watch.rules import Rules
from bot.watch.step import act
from bot.watch.verdict import Verdict
from bot.watch.vote import Vote, Voter, Votes

NOON = 1_700_000_000_000
SEED = 7
CHOICES = ("run", "hide", "wait")
HOST = Voter("telegram:1")
ADMIN = Voter("telegram:2", steward=True)
GUEST = Voter("telegram:3")


def vote(voter: str, *ranking: str, weight: int = 1, at: int = NOON) -> Vote:
    return Vote(voter, ranking, weight, at)


def votes(*wanted: str) -> dict[str, Vote]:
    """One vote a word, of voters v0, v1, ...; "run>hide" is a ranking, "run*3" weighs 3."""
    made = {}
    for number, word in enumerate(wanted):
        ranking, _, weight = word.partition("*")
        made[f"v{number}"] = vote(f"v{number}", *ranking.split(">"), weight=int(weight or 1))
    return made


def ballot(rules: Rules | None = None, *, host: str | None = None, default: str | None = "wait") -> Ballot:
    """A ballot with three choices, its clock running for 30 s from noon."""
    return Ballot(4, CHOICES, NOON, rules or Rules(), host, default, closes=NOON + 30_000)


def counted(on: Ballot, cast: Votes, seed: int = SEED) -> Verdict:
    return count(on, cast, ballot_dice(seed, on.revision))


class Group:
    """Every room it makes is packed and read again; every winner is counted again from what was stored."""

    def __init__(self, rules: Rules | None = None, host: str | None = HOST.id) -> None:
        self.room = Room(host, rules or Rules())
        self.votes: dict[str, Vote] = {}
        self.now = NOON
        self.revision = 3

    @property
    def ballot(self) -> Ballot:
        assert self.room.ballot is not None
        return self.room.ballot

    def act(self, event: Event) -> Move:
        dice = ballot_dice(SEED, self.ballot.revision if self.room.ballot else 0)
        move = act(self.room, event, self.now, dice, self.votes)
        if move.vote is not None:
            self.votes[move.vote.voter] = move.vote
        assert unpack(pack(move.room)) == move.room
        self.room = move.room
        if move.verdict is not None and move.verdict.winner is not None:
            assert self.ballot.closed
            assert move.close_at is None
            assert counted(self.ballot, self.votes) == move.verdict
        return move

    def refused(self, event: Event) -> Reason:
        """Why an event is refused."""
        with pytest.raises(Refused) as refusal:
            self.act(event)
        return refusal.value.reason

    def open(self, *choices: str, default: str | None = "wait", after: int = 0) -> Move:
        self.revision += 1
        self.votes = {}
        return self.act(Open(self.revision, choices or CHOICES, default, after))

    def cast(self, voter: Voter | str, *ranking: str, expected: int | None = None) -> Move:
        return self.act(self.vote(voter, *ranking, expected=expected))

    def vote(self, voter: Voter | str, *ranking: str, expected: int | None = None) -> Cast:
        who = Voter(voter) if isinstance(voter, str) else voter
        return Cast(who, self.revision, ranking, expected)

    def wait(self, milliseconds: int) -> None:
        self.now += milliseconds

    def time_over(self) -> Move:
        """The clock rings when it should."""
        assert self.ballot.closes is not None
        self.now = self.ballot.closes
        return self.act(Close(self.revision))

    def change(self, rules: Rules) -> None:
        self.room = replace(self.room, rules=rules)
