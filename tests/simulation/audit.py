"""The audit: what must be so when a world has come to rest, read from its disk, its book and its witness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.delivery.parcel import Parcel, unwrap
from bot.event import Tell
from bot.play.dice import seeded
from bot.play.event import Begin, Choose, Event, TimeOut
from bot.play.state import BranchState, pack, unpack
from bot.play.step import Refused, step
from bot.play.walk import Walk
from bot.rooms.kept import ballot_of, votes_of
from bot.store.port import BallotRow, Commit, VoteRow
from bot.story.story import Story
from bot.watch.count import count as counted
from bot.watch.lots import ballot_dice
from tests.simulation.disk import Disk
from tests.simulation.dramas import dramas
from tests.simulation.witness import Witness

Fault = tuple[str, str]
"""A promise, and how it was not kept."""


def faults(disk: Disk, witness: Witness) -> Iterator[Fault]:
    """Everything that is wrong."""
    steps: defaultdict[int, list[Commit]] = defaultdict(list)
    for entry in disk.book:
        if isinstance(entry, Commit):
            steps[entry.session.id].append(entry)
    yield from _once(disk, witness)
    for taken in steps.values():
        yield from _revisions(taken)
        yield from _replay(taken, witness)
        yield from _ballots(disk, taken)
    yield from _votes(disk)
    yield from _shown(disk, witness)
    yield from _left(disk, steps)


def _once(disk: Disk, witness: Witness) -> Iterator[Fault]:
    """Each event is in the book once at the most, and just there if its viewer was told that it counts."""
    written = Counter(entry.event for entry in disk.book)
    for event, times in written.items():
        if times > 1:
            yield "every accepted tap is applied once", f"event {event.id} was applied {times} times"
    known = {id for (id,) in disk.rows("SELECT id FROM event")}
    for id, told in witness.counted.items():
        # A vote may have been refused by one worker while another one took it.
        if told != (id in known) and (told or isinstance(witness.calls[id].what, Tell)):
            said = "accepted" if told else "refused"
            yield "every accepted tap is applied once", f"event {id} was {said}, and applied: {id in known}"


def _revisions(taken: Sequence[Commit]) -> Iterator[Fault]:
    for number, one in enumerate(taken):
        if one.session.revision != number:
            yield "revisions rise by one", f"step {number} of {one.session.id} is revision {one.session.revision}"
            return


def _replay(taken: Sequence[Commit], witness: Witness) -> Iterator[Fault]:
    """Each step is what the engine makes of the one before, and its path leads where it stands."""
    state: BranchState | None = None
    for one in taken:
        session = one.session
        story = dramas()[session.story]
        what = _event_of(one, witness)
        if what is not None and _again(story, state, what, one) != session.state:
            yield "replay equals state", f"{session.id} at revision {session.revision} is not where {what} leads"
            return
        state = unpack(story, session.state)
        yield from _walked(story, state, session.id)


def _again(story: Story, before: BranchState | None, what: Event, one: Commit) -> bytes | None:
    """What the engine makes of the state before; None where it refuses."""
    session = one.session
    try:
        state = step(story, before, what, session.updated, seeded(session.seed, session.revision)).branch_state
    except Refused:
        return None
    # A room's ballot has the clock.
    return pack(story, state if one.room is None else replace(state, deadline=None))


def _event_of(one: Commit, witness: Witness) -> Event | None:
    """What made the step; None where the book alone does not say."""
    if one.ballot is not None:
        return Choose(one.ballot.revision, one.ballot.winner)
    if one.event.platform == "agenda":
        return TimeOut(one.session.revision - 1, present=False)
    if one.session.revision == 0:
        return Begin(dramas()[one.session.story].language)
    what = witness.calls[one.event.id].what
    return what.what if isinstance(what, Tell) else None


def _walked(story: Story, state: BranchState, session: int) -> Iterator[Fault]:
    """Walking the path again comes to the same."""
    walk = Walk.again(story, state.language, state.base, state.path)
    here = (walk.scene, tuple(walk.values), walk.visits, walk.chosen)
    if here != (state.scene, state.values, state.visits, state.chosen):
        yield "replay equals state", f"the path of {session} leads to {here}"


def _ballots(disk: Disk, taken: Sequence[Commit]) -> Iterator[Fault]:
    """A ballot closes once, and a recount of the votes in the store comes to what was announced."""
    closed = Counter(one.ballot.revision for one in taken if one.ballot is not None)
    for revision, times in closed.items():
        if times > 1:
            yield "a ballot closes once", f"the one at revision {revision} closed {times} times"
    session = taken[0].session
    # From the table: who was forgotten since has another name there.
    for row in disk.rows("SELECT * FROM ballot WHERE session = ?", session.id):
        ballot = BallotRow(*row)
        winner = _recount(disk, ballot, session.seed)
        if winner != ballot.winner:
            yield "a ballot closes once", f"{ballot.winner} won, a recount says {winner}"


def _recount(disk: Disk, ballot: BallotRow, seed: int) -> str | None:
    query = "SELECT * FROM vote WHERE session = ? AND revision = ? ORDER BY voter"
    votes = votes_of(VoteRow(*row) for row in disk.rows(query, ballot.session, ballot.revision))
    return counted(ballot_of(ballot), votes, ballot_dice(seed, ballot.revision)).winner


def _votes(disk: Disk) -> Iterator[Fault]:
    """Of each voter the vote that was written last is the one that is there, and none came after the count."""
    last: dict[tuple[int, int, str], VoteRow] = {}
    closed: set[tuple[int, int]] = set()
    for entry in disk.book:
        if isinstance(entry, Commit):
            if entry.ballot is not None:
                closed.add((entry.session.id, entry.ballot.revision))
            continue
        vote = entry.vote
        last[vote.session, vote.revision, vote.voter] = vote
        if (vote.session, vote.revision) in closed:
            yield "a ballot closes once", f"{vote.voter} voted on revision {vote.revision} after it had closed"
    for row in disk.rows("SELECT * FROM vote"):
        vote = VoteRow(*row)
        known = last.pop((vote.session, vote.revision, vote.voter), None)
        if known != vote and not vote.voter.startswith("gone:"):
            yield "every accepted vote counts once", f"{vote} is there, {known} was cast last"


def _shown(disk: Disk, witness: Witness) -> Iterator[Fault]:
    """Every card of every step was shown, unless its viewer is forgotten."""
    there = {id for (id,) in disk.rows("SELECT id FROM session")}
    for one in disk.book:
        if isinstance(one, Commit) and one.session.id in there:
            for card in one.cards:
                parcel = unwrap(card.body)
                if not isinstance(parcel, Parcel):
                    continue
                if (card.address, card.session, card.revision, parcel.card.scene) not in witness.seen:
                    missed = f"{parcel.card.scene} at revision {card.revision}"
                    yield "every step's card is shown", f"{card.address} never saw {missed}"


def _left(disk: Disk, steps: Mapping[int, Sequence[Commit]]) -> Iterator[Fault]:
    """What is stored of a session is what its last step wrote, and nothing was set aside."""
    for id, revision, state in disk.rows("SELECT id, revision, state FROM session"):
        last = steps[id][-1].session
        if (last.revision, last.state) != (revision, state):
            yield "revisions rise by one", f"{id} is stored at {revision}, its last step was {last.revision}"
    for platform, id, error in disk.rows("SELECT platform, id, error FROM trouble"):
        yield "no event is set aside", f"{platform} {id}: {error}"
