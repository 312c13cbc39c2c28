"""An arrival: who did something on Discord, and where, whatever it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from adapters.discord.place import PLATFORM
from bot.record import record
from bot.store.port import EventKey
from bot.watch.vote import Voter

ADMINISTRATOR, MANAGE_EVENTS = 1 << 3, 1 << 33
"""Permissions (Discord, bitwise permission flags) whose holders may act for a host."""

THREADS = frozenset({10, 11, 12})
"""Types of threads (Discord, channel types)."""

DIRECT = 1
"""The context of direct messages with the bot (Discord, interaction context types)."""


@record(frozen=True, slots=True)
class Arrival:
    """An interaction. `language` is the person's locale, `guild` None in direct messages and elsewhere outside."""

    id: int
    token: str = field(repr=False)
    user: int
    language: str
    guild: int | None
    channel: int
    at: int
    """Unix ms."""
    roles: frozenset[str] = frozenset()
    steward: bool = False
    """Whether the person may act for the host of a watch-along."""
    message: int | None = None
    """The message whose button was pressed, and whether only the person sees it."""
    ephemeral: bool = False
    direct: bool = False
    """Whether it is in direct messages with the bot."""
    guild_language: str = ""
    may: int = 0
    """What the bot may do there, as permission flags."""
    parent: int | None = None
    """The channel that the thread is in, where it is one."""

    @property
    def key(self) -> EventKey:
        return EventKey(PLATFORM, str(self.id))

    @property
    def person(self) -> str:
        return str(self.user)

    @property
    def voter(self) -> Voter:
        return Voter(f"{PLATFORM}:{self.user}", roles=self.roles, steward=self.steward)

    def voter_in(self, platform: str, address: str) -> Voter:
        """The same for a room with that home: where a room only visits, nobody may act for its host."""
        return self.voter if self.at_home(platform, address) else replace(self.voter, steward=False)

    def at_home(self, platform: str, address: str) -> bool:
        """Whether it came from a room's home chat, or from a thread of it."""
        home = address.partition("/")[0]
        return platform == PLATFORM and home in (str(self.channel), str(self.parent))


def arrival(data: Mapping[str, Any], at: int) -> Arrival:
    """From an interaction as the gateway sends it. Raises `KeyError` and `ValueError` for what is none."""
    member = data.get("member")
    person = data["user"] if member is None else member["user"]
    message = data.get("message")
    may = int(member["permissions"]) if member is not None else 0
    return Arrival(
        int(data["id"]),
        data["token"],
        int(person["id"]),
        data.get("locale", ""),
        int(data["guild_id"]) if "guild_id" in data else None,
        int(data["channel_id"]) if "channel_id" in data else int(data["channel"]["id"]),
        at,
        frozenset(member["roles"]) if member is not None else frozenset(),
        bool(may & (ADMINISTRATOR | MANAGE_EVENTS)),
        int(message["id"]) if message is not None else None,
        bool(message is not None and message.get("flags", 0) & EPHEMERAL),
        data.get("context") == DIRECT,
        data.get("guild_locale", ""),
        int(data.get("app_permissions", 0)),
        _parent(data.get("channel") or {}),
    )


def chosen(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What was chosen in a menu, from the interaction's data: ids of people, or values. Bots cannot be chosen."""
    people = data.get("resolved", {}).get("users", {})
    return tuple(one for one in map(str, data.get("values", ())) if not people.get(one, {}).get("bot"))


def _parent(channel: Mapping[str, Any]) -> int | None:
    # Other channels have one too: their category.
    return int(channel["parent_id"]) if channel.get("type") in THREADS and channel.get("parent_id") else None


EPHEMERAL = 1 << 6
"""The flag of a message that only one person sees (Discord, message flags)."""
