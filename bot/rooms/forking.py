"""Forking: a group that is nearly even splits into two rooms that each live their branch.

The host is asked, or it is set. Then the twin's ids are written into the room, whose ballot is shut; then the twin
begins; then the room itself steps on. Whoever finishes after an interruption does the same again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from bot.play.dice import seeded
from bot.play.event import Choose
from bot.play.state import BranchState, unpack
from bot.play.step import Step, step
from bot.rooms.code import new_code, new_id
from bot.rooms.kept import AGENDA, FACELESS, Kept
from bot.rooms.scribe import Scribe, note_card
from bot.rooms.turn import Turn, turn
from bot.store.port import EventKey, Outcome, RoomRow, Session
from bot.story.story import Story
from bot.watch.branch import MEET_MS, Branch, Parting
from bot.watch.losses import losses_after
from bot.watch.lots import ballot_dice
from bot.watch.meeting import branched, may_come, shifted, whereabouts
from bot.watch.parting import parting
from bot.watch.room import Room
from bot.watch.rules import Fork
from bot.watch.tally import wanted_by
from bot.watch.verdict import Verdict
from bot.watch.vote import Votes


@dataclass(frozen=True, slots=True)
class Counted:
    """A shut ballot that was counted, and the place it was for; `room` is the one after the count."""

    kept: Kept
    session: Session
    story: Story
    state: BranchState
    room: Room
    votes: Votes
    verdict: Verdict

    def taken(self, choice: str, at: int, seed: int | None = None) -> Step:
        """The step with a choice; with another session's dice, where a seed is given."""
        revision = self.state.revision
        dice = seeded(self.session.seed if seed is None else seed, revision + 1)
        return step(self.story, self.state, Choose(revision, choice), at, dice)


@dataclass(frozen=True, slots=True)
class Onward:
    """How a room goes on: with this step, as this room in this chat, waiting for its twin until then or not at all."""

    taken: Step
    room: Room
    row: RoomRow
    meeting: int | None = None


class Forking:
    """Splits rooms."""

    def __init__(self, scribe: Scribe) -> None:
        self._scribe = scribe
        self._store = scribe.store

    def wanted(self, counted: Counted, at: int) -> Parting | None:
        """Whether that count splits the group, or the host is to be asked. Not where both ways lead to one scene."""
        ballot = counted.room.ballot
        if ballot is None or counted.kept.room.parting is not None:
            return None
        dice = ballot_dice(counted.session.seed, ballot.revision)
        split = parting(counted.kept.room, ballot, counted.votes, counted.verdict, dice, at)
        if split is None:
            return None
        scenes = [counted.taken(choice, at).branch_state.scene for choice in (split.choice, split.other)]
        return None if scenes[0] == scenes[1] else split

    async def begin(self, kept: Kept, split: Parting, at: int) -> Outcome:
        """Write down that the host is asked; or, where that is set, that the group splits."""
        ballot = kept.room.ballot
        always = ballot is not None and ballot.rules.fork is Fork.ALWAYS
        return await self.write(None, kept, decided(split, at) if always else split, at)

    async def write(self, key: EventKey | None, kept: Kept, split: Parting, at: int) -> Outcome:
        """The shut room with its parting; the agenda sees to what follows."""
        changed = kept.with_room(replace(kept.room, parting=split), kept.shut)
        return await self._scribe.keep(key, changed, changed.dues(at))

    async def split(self, counted: Counted, split: Parting, at: int) -> Onward | None:
        """Begin the twin, if it has not begun; how the room itself goes on then. None: look again."""
        first, second = self._branches(counted, split)
        begun = await self._twin(counted, split, first, second, at)
        outcome = await self._store.commit(begun.commit)
        if outcome is Outcome.CONFLICT:
            # A code that is taken, which never happens: the group stays together.
            await self.write(None, counted.kept, replace(split, twin=0, until=at), at)
            return None
        if outcome is Outcome.COMMITTED:
            self._scribe.announce(begun.commit)
        taken = counted.taken(split.choice, at)
        room, row = self._one_of_two(counted, first, taken), _row(counted, "a")
        waits = begun.kept.room.meeting is None and _comes(counted, begun, taken)
        return Onward(taken, room, row, at + MEET_MS if waits else None)

    async def _twin(self, counted: Counted, split: Parting, first: Branch, second: Branch, at: int) -> Turn:
        source = counted.session
        viewer = await self._store.viewer(FACELESS, split.code)
        session = replace(source, id=split.twin, viewer=viewer.id, seed=split.seed, revision=0, state=b"")
        row = replace(_row(counted, "b"), session=split.twin, code=split.code, version=1, ended=False)
        taken = counted.taken(split.other, at, split.seed)
        main = counted.taken(split.choice, at)
        there = whereabouts(main.branch_state, shifted(first, counted.state.path, main.branch_state.path))
        meeting = at + MEET_MS if may_come(counted.story, there, taken.branch_state.scene) else None
        key = EventKey(AGENDA, f"fork:{source.id}:{counted.kept.row.revision}")
        room = self._one_of_two(counted, second, taken)
        begun = turn(key, counted.story, session, taken, row, room, at, None, counted.verdict, meeting)
        note = note_card(
            counted.kept.row, first.home, "forked", twin=str(split.twin), choice=split.choice, other=split.other
        )
        return replace(begun, commit=replace(begun.commit, cards=(*note, *begun.commit.cards)))

    def _branches(self, counted: Counted, split: Parting) -> tuple[Branch, Branch]:
        revision, since, home = counted.kept.row.revision, len(counted.state.path), home_of(counted.session)
        sides = (split.choice, split.other)
        wishes = Counter(wanted_by(vote, sides) for vote in counted.votes.values())
        quorums = [max(counted.room.rules.quorum * wishes[side] // len(counted.votes), 1) for side in sides]
        return (
            Branch(split.twin, revision, home, True, *sides, since, quorums[0]),
            Branch(counted.session.id, revision, home, False, *sides[::-1], since, quorums[1]),
        )

    def _one_of_two(self, counted: Counted, branch: Branch, taken: Step) -> Room:
        """The room as that branch. Nobody who is in one of the two was outvoted."""
        room = counted.room
        losses = room.losses
        if room.ballot is not None and room.ballot.rules.fair:
            other = branch.other if branch.main else branch.side
            losses = losses_after(counted.kept.room.losses, counted.votes, counted.verdict, other)
        there = shifted(branch, counted.state.path, taken.branch_state.path)
        # Other chats that watch along stay with the main room.
        chats = room.chats if branch.main else ()
        return branched(replace(room, losses=losses, chats=chats), there)


def decided(split: Parting, at: int) -> Parting:
    """The parting with the ids of a twin: from now on the group splits."""
    return replace(split, until=at, twin=new_id(), code=new_code(), seed=new_id())


def home_of(session: Session) -> str:
    """The address where a room's session began."""
    return (session.address or "").partition(":")[2]


def _row(counted: Counted, side: str) -> RoomRow:
    """A branch's row: in a topic of the chat where both began."""
    row = counted.kept.row
    return replace(row, address=f"{home_of(counted.session)}/{row.revision}{side}")


def _comes(counted: Counted, begun: Turn, taken: Step) -> bool:
    """Whether the twin, as it has begun, can still come to where that step leads."""
    branch = begun.kept.room.branch
    if branch is None or not begun.kept.running:
        return False
    state = unpack(counted.story, begun.commit.session.state)
    return may_come(counted.story, whereabouts(state, branch), taken.branch_state.scene)
