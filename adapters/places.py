"""Places: where a viewer stands in a story, for pages that tell of it."""

from __future__ import annotations

from bot.library import Library, UnknownStory
from bot.play.state import BadState, BranchState, unpack
from bot.store.port import Session


async def state_of(library: Library, session: Session | None) -> BranchState | None:
    """Where a session stands; None where there is none that can be read."""
    if session is None:
        return None
    try:
        return unpack(await library.version(session.story, session.version), session.state)
    except (UnknownStory, BadState):
        return None
