"""A person on the stage: cut-outs of one drawing, moved by breath, glances, words and wind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sin
from random import Random

from PIL import Image

from bot.clips.make.camera import View
from bot.clips.make.figure.brush import Brush, Light
from bot.clips.make.figure.face import Face, features, skull
from bot.clips.make.figure.garment import body
from bot.clips.make.figure.hair import hair_before, hair_behind, helmet
from bot.clips.make.look import Person
from bot.clips.make.motion import Sprite
from bot.clips.make.paint import Box, Canvas, falloff

HEAD_BOX: Box = (-160, -190, 160, 210)
BACK_BOX: Box = (-160, -190, 160, 300)
BROAD = 1.13
"""How much broader heads are drawn than laid out: a shorter, friendlier shape."""
SINK = 36
"""How far the head sits down between the shoulders, units."""
STANDS = 0.45
"""Figures smaller than this (pixels to a unit) are seen with their feet and throw a shadow."""
CALM = 0.25
"""Below this wind the clothes hang still."""
BLINK = 0.14
"""Seconds the eyes stay shut."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a figure stands: its head's middle in stage pixels, pixels to a unit, the way it faces, the wind."""

    x: float
    y: float
    scale: float
    turn: float = 0.0
    mood: str = ""
    wind: float = 0.0
    depth: float = 1.0
    stances: tuple[str, str] = ("down", "down")


class Figure:
    """Draws itself; `words` are the spans (seconds) in which it speaks."""

    def __init__(
        self, person: Person, pose: Pose, light: Light, words: tuple[tuple[float, float], ...], random: Random
    ) -> None:
        self._person, self._pose, self._light, self._words = person, pose, light, words
        self._phase = random.uniform(0, 2 * pi)
        self._blinks = [random.uniform(0.7, 1.6)]
        while self._blinks[-1] < 20:
            self._blinks.append(self._blinks[-1] + random.uniform(1.6, 3.4))
        shrink = 0.8 if person.child else 1.0
        reach = min(1310.0, (1010 - pose.y) / pose.scale / shrink + SINK)
        self._body_box: Box = (-330, 90, 330, max(260.0, reach))
        self._shrink = shrink
        self._body = self._cut(self._body_box, lambda brush: body(brush, person, pose.stances), pose.scale * shrink)
        self._back = self._cut(BACK_BOX, lambda brush: hair_behind(brush, person))
        self._skull = self._cut(HEAD_BOX, lambda brush: skull(brush, person))
        self._top = self._cut(HEAD_BOX, self._crown)
        self._shadow = (
            falloff().resize((round(560 * pose.scale), round(110 * pose.scale))).point([v * 3 // 4 for v in range(256)])
        )
        self._faces: dict[tuple[bool, int], Sprite] = {}

    def _crown(self, brush: Brush) -> None:
        hair_before(brush, self._person)
        if self._person.helmet:
            helmet(brush)

    def _cut(self, box: Box, paint: Callable[[Brush], None], scale: float = 0) -> Sprite:
        canvas = Canvas(box, scale or self._pose.scale, 1.0 if scale else BROAD)
        paint(Brush(canvas, self._light))
        return Sprite(canvas.finished())

    def _face(self, t: float) -> Sprite:
        shut = any(at <= t < at + BLINK for at in self._blinks)
        mouth = 0
        if any(start <= t < end for start, end in self._words):
            wave = sin(13 * t + self._phase) + sin(8.3 * t)
            mouth = 2 if wave > 0.7 else 1 if wave > -0.5 else 0
        key = (shut, mouth)
        if key not in self._faces:
            face = Face(0.0 if shut else 1.0, mouth / 2, self._pose.mood, self._pose.turn)
            self._faces[key] = self._cut(HEAD_BOX, lambda brush: features(brush, self._person, face))
        return self._faces[key]

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        pose, scale = self._pose, view.scale(self._pose.depth)
        unit = pose.scale * scale
        x, y = view.spot(pose.x, pose.y, pose.depth)
        breath = sin(2 * pi * t / 3.4 + self._phase)
        nod = 2.6 * sin(2 * pi * t / 4.3 + self._phase) + 1.2 * sin(2 * pi * t / 1.9)
        speaking = any(start <= t < end for start, end in self._words)
        if speaking:
            nod += 2.4 * sin(2 * pi * t / 0.9 + self._phase)
        lean = (0.012 * sin(2 * pi * t / 5.1 + self._phase) + (0.012 * sin(2 * pi * t / 1.3) if speaking else 0)) * (
            1 + pose.wind
        )
        glance = 3.0 * sin(2 * pi * t / 4.7 + 2 * self._phase)
        rise = 1.6 * breath
        wind = (5 + 16 * pose.wind) * (sin(2 * pi * t / 2.3 + self._phase) + 0.5 * sin(2 * pi * t / 1.1)) * pose.scale

        pivot = (x, y + (rise + 104) * unit)

        def put(sprite: Sprite, dx: float, dy: float) -> None:
            sprite.put(frame, x + (HEAD_BOX[0] + dx) * unit, y + (HEAD_BOX[1] + dy) * unit, scale, lean, pivot)

        if pose.scale < STANDS:
            width, height = self._shadow.size
            frame.paste(
                self._light.shadow,
                (round(x - width / 2), round(y + 1256 * self._shrink * unit - height / 2)),
                self._shadow,
            )
        left, top = x + BACK_BOX[0] * unit, y + (BACK_BOX[1] + rise + 0.4 * nod) * unit
        self._back.wave(frame, left, top, scale, lambda down: wind * max(0.0, down - 0.3) * 1.4, 6)
        left = x + self._body_box[0] * self._shrink * unit
        top = y + (self._body_box[1] * self._shrink + (1 - self._shrink) * 104 - SINK + rise) * unit
        if pose.wind > CALM:
            self._body.wave(frame, left, top, scale, lambda down: 0.5 * wind * pose.wind * max(0.0, down - 0.3) ** 2, 8)
        else:
            self._body.put(frame, left, top, scale)
        put(self._skull, 0, rise + nod * 0.4)
        put(self._face(t), glance, rise + nod * 0.7)
        put(self._top, -0.3 * glance, rise + nod * 0.3)
