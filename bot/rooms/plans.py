"""Plans: watch-alongs that begin by themselves at their time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from bot.delivery.parcel import Note, wrap_note
from bot.rooms.code import new_id
from bot.rooms.kept import FACELESS
from bot.store.port import EventKey, OutboxCard, Outcome, PlanRow, Store
from bot.watch.rules import Rules

PLAN = "plan"
"""The platform of the keys of what the plans begin."""

MOST_PLANS = 20
"""Plans of one chat."""

MISSED_MS = 3_600_000
"""Milliseconds after its time (the bot was away) at which a plan is missed: nobody waits that long."""

BATCH = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to begin. `about` is the adapter's own: the id of a platform's event, say."""

    story: str
    language: str | None = None
    rules: Rules = field(default_factory=Rules)
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A watch-along that begins at `at` (Unix ms) in that chat, hosted by a voter's id."""

    id: int
    platform: str
    address: str
    host: str
    at: int
    wanted: Wanted

    @property
    def key(self) -> EventKey:
        """The event that begins it."""
        return EventKey(PLAN, str(self.id))


class BadPlan(ValueError):
    """A stored plan that cannot be read."""


_WANTED = TypeAdapter(Wanted)


class Plans:
    """All plans of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def make(self, key: EventKey, platform: str, address: str, host: str, at: int, wanted: Wanted) -> Plan | None:
        """Keep a plan, once for that key; None where the chat has as many as it may."""
        there = await self.there(platform, address)
        if await self._store.seen(key):
            return next((plan for plan in there if (plan.host, plan.at, plan.wanted) == (host, at, wanted)), None)
        if len(there) >= MOST_PLANS:
            return None
        body = _WANTED.dump_json(wanted, exclude_defaults=True)
        row = PlanRow(new_id(), platform, address, host, at, body)
        if await self._store.plan(key, row) is Outcome.DUPLICATE:
            return await self.make(key, platform, address, host, at, wanted)
        return read_plan(row)

    async def of(self, id: int) -> Plan | None:
        """The plan with that id."""
        row = await self._store.plan_of(id)
        return None if row is None else next(_readable([row]), None)

    async def there(self, platform: str, address: str) -> Sequence[Plan]:
        """A chat's plans, the next one first."""
        return list(_readable(await self._store.plans_at(platform, address)))

    async def due(self, at: int) -> Sequence[PlanRow]:
        """Those whose time has come, as they are stored."""
        return await self._store.plans_due(at, BATCH)

    async def drop(self, id: int) -> bool:
        """The plan is off, or done."""
        return await self._store.drop_plan(id)


def read_plan(row: PlanRow) -> Plan:
    """The plan in a row. Raises `BadPlan`."""
    try:
        wanted = _WANTED.validate_json(row.body)
    except ValidationError as error:
        raise BadPlan(f"the plan {row.id} cannot be read: {error}") from error
    return Plan(row.id, row.platform, row.address, row.host, row.at, wanted)


def plan_missed(plan: Plan, why: str) -> tuple[OutboxCard, ...]:
    """The note to the chat of a plan that did not begin: "late", "running" (another one is), "story" (it is
    gone), or what an adapter has to say.
    """
    if plan.platform == FACELESS:
        return ()
    about = {"plan": str(plan.id), "story": plan.wanted.story, "host": plan.host, "why": why}
    note = Note("plan_missed", "0", about)
    return (OutboxCard(plan.platform, plan.address, 0, 0, wrap_note(note)),)


def _readable(rows: Iterable[PlanRow]) -> Iterator[Plan]:
    """The plans in the rows; one that is damaged is set aside when its time comes."""
    for row in rows:
        with suppress(BadPlan):
            yield read_plan(row)
