"""What a voter is told, by what became of the vote: keys of the chats' words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.rooms import Reply

VOTED: Mapping[Reply, str] = MappingProxyType(
    {
        Reply.COUNTED: "vote_counted",
        Reply.CHANGED: "vote_changed",
        Reply.SAME: "vote_same",
        Reply.LATE: "vote_late",
        Reply.PAUSED: "vote_paused",
        Reply.NOT_ALLOWED: "vote_not_allowed",
        Reply.NOT_OPEN: "vote_not_open",
        Reply.OTHER_SIDE: "vote_other_side",
        Reply.OVER: "room_over",
    }
)
