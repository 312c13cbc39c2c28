"""Props in a picture: the one an insert shows, and those that lie, hang or stand in a scene."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi, sin

from PIL import Image, ImageFilter

from bot.clips.make.camera import View
from bot.clips.make.figure.brush import Brush, Light
from bot.clips.make.figure.garment import limb, shirt_of
from bot.clips.make.look import Look, Person
from bot.clips.make.motion import Glow, Sprite, Steam
from bot.clips.make.paint import Canvas
from bot.clips.make.palette import mix
from bot.clips.make.prop import DRAWINGS, PROP_BOX
from bot.clips.make.stage import Stage

# Things that are part of a place: x, y, scale, behind the people.
FIXED: dict[str, tuple[float, float, float]] = {
    "clock": (270, 140, 0.34),
    "door": (270, 440, 0.74),
    "train": (270, 430, 0.5),
    "gauge": (440, 190, 0.3),
    "red-button": (270, 300, 0.36),
}
# Things that are taken into a hand: how they lean there and how far their middle is above the hand, in units.
HELD: dict[str, tuple[float, float]] = {
    "ticket": (0.2, 60), "phone": (0.1, 110), "letter": (0.08, 130), "key": (0.5, 20), "photo": (-0.08, 130),
    "lamp": (0.0, -170), "recipe": (0.1, 130), "ring": (0.0, 110), "knife": (0.3, 110), "noodles": (0.0, 120),
    "umbrella": (0.0, 150), "notebook": (0.1, 90), "radio": (0.05, 90), "helmet": (0.0, 100), "suitcase": (0.0, -150),
}  # fmt: skip
LARGER = {"umbrella": 1.4, "suitcase": 1.3, "ring": 0.7, "key": 0.85}
"""How much larger than most things these are held."""
ABOARD = frozenset(("airlock", "ship-corridor", "cockpit", "control-room", "planet"))
"""Where a door is a hatch, and the place already shows one."""
LYING = (270.0, 640.0, 0.27)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose hand holds a prop: the hand's place, the prop's scale, the way it faces.

    `raised` shows the hand before the figure, `sleeve` the forearm too.
    """

    person: Person
    hand: tuple[float, float]
    scale: float
    way: int
    floor: float
    raised: bool = False
    sleeve: bool = False
    size: float = 1.0
    """Pixels to a unit of the figure."""

    @property
    def helmeted(self) -> bool:
        return self.person.helmet


class Arm:
    """A raised forearm and hand: its `back` goes behind the thing held, the thumb before it."""

    def __init__(self, holder: Holder, light: Light, back: bool) -> None:
        person, way = holder.person, holder.way
        canvas = Canvas((-260, -80, 260, 460), holder.size)
        brush = Brush(canvas, light)
        skin = (70, 72, 84) if person.garment == "spacesuit" else person.skin
        cloth = shirt_of(person) if person.garment == "apron" else person.colour
        if back and holder.sleeve:
            brush.part(
                limb([(-way * 150, 440), (-way * 60, 200), (-way * 8, 40)], (118, 104, 76)), cloth, 18, 6, smooth=False
            )
        if back:
            brush.part([(-34, 50), (-40, 0), (-22, -46), (22, -50), (38, 0), (30, 50)], skin, 12, 5)
        else:
            for i, x in enumerate((-30, -10, 10, 28)):
                brush.part(
                    limb([(x, 34), (x + way * 3, 12), (x + way * 2, -6 + 3 * abs(i - 1))], (21, 20, 16)),
                    skin,
                    5,
                    3,
                    smooth=False,
                )
        self._sprite = Sprite(canvas.finished())
        self._at, self._size = holder.hand, holder.size

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        size = view.scale(1.0)
        x, y = view.spot(*self._at, 1.0)
        self._sprite.put(frame, x - 260 * self._size * size, y - 80 * self._size * size, size)


