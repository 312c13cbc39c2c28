"""Permission bits (https://discord.com/developers/docs/topics/permissions) and who has which where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntFlag


class Permission(IntFlag):
    """The bits that this server looks at."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    CREATE_EVENTS = 1 << 44
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


ALL = (1 << 53) - 1
"""What an administrator may."""

MEMBER = int(
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
"""What @everyone may in a new guild, as here."""

BOT = int(Permission.CREATE_EVENTS | Permission.MANAGE_EVENTS | Permission.MANAGE_THREADS | Permission.PIN_MESSAGES)
"""What the bot's own role adds unless a test says otherwise."""

Overwrites = Mapping[int, tuple[int, int]]
"""By the id of a role or a member: what a channel allows and denies."""


def within(base: int, everyone: int, roles: Iterable[int], user: int, overwrites: Overwrites) -> int:
    """The permissions in a channel, from those in the guild; `everyone` is the id of @everyone."""
    if base & Permission.ADMINISTRATOR:
        return ALL
    allow, deny = overwrites.get(everyone, (0, 0))
    has = base & ~deny | allow
    allowed = denied = 0
    for role in roles:
        allow, deny = overwrites.get(role, (0, 0))
        allowed, denied = allowed | allow, denied | deny
    has = has & ~denied | allowed
    allow, deny = overwrites.get(user, (0, 0))
    return has & ~deny | allow
