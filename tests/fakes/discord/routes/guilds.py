"""Guilds, their members, channels and roles."""

from __future__ import annotations

from tests.fakes.discord.gateway import GUILD_MEMBERS, GUILDS
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusal import missing_permissions, unknown
from tests.fakes.discord.router import ROUTER, Answer, Asked

_GUILD = "/guilds/{guild_id}"


@ROUTER.on("GET", _GUILD)
def read(asked: Asked) -> Answer:
    """One guild; with with_counts how many are in it."""
    told = _guild(asked).body
    if asked.query.get("with_counts", "").lower() not in ("true", "1"):
        told = {name: value for name, value in told.items() if not name.startswith("approximate_")}
    return 200, told


@ROUTER.on("GET", _GUILD + "/channels")
def channels(asked: Asked) -> Answer:
    """Without threads."""
    return 200, [one.body for one in _guild(asked).channels.values() if not one.is_thread]


@ROUTER.on("GET", _GUILD + "/roles")
def roles(asked: Asked) -> Answer:
    """All of them."""
    return 200, [role.body for role in _guild(asked).roles.values()]


@ROUTER.on("GET", _GUILD + "/roles/{role_id}")
def role(asked: Asked) -> Answer:
    """One of them."""
    found = _guild(asked).roles.get(asked.number("role_id", "Role"))
    if found is None:
        raise unknown("Role")
    return 200, found.body


@ROUTER.on("GET", _GUILD + "/members/{user_id}")
def member(asked: Asked) -> Answer:
    """Somebody in it; 10007 for those who are not, 10013 for nobody at all."""
    guild, number = _guild(asked), asked.number("user_id", "User")
    if number not in asked.world.users:
        raise unknown("User")
    return 200, guild.member(number).body


@ROUTER.on("PUT", _GUILD + "/members/{user_id}/roles/{role_id}")
def give_role(asked: Asked) -> Answer:
    """Needs MANAGE_ROLES and a role below the bot's own."""
    return _change_role(asked, has=True)


@ROUTER.on("DELETE", _GUILD + "/members/{user_id}/roles/{role_id}")
def take_role(asked: Asked) -> Answer:
    """As for giving."""
    return _change_role(asked, has=False)


@ROUTER.on("DELETE", "/users/@me/guilds/{guild_id}")
def leave(asked: Asked) -> Answer:
    """The bot goes."""
    world, guild = asked.world, _guild(asked)
    world.emit("GUILD_DELETE", {"id": str(guild.id)}, guild.id, GUILDS)
    guild.here = False
    guild.members.pop(world.id, None)
    return 204, None


def _guild(asked: Asked) -> Guild:
    return asked.world.guild(asked.number("guild_id", "Guild"))


def _change_role(asked: Asked, *, has: bool) -> Answer:
    world, guild = asked.world, _guild(asked)
    person = guild.member(asked.number("user_id", "Member"))
    wanted = guild.roles.get(asked.number("role_id", "Role"))
    if wanted is None:
        raise unknown("Role")
    highest = max((guild.roles[one].position for one in guild.member(world.id).roles), default=0)
    if not guild.permissions(world.id) & Permission.MANAGE_ROLES or wanted.position >= highest:
        raise missing_permissions()
    if has and wanted.id not in person.roles:
        person.roles.append(wanted.id)
    elif not has and wanted.id in person.roles:
        person.roles.remove(wanted.id)
    world.emit("GUILD_MEMBER_UPDATE", {**person.body, "guild_id": str(guild.id)}, guild.id, GUILD_MEMBERS)
    return 204, None
