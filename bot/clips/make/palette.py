"""The colours of a picture: a few roles, set by the time of day and bent by the mood."""

from __future__ import annotations

from dataclasses import dataclass, fields

from bot.clips.make.words import Colour


def mix(one: Colour, other: Colour, amount: float) -> Colour:
    """From `one` (0) to `other` (1)."""
    return (
        round(one[0] + (other[0] - one[0]) * amount),
        round(one[1] + (other[1] - one[1]) * amount),
        round(one[2] + (other[2] - one[2]) * amount),
    )


def lit(colour: Colour, light: Colour, strength: float = 1.0) -> Colour:
    """A surface of `colour` under `light`, channel by channel."""
    return (
        min(255, round(colour[0] * light[0] * strength / 255)),
        min(255, round(colour[1] * light[1] * strength / 255)),
        min(255, round(colour[2] * light[2] * strength / 255)),
    )


def dim(colour: Colour, factor: float) -> Colour:
    """Darker below 1, brighter above."""
    return lit(colour, (255, 255, 255), factor)


def brightness(colour: Colour) -> float:
    """Perceived lightness, 0-255."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def tinted(colour: Colour, tint: Colour, amount: float) -> Colour:
    """Bends the hue towards the tint and keeps the lightness, so that contrast survives."""
    ratio = (brightness(colour) + 4) / (brightness(tint) + 4)
    return mix(colour, dim(tint, min(ratio, 255 / max(tint))), amount)


@dataclass(frozen=True, slots=True)
class Palette:
    """Roles from dark to light, and the lights. `ambient` multiplies the colours of people and things."""

    high: Colour
    middle: Colour
    low: Colour
    deep: Colour
    dark: Colour
    mid: Colour
    pale: Colour
    lamp: Colour
    rim: Colour
    ambient: Colour
    accent: Colour

    def bent(self, tint: Colour, amount: float) -> Palette:
        """Every role a step towards the tint's hue."""
        bent = {role.name: tinted(getattr(self, role.name), tint, amount) for role in fields(self)}
        return Palette(**bent | {"lamp": tinted(self.lamp, tint, amount * 0.3)})


NIGHT = Palette(
    high=(9, 13, 36),
    middle=(22, 34, 78),
    low=(64, 84, 146),
    deep=(8, 10, 24),
    dark=(18, 24, 50),
    mid=(36, 50, 92),
    pale=(84, 106, 160),
    lamp=(255, 198, 116),
    rim=(164, 200, 255),
    ambient=(150, 160, 206),
    accent=(255, 150, 70),
)
TIMES = {
    "night": NIGHT,
    "dawn": Palette(
        high=(58, 72, 132),
        middle=(176, 122, 152),
        low=(255, 196, 150),
        deep=(26, 24, 52),
        dark=(54, 50, 90),
        mid=(110, 92, 132),
        pale=(206, 158, 160),
        lamp=(255, 220, 164),
        rim=(255, 214, 176),
        ambient=(226, 200, 208),
        accent=(255, 170, 110),
    ),
    "day": Palette(
        high=(70, 146, 206),
        middle=(138, 196, 224),
        low=(228, 240, 232),
        deep=(28, 46, 72),
        dark=(58, 90, 118),
        mid=(110, 148, 168),
        pale=(190, 212, 212),
        lamp=(255, 240, 206),
        rim=(255, 246, 222),
        ambient=(240, 242, 246),
        accent=(246, 170, 74),
    ),
    "dusk": Palette(
        high=(38, 28, 82),
        middle=(136, 56, 110),
        low=(255, 138, 86),
        deep=(20, 14, 38),
        dark=(46, 28, 66),
        mid=(92, 48, 90),
        pale=(190, 98, 104),
        lamp=(255, 190, 110),
        rim=(255, 172, 116),
        ambient=(216, 172, 186),
        accent=(255, 120, 76),
    ),
}
MOODS: dict[str, tuple[Colour, float, Colour]] = {
    "tense": ((36, 92, 106), 0.36, (234, 66, 54)),
    "warm": ((206, 110, 60), 0.38, (255, 178, 84)),
    "sad": ((84, 106, 138), 0.5, (150, 180, 222)),
    "hopeful": ((236, 160, 120), 0.34, (255, 220, 130)),
    "eerie": ((40, 130, 110), 0.5, (130, 255, 196)),
    "calm": ((60, 130, 150), 0.3, (160, 226, 220)),
    "romantic": ((196, 70, 132), 0.4, (255, 130, 160)),
    "comic": ((90, 150, 190), 0.16, (255, 206, 64)),
    "urgent": ((176, 44, 48), 0.42, (255, 84, 48)),
}


def palette_for(time: str, mood: str) -> Palette:
    """Unknown words give the night and no tint."""
    palette = TIMES.get(time, NIGHT)
    if mood not in MOODS:
        return palette
    tint, amount, accent = MOODS[mood]
    bent = palette.bent(tint, amount)
    return Palette(**{role.name: getattr(bent, role.name) for role in fields(bent)} | {"accent": accent})
