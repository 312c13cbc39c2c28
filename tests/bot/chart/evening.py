"""Evenings of made-up groups with the scenes of real stories: as many decisions as wanted, some of them apart."""

from __future__ import annotations

from itertools import cycle, islice
from random import Random

from bot.play.path import ChoicePoint
from bot.story.story import Story
from bot.watch.ballot import Ballot
from bot.watch.count import count
from bot.watch.course import Course, decided_on
from bot.watch.lots import ballot_dice
from bot.watch.recap import Fork, Recap, recap
from bot.watch.rules import Mode, Rules, TieRule
from bot.watch.vote import Vote, Votes

NOON = 1_700_000_000_000
VOTERS = tuple(f"discord:{number}" for number in range(9))
SEED = 11
MODES = (Mode.MAJORITY,) * 5 + (Mode.LOTTERY, Mode.RANKED, Mode.HOST, Mode.UNANIMOUS)


def course(story: Story, decisions: int, begin: int = 0, ending: str | None = None, seed: int = SEED) -> Course:
    """So many decisions in the story's scenes with choices, one after the other, from revision `begin` on."""
    random = Random(f"{story.id} {begin} {seed}")
    scenes = [scene for scene in story.scenes.values() if len(scene.choices) > 1]
    held: list[tuple[Ballot, str]] = []
    votes: dict[int, Votes] = {}
    points = []
    for revision, scene in enumerate(islice(cycle(scenes), begin, begin + decisions), begin):
        choices = tuple(scene.choices)
        rules = Rules(mode=random.choice(MODES), ties=random.choice(list(TieRule)), quorum=2)
        ballot = Ballot(revision, choices, NOON, rules, VOTERS[0], choices[-1], closed=True)
        votes[revision] = _votes(random, choices)
        winner = count(ballot, votes[revision], ballot_dice(seed, revision)).winner
        assert winner is not None
        held.append((ballot, winner))
        points.append(ChoicePoint(2 * revision, scene.id, winner, timed_out=False))
    return Course(seed, held, votes, points, ending)


def _votes(random: Random, choices: tuple[str, ...]) -> dict[str, Vote]:
    voters = random.sample(VOTERS, random.randint(0 if random.random() < 0.2 else 3, len(VOTERS)))
    favourite = random.choice(choices)
    wanted = {voter: favourite if random.random() < 0.4 else random.choice(choices) for voter in voters}
    return {voter: Vote(voter, (choice,), 1, NOON) for voter, choice in wanted.items()}


def evening(story: Story, decisions: int, parts_at: int | None = None, apart: int = 3, meets: bool = True) -> Recap:
    """An evening of one room, or of one that parted after its `parts_at`-th decision, for `apart` decisions."""
    endings = story.endings
    whole = course(story, decisions, ending=endings[0])
    reached = {scene: 400 // (number + 1) ** 2 for number, scene in enumerate(endings)}
    forks = []
    if parts_at is not None:
        ballot, winner = whole.ballots[parts_at - 1]
        second = decided_on(whole)[parts_at - 1].runner_up
        other = second or next(choice for choice in ballot.choices if choice != winner)
        others = course(story, apart + 1, parts_at, None if meets else endings[1], seed=SEED + 1)
        until = parts_at + apart if meets else None
        met = whole.points[until].scene if until is not None else None
        forks.append(Fork(ballot.revision, other, others, met, until))
    return recap(whole, forks, reached, endings)
