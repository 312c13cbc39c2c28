"""Publishing: what a new version does to those who play, then the version for all of them in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.clips.deposit import read_deposits, write_deposits
from bot.library import Library, UnknownStory
from bot.play.landing import Fate
from bot.store.drafts import Deed, Moved, PublicationRow, State
from bot.store.port import Session, Store
from bot.story.changes import changes
from bot.story.story import Story
from bot.studio.creator import Creator, Denied, Why
from bot.studio.crossing import Crossing
from bot.studio.impact import Impact, Kind, impact, kind_of
from bot.studio.portfolio import Mine, Portfolio

MOST_AT_ONCE = 100_000
"""Sessions moved with the publication; of more, the rest is landed when each is next played. Each takes some 2 KiB of
memory meanwhile."""

LOOKED_BACK = 50
"""Publications among which the one before is looked for."""


Spread = Callable[[str, Sequence[Moved]], Awaitable[None]]
"""Tells everybody who must know of a story that was published, and of the sessions that were moved."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that may go live as that publication, and what that would do. `row` is as it would be stored, but for
    its time; `upload` is the draft's, 0 for a version that comes back."""

    row: PublicationRow
    story: Story
    impact: Impact
    upload: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, how many sessions fared how, and how many were told so in a chat."""

    row: PublicationRow
    fates: Mapping[Fate, int]
    told: int


@dataclass(frozen=True, slots=True)
class _Target:
    story: Story
    sources: str
    row: PublicationRow


class Publishing:
    """Raises `Denied` and `StoreError`. Times are Unix ms."""

    def __init__(self, store: Store, library: Library, portfolio: Portfolio, spread: Spread) -> None:
        self._store = store
        self._library = library
        self._portfolio = portfolio
        self._spread = spread

    # -- before

    async def propose(self, creator: Creator, story: str, at: int) -> Proposal:
        """The draft as it is now."""
        mine = await self._owned(creator, story)
        target = self._of_draft(creator, mine, at)
        return Proposal(target.row, target.story, await self._impact(target, mine.publication), mine.draft.upload)

    async def propose_revert(self, creator: Creator, story: str, at: int) -> Proposal:
        """The version that was live before; where there was none, that nobody begins the story any more."""
        mine = await self._owned(creator, story)
        target = await self._of_the_one_before(creator, story, at)
        if target is None:
            row = await self._withdrawn(creator, story, at, "withdrawn")
            return Proposal(row, mine.story, impact((), Counter()))
        return Proposal(target.row, target.story, await self._impact(target, mine.publication))

    async def _impact(self, target: _Target, live: PublicationRow | None) -> Impact:
        old = None if live is None else await self._version(live)
        counted: Counter[Kind] = Counter()
        async for one in Crossing(self._store, self._library, target.story, target.row.at).all():
            counted[kind_of(one.scene, one.landing)] += 1
        return impact(() if old is None else changes(old, target.story), counted)

    # -- and then

    async def publish(self, creator: Creator, story: str, upload: int, number: int, at: int) -> Published:
        """Make that upload live as that publication, which it was proposed as. Asked for twice it is done once."""
        mine = await self._owned(creator, story)
        live = mine.publication
        made = (number, creator.viewer, "live", mine.story.version)
        if live is not None and (live.number, live.viewer, live.state, live.version) == made:
            return Published(live, {}, 0)
        target = self._of_draft(creator, mine, at)
        if (mine.draft.upload, target.row.number) != (upload, number):
            raise Denied(Why.CHANGED)
        return await self._publish(target, "published")

    async def revert(self, creator: Creator, story: str, number: int, at: int) -> Published:
        """Do what was proposed, as that publication. Asked for twice it is done once."""
        await self._owned(creator, story)
        rows = await self._store.publications(story, LOOKED_BACK)
        if await self._is_revert(rows, number, creator):
            return Published(rows[0], {}, 0)
        target = await self._of_the_one_before(creator, story, at)
        if target is None:
            return Published(await self.withdraw(creator, story, at, number=number), {}, 0)
        if target.row.number != number:
            raise Denied(Why.CHANGED)
        return await self._publish(target, "reverted")

    async def withdraw(
        self, creator: Creator, story: str, at: int, state: State = "withdrawn", number: int | None = None
    ) -> PublicationRow:
        """Nobody begins it any more; "stopped", which only an operator may: nobody plays it either. With a number only
        as that publication.
        """
        if not creator.operator:
            await self._owned(creator, story)
        row = await self._withdrawn(creator, story, at, state)
        if number not in (None, row.number):
            raise Denied(Why.CHANGED)
        deed = Deed(story, at, creator.viewer, state, row.version)
        if await self._store.publish(row, "", (), _left_alone, deed) is None:
            raise Denied(Why.CHANGED)
        await self._spread(story, ())
        return row

    async def allow(self, creator: Creator, story: str, number: int, at: int) -> PublicationRow:
        """An operator takes back that stop: what was played is played again, from where everybody stands."""
        rows = await self._store.publications(story, LOOKED_BACK)
        if not creator.operator or not rows:
            raise Denied(Why.UNKNOWN)
        if (rows[0].number, rows[0].state) != (number, "stopped"):
            raise Denied(Why.CHANGED)
        before: State = next((row.state for row in rows if row.state != "stopped"), "withdrawn")
        row = replace(rows[0], number=number + 1, state=before, viewer=creator.viewer, at=at)
        deed = Deed(story, at, creator.viewer, "allowed", row.version)
        if await self._store.publish(row, "", (), _left_alone, deed) is None:
            raise Denied(Why.CHANGED)
        await self._spread(story, ())
        return row

    async def stopped(self, story: str) -> PublicationRow | None:
        """The publication by which the story is stopped, if it is."""
        last = await self._last(story)
        return last if last is not None and last.state == "stopped" else None

    async def _publish(self, target: _Target, deed: str) -> Published:
        row = target.row
        crossing = Crossing(self._store, self._library, target.story, row.at)
        moves: list[Moved] = []
        fates: dict[int, Fate] = {}
        async for one in crossing.all():
            if len(moves) == MOST_AT_ONCE:
                break
            moves.append(one.moved)
            fates[one.moved.before.id] = one.landing.fate

        def land(session: Session) -> Moved:
            landed = crossing.land(session) if len(moves) < MOST_AT_ONCE else None
            if landed is None:
                return _left_alone(session)
            fates[session.id] = landed.landing.fate
            return landed.moved

        noted = Deed(row.story, row.at, row.viewer, deed, row.version)
        done = await self._store.publish(row, target.sources, moves, land, noted)
        if done is None:
            raise Denied(Why.CHANGED)
        await self._spread(row.story, done)
        counted = Counter(fates[one.before.id] for one in done)
        return Published(row, counted, sum(bool(one.cards) for one in done))

    # -- what is to be live

    async def _owned(self, creator: Creator, story: str) -> Mine:
        """A story of which they may say what is live."""
        mine = await self._portfolio.one(creator, story, "owner")
        if story in self._library.shipped:
            raise Denied(Why.TAKEN, story)  # since it was begun; its players are not this one's
        if mine.publication is not None and mine.publication.state == "stopped" and not creator.operator:
            raise Denied(Why.STOPPED, story)
        return mine

    def _of_draft(self, creator: Creator, mine: Mine, at: int) -> _Target:
        live, draft = mine.publication, mine.draft
        clips, number = draft.clips, 1
        if live is not None:
            if live.state == "live" and live.version == mine.story.version and _has_clips(live, mine):
                raise Denied(Why.NOTHING)
            # Watch-alongs that go on in the version before keep its clips.
            clips = _joined(live.clips, clips)
            number = live.number + 1
        row = PublicationRow(draft.story, number, mine.story.version, "live", creator.viewer, at, clips)
        return _Target(mine.story, draft.sources, row)

    async def _withdrawn(self, creator: Creator, story: str, at: int, state: State) -> PublicationRow:
        last = await self._last(story)
        if last is None:
            raise Denied(Why.UNKNOWN if creator.operator else Why.NOTHING)
        if state == "stopped" and not creator.operator:
            raise Denied(Why.UNKNOWN)
        if last.state == state:
            raise Denied(Why.NOTHING)
        return replace(last, number=last.number + 1, state=state, viewer=creator.viewer, at=at)

    async def _of_the_one_before(self, creator: Creator, story: str, at: int) -> _Target | None:
        rows = await self._store.publications(story, LOOKED_BACK)
        found = await self._one_before(rows)
        if found is None:
            return None
        row, before, sources = found
        # Watch-alongs that go on in the version that is taken back keep its clips.
        number, clips = rows[0].number + 1, _joined(rows[0].clips, row.clips)
        return _Target(before, sources, replace(row, number=number, viewer=creator.viewer, at=at, clips=clips))

    async def _one_before(self, rows: Sequence[PublicationRow]) -> tuple[PublicationRow, Story, str] | None:
        """What was live before the first of these and is another version, with its sources."""
        for row in rows[1:]:
            if row.state != "live" or (row.version, row.state) == (rows[0].version, rows[0].state):
                continue
            before, sources = await self._version(row), await self._store.version(row.story, row.version)
            if before is not None and sources is not None:
                return row, before, sources
        return None

    async def _is_revert(self, rows: Sequence[PublicationRow], number: int, creator: Creator) -> bool:
        """Whether the last of these publications is the revert of that number, made by them."""
        if len(rows) < 2:
            return False
        before = await self._one_before(rows[1:])
        then = ("withdrawn", rows[1].version) if before is None else ("live", before[0].version)
        last = rows[0]
        return (last.number, last.viewer, last.state, last.version) == (number, creator.viewer, *then)

    async def _last(self, story: str) -> PublicationRow | None:
        rows = await self._store.publications(story, 1)
        return rows[0] if rows else None

    async def _version(self, row: PublicationRow) -> Story | None:
        try:
            return await self._library.kept(row.story, row.version)
        except UnknownStory:
            return None


def _joined(before: str, now: str) -> str:
    """The clips, and those of before that are not among them."""
    return write_deposits({**read_deposits(before), **read_deposits(now)})


def _left_alone(session: Session) -> Moved:
    return Moved(session, session)


def _has_clips(live: PublicationRow, mine: Mine) -> bool:
    held = read_deposits(live.clips)
    return all(held.get(path) == clip for path, clip in read_deposits(mine.draft.clips).items())
