"""The catalogue as the page reads it: every story with what this viewer has of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog

from adapters.web.view import scene_title
from bot.clips.shelf import Shelf
from bot.library import Library, UnknownStory
from bot.play.path import here, scenes_seen
from bot.play.state import BadState, BranchState, unpack
from bot.store.port import Session
from bot.story.story import Story

log = structlog.get_logger()

Json = dict[str, Any]


async def catalogue(library: Library, shelf: Shelf, sessions: Iterable[Session], language: str, now: float) -> Json:
    """All stories in `language` where they speak it. Broken ones are listed with their first errors."""
    mine = {session.story: session for session in sessions}
    stories = [
        await _entry(library, story, shelf, mine.get(story.id), language, now) for story in library.stories.values()
    ]
    broken = [
        {"id": id, "errors": [str(problem) for problem in problems[:5]]} for id, problems in library.broken.items()
    ]
    return {"language": language, "stories": stories, "broken": broken}


async def _entry(
    library: Library, story: Story, shelf: Shelf, session: Session | None, language: str, now: float
) -> Json:
    wording = story.wording(language)
    state = await _state(library, session)
    ended = state.ended if state else frozenset()
    seen = scenes_seen(state) if state else set()
    return {
        "id": story.id,
        "title": wording.plain("title"),
        "synopsis": wording.plain("synopsis"),
        "genres": list(story.genres),
        "rating": story.rating,
        "languages": list(story.languages),
        "poster": shelf.link(story, story.poster, now),
        "seconds": sum(story.seconds.values()),
        "episodes": [
            {
                "id": episode.id,
                "title": wording.plain(f"episode/{episode.id}"),
                "seconds": sum(story.seconds.get(scene, 0) for scene in episode.scenes),
            }
            for episode in story.episodes.values()
        ],
        "endings": {"found": len(ended.intersection(story.endings)), "total": len(story.endings)},
        "scenes": {"seen": len(seen & story.scenes.keys()), "total": len(story.scenes)},
        "session": None
        if state is None or session is None
        else {
            "scene_title": scene_title(wording, here(state)),
            "updated": session.updated,
            "ended": here(state) in state.ended and state.held is None,
        },
    }


async def _state(library: Library, session: Session | None) -> BranchState | None:
    if session is None:
        return None
    try:
        return unpack(await library.version(session.story, session.version), session.state)
    except (UnknownStory, BadState) as error:
        log.error("session_unreadable", session=session.id, error=str(error))
        return None
