"""What somebody is told who voted or wanted to steer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from bot.watch.move import Reason


class Reply(Enum):
    """The answer to a vote or to a host's wish. It is given only after what it says is durable."""

    COUNTED = "counted"
    CHANGED = "changed"
    SAME = "same"
    DONE = "done"
    """What the host wanted has happened."""
    LATE = "late"
    """The ballot is closed, or closing; or it was for another scene."""
    PAUSED = "paused"
    NOT_ALLOWED = "not_allowed"
    """The rules do not let this one vote."""
    OTHER_SIDE = "other_side"
    """The group has split, and this one lives the other branch: they chose it at the fork, or are voting there."""
    NOT_OPEN = "not_open"
    """The choice is not on the ballot: locked, or out since the second round."""
    NOT_HOST = "not_host"
    NOTHING_TO_DO = "nothing_to_do"
    OVER = "over"
    """The watch-along has ended, or there is none."""


REFUSALS: Mapping[Reason, Reply] = MappingProxyType(
    {
        Reason.MOVED_ON: Reply.LATE,
        Reason.LATE: Reply.LATE,
        Reason.NOT_YET: Reply.NOTHING_TO_DO,
        Reason.NOT_ON_BALLOT: Reply.NOT_OPEN,
        Reason.NOT_ALLOWED: Reply.NOT_ALLOWED,
        Reason.NOT_HOST: Reply.NOT_HOST,
        Reason.PAUSED: Reply.PAUSED,
        Reason.STOPPED: Reply.OVER,
        Reason.NOTHING_TO_DO: Reply.NOTHING_TO_DO,
    }
)
"""What the rules' reasons are to the one who asked."""
