"""Everybody who is in a story while it is published: where they stood, what they tapped, and what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from bot.event import Answer
from bot.play.dice import seeded
from bot.play.event import Choose
from bot.play.landing import Fate, Landing
from bot.play.resettle import resettled
from bot.play.state import FOLDED, BranchState, pack, unpack
from bot.play.step import Reason, show, step
from bot.store.port import Commit, EventKey, OutboxCard, Outcome, Session
from bot.story.story import Story
from bot.studio.crossing import JUST_NOW, LATELY
from tests.bot.play.landing_judge import Judge
from tests.fakes.atelier import CHAT, Atelier

AT_ONCE = 500
"""Commits that wait for one another."""

AWAY = (1_000, JUST_NOW + 1, LATELY + 1)
"""Milliseconds since somebody was there last."""

TEXT = "Mo"

_numbers = count(1)


@dataclass(frozen=True)
class Seat:
    """A session as it stands."""

    user: str
    session: Session
    state: BranchState


class Audience:
    """Of one story. `seats` are as they stood before the last publication."""

    def __init__(self, house: Atelier, story: str, chance: Random) -> None:
        self.house, self.story, self.chance = house, story, chance
        self.seats: list[Seat] = []

    async def sit(self, old: Story, states: Sequence[BranchState]) -> None:
        """A viewer in each of those places, some of them without a chat, some away for long."""
        users = [f"viewer {number}" for number, _ in enumerate(states)]
        viewers = await asyncio.gather(*(self.house.store.viewer("console", user) for user in users))
        for user, viewer, state in zip(users, viewers, states, strict=True):
            session = Session(
                self.chance.getrandbits(62), viewer.id, self.story, old.version, self.chance.getrandbits(62),
                state.revision, pack(old, state), self.chance.choice((None, CHAT.format(user), CHAT.format(user))),
                self.house.clock() - self.chance.choice(AWAY),
            )  # fmt: skip
            self.seats.append(Seat(user, session, state))
        await self.write((seat.session, None) for seat in self.seats)

    async def write(self, rows: Iterable[tuple[Session, int | None]]) -> None:
        """Sessions, in place of those that were at these revisions."""
        commits = [Commit(EventKey("console", f"seat-{next(_numbers)}"), row, expected) for row, expected in rows]
        for start in range(0, len(commits), AT_ONCE):
            done = await asyncio.gather(*map(self.house.store.commit, commits[start : start + AT_ONCE]))
            assert set(done) == {Outcome.COMMITTED}

    async def look(self, *stories: Story, only: Set[int] | None = None) -> list[Seat]:
        """How everybody stands now, or those sessions; nobody is lost, and nobody new is there."""
        versions = {story.version: story for story in stories}
        rows = {row.id: row for row in await self.house.store.sessions_in(self.story, -1, 100_000)}
        assert rows.keys() == {seat.session.id for seat in self.seats}
        found = [(seat.user, rows[id]) for id, seat in each(self.seats) if only is None or id in only]
        return [Seat(user, row, unpack(versions[row.version], row.state)) for user, row in found]

    # -- taps

    def some(self, story: Story, many: int) -> list[tuple[Seat, str]]:
        """Seats of those who have something to tap, with what they tap."""
        seats = self.chance.sample(self.seats, len(self.seats))
        open_ones = ((seat, [one.id for one in show(story, seat.state).options if not one.locked]) for seat in seats)
        return [(seat, self.chance.choice(ids)) for seat, ids in open_ones if ids][:many]

    async def tap(self, seat: Seat, choice: str) -> Answer:
        """What they saw, tapped, however late."""
        return await self.house.tell(seat.user, seat.session.id, Choose(seat.state.revision, choice, TEXT))

    async def warm(self, story: Story, many: int) -> None:
        """Some tap before, so that their places are at hand."""
        tapped = self.some(story, many)
        await asyncio.gather(*(self.tap(seat, choice) for seat, choice in tapped))
        self.seats = await self.look(story)

    def stepped(self, story: Story, seat: Seat, state: BranchState, choice: str) -> BranchState:
        """Where that choice leads from there."""
        press, now = Choose(state.revision, choice, TEXT), self.house.clock()
        return step(story, state, press, now, seeded(seat.session.seed, state.revision + 1)).branch_state


class Verdict:
    """What became of everybody between two versions. Counts the ways in `came`; raises `AssertionError`."""

    def __init__(self, audience: Audience, old: Story, new: Story) -> None:
        self.audience, self.old, self.new = audience, old, new
        self.judge = Judge(old, new)
        self.came: Counter[str] = Counter()

    def landed(self, before: Seat, after: Seat) -> Fate:
        """`after` is where `before` lands, and says so where it must."""
        assert after.session.version == self.new.version
        assert after.session.revision == after.state.revision
        fate = self.settled(before.state, after.state)
        told = after.session.revision > before.session.revision
        self.came[fate.value if fate is not Fate.CONTINUES else "refreshed" if told else "quiet"] += 1
        kept = (after.session.seed, after.session.viewer, after.session.address, after.session.updated)
        assert kept == (before.session.seed, before.session.viewer, before.session.address, before.session.updated)
        return fate

    def settled(self, before: BranchState, after: BranchState) -> Fate:
        """What became of it, as a judge agrees. What is not stored may be either way."""
        told = after.revision - before.revision
        assert told in (0, 1)
        assert told == 0 or after.landed is not None
        assert told == 1 or after.landed == before.landed
        seen, refusals = replace(after, revision=before.revision), []
        for fate in fates_of(before, after, told):
            likely = after.path != (FOLDED + after.scene,)
            for walked in (likely, not likely):
                try:
                    self.judge.judge(before, Landing(fate, seen, walked, bool(told)))
                except AssertionError as error:
                    refusals.append(error)
                else:
                    return fate
        raise refusals[0]

    def followed(self, before: Seat, choice: str, answer: Answer, after: Seat) -> None:
        """A tap came while it was published: it counted once, in one version or the other, or was kindly refused."""
        if answer.notice is not None:
            self.came[f"tapped {answer.notice.value}"] += 1
            assert answer.notice is Reason.MOVED_ON
            assert after.session.revision == before.session.revision + 1, "a good button was refused"
            self.landed(before, after)
            return
        if answer.session.version == self.old.version:
            assert answer.state == self.audience.stepped(self.old, before, before.state, choice)
            then = Seat(before.user, answer.session, answer.state)
            if after.session.version == self.new.version:
                self.came["tapped, then landed"] += 1
                self.landed(then, after)
                return
            self.came["tapped, left behind"] += 1
            assert after.state == then.state
            return
        self.came["landed, then tapped"] += 1
        there = resettled(self.old, before.state, self.new)[1]
        assert there.revision == before.state.revision, "who must be told was not"
        self.settled(before.state, there)
        assert answer.state == self.audience.stepped(self.new, before, there, choice) == after.state

    def told(self, before: Seat, after: Seat, fate: Fate, cards: Sequence[OutboxCard]) -> None:
        """There is a card where it is out of date and they were there lately, and no other."""
        moved = after.session.revision > before.session.revision
        patience = JUST_NOW if fate is Fate.CONTINUES else LATELY
        lately = self.audience.house.clock() - before.session.updated < patience
        wanted = moved and lately and before.session.address is not None
        assert [card.revision for card in cards] == [after.session.revision] * wanted
        self.came["card"] += wanted


def fates_of(before: BranchState, after: BranchState, told: int) -> tuple[Fate, ...]:
    """What may have become of it, by what its viewer is told; one who was told before, and was not there since, may
    only have other buttons now."""
    if not told or after.landed == "refreshed":
        return (Fate.CONTINUES,)
    fate = Fate.MOVED if after.landed == "moved" else Fate.RESTARTS
    return (fate, Fate.CONTINUES) if before.landed == after.landed else (fate,)


def each(seats: Sequence[Seat]) -> Iterator[tuple[int, Seat]]:
    return ((seat.session.id, seat) for seat in seats)
