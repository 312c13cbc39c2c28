"""The page itself: static files, and the storyboard cards that stand in for clips."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.web.view import scene_title
from bot.clips.storyboard import storyboard
from bot.library import Library

FOLDER = Path(__file__).parent / "page"


def page_routes(library: Library) -> list[BaseRoute]:
    """The page at `/` and `/play/<story>`, its files, and a still for every scene."""

    async def page(_: Request) -> Response:
        return FileResponse(FOLDER / "index.html", headers={"cache-control": "no-cache"})

    async def still(request: Request) -> Response:
        story = library.stories.get(request.path_params["story"])
        scene = story.scenes.get(request.path_params["scene"]) if story else None
        if story is None or scene is None:
            return Response("There is no such scene.", 404, media_type="text/plain")
        wording = story.wording(request.query_params.get("language", story.language))
        picture = storyboard(scene_title(wording, scene.id), (), scene.look)
        return Response(picture, media_type="image/svg+xml", headers={"cache-control": "max-age=300"})

    return [
        Route("/", page),
        Route("/play/{story}", page),
        Route("/storyboard/{story}/{scene}.svg", still),
        Mount("/static", StaticFiles(directory=FOLDER)),
    ]
