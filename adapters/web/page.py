"""The page itself: static files, and the storyboard cards that stand in for clips."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.clips.storyboard import storyboard
from bot.http.headers import content_security
from bot.library import Library
from bot.store.errors import StoreError
from bot.story.story import Story

FOLDER = Path(__file__).parent / "page"


TELEGRAM_SCRIPTS = "https://telegram.org"
"""Where the script is that a Mini App loads: https://core.telegram.org/bots/webapps#initializing-mini-apps"""

TELEGRAM_FRAMES = "https://web.telegram.org"
"""Telegram for browsers, which opens a Mini App in a frame."""


def page_routes(library: Library, *, mini_app: bool) -> list[BaseRoute]:
    """The page at `/`, `/play/<story>` and `/room/<code>`, also without a code; the studio's; their files; a still for
    every scene."""
    headers = {"cache-control": "no-cache"}
    if mini_app:
        headers["content-security-policy"] = content_security(TELEGRAM_SCRIPTS, TELEGRAM_FRAMES)

    async def page(_: Request) -> Response:
        return FileResponse(FOLDER / "index.html", headers=headers)

    async def studio(_: Request) -> Response:
        return FileResponse(FOLDER / "studio.html", headers=headers)

    async def still(request: Request) -> Response:
        try:
            story = await _told(library, request.path_params["story"], request.query_params.get("version"))
            scene = story.scenes[request.path_params["scene"]]
        except LookupError:  # neither such a story (in that version) nor such a scene
            return Response("There is no such scene.", 404, media_type="text/plain")
        except StoreError:
            return Response("Not right now; try again in a moment.", 503, media_type="text/plain")
        picture = storyboard("", (), scene.look)  # the page says title and lines itself, over the picture
        return Response(picture, media_type="image/svg+xml", headers={"cache-control": "max-age=300"})

    return [
        Route("/", page),
        Route("/play/{story}", page),
        Route("/room/", page),
        Route("/room/{code}", page),
        Route("/studio", studio),
        Route("/storyboard/{story}/{scene}.svg", still),
        Mount("/static", StaticFiles(directory=FOLDER)),
    ]


async def _told(library: Library, story: str, version: str | None) -> Story:
    """The version that a viewer is in, or the newest. Raises `UnknownStory`."""
    return library.story(story) if version is None else await library.version(story, version)
