"""The server's calendar: a planned watch-along is an event there, which begins and ends with it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from discord.http import HTTPClient, Route
from pydantic import TypeAdapter

from adapters.discord.arrival import Arrival
from adapters.discord.place import PLATFORM, home_of
from adapters.discord.trouble import PASSING
from bot.rooms.plans import Plan
from bot.store.port import Shown, Store
from bot.story.story import Story
from bot.watch.rules import Rules

log = structlog.get_logger()

KEPT = "/event"
"""What follows a channel in the address under which its events are kept."""

ELSEWHERE, MEMBERS = 3, 2
"""Type of an event that is in no voice channel, and who sees it (Discord, guild scheduled event)."""

SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
"""Its status."""

NAME, DESCRIPTION = 100, 1_000

_CHANNEL = re.compile(r"<#(\d{1,20})>")

VOTES = 12
"""Votes that an evening is reckoned with, for when it may be over."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event in a server's calendar: of which plan, when it is to begin (Unix ms), and how it stands."""

    guild: int
    event: int
    plan: int
    start: int
    status: int = SCHEDULED


_MARKS = TypeAdapter(tuple[Mark, ...])


class Calendar:
    """One bot's. What goes wrong here never keeps a watch-along from being."""

    def __init__(self, http: HTTPClient, store: Store) -> None:
        self._http = http
        self._store = store
        self._keeping = asyncio.Lock()

    async def enter(self, arrived: Arrival, address: str, story: Story, start: int, rules: Rules) -> int | None:
        """Put what is planned at that address into the calendar: the event's number; None where that did not work."""
        wording = story.wording(arrived.guild_language or arrived.language)
        begins = datetime.fromtimestamp(start / 1000, UTC)
        lasts = timedelta(seconds=sum(story.seconds.values()) + rules.seconds * VOTES, minutes=10)
        event = {
            "name": f"🍿 {wording.plain('title')}"[:NAME],
            "description": wording.plain("synopsis")[:DESCRIPTION],
            "privacy_level": MEMBERS,
            "entity_type": ELSEWHERE,
            "entity_metadata": {"location": f"<#{home_of(address)}>"},
            "scheduled_start_time": begins.isoformat(),
            "scheduled_end_time": (begins + lasts).isoformat(),
        }
        route = Route("POST", "/guilds/{guild_id}/scheduled-events", guild_id=arrived.guild)
        made = await self._quietly(self._http.request(route, json=event))
        return None if made is None else int(made["id"])

    async def keep(self, address: str, event: int, guild: int, plan: Plan, at: int) -> None:
        """That plan of a channel is this event."""
        async with self._keeping:
            marks = await self._marks(address)
            await self._keep(address, (*marks, Mark(guild, event, plan.id, plan.at)), at)

    async def planned(self, location: str, event: int) -> int | None:
        """The plan that is to begin with that event of a calendar, which says where; None for one that is not ours."""
        channel = _CHANNEL.fullmatch(location)
        marks = () if channel is None else await self._marks(channel[1])
        return next((mark.plan for mark in marks if mark.event == event and mark.status == SCHEDULED), None)

    async def begun(self, address: str, at: int) -> None:
        """A watch-along begins in that channel: what was planned for just now, if anything was."""
        async with self._keeping:
            due = [mark for mark in await self._marks(address) if mark.status == SCHEDULED and mark.start <= at]
            if due:
                await self._become(address, max(due, key=lambda mark: mark.start), ACTIVE, at)

    async def over(self, address: str, at: int) -> None:
        """It is over."""
        async with self._keeping:
            for mark in await self._marks(address):
                if mark.status == ACTIVE:
                    await self._become(address, mark, COMPLETED, at)

    async def missed(self, address: str, plan: int, at: int) -> None:
        """That plan will not begin."""
        async with self._keeping:
            for mark in await self._marks(address):
                if mark.plan == plan and mark.status == SCHEDULED:
                    await self._become(address, mark, CANCELED, at)

    async def strike(self, guild: int, event: int) -> None:
        """What was planned will not be."""
        await self._change(guild, event, CANCELED)

    async def _become(self, address: str, mark: Mark, status: int, at: int) -> None:
        await self._change(mark.guild, mark.event, status)
        others = [one for one in await self._marks(address) if one.event != mark.event]
        await self._keep(address, (*others, *([replace(mark, status=status)] if status == ACTIVE else [])), at)

    async def _marks(self, address: str) -> tuple[Mark, ...]:
        """Events of the channel that are to begin, or under way."""
        shown = await self._store.shown(PLATFORM, f"{home_of(address)}{KEPT}", 0)
        return () if shown is None else _MARKS.validate_json(shown.body)

    async def _keep(self, address: str, marks: tuple[Mark, ...], at: int) -> None:
        body = _MARKS.dump_json(marks)
        await self._store.keep_shown(Shown(PLATFORM, f"{home_of(address)}{KEPT}", 0, 0, body, at))

    async def _change(self, guild: int, event: int, status: int) -> None:
        path = "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}"
        route = Route("PATCH", path, guild_id=guild, guild_scheduled_event_id=event)
        await self._quietly(self._http.request(route, json={"status": status}))

    async def _quietly(self, call: Any) -> Any:
        try:
            return await call
        except PASSING as error:
            log.info("calendar_left", error=type(error).__name__)
            return None
