"""The picture behind a storyboard: sky, place, weather and people, drawn from the words of a scene's look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

WIDTH = 540
HEIGHT = 960
HORIZON = 560
"""Pixels from the top; below it lies the ground, and on it the words."""

MOST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a mood: the sky from top to horizon, the ground, and what is written or shines in it."""

    top: str
    middle: str
    horizon: str
    ground: str
    accent: str


MOODS = {
    "tense": Palette("#0b1026", "#2a1b3d", "#8a2b3f", "#0a0a14", "#ff8a7a"),
    "warm": Palette("#3a1c3f", "#a1434b", "#f2a65a", "#22101c", "#ffd9a0"),
    "sad": Palette("#101a2b", "#2c405c", "#6f8aa6", "#0b121d", "#b9d2ea"),
    "hopeful": Palette("#0d2b45", "#2f6f7e", "#f4c77b", "#0a1c26", "#ffe3a3"),
    "eerie": Palette("#050b0e", "#12302c", "#4f7a5a", "#040908", "#b7f2c2"),
    "calm": Palette("#0e2238", "#2b5876", "#8fc1c9", "#0a1824", "#d2f1f0"),
    "romantic": Palette("#23123d", "#7a2f6b", "#f08fa0", "#1a0d26", "#ffd0dc"),
    "comic": Palette("#14366b", "#1f8a9b", "#ffcf56", "#10223f", "#fff0b8"),
    "urgent": Palette("#180407", "#5c0f16", "#e0522d", "#0f0305", "#ffc08a"),
}
PLAIN = Palette("#0c1230", "#2b2d5b", "#7d6aa0", "#0a0c1c", "#d9d0ff")
"""For a look without a mood."""

SPACE = {"ship-corridor", "cockpit", "airlock", "planet", "control-room"}
WATER = {"river", "bridge"}
INDOORS = {"carriage", "station-hall", "ticket-office", "kitchen", "bedroom", "hospital", "cafe", "cabin"}
PLACES = {"left": 150, "centre": 270, "center": 270, "right": 390}
"""Where people stand, in pixels from the left."""


def words_of(look: str) -> frozenset[str]:
    """The parts of a look between its commas, in small letters."""
    return frozenset(part.strip().lower() for part in look.split(",") if part.strip())


def palette_of(look: str) -> Palette:
    """The colours of the first mood that the look names."""
    named = (part.strip().lower() for part in look.split(","))
    return next((MOODS[word] for word in named if word in MOODS), PLAIN)


def sketch(look: str) -> str:
    """SVG elements for 540 x 960 pixels. The same look always gives the same picture; none of its words gets in."""
    words, palette = words_of(look), palette_of(look)
    chance = _numbers(look)
    parts = [_sky(palette), *_lights(words, palette, chance), _ground(palette), *_place(words, palette, chance)]
    parts += [*_people(look, palette), *_weather(words, chance)]
    return "\n".join(parts)


def _numbers(seed: str) -> Iterator[float]:
    """Numbers from 0 to 1 that depend on the seed alone."""
    block = seed.encode("utf-8", "replace")
    while True:
        block = sha256(block).digest()
        yield from (byte / 255 for byte in block)


def _sky(palette: Palette) -> str:
    stops = ((0, palette.top), (0.34, palette.middle), (HORIZON / HEIGHT, palette.horizon))
    inside = "".join(f'<stop offset="{at:.2f}" stop-color="{colour}"/>' for at, colour in stops)
    gradient = f'<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">{inside}</linearGradient></defs>'
    return f'{gradient}<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>'


def _ground(palette: Palette) -> str:
    return f'<rect y="{HORIZON}" width="{WIDTH}" height="{HEIGHT - HORIZON}" fill="{palette.ground}"/>'


def _lights(words: frozenset[str], palette: Palette, chance: Iterator[float]) -> Iterator[str]:
    stars = 90 if words & SPACE else 40 if "night" in words else 0
    for _ in range(stars):
        x, y, size = next(chance) * WIDTH, next(chance) * HORIZON * 0.8, 0.6 + next(chance) * 1.4
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.1f}" fill="#fff" opacity="{0.3 + next(chance) / 2:.2f}"/>'
    x = 120 + next(chance) * 300
    if "night" in words or "planet" in words:
        yield _glow(x, 200, 46, "#f4f1de")
    elif words & {"dawn", "dusk"}:
        yield _glow(x, HORIZON - 30, 62, palette.accent)
    elif "day" in words:
        yield _glow(x, 150, 52, "#fff6d8")


