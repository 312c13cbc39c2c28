"""What is shown of each room, read once for all who watch it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from adapters.web.room_fork import fork_json
from adapters.web.room_scene import RoomScene, scene_of
from adapters.web.room_stream import Json, Shown
from adapters.web.room_view import moment_json, scene_json
from bot.app import App
from bot.clips.shelf import Shelf
from bot.rooms import Rooms
from bot.rooms.booth import Booth

MOST = 500
"""Rooms whose scene is at hand; some KiB each."""

SIGNED_AGAIN = 3_600_000
"""Milliseconds after which a scene's links are made anew; they last six hours at least (`bot.clips.link`)."""

TRIES = 3
"""Looks at a room that moves just then."""


@dataclass(frozen=True, slots=True)
class _Kept:
    scene: RoomScene
    shown: Json
    number: int
    at: int


class Showing:
    """Reads rooms for `Channels`, and for whoever asks once."""

    def __init__(self, app: App, rooms: Rooms, shelf: Shelf, secret: bytes, now: Callable[[], int]) -> None:
        self._app = app
        self._rooms = rooms
        self._shelf = shelf
        self._secret = secret
        self._now = now
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    async def look(self, session: int, watching: int) -> Shown | None:
        """The room as all see it; None where there is none that can be shown. Raises `StoreError`."""
        for _ in range(TRIES):
            booth = await self._rooms.look(session)
            if booth is None:
                return None
            kept = await self._scene(booth)
            if kept is not None:
                fork = await fork_json(self._rooms, booth, kept.scene)
                moment = moment_json(booth, kept.scene, fork, watching, self._secret, self._now())
                return Shown(kept.number, kept.shown, moment)
        return None

    async def _scene(self, booth: Booth) -> _Kept | None:
        session = booth.row.session
        known, now = self._kept.get(session), self._now()
        if known is not None and known.scene.revision == booth.row.revision:
            if now - known.at > SIGNED_AGAIN:
                known = self._keep(session, replace(known, shown=scene_json(known.scene, self._shelf, now), at=now))
            return known
        scene = await scene_of(self._app.store, self._app.library, booth)
        if scene is None:
            return None
        number = 1 if known is None else known.number + 1
        return self._keep(session, _Kept(scene, scene_json(scene, self._shelf, now), number, now))

    def _keep(self, session: int, kept: _Kept) -> _Kept:
        self._kept[session] = kept
        self._kept.move_to_end(session)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return kept
