"""The door for watch-alongs: whatever comes in here is durable when it is answered, or raises `StoreError`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from bot.app import App
from bot.delivery.reason import reason_of
from bot.library import UnknownStory
from bot.rooms.booth import Booth
from bot.rooms.closing import Closing
from bot.rooms.code import CODE_LENGTH, CODE_LETTERS
from bot.rooms.elsewhere import Elsewhere
from bot.rooms.evening import Evening
from bot.rooms.forking import Forking
from bot.rooms.gathering import ABANDONED, Gathered, Gathering
from bot.rooms.guests import Guests
from bot.rooms.kept import CLOSE, FACELESS, MEET
from bot.rooms.meetings import Meetings
from bot.rooms.plans import MISSED_MS, PLAN, Plan, Plans, Wanted, plan_missed, read_plan
from bot.rooms.reply import Reply
from bot.rooms.scribe import Listener, Scribe
from bot.rooms.steering import Steering, Wish
from bot.rooms.voters import Voters
from bot.rooms.voting import Voting
from bot.store.errors import StoreError
from bot.store.port import Due, EventKey, PlanRow, Trouble
from bot.watch.recap import Recap
from bot.watch.room import Room
from bot.watch.rules import Rules
from bot.watch.vote import Voter

__all__ = ["ABANDONED", "CODE_LENGTH", "CODE_LETTERS", "FACELESS", "Gathered", "Listener", "Rooms", "Wish"]

log = structlog.get_logger()

AGENDA_ROWS = 10_000
"""Rows of the agenda that are looked through for rooms after a start; those due first come first."""

FAR = 1 << 62


class Rooms:
    """All watch-alongs of this process, on whatever platforms."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._store = app.store
        self._scribe = Scribe(app)
        self._elsewhere = Elsewhere(self._scribe)
        self._voters = Voters(app.store)
        self._meetings = Meetings(self._scribe)
        self._closing = Closing(self._scribe, Forking(self._scribe), self._meetings)
        self._gathering = Gathering(self._scribe, self._closing)
        self._voting = Voting(self._scribe, self._closing, self._voters)
        self._steering = Steering(self._scribe, self._closing, self._meetings, self._voters)
        self._guests = Guests(self._scribe, self._voters, self._steering)
        self._plans = Plans(app.store)
        self._evening = Evening(app)
        app.listen_places(self._stirred)

    def listen(self, listener: Listener) -> None:
        """Have `listener` called with the session whenever votes, clock or state of its room have changed."""
        self._scribe.listen(listener)

    async def look(self, session: int, revision: int = 0) -> Booth | None:
        """The room as it stands, for showing; None where there is none. It has come to `revision` for certain."""
        try:
            return await self._scribe.booths.of(session, revision)
        except UnknownStory:
            return None

    async def by_code(self, code: str) -> Booth | None:
        """The room with that code, ended or not, for showing; None where there is none."""
        row = await self._store.room_by_code(code.strip().lower())
        return None if row is None else await self.look(row.session)

    async def ticking(self) -> Sequence[int]:
        """The sessions of rooms whose clock runs, for showing it again after a start."""
        due = await self._store.due(FAR, AGENDA_ROWS)
        return list(dict.fromkeys(row.session for row in due if row.kind in (CLOSE, MEET)))

    @property
    def at_hand(self) -> int:
        """How many running rooms are held in memory: those lately looked at."""
        return len(self._scribe.booths)

    def _stirred(self) -> None:
        """Identities were linked or forgotten, and votes with them: nothing known of either can be relied on."""
        self._voters.forget()
        for session in self._scribe.booths.clear():
            self._scribe.changed(session)

    # -- beginning

    async def gather(
        self, key: EventKey, platform: str, host: str, address: str, story: str, language: str | None,
        rules: Rules, at: int,
    ) -> Gathered:  # fmt: skip
        """Begin a watch-along of a story in a chat, hosted by a voter's id. There is one at a time in each. On the
        platform `FACELESS` it is in no chat, whatever `address` says: anybody finds it by its code.

        Raises `UnknownStory`.
        """
        told = self._app.library.story(story)
        room = Room(await self._voters.one(host, at), rules)
        return await self._gathering.begin(key, platform, address, told, language, room, at)

    async def plan(
        self, key: EventKey, platform: str, host: str, address: str, story: str, language: str | None,
        rules: Rules, at: int, about: Mapping[str, str] | None = None,
    ) -> Plan | None:  # fmt: skip
        """Begin a watch-along by itself at `at`; None where the chat has as many plans as it may, or (the event is
        known) it is off again. `about` is given back with the plan. Raises `UnknownStory`.
        """
        self._app.library.story(story)
        return await self._plans.make(key, platform, address, host, at, Wanted(story, language, rules, about or {}))

    async def planned(self, platform: str, address: str) -> Sequence[Plan]:
        """A chat's plans, the next one first."""
        return await self._plans.there(platform, address)

    async def plan_of(self, id: int) -> Plan | None:
        """The plan with that id; None where it is off, or has begun."""
        return await self._plans.of(id)

    async def unplan(self, id: int) -> bool:
        """Call a plan off. False when it was gone already. Whether somebody may is the adapter's to say."""
        return await self._plans.drop(id)

    # -- voting

    async def vote(
        self,
        key: EventKey,
        session: int,
        revision: int,
        choice: str,
        voter: Voter,
        at: int,
        expected: int | None = None,
    ) -> Reply:
        """Vote for a choice, or with ranked votes add it or take it back. `expected`: how many are there to vote."""
        return await self._voting.vote(key, session, revision, choice, voter, at, expected)

    async def ranking(self, session: int, revision: int, voter: Voter, at: int) -> Sequence[str]:
        """What somebody has voted for on that ballot, the most wanted first; nothing where they have not."""
        for id in await self._voters.ids(voter.id, at):
            row = await self._store.vote_of(session, revision, id)
            if row is not None:
                return row.ranking.split()
        return ()

    # -- the host

    async def control(self, key: EventKey, session: int, wish: Wish, at: int) -> Reply:
        """Do what the host wants, or a steward: nobody else can."""
        return await self._steering.control(key, session, wish, at)

    async def host_left(self, key: EventKey, session: int, who: str, at: int) -> str | None:
        """`who` left the group. If they were the host, the new one: of those who voted on the last two ballots the one
        whose first vote in the room is the earliest (ties by id). None: they were not, or nobody is there, and who
        votes next takes over.
        """
        return await self._steering.host_left(key, session, who, at)

    # -- who is there

    async def join(self, key: EventKey, session: int, voter: Voter, at: int) -> Reply:
        """Somebody is in from now on: where only those may vote who are, their votes count."""
        return await self._guests.join(key, session, voter, at)

    async def attend(self, key: EventKey, session: int, platform: str, address: str, at: int) -> Reply:
        """Another chat watches along from now on, on whatever platform: it is shown the cards, and votes."""
        return await self._guests.attend(key, session, platform, address, at)

    async def leave(self, key: EventKey, session: int, platform: str, address: str, at: int) -> Reply:
        """Another chat watches along no more. Whether somebody may end that is the adapter's to say."""
        return await self._guests.leave(key, session, platform, address, at)

    async def show_again(self, key: EventKey, platform: str, address: str, at: int) -> None:
        """Show the cards of what runs in a chat, and in the branches it has there, once more."""
        await self._guests.show_again(key, platform, address, at)

    async def leads(self, session: int, voter: Voter, at: int) -> bool:
        """Whether somebody is the room's host, under whichever of their identities."""
        return await self._guests.leads(session, voter, at)

    async def abandon(self, platform: str, address: str, at: int) -> None:
        """The chat is no more: the rooms there end."""
        await self._guests.abandon(platform, address, at)

    # -- the clock

    async def close(self, due: Due, at: int) -> None:
        """What the agenda brings: a ballot's time is over. Raises `SetAside` and `UnknownStory`: drop the row."""
        await self._closing.close(due.session, due.revision, at, due)

    async def meet(self, due: Due, at: int) -> None:
        """What the agenda brings: a branch may meet its twin, or has waited long enough. Raises as `close`."""
        await self._meetings.check(due.session, at, due)

    async def begin_planned(self, at: int) -> None:
        """Begin every watch-along whose time has come, and tell of those that cannot begin."""
        while rows := await self._plans.due(at):
            for row in rows:
                await self._begin_planned(row, at)
                await self._plans.drop(row.id)

    async def _begin_planned(self, row: PlanRow, at: int) -> None:
        try:
            plan = read_plan(row)
            why = await self._missed(plan, at)
        except StoreError:
            raise
        except Exception as error:
            # One that fails holds up none of the others.
            log.exception("plan_failed", plan=row.id)
            await self._store.set_aside(Trouble(EventKey(PLAN, str(row.id)), reason_of(error), at))
            return
        if why is not None:
            await self._app.post(EventKey(PLAN, f"{plan.id}:missed"), plan_missed(plan, why))

    async def _missed(self, plan: Plan, at: int) -> str | None:
        """Begin it; why it could not, if so."""
        if at - plan.at > MISSED_MS and not await self._store.seen(plan.key):
            return "late"
        wanted = plan.wanted
        try:
            gathered = await self.gather(
                plan.key, plan.platform, plan.host, plan.address, wanted.story, wanted.language, wanted.rules, at
            )
        except UnknownStory:
            return "story"
        return None if gathered.begun else "running"

    # -- afterwards

    async def recount(self, session: int) -> Sequence[tuple[int, str, str]]:
        """Every decided ballot counted again from what is stored: (revision, the choice announced, the one counted)."""
        return await self._evening.recount(session)

    async def recap(self, session: int) -> Recap | None:
        """What was decided in the room and its branches, and by whom; None where there is no such room."""
        return await self._evening.recap(session)
