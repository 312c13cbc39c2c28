"""Maps of drafts for the studio's page, drawn once for each: the page asks whenever something may have changed."""

from __future__ import annotations

from collections import OrderedDict

from starlette.responses import Response

from adapters.studio.denial import denial
from adapters.web.refusal import Refusal
from bot.story.problem import StoryError
from bot.studio.bench.line import Busy
from bot.studio.creator import Creator, Denied
from bot.studio.portfolio import Mine
from bot.studio.studio import Studio
from bot.studio.workshop import WorkFailed

MOST_KEPT = 64
MOST_BYTES = 512 * 1024
"""Of a map that is kept; one of two thousand scenes is larger, and drawn again."""

HEADERS = {"content-security-policy": "default-src 'none'; sandbox", "cache-control": "no-cache"}
"""The drawing is safe by itself; should that ever fail, it may still do nothing."""


class Maps:
    """Each scene's plate says whose it is (`data-scene`)."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._kept: OrderedDict[tuple[str, int, int, bool], bytes] = OrderedDict()

    async def answer(self, creator: Creator, story: str, heat: bool) -> Response:
        """The whole draft as SVG, with `heat` how many random plays come where. Raises `Refusal`."""
        try:
            picture = await self._picture(creator, story, heat)
        except Denied as denied:
            raise Refusal(404, "unknown_story", denial(denied).text) from None
        except Busy as error:
            raise Refusal(503, "busy", f"{error}.") from None
        except (WorkFailed, StoryError) as error:
            raise Refusal(409, "no_map", f"{error}.") from None
        return Response(picture, media_type="image/svg+xml", headers=HEADERS)

    async def _picture(self, creator: Creator, story: str, heat: bool) -> bytes:
        mine = await self._studio.portfolio.one(creator, story)
        kept = self._kept.get(_key(mine, heat))
        if kept is not None:
            return kept
        visits = (await self._studio.test(creator, story))[1].visits if heat else None
        drawn, picture = await self._studio.map(creator, story, "svg", visits)
        if len(picture) <= MOST_BYTES:
            self._kept[_key(drawn, heat)] = picture
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return picture


def _key(mine: Mine, heat: bool) -> tuple[str, int, int, bool]:
    """With its time: the first draft of a story that was given up is not that of the next one with its id."""
    return mine.row.story, mine.draft.upload, mine.draft.at, heat
