"""A take on the stage: who stands where, what lies in front, and every frame of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from zlib import crc32

import numpy as np
from PIL import Image, ImageChops

from bot.clips.make.backdrop import set_backdrop
from bot.clips.make.camera import Camera
from bot.clips.make.figure.brush import Light
from bot.clips.make.figure.figure import Figure, Pose
from bot.clips.make.look import Look, Person, parse_person
from bot.clips.make.motion import Glow
from bot.clips.make.object import FIXED, Holder, show_props
from bot.clips.make.paint import HEIGHT, WIDTH
from bot.clips.make.palette import mix, palette_for
from bot.clips.make.stage import Stage
from bot.clips.make.take import Take
from bot.clips.make.weather import set_weather

FPS = 20
STANCES = ("down", "down", "pocket", "hip", "clasped")
BLURS = {"close": 4.5, "insert": 6.5, "two-shot": 2.2}
PLACES_ON = {"left": 152.0, "centre": 270.0, "right": 388.0}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the people of a shot stand: head height, units, spread from the middle."""

    y: float
    scale: float
    spread: float


def _standing(look: Look, stage: Stage, count: int) -> Standing:
    match look.shot:
        case "close":
            return Standing(318, 1.14, 0)
        case "two-shot":
            return Standing(306, 0.64 if count < 3 else 0.54, 1.0 if count < 3 else 1.22)
        case "silhouette":
            return Standing(stage.floor - 1255 * 0.4, 0.4, 0.94)
    return Standing(stage.floor - 1255 * 0.345, 0.345, 1.0 if count < 3 else 1.15)


class Shot:
    """Draws the frames of one take; the same take gives the same frames."""

    def __init__(self, take: Take) -> None:
        self._take = take
        look = take.look
        seed = crc32(take.scene.encode())
        self._camera = Camera(look, take.seconds, seed)
        palette = palette_for(look.time, look.mood)
        focus = BLURS.get(look.shot, 0.0)
        self._stage = Stage(palette, Random(seed), look.time, look.weather, look.mood, focus)  # noqa: S311
        set_backdrop(self._stage, look.place)
        self._dark = 0.86 if look.shot == "silhouette" else 0.0
        self._holder: Holder | None = None
        self._people = self._cast()
        set_weather(self._stage)
        show_props(self._stage, look, self._holder)
        self._grade = _grade(look, palette.deep)

    def _cast(self) -> list[Figure]:
        look, stage = self._take.look, self._stage
        if look.shot == "insert":
            return []
        seen = [who for who in look.seen if look.shot != "close" or who.id == look.subject]
        standing = _standing(look, stage, len(seen))
        dark = max(self._dark, 0.16 if look.time == "night" else 0.0)
        figures = []
        for who in seen:
            x = 270 + (PLACES_ON[who.side] - 270) * standing.spread
            person, random = self._person(who.id), Random(crc32(f"{self._take.scene}/{who.id}".encode()))  # noqa: S311
            tall = 0.02 * (crc32(who.id.encode()) % 5 - 2) - 0.03 * person.soft
            scale = standing.scale * (1 + tall)
            y = standing.y + (80 if person.child else -1255 * tall) * standing.scale * (standing.scale < 1)
            stances = (random.choice(STANCES), random.choice(STANCES))
            if not self._holder:
                self._holder = _holder(look, person, x, y, scale, stage.floor)
                if any(word not in FIXED for word in look.props):
                    stances = _holding(look, stances, x)
            elif look.mood == "tense":
                stances = ("hip", stances[1])
            pose = Pose(x, y, scale, _turn(x, stage.light), look.mood, self._wind(), 1.0, stances)
            if self._dark:
                stage.add(Glow(x, y + 300 * scale, 300, mix(stage.palette.lamp, stage.palette.low, 0.5), 0.8, 0.62))
            words = tuple(said.span for said in self._take.lines if said.speaker == who.id)
            figures.append(Figure(person, pose, Light.of(stage.palette, stage.light, dark), words, random))
        return figures

    def _person(self, id: str) -> Person:
        person = parse_person(id, self._take.looks.get(id, ""))
        look = self._take.look
        if person.garment == "spacesuit" and "helmet" in look.props and look.place in ("airlock", "planet"):
            return Person(**{name: getattr(person, name) for name in person.__slots__} | {"helmet": True})
        return person

    def _wind(self) -> float:
        if self._stage.indoors:
            return 0.0
        return {"storm": 1.0, "rain": 0.35, "snow": 0.4}.get(self._take.look.weather, 0.2)

    def frame(self, t: float) -> Image.Image:
        """The picture at second `t`: RGB, 540x960."""
        view = self._camera.view(t)
        frame = Image.new("RGB", (WIDTH, HEIGHT))
        for moving in (*self._stage.behind, *self._people, *self._stage.before):
            moving.draw(frame, t, view)
        return ImageChops.multiply(frame, self._grade)

    def frames(self) -> Iterator[bytes]:
        """Every frame as raw RGB."""
        for number in range(round(self._take.seconds * FPS)):
            yield self.frame(number / FPS).tobytes()


def _holder(look: Look, person: Person, x: float, y: float, scale: float, floor: float) -> Holder:
    """The first person seen is the one who holds a thing."""
    way = 1 if x <= 270 else -1
    match look.shot:
        case "close":
            return Holder(person, (270 + way * 128, 600), 0.5, way, floor, True, True, 0.86)
        case "two-shot":
            wide = 114 if person.garment == "spacesuit" else 56 if person.soft else 88
            return Holder(person, (x + way * wide * scale, y + 376 * scale), 0.3, way, floor, True, False, scale * 0.8)
    wide = 128 if person.soft else 160
    return Holder(person, (x + way * wide * scale, y + 624 * scale), 0.19, way, floor)


def _holding(look: Look, stances: tuple[str, str], x: float) -> tuple[str, str]:
    """The arm on the inner side holds the thing; close up it is drawn apart."""
    if look.shot not in ("close", "two-shot"):
        return ("down", "down")
    arm = "hidden" if look.shot == "close" else "holding"
    return (stances[0], arm) if x <= 270 else (arm, stances[1])


def _turn(x: float, light: int) -> float:
    if abs(x - 270) < 40:
        return 0.55 * light
    return 0.85 if x < 270 else -0.85


def _grade(look: Look, deep: tuple[int, int, int]) -> Image.Image:
    """Darker corners and a dark lower third, where words and buttons lie."""
    x = np.linspace(-1, 1, WIDTH)[None, :]
    y = np.linspace(-1, 1, HEIGHT)[:, None]
    corners = 1 - 0.3 * np.clip(x**2 * 0.7 + y**2 * 0.6 - 0.25, 0, 1)
    lower = 1 - 0.62 * np.clip((y - 0.12) / 0.8, 0, 1) ** 1.2
    light = corners * lower
    tint = np.array(mix((255, 255, 255), deep, 0.12 if look.mood else 0.05)) / 255
    shade = 255 * light[:, :, None] ** np.array([1.0, 1.0, 0.94]) * (tint / tint.max())
    return Image.fromarray(shade.clip(0, 255).astype(np.uint8))
