"""A creator: who asks for something in the studio, and what they are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.store.drafts import Role

RANK: dict[Role, int] = {"tester": 1, "translator": 2, "writer": 3, "owner": 4}
"""Each may do what those below may."""


@dataclass(frozen=True, slots=True)
class Creator:
    """A viewer who makes stories; `operator`: one of the OWNERS, who may stop anything and still sees no draft."""

    viewer: int
    operator: bool = False


class Why(Enum):
    """Why the studio does not do what it was asked for."""

    UNKNOWN = "unknown"
    """There is no such story, or none that they have anything to do with: the two are not told apart."""
    ROLE = "role"
    """Theirs is too small a role for it."""
    TAKEN = "taken"
    """The id is that of a story on this server, or of somebody else's."""
    MANY_STORIES = "many_stories"
    MANY_UPLOADS = "many_uploads"
    MUCH = "much"
    """The story's clips take more than there is room for."""
    TRANSLATIONS_ONLY = "translations_only"
    """A translator sends string tables, and these files changed something else."""
    NO_SCENE = "no_scene"
    """A clip came for a scene that the story does not have."""
    NO_CLIP = "no_clip"
    """What came as a clip is none."""
    NOTHING = "nothing"
    """There is nothing to take back, or to publish: it is live as it is."""
    CHANGED = "changed"
    """Somebody else was faster: look again."""
    INVITE = "invite"
    """The invitation is used, over, or none."""
    STOPPED = "stopped"
    """An operator has stopped it, and only an operator may make it live again."""
    LAST_OWNER = "last_owner"
    """A story needs an owner."""
    NOT_PLAYING = "not_playing"
    """They have no test play."""


class Denied(Exception):
    """The studio does not do it. `detail` is for the message: a name, a number, or what went wrong."""

    def __init__(self, why: Why, detail: str = "") -> None:
        self.why, self.detail = why, detail
        super().__init__(f"{why.value}: {detail}" if detail else why.value)


def must_be(role: Role | None, least: Role) -> Role:
    """The role, where it is great enough. Raises `Denied`."""
    if role is None:
        raise Denied(Why.UNKNOWN)
    if RANK[role] < RANK[least]:
        raise Denied(Why.ROLE, least)
    return role
