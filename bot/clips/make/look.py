"""What a scene's `look` and a cast member's `look` say, as types; words that are not known are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

from bot.clips.make.words import (
    COLOURS,
    FEMININE,
    GARMENTS,
    HAIR_COLOURS,
    MASCULINE,
    MEN,
    SKINS,
    STYLES,
    TONES,
    WOMEN,
    Colour,
)

PLACES = frozenset(
    [
        "platform",
        "carriage",
        "station-hall",
        "ticket-office",
        "street",
        "bridge",
        "kitchen",
        "bedroom",
        "hospital",
        "cafe",
        "night-market",
        "noodle-stall",
        "rooftop",
        "alley",
        "river",
        "ship-corridor",
        "cockpit",
        "airlock",
        "cabin",
        "planet",
        "control-room",
    ]
)
TIMES = frozenset(["dawn", "day", "dusk", "night"])
WEATHERS = frozenset(["rain", "snow", "fog", "storm"])
MOODS = frozenset(["tense", "warm", "sad", "hopeful", "eerie", "calm", "romantic", "comic", "urgent"])
PROPS = frozenset(
    [
        "ticket",
        "phone",
        "letter",
        "key",
        "photo",
        "suitcase",
        "lamp",
        "clock",
        "door",
        "red-button",
        "recipe",
        "ring",
        "helmet",
        "gauge",
        "noodles",
        "knife",
        "train",
        "umbrella",
        "notebook",
        "radio",
    ]
)
MOST_SEEN = 3
ADULT, CHILD, OLD = 32, 13, 62

ShotKind = Literal["wide", "two-shot", "close", "insert", "silhouette"]
Side = Literal["left", "right", "centre"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A cast member in the picture, and on which side."""

    id: str
    side: Side


@dataclass(frozen=True, slots=True)
class Look:
    """A scene's picture in known words. Every field may be empty: then the picture is freer."""

    place: str = ""
    time: str = ""
    weather: str = ""
    shot: ShotKind = "wide"
    subject: str = ""
    """The cast id of a close shot, the prop of an insert."""
    seen: tuple[Seen, ...] = ()
    props: tuple[str, ...] = ()
    mood: str = ""


def parse_look(text: str, cast: frozenset[str]) -> Look:
    """Reads a scene's look. Words are parted by commas or semicolons; the first known word of a kind counts."""
    look = Look()
    shot_named = False
    for phrase in re.split(r"[,;]", text.lower()):
        words = phrase.split()
        if not words:
            continue
        shot = _shot(words, cast)
        if shot is not None and not shot_named:
            look, shot_named = replace(look, shot=shot[0], subject=shot[1]), True
        else:
            look = _word(look, words, cast)
    return _completed(look, shot_named)


def _shot(words: list[str], cast: frozenset[str]) -> tuple[ShotKind, str] | None:
    match words:
        case ["wide" | "silhouette" | "two-shot" as kind, *_]:
            return kind, ""
        case ["close", "on", who, *_] if who in cast:
            return "close", who
        case ["insert", "of", *rest] if found := next((word for word in rest if word in PROPS), ""):
            return "insert", found
    return None


def _word(look: Look, words: list[str], cast: frozenset[str]) -> Look:
    who = words[0]
    if who in cast and len(look.seen) < MOST_SEEN and who not in {seen.id for seen in look.seen}:
        side: Side = "left" if "left" in words else "right" if "right" in words else "centre"
        return replace(look, seen=(*look.seen, Seen(who, side)))
    for word in words:
        if word in PLACES and not look.place:
            return replace(look, place=word)
        if word in TIMES and not look.time:
            return replace(look, time=word)
        if word in WEATHERS and not look.weather:
            return replace(look, weather=word)
        if word in MOODS and not look.mood:
            return replace(look, mood=word)
        if word in PROPS and word not in look.props:
            return replace(look, props=(*look.props, word))
    return look


def _completed(look: Look, shot_named: bool) -> Look:
    if look.shot == "close" and look.subject not in {seen.id for seen in look.seen}:
        look = replace(look, seen=(Seen(look.subject, "centre"), *look.seen)[:MOST_SEEN])
    if not shot_named and not look.seen and look.props and not look.place:
        look = replace(look, shot="insert", subject=look.props[0])
    return look


@dataclass(frozen=True, slots=True)
class Person:
    """How someone is drawn: years, colours, and the outlines of clothes and hair."""

    age: int
    garment: str
    colour: Colour
    hair: Colour
    style: str
    skin: Colour
    soft: bool
    glasses: bool = False
    hat: bool = False
    beard: bool = False
    helmet: bool = False
    scarf: Colour | None = None

    @property
    def child(self) -> bool:
        return self.age < CHILD

    @property
    def old(self) -> bool:
        return self.age >= OLD


def _soft(id: str, words: set[str], style: str, chance: int) -> bool:
    if words & MASCULINE or style == "bald" or id in MEN:
        return False
    if words & FEMININE or style in ("long", "bun", "ponytail") or id in WOMEN:
        return True
    return chance % 2 == 0


def parse_person(id: str, text: str) -> Person:
    """Reads a cast member's look; what it leaves open is settled by the id, always the same way."""
    words = re.findall(r"[a-z]+|\d+", text.lower().replace("-haired", " hair"))
    chance = crc32(id.encode())
    found = set(words)
    age = next((int(word) for word in words if word.isdigit() and 0 < int(word) < 120), ADULT)
    garment = next((word for word in GARMENTS if word in found), "jumper")
    style = next((word for word in STYLES if word in found), "short")
    if "braid" in found or "braids" in found:
        style = "ponytail"
    natural = HAIR_COLOURS["grey"] if age >= OLD else tuple(HAIR_COLOURS.values())[-9 + chance % 3]
    soft = _soft(id, found, style, chance)
    return Person(
        age=age,
        garment=garment,
        colour=_colour_of(text, (garment, "jumper", "sweater", "shirt"), COLOURS)
        or tuple(COLOURS.values())[chance % 25],
        hair=_colour_of(text, ("hair", *STYLES[1:4], "beard"), HAIR_COLOURS) or natural,
        style=style,
        skin=SKINS[TONES.get(id, (chance >> 4) % len(SKINS))],
        soft=soft,
        glasses=bool(found & {"glasses", "spectacles"}),
        hat=bool(found & {"hat", "cap", "beret", "beanie"}),
        beard=bool(found & {"beard", "bearded", "moustache", "mustache"}),
        helmet="helmet" in found,
        scarf=_colour_of(text, ("scarf",), COLOURS) or (COLOURS["cream"] if "scarf" in found else None),
    )


def _colour_of(text: str, nouns: tuple[str, ...], colours: dict[str, Colour]) -> Colour | None:
    """The last colour before the noun within its phrase ("red coat, short black hair")."""
    for phrase in re.split(r"[,;]", text.lower()):
        words = re.findall(r"[a-z]+", phrase)
        for noun in nouns:
            if noun in words:
                before = words[: words.index(noun)]
                named = next((colours[word] for word in reversed(before) if word in colours), None)
                if named:
                    return named
    return None
