"""Components of a Discord message as HTML, in the look of its dark theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from docs.chat_page import Picture
from docs.discord_text import Reader
from tests.fakes.discord.components import BUTTON, CONTAINER, FILE, GALLERY, LINK, ROW, SECTION, SELECTS, TEXT
from tests.fakes.discord.refusal import Body

STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", LINK: "leaves"}
"""Of buttons, by Discord's number."""

OUT = '<svg viewBox="0 0 16 16"><path d="M9 2h5v5M14 2 7.5 8.5M12 9.5V13a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h3.5"/></svg>'  # noqa: E501 - a drawing
DOWN = '<svg viewBox="0 0 16 16"><path d="m3 6 5 5 5-5"/></svg>'

Look = Callable[[str], tuple[Picture, bool]]
"""The picture behind a link, and whether it is a moment of a clip."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Draws components for one reader."""

    reader: Reader
    look: Look

    def html(self, parts: list[Body]) -> str:
        """One after the other."""
        return "".join(DRAWN[part["type"]](self, part) for part in parts)

    def container(self, part: Body) -> str:
        colour = part.get("accent_color")
        bar = "" if colour is None else f' style="--accent:#{colour:06x}"'
        return f'<section class="card"{bar}>{self.html(part["components"])}</section>'

    def text(self, part: Body) -> str:
        return f'<div class="text">{self.reader.html(part["content"])}</div>'

    def section(self, part: Body) -> str:
        beside = self._shown(part["accessory"]["media"]["url"])
        return f'<div class="section"><div>{self.html(part["components"])}</div>{beside}</div>'

    def gallery(self, part: Body) -> str:
        return "".join(self._shown(item["media"]["url"]) for item in part["items"])

    def file(self, part: Body) -> str:
        return f'<div class="file">📄 {escape(part["file"]["url"].rpartition("/")[2])}</div>'

    def row(self, part: Body) -> str:
        return f'<div class="row">{self.html(part["components"])}</div>'

    def button(self, part: Body) -> str:
        emoji = (part.get("emoji") or {}).get("name") or ""
        label = " ".join(one for one in (emoji, part.get("label") or "") if one)
        out = OUT if part["style"] == LINK else ""
        state = " disabled" if part.get("disabled") else ""
        return f'<button class="{STYLES[part["style"]]}"{state}><span>{escape(label)}</span>{out}</button>'

    def select(self, part: Body) -> str:
        chosen = next((one["label"] for one in part.get("options", []) if one.get("default")), None)
        told = f"<b>{escape(chosen)}</b>" if chosen else escape(part.get("placeholder") or "Make a selection")
        return f'<div class="select">{told}{DOWN}</div>'

    def _shown(self, url: str) -> str:
        picture, moving = self.look(url)
        over = '<span class="play"></span>' if moving else ""
        return f'<div class="media"><img src="{picture.link}" alt="">{over}</div>'


DRAWN: Mapping[int, Callable[[Parts, Body], str]] = {
    CONTAINER: Parts.container,
    TEXT: Parts.text,
    SECTION: Parts.section,
    GALLERY: Parts.gallery,
    FILE: Parts.file,
    ROW: Parts.row,
    BUTTON: Parts.button,
    **dict.fromkeys(SELECTS, Parts.select),
}
"""By the type of a component."""
