"""Keeps a session small however long it is played: the oldest part of a path is counted up and folded away."""

from __future__ import annotations

from bot.play.state import FOLDED, STARTS, Base, Path
from bot.play.walk import Walk
from bot.story.story import Story

MAX_PATH = 600
"""Tokens of a path, some 200 choices: more than any known interactive film has from start to end."""

KEPT_PATH = 300
"""Tokens that stay when a path is folded; a rewind goes back no further."""


def folded(story: Story, base: Base, path: Path) -> tuple[Base, Path]:
    """The base and path as they are, or, of a path that is too long, with its oldest part folded into the base."""
    if len(path) <= MAX_PATH:
        return base, path
    cuts = (at for at in range(len(path) - KEPT_PATH, len(path)) if path[at][:1] in STARTS)
    cut = next(cuts, None)
    if cut is None:
        return base, path
    walk = Walk.again(story, story.language, base, path[:cut])
    counted = Base(tuple(walk.values), walk.ended, walk.visits, walk.chosen)
    return counted, (FOLDED + walk.scene, *path[cut:])
