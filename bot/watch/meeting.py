"""Meeting again: where a branch waits for its twin, and how its clock goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest

from bot.play.path import scenes_walked
from bot.play.state import STARTS, BranchState, Path
from bot.story.story import Story
from bot.watch.ballot import Ballot, halted, started
from bot.watch.branch import Branch, Parted
from bot.watch.losses import MOST_LOSERS
from bot.watch.reach import reachable
from bot.watch.room import IDLE_MOST, MOST_JOINED, Room


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a branch stands, and every scene it came to since the fork."""

    scene: str
    walked: frozenset[str]


def whereabouts(state: BranchState, branch: Branch) -> Whereabouts:
    """Where a branch is, from its session's state."""
    return Whereabouts(state.scene, frozenset(scene for scene, _ in scenes_walked(state.path[branch.since :])))


def may_come(story: Story, twin: Whereabouts, scene: str) -> bool:
    """Whether the twin is at that scene, or can still come there for the first time since the fork, as the story's
    shape tells: conditions are not looked at.
    """
    return twin.scene == scene or (scene not in twin.walked and scene in reachable(story, twin.scene))


def running(room: Room, ballot: Ballot, now: int) -> Ballot:
    """The room's ballot with its clock running, unless it is paused, waits for its twin or for the first vote."""
    waits = room.paused or room.meeting is not None or room.idle >= IDLE_MOST
    return ballot if waits else started(ballot, now)


def going_on(room: Room, now: int) -> Room:
    """The room no longer waiting for its twin; the same one where it did not."""
    if room.meeting is None:
        return room
    room = replace(room, meeting=None)
    return room if room.ballot is None else replace(room, ballot=running(room, room.ballot, now))


def alone(room: Room, now: int) -> Room:
    """The room when its twin has ended: it goes on where it is and may split again."""
    return replace(_kept_since(going_on(room, now)), branch=None)


def reunited(room: Room, twin: Room, scene: str, now: int) -> Room:
    """The main room when both have met at its present ballot: with the guests and the losses of both, and all the time
    to vote.
    """
    ballot = room.ballot
    losses = merged(room.losses, twin.losses) if room.rules.fair else room.losses
    joined = frozenset(sorted(room.joined | twin.joined)[:MOST_JOINED])
    met = replace(remembered(room, scene), branch=None, meeting=None, losses=losses, joined=joined)
    if ballot is None or ballot.closed:
        return met
    clock = halted(ballot, now)
    if clock.left is not None:
        clock = replace(clock, left=max(clock.left, ballot.rules.seconds * 1000))
    return replace(met, ballot=running(met, clock, now))


def remembered(room: Room, scene: str) -> Room:
    """The room with the meeting on record, at its present ballot."""
    *before, last = _kept_since(room).parted
    at = None if room.ballot is None else room.ballot.revision
    return replace(room, parted=(*before, replace(last, met=at, scene=scene)))


def _kept_since(room: Room) -> Room:
    """The split on record as the branch has it: where the path was folded, its place has moved."""
    if room.branch is None:
        return room
    return replace(room, parted=(*room.parted[:-1], replace(room.parted[-1], since=room.branch.since)))


def branched(room: Room, branch: Branch) -> Room:
    """The room as one of two from now on."""
    split = Parted(branch.twin, branch.revision, branch.main, branch.side, branch.since)
    return replace(room, branch=branch, parting=None, parted=(*room.parted, split))


def has_met(room: Room, twin: int) -> bool:
    """Whether this room has met the one that plays the session `twin`."""
    return any(split.twin == twin and split.met is not None for split in room.parted)


def merged(losses: Mapping[str, int], others: Mapping[str, int]) -> Mapping[str, int]:
    """The losses of two branches: of who lost in both, the more."""
    both = {voter: max(losses.get(voter, 0), others.get(voter, 0)) for voter in {**losses, **others}}
    if len(both) <= MOST_LOSERS:
        return both
    return dict(nsmallest(MOST_LOSERS, both.items(), key=lambda item: (-item[1], item[0])))


def shifted(branch: Branch, before: Path, after: Path) -> Branch:
    """The branch after a choice: where the path's oldest part was folded with it, its place has moved."""
    start = max((at for at, token in enumerate(after) if token[:1] in STARTS), default=len(before))
    folded = len(before) - start
    return replace(branch, since=max(branch.since - folded, 1)) if folded else branch