def _glow(x: float, y: float, size: float, colour: str) -> str:
    rings = ((3.2, 0.07), (2.1, 0.1), (1.5, 0.16), (1, 0.92))
    return "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size * ring:.0f}" fill="{colour}" opacity="{strength}"/>'
        for ring, strength in rings
    )


def _place(words: frozenset[str], palette: Palette, chance: Iterator[float]) -> Iterator[str]:
    if words & INDOORS:
        yield from _window(palette)
    elif words & SPACE:
        yield f'<ellipse cx="270" cy="{HORIZON + 190}" rx="520" ry="240" fill="{palette.ground}"/>'
        yield f'<path d="M-20 {HORIZON + 20} Q270 {HORIZON - 115} 560 {HORIZON + 20}" {_line(palette.accent, 3, 0.5)}/>'
    else:
        yield from _roofs(palette, chance)
        if words & WATER:
            for row in range(8):
                y, half = HORIZON + 14 + row * 16, 30 + next(chance) * 150
                ripple = _line(palette.horizon, 3, 0.5 - row * 0.05)
                yield f'<path d="M{270 - half:.0f} {y} H{270 + half:.0f}" {ripple}/>'


def _window(palette: Palette) -> Iterator[str]:
    frame = f'fill="none" stroke="{palette.ground}" stroke-width="26"'
    wall = f'fill="{palette.ground}" fill-rule="evenodd" opacity=".93"'
    yield f'<path d="M0 0H{WIDTH}V{HORIZON}H0Z M70 120V470H470V120Z" {wall}/>'
    yield f'<rect x="70" y="120" width="400" height="350" rx="18" {frame}/>'
    yield f'<path d="M270 120V470 M70 295H470" {_line(palette.ground, 12, 1)}/>'
    yield f'<path d="M52 488H488" {_line(palette.accent, 3, 0.45)}/>'


def _roofs(palette: Palette, chance: Iterator[float]) -> Iterator[str]:
    x = -10.0
    while x < WIDTH:
        across, high = 40 + next(chance) * 60, 50 + next(chance) * 150
        yield f'<path d="M{x:.0f} {HORIZON + 4}v{-high:.0f}h{across:.0f}v{high:.0f}Z" fill="{palette.ground}"/>'
        if next(chance) > 0.35:
            left, top = x + 10 + next(chance) * (across - 26), HORIZON - high + 14 + next(chance) * (high - 40)
            yield f'<rect x="{left:.0f}" y="{top:.0f}" width="8" height="12" fill="{palette.accent}" opacity=".8"/>'
        x += across - 2


def _people(look: str, palette: Palette) -> Iterator[str]:
    found = re.findall(r"(?:^|,)\s*\w+ (left|centre|center|right)\s*(?=,|$)", look.lower())
    close = re.search(r"(?:^|,)\s*close on ", look.lower()) is not None
    for where in found[:MOST_PEOPLE] or (["centre"] if close else []):
        size = 1.5 if close else 1.0
        x, base = PLACES[where], HORIZON + 90
        body = "M-82 0 C-82 -92 -50 -112 -20 -120 L20 -120 C50 -112 82 -92 82 0"
        yield (
            f'<g transform="translate({x} {base}) scale({size})" fill="{palette.top}" '
            f'stroke="{palette.accent}" stroke-opacity=".55" stroke-width="2">'
            f'<path d="{body}"/><ellipse cx="0" cy="-158" rx="38" ry="46"/></g>'
        )


def _weather(words: frozenset[str], chance: Iterator[float]) -> Iterator[str]:
    if words & {"rain", "storm"}:
        drops = ((next(chance) * 600, next(chance) * 900, 16 + next(chance) * 26) for _ in range(90))
        lines = "".join(f"M{x:.0f} {y:.0f}l{-long * 0.25:.0f} {long:.0f}" for x, y, long in drops)
        yield f'<path d="{lines}" {_line("#dfe9ff", 1.4, 0.35)}/>'
    if "storm" in words:
        yield f'<path d="M390 40l-46 130h44l-62 150" {_line("#fff7d6", 5, 0.85)}/>'
    if "snow" in words:
        for _ in range(70):
            x, y, size = next(chance) * WIDTH, next(chance) * HEIGHT, 1.5 + next(chance) * 3
            yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.1f}" fill="#fff" opacity=".75"/>'
    if "fog" in words:
        for row in range(5):
            y = 330 + row * 62
            yield f'<ellipse cx="{next(chance) * WIDTH:.0f}" cy="{y}" rx="420" ry="34" fill="#fff" opacity=".11"/>'


def _line(colour: str, thick: float, strength: float) -> str:
    shape = f'stroke="{colour}" stroke-width="{thick}" stroke-opacity="{strength:.2f}"'
    return f'fill="none" {shape} stroke-linecap="round"'
