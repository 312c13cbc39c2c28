"""The things a scene can show, by the word its look uses; each is drawn about (0, 0), within 200 units."""

from __future__ import annotations

from collections.abc import Callable

from bot.clips.make.figure.brush import Brush
from bot.clips.make.paint import Box
from bot.clips.make.prop import device, paper, thing

PROP_BOX: Box = (-215, -215, 215, 215)
DRAWINGS: dict[str, Callable[[Brush], None]] = {
    "ticket": paper.ticket,
    "letter": paper.letter,
    "photo": paper.photo,
    "recipe": paper.recipe,
    "notebook": paper.notebook,
    "phone": thing.phone,
    "key": thing.key,
    "suitcase": thing.suitcase,
    "lamp": thing.lamp,
    "ring": thing.jewel,
    "knife": thing.knife,
    "umbrella": thing.umbrella,
    "radio": thing.radio,
    "clock": device.clock,
    "door": device.door,
    "hatch": device.hatch,
    "red-button": device.red_button,
    "helmet": device.helmet,
    "gauge": device.gauge,
    "noodles": device.noodles,
    "train": device.train,
}