class Object:
    """A prop that hovers a little and leans, with a soft shadow or glow of its own."""

    def __init__(
        self, word: str, x: float, y: float, scale: float, light: Light, lean: float = 0.0, depth: float = 1.0
    ) -> None:
        canvas = Canvas(PROP_BOX, scale)
        DRAWINGS[word](Brush(canvas, light))
        drawn = canvas.finished()
        shadow = Image.new("RGBA", drawn.size, (0, 0, 0, 0))
        shadow.putalpha(
            drawn.getchannel("A").filter(ImageFilter.GaussianBlur(14 * scale)).point([v // 2 for v in range(256)])
        )
        self._shadow, self._sprite, self._half = Sprite(shadow), Sprite(drawn), drawn.width / 2
        self._at, self._scale, self._lean, self._depth = (x, y), scale, lean, depth

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        size = view.scale(self._depth)
        x, y = view.spot(*self._at, self._depth)
        lift = 7 * self._scale * sin(2 * pi * t / 3.3)
        turn = self._lean + 0.028 * sin(2 * pi * t / 4.1)
        half = self._half * size
        self._shadow.put(frame, x - half + 9 * self._scale, y - half + 22 * self._scale - lift, size, turn, (x, y))
        self._sprite.put(frame, x - half, y - half + lift, size, turn, (x, y))


def show_props(stage: Stage, look: Look, holder: Holder | None) -> None:
    """Puts the look's props on the stage: large for an insert, in a hand, or where such a thing belongs."""
    if look.shot == "insert":
        _insert(stage, look)
        return
    if look.place in ABOARD:
        look = replace(look, props=tuple(word for word in look.props if word != "door"))
    light = Light.of(stage.palette, stage.light, 0.6 if look.shot == "silhouette" else 0.0)
    loose = [word for word in look.props if word not in FIXED]
    for word in look.props[:3]:
        if word in FIXED:
            x, y, scale = FIXED[word]
            stage.add(Glow(x, y, 460 * scale, stage.palette.lamp, 0.6, 0.45))
            stage.add(Object(word, x, y, scale, light, 0, 0.6))
    if loose and loose[0] == "helmet" and holder and holder.helmeted:
        loose = loose[1:]
    if loose and holder:
        _held(stage, loose[0], holder, light)
        loose = loose[1:]
    for i, word in enumerate(loose[:2]):
        x, y, scale = LYING
        stage.add(Glow(x + 130 * i, y, 110, stage.palette.lamp, 1.0, 0.5, "pulse"), front=True)
        stage.add(Object(word, x + 130 * i, y, scale, light, 0.12), front=True)


def _held(stage: Stage, word: str, holder: Holder, light: Light) -> None:
    """In the holder's hand; from the waist up the forearm is drawn too, and a thumb over the thing."""
    lean, lift = HELD[word]
    x, y = holder.hand
    if word == "suitcase" and not holder.raised:
        y = holder.floor - 0.27 * 200 + 0.27 * lift
    scale = holder.scale * LARGER.get(word, 1.0)
    glow = 420 * scale if word in ("lamp", "phone") else 250 * scale
    stage.add(
        Glow(x, y - lift * scale, glow, stage.palette.lamp, 1.0, 0.5, "flicker" if word == "lamp" else "pulse"),
        front=True,
    )
    if holder.raised:
        stage.add(Arm(holder, light, back=True), front=True)
    stage.add(Object(word, x, y - lift * scale, scale, light, lean * holder.way), front=True)
    if holder.raised:
        stage.add(Arm(holder, light, back=False), front=True)


def _insert(stage: Stage, look: Look) -> None:
    palette = stage.palette
    light = Light(mix(palette.ambient, (255, 255, 255), 0.35), palette.rim, palette.deep, stage.light)
    stage.add(Glow(270, 350, 380, palette.lamp, 0.9, 0.62, "pulse"))
    stage.add(Glow(180, 250, 260, palette.accent, 0.8, 0.3, "pulse", 2))
    lean = {"ticket": 0.14, "photo": -0.1, "letter": 0.08, "knife": 0.5, "key": 0.3, "phone": 0.1, "recipe": -0.07}.get(
        look.subject, 0.04
    )
    large = 1.16 if look.subject in ("door", "train", "clock", "helmet", "gauge") else 1.08
    word = "hatch" if look.subject == "door" and look.place in ABOARD else look.subject
    stage.add(Object(word, 270, 352, large, light, lean))
    others = [word for word in look.props if word != look.subject][:1]
    for word in others:
        stage.add(Object(word, 420, 560, 0.42, light, -0.15), front=True)
    if look.subject == "noodles":
        for x in (200, 280, 350):
            stage.add(Steam(x, 320, 300, (255, 246, 232), 1.0, 0.3, 60, 6), front=True)
    if look.subject in ("lamp", "phone", "radio", "gauge", "red-button"):
        stage.add(Glow(270, 350, 260, palette.accent, 1.0, 0.35, "pulse", 1), front=True)
