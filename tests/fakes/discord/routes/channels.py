"""Channels: read, change, delete; typing."""

from __future__ import annotations

from tests.fakes.discord.channel import Channel
from tests.fakes.discord.gateway import GUILDS
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.router import ROUTER, Answer, Asked
from tests.fakes.discord.world import World

_CHANNEL = "/channels/{channel_id}"


@ROUTER.on("GET", _CHANNEL)
def read(asked: Asked) -> Answer:
    """One channel, thread or direct message channel."""
    return 200, asked.channel.body


@ROUTER.on("PATCH", _CHANNEL)
def change(asked: Asked) -> Answer:
    """Name and topic of a channel; name, archived, locked and duration of a thread."""
    world, channel, given = asked.world, asked.channel, asked.form
    _may_change(world, channel)
    channel.name = given.get("name") or channel.name
    if channel.is_thread:
        channel.archived = bool(given.get("archived", channel.archived))
        channel.locked = bool(given.get("locked", channel.locked))
        channel.archive_minutes = given.get("auto_archive_duration") or channel.archive_minutes
    else:
        channel.topic = given.get("topic", channel.topic)
    told = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
    world.emit(told, channel.body, channel.guild_id, GUILDS)
    channel.changed.ring()
    return 200, channel.body


@ROUTER.on("DELETE", _CHANNEL)
def delete(asked: Asked) -> Answer:
    """A channel goes with its threads; direct messages are only closed."""
    world, channel = asked.world, asked.channel
    if channel.guild is None:
        return 200, channel.body
    world.need(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
    remove(world, channel)
    return 200, channel.body


@ROUTER.on("POST", _CHANNEL + "/typing")
def typing(asked: Asked) -> Answer:
    """The bot is typing."""
    channel = asked.channel
    asked.world.need(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
    return 204, None


def remove(world: World, channel: Channel) -> None:
    """A guild's channel is gone, with its threads; the bot is told."""
    guild = channel.guild
    if guild is None:
        return
    for thread in [one for one in guild.channels.values() if one.is_thread and one.parent is channel]:
        remove(world, thread)
    channel.gone = True
    guild.channels.pop(channel.id, None)
    world.emit("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel.body, guild.id, GUILDS)
    channel.changed.ring()


def _may_change(world: World, channel: Channel) -> None:
    if channel.guild is None or (channel.is_thread and channel.owner == world.id):
        return
    world.need(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
