"""Scheduled events of guilds."""

from __future__ import annotations

from datetime import datetime

from tests.fakes.discord.channel import STAGE, VOICE
from tests.fakes.discord.gateway import SCHEDULED_EVENTS
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusal import Body, Violation, bad_request, missing_permissions, unknown
from tests.fakes.discord.router import ROUTER, Answer, Asked

IN_STAGE, IN_VOICE, EXTERNAL = 1, 2, 3
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
MOST_EVENTS = 100
_STEPS = {SCHEDULED: (ACTIVE, CANCELED), ACTIVE: (COMPLETED,)}
_EVENTS = "/guilds/{guild_id}/scheduled-events"
_EVENT = _EVENTS + "/{guild_scheduled_event_id}"


@ROUTER.on("GET", _EVENTS)
def listed(asked: Asked) -> Answer:
    """All that are scheduled or active."""
    return 200, [_counted(asked, event) for event in _guild(asked).events.values()]


@ROUTER.on("POST", _EVENTS)
def create(asked: Asked) -> Answer:
    """Needs CREATE_EVENTS (or MANAGE_EVENTS)."""
    world, guild, given = asked.world, _guild(asked), asked.form
    _may(asked, guild, Permission.CREATE_EVENTS | Permission.MANAGE_EVENTS)
    if len(guild.events) >= MOST_EVENTS:
        raise bad_request(30038, f"Maximum number of guild scheduled events reached ({MOST_EVENTS})")
    event: Body = {
        "id": str(world.snowflakes.next()),
        "guild_id": str(guild.id),
        "creator_id": str(world.id),
        "creator": world.me,
        "status": SCHEDULED,
        "entity_id": None,
        "description": None,
        "channel_id": None,
        "image": None,
        "scheduled_end_time": None,
        "entity_metadata": None,
        "recurrence_rule": None,
        "guild_scheduled_event_exceptions": [],
        "user_count": 0,
    }
    event |= {name: value for name, value in given.items() if value is not None and name != "image"}
    event["image"] = "made_of_what_came" if given.get("image") else None
    _check(asked, guild, event, fresh=True)
    guild.events[int(event["id"])] = event
    world.emit("GUILD_SCHEDULED_EVENT_CREATE", event, guild.id, SCHEDULED_EVENTS)
    return 200, event


@ROUTER.on("GET", _EVENT)
def read(asked: Asked) -> Answer:
    """One of them."""
    return 200, _counted(asked, _event(asked))


@ROUTER.on("PATCH", _EVENT)
def change(asked: Asked) -> Answer:
    """Fields that are not named stay; a status can only go its way."""
    world, guild, given, event = asked.world, _guild(asked), asked.form, _event(asked)
    _may_touch(asked, guild, event)
    status = given.get("status") or event["status"]
    if status != event["status"] and status not in _STEPS.get(event["status"], ()):
        raise Violation("status", f"Cannot go from {event['status']} to {status}.", "GUILD_SCHEDULED_EVENT_STATUS")
    changed = {**event, **given, "status": status}
    _check(asked, guild, changed, fresh="scheduled_start_time" in given)
    guild.events[int(event["id"])] = changed
    if status in (COMPLETED, CANCELED):
        del guild.events[int(event["id"])]
    world.emit("GUILD_SCHEDULED_EVENT_UPDATE", changed, guild.id, SCHEDULED_EVENTS)
    return 200, changed


@ROUTER.on("DELETE", _EVENT)
def delete(asked: Asked) -> Answer:
    """Gone."""
    guild, event = _guild(asked), _event(asked)
    _may_touch(asked, guild, event)
    del guild.events[int(event["id"])]
    asked.world.emit("GUILD_SCHEDULED_EVENT_DELETE", event, guild.id, SCHEDULED_EVENTS)
    return 204, None


def _guild(asked: Asked) -> Guild:
    return asked.world.guild(asked.number("guild_id", "Guild"))


def _event(asked: Asked) -> Body:
    found = _guild(asked).events.get(asked.number("guild_scheduled_event_id", "Guild Scheduled Event"))
    if found is None:
        raise unknown("Guild Scheduled Event")
    return found


def _counted(asked: Asked, event: Body) -> Body:
    if asked.query.get("with_user_count", "").lower() in ("true", "1"):
        return event
    return {name: value for name, value in event.items() if name != "user_count"}


def _may(asked: Asked, guild: Guild, one_of: int) -> None:
    if not guild.permissions(asked.world.id) & one_of:
        raise missing_permissions()


def _may_touch(asked: Asked, guild: Guild, event: Body) -> None:
    """One's own with CREATE_EVENTS, anybody's with MANAGE_EVENTS."""
    own = event["creator_id"] == str(asked.world.id)
    _may(asked, guild, Permission.MANAGE_EVENTS | (Permission.CREATE_EVENTS if own else 0))


def _check(asked: Asked, guild: Guild, event: Body, *, fresh: bool) -> None:
    start, end = _time(event, "scheduled_start_time"), _time(event, "scheduled_end_time")
    if fresh and start is not None and start < asked.world.clock.now():
        raise Violation(
            "scheduled_start_time", "Cannot schedule event in the past.", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"
        )
    if start is not None and end is not None and end <= start:
        raise Violation("scheduled_end_time", "Cannot end before it starts.", "GUILD_SCHEDULED_EVENT_SCHEDULE_ORDER")
    if event["entity_type"] == EXTERNAL:
        if not (event.get("entity_metadata") or {}).get("location") or end is None:
            raise Violation("entity_metadata.location", "This field is required", "BASE_TYPE_REQUIRED")
        return
    channel = guild.channels.get(int(event["channel_id"] or 0))
    wanted = STAGE if event["entity_type"] == IN_STAGE else VOICE
    if channel is None or channel.kind != wanted:
        raise Violation("channel_id", "The event's channel is of another kind.", "GUILD_SCHEDULED_EVENT_CHANNEL")


def _time(event: Body, name: str) -> float | None:
    said = event.get(name)
    if said is None:
        return None
    try:
        return datetime.fromisoformat(said).timestamp()
    except ValueError:
        raise Violation(name, f"{said!r} is no time.", "DATE_TIME_TYPE_PARSE") from None
