"""The scene a room is in, read for showing: its cards, when they began, and how the vote before them went."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.event import Answer
from bot.library import Library
from bot.play.path import ChoicePoint, choice_points
from bot.play.state import unpack
from bot.play.step import retell
from bot.play.toll import paid_part, standing
from bot.rooms.booth import Booth
from bot.rooms.kept import ballot_of, votes_of
from bot.store.port import BallotRow, Session, Store
from bot.watch.count import count
from bot.watch.lots import ballot_dice
from bot.watch.room import BadRoom
from bot.watch.verdict import Verdict

log = structlog.get_logger()

FREE: frozenset[str] = frozenset()
"""Nobody buys for a group: it plays what is free."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The vote that led here: what was taken, and its count; None for `verdict` where the group split on it and the
    others live its winner, or where it cannot be counted again."""

    point: ChoicePoint
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class RoomScene:
    """One revision of a room's session. `since` is when it was written (Unix ms), `clips` the length of all its clips
    (ms), as the ballot's clock has them."""

    code: str
    answer: Answer
    since: int
    clips: int
    decided: Decided | None

    @property
    def revision(self) -> int:
        return self.answer.state.revision


async def scene_of(store: Store, library: Library, booth: Booth) -> RoomScene | None:
    """The scene at which a room's session stands; None where the session is gone, or moves just now.

    Raises what reading a story or a state raises.
    """
    session = await store.session(booth.row.session)
    if session is None or session.revision != booth.row.revision:
        return None
    story = await library.version(session.story, session.version)
    state = unpack(story, session.state)
    points = choice_points(state.path)
    decided = await _decided(store, session, points)
    branch = booth.room.branch
    if decided is None and branch is not None and points and points[-1].at == branch.since:
        decided = Decided(points[-1], None)
    # After a vote all of what it led to is told; who went back to a choice sees just that scene.
    told = decided is not None or session.revision == 0
    cards = paid_part(story, state, retell(story, state), FREE) if told else standing(story, state, FREE)
    clips = round(sum(story.seconds.get(card.scene, 0.0) for card in cards) * 1000)
    return RoomScene(booth.row.code, Answer(session, story, state, cards), state.since, clips, decided)


async def _decided(store: Store, session: Session, points: list[ChoicePoint]) -> Decided | None:
    revision = session.revision - 1
    rows = await store.ballots(session.id) if points and revision >= 0 else ()
    row = next((row for row in rows if row.revision == revision), None)
    return None if row is None else Decided(points[-1], await _counted(store, session, row))


async def _counted(store: Store, session: Session, row: BallotRow) -> Verdict | None:
    """The ballot counted once more. What was announced stands, whatever comes out here."""
    try:
        votes = votes_of(await store.votes(session.id, row.revision))
        verdict = count(ballot_of(row), votes, ballot_dice(session.seed, row.revision))
    except BadRoom as error:
        log.error("ballot_unreadable", session=session.id, revision=row.revision, error=str(error))
        return None
    return verdict if verdict.winner == row.winner else None
