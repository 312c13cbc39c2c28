"""What fits into a message: https://core.telegram.org/bots/api and https://limits.tginfo.me."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.entities import Formatted, parse, units
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.refusal import Body, Violation

TEXT = 4096
CAPTION = 1024
CALLBACK_DATA = 64
CALLBACK_ANSWER = 200
DEEP_LINK = 64
BUTTONS = 100
BUTTONS_IN_A_ROW = 8
ENTITIES = 100
COMMANDS = 100
INLINE_RESULTS = 50
MEDIA_GROUP = range(2, 11)
UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
URL_BYTES = 20 * 1024 * 1024
PHOTO_URL_BYTES = 5 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
INVOICE_TITLE = 32
INVOICE_DESCRIPTION = 255
INVOICE_PAYLOAD = 128

EFFECTS = frozenset(
    {
        "5104841245755180586",
        "5107584321108051014",
        "5104858069142078462",
        "5159385139981059251",
        "5046509860389126442",
        "5046589136895476101",
    }
)
"""Message effects that every bot may use."""

_EMOJI = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 "
    "❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 "
    "😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ "
    "😡"
)
REACTIONS = frozenset(_EMOJI.split())
_ACTIONS_SHOWN = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
CHAT_ACTIONS = frozenset(_ACTIONS_SHOWN.split())
_STYLES = frozenset({"danger", "success", "primary"})
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_DEEP_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")


def message_text(parameters: Parameters) -> Formatted:
    """The text of a message, parsed, trimmed and not too long."""
    said = _formatted(parameters.values, parameters.text("text"), parameters.structure("entities"))
    if not said.text:
        raise Violation("message text is empty")
    if units(said.text) > TEXT:
        raise Violation("message is too long")
    return said


def message_caption(values: Any, entities: Any = None) -> Formatted:
    """The caption in a call or in an InputMedia; empty when there is none."""
    said = _formatted(values, values.get("caption") or "", entities)
    if units(said.text) > CAPTION:
        raise Violation("message caption is too long")
    return said


def _formatted(values: Any, text: str, entities: Any) -> Formatted:
    mode = values.get("parse_mode") or ""
    said = Formatted(text, entities) if entities and not mode else parse(text, mode)
    return said.trimmed()


def keyboard(markup: Body | None, *, private: bool, invoice: bool = False) -> Body | None:
    """An inline keyboard, checked; None when there is none or it is another kind of markup."""
    if not markup or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > BUTTONS or any(len(row) > BUTTONS_IN_A_ROW for row in rows):
        raise Violation("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check_button(button, private)
            if "pay" in button and not invoice:
                raise Violation("BUTTON_TYPE_INVALID")
    if invoice and rows and not rows[0][0].get("pay"):
        raise Violation("the first button of an invoice must be a Pay button")
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Body, private: bool) -> None:
    if not str(button.get("text", "")).strip():
        raise Violation('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = [name for name in _ACTIONS if name in button]
    if len(actions) != 1:
        what = "Text buttons are unallowed in the inline keyboard" if not actions else f"it has {' and '.join(actions)}"
        raise Violation(f"can't parse inline keyboard button: {what}")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_DATA:
        raise Violation("BUTTON_DATA_INVALID")
    if button.get("style", "primary") not in _STYLES:
        raise Violation("BUTTON_STYLE_INVALID")
    if "url" in button:
        button_url(button["url"])
    if "web_app" in button:
        _check_web_app(button["web_app"]["url"], private)


def button_url(url: str) -> None:
    """What a link button may lead to; a deep link to a bot must fit too."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "tg") or (parts.scheme != "tg" and "." not in (parts.hostname or "")):
        raise Violation(f'inline keyboard button URL "{url}" is invalid: Wrong HTTP URL')
    if parts.hostname == "t.me" and parts.query.startswith("start"):
        payload = parts.query.partition("=")[2].partition("&")[0]
        if payload and not _DEEP_LINK.fullmatch(payload):
            raise Violation(f"a deep link holds 1-{DEEP_LINK} of A-Za-z0-9_-: {url}")


def _check_web_app(url: str, private: bool) -> None:
    if not private:
        raise Violation("BUTTON_TYPE_INVALID")
    web_app_url(url)


def web_app_url(url: str) -> None:
    """Mini Apps open over https only."""
    if urlsplit(url).scheme != "https":
        raise Violation(f'inline keyboard button Web App URL "{url}" is invalid: Only HTTPS links are allowed')


def effect(effect_id: str, *, private: bool) -> None:
    """Only the free effects, and only in private chats."""
    if effect_id and (not private or effect_id not in EFFECTS):
        raise Violation("EFFECT_ID_INVALID")


def length(name: str, text: str, allowed: range) -> None:
    """Refuses a text whose length is not in `allowed`, in characters."""
    if units(text) not in allowed:
        raise Violation(f"{name} must have {allowed.start}-{allowed.stop - 1} characters")
