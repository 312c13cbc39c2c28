"""The HTML parse mode, as strict as the real one, and lengths as Telegram counts them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from tests.fakes.telegram.refusal import Body, Violation

_NAMES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_ESCAPE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f]")
"""The server puts spaces in their place."""

_DROPPED = re.compile(r"[\r\u2028-\u202e]")
"""The server takes these out: line separators and marks of direction."""

_PLAIN = re.compile(r"[^<&]+")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[a-zA-Z0-9.-]+))?""")
_ENDS = re.compile(r"\s*>")
_EQUALS = re.compile(r"\s*=")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_COMMAND = re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?(?![\w/@])")


def units(text: str) -> int:
    """UTF-16 code units, which is what every limit and offset counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class Formatted:
    """A text as people see it, and its entities in the API's form."""

    text: str
    entities: list[Body] = field(default_factory=list)

    def trimmed(self) -> Formatted:
        """Without white space around it, as every message is kept."""
        if self.text == (bare := self.text.strip()):
            return self
        cut = units(self.text) - units(self.text.lstrip())
        kept = [_moved(entity, cut, units(bare)) for entity in self.entities]
        return Formatted(bare, [entity for entity in kept if entity["length"] > 0])


def commands_in(text: str) -> list[Body]:
    """The entities that clients find by themselves in what a person writes: here, commands."""
    return [
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in _COMMAND.finditer(text)
    ]


def parse(text: str, mode: str) -> Formatted:
    """`mode` is a call's parse_mode. Only HTML and none are known here: others are refused."""
    text = _DROPPED.sub("", _CONTROL.sub(" ", text))
    if mode.lower() == "html":
        return _Reader(text).read()
    if mode:
        raise Violation(f"unsupported parse_mode {mode!r}")
    return Formatted(text)


@dataclass(frozen=True)
class _Open:
    name: str
    offset: int
    attributes: dict[str, str]


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Body] = []

    def read(self) -> Formatted:
        if "<" not in self.source and "&" not in self.source:
            return Formatted(self.source)
        while self.at < len(self.source):
            self._step()
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return Formatted("".join(self.text), sorted(self.entities, key=lambda one: (one["offset"], -one["length"])))

    def _step(self) -> None:
        character = self.source[self.at]
        if character == "&" and (escape := _ESCAPE.match(self.source, self.at)):
            self._say(html.unescape(escape[0]))
            self.at = escape.end()
        elif self.source.startswith("</", self.at):
            self._close()
        elif character == "<":
            self._start()
        else:
            plain = _PLAIN.match(self.source, self.at)
            said = plain[0] if plain else character
            self._say(said)
            self.at += len(said)

    def _say(self, text: str) -> None:
        self.text.append(text)
        self.offset += units(text)

    def _here(self) -> int:
        return len(self.source[: self.at].encode())

    def _start(self) -> None:
        here = self._here()
        named = _NAME.match(self.source, self.at + 1)
        name = named[0].lower() if named else ""
        self.at += 1 + len(name)
        if self.at >= len(self.source):
            raise _wrong(f"Unclosed start tag at byte offset {here}")
        if name not in _NAMES:
            raise _wrong(f'Unsupported start tag "{name}" at byte offset {here}')
        attributes = self._attributes(name, here)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {here}')
        if name == "tg-emoji" and not attributes.get("emoji-id"):
            raise _wrong("Invalid custom emoji identifier specified")
        self.open.append(_Open(name, self.offset, attributes))

    def _attributes(self, name: str, here: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while not (ends := _ENDS.match(self.source, self.at)):
            attribute = _ATTRIBUTE.match(self.source, self.at)
            if attribute is None:
                empty = _EQUALS.match(self.source, self.at)
                what = f'Empty attribute name in the tag "{name}"' if empty else f'Unclosed start tag "{name}"'
                raise _wrong(f"{what} at byte offset {here}")
            found[attribute[1].lower()] = html.unescape((attribute[2] or "").strip("\"'"))
            self.at = attribute.end()
        self.at = ends.end()
        return found

    def _close(self) -> None:
        here = self._here()
        if not self.open:
            raise _wrong(f"Unexpected end tag at byte offset {here}")
        ends = _END_TAG.match(self.source, self.at)
        if ends is None:
            raise _wrong(f"Unclosed end tag at byte offset {here}")
        started = self.open.pop()
        if ends[1] and ends[1].lower() != started.name:
            raise _wrong(
                f'Unmatched end tag at byte offset {here}, expected "</{started.name}>", found "</{ends[1].lower()}>"'
            )
        self.at = ends.end()
        self._add(started)

    def _add(self, started: _Open) -> None:
        length = self.offset - started.offset
        kind = _NAMES[started.name]
        entity: Body = {"type": kind, "offset": started.offset, "length": length}
        if kind == "text_link":
            said = "".join(self.text).encode("utf-16-le")[started.offset * 2 :].decode("utf-16-le")
            entity["url"] = started.attributes.get("href") or said
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = started.attributes["emoji-id"]
        elif kind == "blockquote" and "expandable" in started.attributes:
            entity["type"] = "expandable_blockquote"
        if length:
            self.entities.append(entity)


def _wrong(what: str) -> Violation:
    return Violation(f"can't parse entities: {what}")


def _moved(entity: Body, cut: int, length: int) -> Body:
    start = max(entity["offset"] - cut, 0)
    end = min(entity["offset"] + entity["length"] - cut, length)
    return {**entity, "offset": start, "length": end - start}
