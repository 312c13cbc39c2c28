"""Every word of the vocabulary is drawn, differently from the others, and the same way every time."""

from __future__ import annotations

from hashlib import sha256

import pytest

pytest.importorskip("numpy", reason="drawing needs the optional extra `clips`")
pytest.importorskip("PIL", reason="drawing needs the optional extra `clips`")

from bot.clips.make.backdrop import BACKDROPS
from bot.clips.make.figure.brush import Brush, Light
from bot.clips.make.look import MOODS, PLACES, PROPS, TIMES, WEATHERS, parse_look
from bot.clips.make.paint import Canvas
from bot.clips.make.palette import palette_for
from bot.clips.make.prop import DRAWINGS, PROP_BOX
from bot.clips.make.shot import Shot
from bot.clips.make.take import Take

CAST = {"mei": "30, red coat, short black hair"}


def frame(look: str, t: float = 1.2) -> bytes:
    """The pixels of one moment of a scene with this look."""
    parsed = parse_look(look, frozenset(CAST))
    picture = Shot(Take("scene", parsed, CAST, (), 4.0, ("en",))).frame(t)
    assert picture.size == (540, 960)
    return picture.tobytes()


def digests(looks: list[str]) -> set[str]:
    return {sha256(frame(look)).hexdigest() for look in looks}


def test_the_same_take_gives_the_same_frame() -> None:
    look = "night-market, night, storm, wide, mei left, suitcase, romantic"
    assert frame(look) == frame(look)


def test_it_moves() -> None:
    look = "river, dusk, close on mei"
    assert frame(look, 1.0) != frame(look, 1.5)


def test_every_place_has_a_picture_of_its_own() -> None:
    assert set(BACKDROPS) == PLACES
    assert len(digests([f"{place}, night" for place in sorted(PLACES)])) == len(PLACES)


def test_every_prop_has_a_picture_of_its_own() -> None:
    assert set(DRAWINGS) >= PROPS
    light = Light.of(palette_for("night", "tense"), 1)
    drawn = set()
    for draw in DRAWINGS.values():
        canvas = Canvas(PROP_BOX, 0.2)
        draw(Brush(canvas, light))
        drawn.add(sha256(canvas.finished().tobytes()).hexdigest())
    assert len(drawn) == len(DRAWINGS)


def test_times_weathers_moods_and_shots_can_be_told_apart() -> None:
    looks = [f"street, {word}, wide, mei left" for word in sorted(TIMES | WEATHERS | MOODS)]
    looks += [f"street, day, {shot}, mei left" for shot in ("two-shot", "silhouette", "close on mei")]
    assert len(digests(looks)) == len(looks)


def test_a_scene_of_unknown_words_still_has_a_picture() -> None:
    assert len(set(frame("something nobody has drawn"))) > 40
