"""The JSON of an interaction as the gateway tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.discord.attachments import UPLOAD_BYTES
from tests.fakes.discord.channel import DM, Channel
from tests.fakes.discord.guild import Guild, Member, Role
from tests.fakes.discord.interaction import COMPONENT, Interaction
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import ALL, Permission
from tests.fakes.discord.refusal import Body
from tests.fakes.discord.world import World

GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
"""Contexts: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object."""

_DESCRIBED = {"message": "MessageResponse", "member": "GuildMemberResponse", "user": "UserResponse"}
"""The parts of an interaction that the official description knows."""

USER_APP_RIGHTS = int(
    Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE | Permission.USE_EXTERNAL_EMOJIS
)
"""What an app may that is only installed by the person."""


@dataclass(frozen=True)
class Caller:
    """Who invokes: their JSON and the language of their client."""

    user: Body
    locale: str

    @property
    def id(self) -> int:
        return int(self.user["id"])


def context_of(world: World, channel: Channel, caller: Caller) -> int:
    """Where something is invoked."""
    if channel.guild:
        return GUILD
    return BOT_DM if channel is world.dms.get(caller.id) else PRIVATE_CHANNEL


def owners(world: World, channel: Channel, caller: Caller) -> Body:
    """By whose installation the app may act there: {"0": guild, "1": user}."""
    told: Body = {}
    if channel.guild and channel.guild.here:
        told["0"] = str(channel.guild_id)
    elif not channel.guild and channel.kind == DM and channel is world.dms.get(caller.id):
        told["0"] = "0"
    if caller.id in world.installed:
        told["1"] = str(caller.id)
    return told


def open_interaction(
    world: World, kind: int, caller: Caller, channel: Channel, name: str, message: Message | None = None
) -> Interaction:
    """A new one, which can be answered from now on."""
    number = world.snowflakes.next()
    here = channel.guild is None or channel.guild.here
    token = f"aW50ZXJhY3Rpb24{number:x}"
    made = Interaction(number, token, kind, caller.id, channel, world.clock.now(), world.clock, message, here)
    made.leniency = world.leniency
    made.owners, made.name = owners(world, channel, caller), name
    world.interactions[number] = world.by_token[token] = made
    return made


def invoke(world: World, interaction: Interaction, caller: Caller, data: Body) -> None:
    """The bot hears of it: on its guild's shard, or on shard 0."""
    channel = interaction.channel
    told = payload(world, interaction, caller, data)
    parts = [(name, schema, told[name]) for name, schema in _DESCRIBED.items() if name in told]
    files = data.get("resolved", {}).get("attachments", {})
    parts += [("attachment", "AttachmentResponse", one) for one in files.values()]
    for name, schema, one in parts if world.spec else ():
        if fault := world.spec and world.spec.fits(schema, one):
            world.violations.append(f"our {name} in {interaction.name}: {fault[0]}: {fault[1]}")
    world.emit("INTERACTION_CREATE", told, channel.guild_id if interaction.app_in_guild else None, 0)


def payload(world: World, interaction: Interaction, caller: Caller, data: Body) -> Body:
    """The whole of it."""
    told: Body = {
        "version": 1,
        "id": str(interaction.id),
        "application_id": str(world.id),
        "type": interaction.kind,
        "token": interaction.token,
        "data": data,
        **place(world, interaction.channel, caller),
    }
    if interaction.message:
        told["message"] = interaction.message.body
    if interaction.kind == COMPONENT and interaction.message is None:
        raise LookupError("a component belongs to a message")
    return told


def place(world: World, channel: Channel, caller: Caller) -> Body:
    """Where it happens and who does it: all but what they do."""
    guild = channel.guild
    told: Body = {
        "channel_id": str(channel.id),
        "channel": partial_channel(channel, rights(channel, caller.id)),
        "locale": caller.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(world, channel, caller),
        "context": context_of(world, channel, caller),
        "attachment_size_limit": UPLOAD_BYTES,
        "app_permissions": str(_app_rights(world, channel)),
    }
    if guild is None:
        return {**told, "user": caller.user}
    member = {**guild.member(caller.id).body, "permissions": str(guild.permissions(caller.id, channel))}
    about = {"id": str(guild.id), "locale": guild.locale, "features": []}
    return {**told, "guild_id": str(guild.id), "guild": about, "guild_locale": guild.locale, "member": member}


def rights(channel: Channel, user: int) -> int:
    """What somebody may do in a channel."""
    return channel.guild.permissions(user, channel) if channel.guild else ALL


def partial_channel(channel: Channel, permissions: int) -> Body:
    """A channel as interactions carry it."""
    told = {name: value for name, value in channel.body.items() if name != "permission_overwrites"}
    return {**told, "permissions": str(permissions)}


def resolved(caller: Caller, channel: Channel, chosen: list[Any]) -> Body:
    """The people, roles, channels and files that values stand for, by kind and id."""
    told: Body = {}
    for one in chosen:
        if isinstance(one, Role):
            told.setdefault("roles", {})[str(one.id)] = one.body
        elif isinstance(one, Channel):
            told.setdefault("channels", {})[str(one.id)] = partial_channel(one, rights(one, caller.id))
        elif isinstance(one, Message):
            told.setdefault("messages", {})[str(one.id)] = one.body
        elif isinstance(one, dict) and "filename" in one:
            told.setdefault("attachments", {})[one["id"]] = one
        elif isinstance(one, dict):
            told.setdefault("users", {})[one["id"]] = one
            if member := _member(channel.guild, int(one["id"])):
                may = str(rights(channel, member.id))
                told.setdefault("members", {})[one["id"]] = {**member.bare, "permissions": may}
    return told


def _member(guild: Guild | None, user: int) -> Member | None:
    return guild.members.get(user) if guild else None


def _app_rights(world: World, channel: Channel) -> int:
    if channel.guild and not channel.guild.here:
        return USER_APP_RIGHTS
    return world.rights(channel)
