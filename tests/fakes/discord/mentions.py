"""Whom a message calls: what allowed_mentions lets through."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tests.fakes.discord import components
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusal import Body, Violation

_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True)
class Ping:
    """Somebody's device rings: `whom` is the id of a user or a role, 0 for everyone or here."""

    kind: Literal["user", "role", "everyone"]
    whom: int
    channel: int
    message: int


@dataclass(frozen=True)
class Called:
    """The ids of whom a text calls after allowed_mentions."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False

    def pings(self, channel: int, message: int) -> list[Ping]:
        rings = [Ping("user", user, channel, message) for user in self.users]
        rings += [Ping("role", role, channel, message) for role in self.roles]
        return [*rings, Ping("everyone", 0, channel, message)] if self.everyone else rings


NOBODY = Called()


def called(channel: Channel, body: Body, allowed: Body | None, rights: int) -> Called:
    """Whom a message calls. `rights` are the sender's: MENTION_EVERYONE is for everyone and for any role."""
    texts = [body.get("content") or ""]
    texts += [
        part["content"] for part in components.walk(body.get("components") or []) if part["type"] == components.TEXT
    ]
    text = "\n".join(texts)
    if "@" not in text:
        return NOBODY if allowed is None else _narrowed(NOBODY, allowed)
    users = tuple(dict.fromkeys(int(one) for one in _USER.findall(text)))
    roles = tuple(dict.fromkeys(int(one) for one in _ROLE.findall(text)))
    powerful = bool(rights & Permission.MENTION_EVERYONE)
    callable_roles = (
        {role.id for role in channel.guild.roles.values() if role.mentionable or powerful} if channel.guild else set()
    )
    everyone = bool(_EVERYONE.search(text)) and powerful
    roles = tuple(role for role in roles if role in callable_roles)
    if allowed is None:
        return Called(users, roles, everyone)
    return _narrowed(Called(users, roles, everyone), allowed)


def _narrowed(called: Called, allowed: Body) -> Called:
    parse = allowed.get("parse") or []
    for name in ("users", "roles"):
        if name in parse and allowed.get(name):
            raise Violation("allowed_mentions", f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.')
    users = {int(one) for one in allowed.get("users") or []}
    roles = {int(one) for one in allowed.get("roles") or []}
    return Called(
        tuple(one for one in called.users if "users" in parse or one in users),
        tuple(one for one in called.roles if "roles" in parse or one in roles),
        called.everyone and "everyone" in parse,
    )
