"""Messages of channels: post, read, edit, delete, pin."""

from __future__ import annotations

from tests.fakes.discord import posting
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusal import Body, Refused, Violation, bad_request, missing_permissions
from tests.fakes.discord.router import ROUTER, Answer, Asked
from tests.fakes.discord.snowflake import iso, made_at
from tests.fakes.discord.world import World

NONCE_SECONDS = 300
"""How long a repeated nonce gives the first message. Discord says "a few minutes"."""

MOST_PINS = 250
_MESSAGES = "/channels/{channel_id}/messages"
_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
_PINS = "/channels/{channel_id}/messages/pins"


@ROUTER.on("POST", _MESSAGES)
def create(asked: Asked) -> Answer:
    """A new message; the first one again when its nonce is enforced."""
    world, channel, given = asked.world, asked.channel, asked.form
    may_post(world, channel, given, bool(asked.files))
    nonce = given.get("nonce")
    if nonce is not None and given.get("enforce_nonce"):
        first, at = world.nonces.get((channel.id, str(nonce)), (None, 0.0))
        if first and world.clock.now() - at < NONCE_SECONDS:
            return 200, first.body
    more = _reference(world, channel, given)
    message = posting.post(world, channel, given, asked.files, more=more | ({"nonce": nonce} if nonce else {}))
    if nonce is not None:
        world.nonces[channel.id, str(nonce)] = message, world.clock.now()
    return 200, message.body


@ROUTER.on("GET", _MESSAGES)
def history(asked: Asked) -> Answer:
    """Newest first; before, after, around, limit as usual."""
    world, channel, query = asked.world, asked.channel, asked.query
    world.need(channel, Permission.READ_MESSAGE_HISTORY)
    limit = int(query.get("limit", 50))
    messages = channel.messages
    if "before" in query:
        messages = [one for one in messages if one.id < int(query["before"])]
    if "after" in query:
        messages = [one for one in messages if one.id > int(query["after"])][:limit]
    if "around" in query:
        middle = int(query["around"])
        messages = sorted(sorted(messages, key=lambda one: abs(one.id - middle))[:limit], key=lambda one: one.id)
    return 200, [one.body for one in reversed(messages[-limit:])]


@ROUTER.on("GET", _MESSAGE)
def read(asked: Asked) -> Answer:
    """One message."""
    asked.world.need(asked.channel, Permission.READ_MESSAGE_HISTORY)
    return 200, asked.message.body


@ROUTER.on("PATCH", _MESSAGE)
def update(asked: Asked) -> Answer:
    """An edit of the bot's own message."""
    world, channel, message = asked.world, asked.channel, asked.message
    if message.body["author"]["id"] != str(world.id):
        raise Refused(403, 50005, "Cannot edit a message authored by another user")
    if channel.archived:
        raise bad_request(50083, "Thread is archived")
    if asked.files:
        world.need(channel, Permission.ATTACH_FILES)
    world.limits.old_edit(made_at(message.id), message.edits)
    message.edits.append(world.clock.now())
    posting.edit(world, channel, message, asked.form, asked.files)
    return 200, message.body


@ROUTER.on("DELETE", _MESSAGE)
def delete(asked: Asked) -> Answer:
    """Other people's messages need MANAGE_MESSAGES."""
    world, channel, message = asked.world, asked.channel, asked.message
    if message.body["author"]["id"] != str(world.id):
        world.need(channel, Permission.MANAGE_MESSAGES)
    posting.delete(world, channel, message)
    return 204, None


@ROUTER.on("GET", _PINS)
def pins(asked: Asked) -> Answer:
    """Pinned messages, newest first."""
    items = [
        {"pinned_at": one.body["timestamp"], "message": one.body}
        for one in reversed(asked.channel.messages)
        if one.body["pinned"]
    ]
    return 200, {"items": items, "has_more": False}


@ROUTER.on("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
def pin(asked: Asked) -> Answer:
    """At most 250 in a channel."""
    return _set_pin(asked, pinned=True)


@ROUTER.on("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
def unpin(asked: Asked) -> Answer:
    """Not pinned any more."""
    return _set_pin(asked, pinned=False)


def may_post(world: World, channel: Channel, given: Body, files: bool) -> None:
    """Refused when the bot may not post this there."""
    if channel.shut:
        raise Refused(403, 50007, "Cannot send messages to this user")
    if channel.guild:
        world.need(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
        if given.get("embeds"):
            world.need(channel, Permission.EMBED_LINKS)
        if files:
            world.need(channel, Permission.ATTACH_FILES)
    if channel.is_thread and channel.archived:
        if channel.locked and not world.rights(channel) & Permission.MANAGE_THREADS:
            raise bad_request(50083, "Thread is archived")
        channel.archived = False


def _reference(world: World, channel: Channel, given: Body) -> Body:
    named = given.get("message_reference")
    if not named:
        return {}
    replied: Message | None = channel.by_id.get(int(named["message_id"]))
    if replied is None or replied.deleted:
        if named.get("fail_if_not_exists", True):
            raise Violation("message_reference", "Unknown message", "REPLIES_UNKNOWN_MESSAGE")
        return {}
    world.need(channel, Permission.READ_MESSAGE_HISTORY)
    reference: Body = {"type": 0, "channel_id": str(channel.id), "message_id": str(replied.id)}
    if channel.guild:
        reference["guild_id"] = str(channel.guild_id)
    return {"type": posting.REPLY, "message_reference": reference, "referenced_message": replied.body}


def _set_pin(asked: Asked, *, pinned: bool) -> Answer:
    world, channel, message = asked.world, asked.channel, asked.message
    if channel.guild and not world.rights(channel) & (Permission.PIN_MESSAGES | Permission.MANAGE_MESSAGES):
        raise missing_permissions()
    if pinned and sum(one.body["pinned"] for one in channel.messages) >= MOST_PINS:
        raise bad_request(30003, f"Maximum number of pins reached ({MOST_PINS})")
    message.change(pinned=pinned)
    channel.touch(message)
    told: Body = {"channel_id": str(channel.id), "last_pin_timestamp": iso(world.clock.now())}
    if channel.guild:
        told["guild_id"] = str(channel.guild_id)
    world.emit("CHANNEL_PINS_UPDATE", told, channel.guild_id, 1 if channel.guild else 1 << 12)
    return 204, None
