"""What goes wrong at Discord, in delivery's words."""

from __future__ import annotations

import aiohttp
import discord

from bot.delivery.delivery import Gone, Later, Unshowable

PASSING = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What Discord's REST raises that may pass, or is turned into delivery's words first."""

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_MEMBER, UNKNOWN_USER = 10003, 10004, 10008, 10007, 10013
NO_ACCESS, NO_PERMISSION, NO_DIRECT_MESSAGES = 50001, 50013, 50007
THREAD_ARCHIVED, THREAD_LOCKED = 50083, 160005
OLD_MESSAGE = 30046
"""Too many edits of a message more than an hour old: a fresh one is posted."""

GONE = frozenset({UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_USER, NO_DIRECT_MESSAGES})
FORBIDDEN = frozenset({NO_ACCESS, NO_PERMISSION, THREAD_ARCHIVED, THREAD_LOCKED})

FORBIDDEN_SECONDS, FORBIDDEN_LONGEST = 30.0, 600.0
"""Between tries in a channel where a permission is missing: somebody may be about to give it. Twice as long each time
until the longest: whose calls are refused 10,000 times in ten minutes is shut out altogether (Discord, rate limits)."""

HELD_SECONDS = 5.0
"""Between tries while Discord refuses the token: it is being changed, or the whole bot will end."""


class Forbidden(Later):
    """A permission is missing in that channel, or a proxy lets nothing through (`code` 0). It is tried again, and the
    host is told meanwhile.
    """

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(FORBIDDEN_SECONDS)


class Long(Later):
    """Discord asks for more patience than the library has. Edits of old messages are refused like that too."""


class Old(Exception):
    """The message may not be edited any more; a fresh one can be sent in its place."""


class Missing(Exception):
    """There is no such message any more."""


def delivery_error(error: Exception) -> Exception:
    """`Gone`, `Later`, `Forbidden`, `Old`, `Missing` or `Unshowable`, or the error itself when it may pass."""
    if isinstance(error, discord.RateLimited):
        return Long(error.retry_after)
    if not isinstance(error, discord.HTTPException):
        return error
    if error.code in GONE:
        return Gone()
    if error.code == OLD_MESSAGE:
        return Old()
    if error.code == UNKNOWN_MESSAGE:
        return Missing()
    if error.code in FORBIDDEN:
        return Forbidden(error.code)
    if error.status == 401:
        return Later(HELD_SECONDS)
    if error.status == 429 or error.status >= 500:
        return Later(HELD_SECONDS)
    if not error.code:
        # Something in between has answered, such as the page with which a proxy refuses: Discord did not see the call.
        return Forbidden(0)
    return Unshowable(f"{error.status} {error.code}: {error.text}") if error.status < 500 else error
