"""The two ways of a group that splits, as the page reads them: where it may, where it has, and where both met again."""

from __future__ import annotations

from adapters.web.room_scene import RoomScene
from adapters.web.room_stream import Json
from bot.play.path import ChoicePoint, choice_points
from bot.rooms import Rooms
from bot.rooms.booth import Booth

NOTHING: Json = {"asked": None, "fork": None, "met": None}


async def fork_json(rooms: Rooms, booth: Booth, scene: RoomScene) -> Json:
    """`asked`: the host may split the group now; `fork`: this is one of two rooms; `met`: here both came together.

    Of a room that ended where it met the other, `fork` leads to that one.
    """
    room = booth.room
    asked = None
    if room.parting is not None and not room.parting.decided:
        asked = {"choice": booth.label(room.parting.choice), "other": booth.label(room.parting.other)}
    if room.branch is not None:
        branch = room.branch
        point = _point(scene, branch.since)
        fork = await _way(rooms, branch.twin, scene, point, branch.side, branch.other)
        return {**NOTHING, "asked": asked, "fork": fork}
    if room.parted and room.parted[-1].met is not None:
        return {**NOTHING, "asked": asked, **await _met(rooms, booth, scene)}
    return {**NOTHING, "asked": asked}


async def _met(rooms: Rooms, booth: Booth, scene: RoomScene) -> Json:
    split = booth.room.parted[-1]
    other = await rooms.look(split.twin)
    if other is None or not other.room.parted:
        return {}
    theirs = next((one.side for one in reversed(other.room.parted) if one.twin == booth.row.session), "")
    way = await _way(rooms, split.twin, scene, _point(scene, split.since), split.side, theirs)
    if booth.ended and not split.main:
        return {"fork": way}
    return {"met": way} if split.met == scene.revision else {}


async def _way(
    rooms: Rooms, twin: int, scene: RoomScene, point: ChoicePoint | None, side: str, other: str
) -> Json | None:
    """Both sides by id and label, and the other room's code; None where it is gone."""
    there = await rooms.look(twin)
    if there is None:
        return None
    return {
        "code": there.row.code,
        "side": {"id": side, "label": _label(scene, point, side)},
        "other": {"id": other, "label": _label(scene, point, other)},
    }


def _point(scene: RoomScene, since: int) -> ChoicePoint | None:
    """The choice on which they parted; None where the path has been folded since."""
    return next((point for point in choice_points(scene.answer.state.path) if point.at == since), None)


def _label(scene: RoomScene, point: ChoicePoint | None, choice: str) -> str:
    state = scene.answer.state
    texts = scene.answer.story.wording(state.language).texts
    text = texts.get(f"scene/{point.scene}/choice/{choice}") if point is not None else None
    return choice if text is None else text.fill(state.values)
