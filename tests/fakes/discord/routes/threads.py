"""Threads: from a message or standing alone, and who is in them."""

from __future__ import annotations

from tests.fakes.discord.channel import NEWS, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, Channel
from tests.fakes.discord.gateway import GUILDS
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusal import Body, bad_request, unknown
from tests.fakes.discord.router import ROUTER, Answer, Asked
from tests.fakes.discord.snowflake import iso
from tests.fakes.discord.world import World

MOST_ACTIVE = 1000
_MEMBERS = "/channels/{channel_id}/thread-members"


@ROUTER.on("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def from_message(asked: Asked) -> Answer:
    """A thread has the id of its message, so a message has one at most."""
    world, channel, message = asked.world, asked.channel, asked.message
    _may_begin(world, channel, PUBLIC_THREAD)
    if message.id in world.channels:
        raise bad_request(160004, "A thread has already been created for this message")
    thread = _begin(world, channel, asked.form, PUBLIC_THREAD, message.id)
    message.change(thread=thread.body, flags=message.body["flags"] | 1 << 5)
    return 201, thread.body


@ROUTER.on("POST", "/channels/{channel_id}/threads")
def standalone(asked: Asked) -> Answer:
    """Private unless its type says otherwise."""
    world, channel = asked.world, asked.channel
    kind = asked.form.get("type") or PRIVATE_THREAD
    _may_begin(world, channel, kind)
    thread = _begin(world, channel, asked.form, kind, world.snowflakes.next())
    return 201, {**thread.body, "member": _member(world, thread, world.id)}


@ROUTER.on("GET", "/guilds/{guild_id}/threads/active")
def active(asked: Asked) -> Answer:
    """Those of a guild that are not archived."""
    world = asked.world
    guild = world.guild(asked.number("guild_id", "Guild"))
    threads = [one for one in guild.channels.values() if one.is_thread and not one.archived]
    members = [_member(world, one, world.id) for one in threads if world.id in one.thread_members]
    return 200, {"threads": [one.body for one in threads], "members": members, "has_more": False}


@ROUTER.on("PUT", _MEMBERS + "/@me")
def join(asked: Asked) -> Answer:
    """The bot joins."""
    return _change_members(asked, asked.world.id, there=True)


@ROUTER.on("DELETE", _MEMBERS + "/@me")
def leave(asked: Asked) -> Answer:
    """The bot leaves."""
    return _change_members(asked, asked.world.id, there=False)


@ROUTER.on("PUT", _MEMBERS + "/{user_id}")
def add(asked: Asked) -> Answer:
    """Somebody is brought in."""
    return _change_members(asked, asked.number("user_id", "User"), there=True)


@ROUTER.on("DELETE", _MEMBERS + "/{user_id}")
def remove(asked: Asked) -> Answer:
    """Somebody is put out."""
    asked.world.need(asked.channel, Permission.MANAGE_THREADS)
    return _change_members(asked, asked.number("user_id", "User"), there=False)


@ROUTER.on("GET", _MEMBERS)
def members(asked: Asked) -> Answer:
    """Who is in it."""
    thread = asked.channel
    return 200, [_member(asked.world, thread, one) for one in sorted(thread.thread_members)]


def _may_begin(world: World, channel: Channel, kind: int) -> None:
    public = kind != PRIVATE_THREAD
    world.need(channel, Permission.CREATE_PUBLIC_THREADS if public else Permission.CREATE_PRIVATE_THREADS)
    if channel.kind not in (TEXT, NEWS) or channel.guild is None:
        raise bad_request(50024, "Cannot execute action on this channel type")
    if sum(one.is_thread and not one.archived for one in channel.guild.channels.values()) >= MOST_ACTIVE:
        raise bad_request(160006, "Maximum number of active threads reached")


def _begin(world: World, parent: Channel, given: Body, kind: int, number: int) -> Channel:
    thread = Channel(number, kind, given["name"], parent.guild, parent, owner=world.id)
    thread.archive_minutes = given.get("auto_archive_duration") or thread.archive_minutes
    thread.thread_members.add(world.id)
    world.channels[thread.id] = thread
    if parent.guild:
        parent.guild.channels[thread.id] = thread
    world.emit("THREAD_CREATE", {**thread.body, "newly_created": True}, parent.guild_id, GUILDS)
    parent.changed.ring()
    return thread


def _member(world: World, thread: Channel, user: int) -> Body:
    return {"id": str(thread.id), "user_id": str(user), "join_timestamp": iso(world.clock.now()), "flags": 0}


def _change_members(asked: Asked, user: int, *, there: bool) -> Answer:
    world, thread = asked.world, asked.channel
    if not thread.is_thread:
        raise bad_request(50024, "Cannot execute action on this channel type")
    if thread.archived:
        raise bad_request(50083, "Thread is archived")
    if there and thread.guild and user not in thread.guild.members:
        raise unknown("Member")
    (thread.thread_members.add if there else thread.thread_members.discard)(user)
    told: Body = {"id": str(thread.id), "guild_id": str(thread.guild_id), "member_count": len(thread.thread_members)}
    told["added_members" if there else "removed_member_ids"] = [_member(world, thread, user)] if there else [str(user)]
    world.emit("THREAD_MEMBERS_UPDATE", told, thread.guild_id, GUILDS)
    return 204, None
