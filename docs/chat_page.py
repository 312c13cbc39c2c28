"""A chat as a phone shows it: messages of the local Bot API server as HTML in a look of our own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from tests.fakes.telegram import Message
from tests.fakes.telegram.refusal import Body

STYLE = Path(__file__).with_name("chat_page.css")
ICON = Path(__file__).parents[1] / "adapters" / "web" / "page" / "icon.svg"

ENTITIES = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre"}
"""Kinds of entities that have an element of their own; all others look like a link, as commands do."""

READ = '<svg viewBox="0 0 19 12"><path d="m1.5 6.5 4 4 8-9M8.5 9l1.5 1.5 8-9"/></svg>'
ATTACH = '<svg viewBox="0 0 24 24"><path d="M19 11.5 12 18.4a4.3 4.3 0 0 1-6-6L13.4 5a2.9 2.9 0 0 1 4 4l-7.3 7.3a1.4 1.4 0 0 1-2-2l6.6-6.5"/></svg>'  # noqa: E501 - a drawing
SPEAK = '<svg viewBox="0 0 24 24"><rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/></svg>'  # noqa: E501 - a drawing


@dataclass(frozen=True, slots=True)
class Picture:
    """What a message shows: a photo, or a moment of its clip."""

    content: bytes
    kind: str
    """Its type, as image/jpeg."""

    @property
    def link(self) -> str:
        return f"data:{self.kind};base64,{b64encode(self.content).decode()}"


Look = Callable[[Message], Picture | None]
"""The picture of a message; None for one of words alone."""


def page(name: str, messages: Sequence[Message], look: Look) -> str:
    """The end of a private chat with the bot of that name, scrolled all the way down."""
    told = "".join(_message(message, look) for message in messages)
    clock = _clock(messages[-1])
    return f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{escape(name)}</title>
<style>{STYLE.read_text("utf-8")}</style><body>
<header><div class="status"><span>{clock}</span><span class="battery"></span></div>
<div class="who"><span class="back"></span><span class="face">{ICON.read_text("utf-8")}</span>
<div><b>{escape(name)}</b><small>bot</small></div><span class="more"></span></div></header>
<main>{told}</main>
<footer><span class="menu">Menu</span><span class="icon">{ATTACH}</span><span class="field">Message</span>
<span class="icon">{SPEAK}</span></footer>"""


def _message(message: Message, look: Look) -> str:
    mine = not message.body["from"]["is_bot"]
    media = _media(message, look(message))
    told = f'<div class="words">{_worded(message)}{_sent(message, mine=mine)}</div>'
    side = "mine" if mine else "bot"
    return f'<article class="{side}"><div class="bubble">{media}{told}</div>{_buttons(message.rows)}</article>'


def _media(message: Message, picture: Picture | None) -> str:
    if picture is None:
        return ""
    shown = f'<img src="{picture.link}" alt="">'
    if message.kind != "video":
        return f'<div class="photo">{shown}</div>'
    minutes, seconds = divmod(int(message.body["video"]["duration"]), 60)
    over = f'<span class="play"></span><span class="length">{minutes}:{seconds:02}</span>'
    return f'<div class="video">{shown}{over}</div>'


def _worded(message: Message) -> str:
    """The words as its entities have them marked; offsets count UTF-16 units."""
    entities = message.body.get("entities") or message.body.get("caption_entities") or []
    marks = sorted((mark for entity in entities for mark in _marks(entity)), key=lambda mark: mark[:2])
    units = message.text.encode("utf-16-le")
    html, at = "", 0
    for place, _, element in marks:
        html += escape(units[at * 2 : place * 2].decode("utf-16-le")) + element
        at = place
    return html + escape(units[at * 2 :].decode("utf-16-le"))


def _marks(entity: Body) -> Iterable[tuple[int, int, str]]:
    """(where, closing before opening and the outer one outside, the element)."""
    start, length = entity["offset"], entity["length"]
    element = ENTITIES.get(entity["type"], "u")
    return (start, -length, f"<{element}>"), (start + length, length - 1_000_000, f"</{element}>")


def _sent(message: Message, *, mine: bool) -> str:
    edited = "edited " if "edit_date" in message.body else ""
    return f"<time>{edited}{_clock(message)}{READ if mine else ''}</time>"


def _clock(message: Message) -> str:
    return f"{datetime.fromtimestamp(message.body['date'], UTC):%H:%M}"


def _buttons(rows: Sequence[Sequence[Body]]) -> str:
    drawn = ("".join(_button(button) for button in row) for row in rows)
    return "".join(f'<div class="row">{row}</div>' for row in drawn)


def _button(button: Body) -> str:
    """Those that leave the chat have an arrow in their corner."""
    leaves = "" if "callback_data" in button else ' class="leaves"'
    return f"<button{leaves}>{escape(button['text'])}</button>"
