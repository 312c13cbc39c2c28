"""A sheet: what a creator is shown, in no platform's markup: lines, buttons, perhaps a picture, a file or a clip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

PAGE = "st"
"""The page that every button of the studio belongs to."""

Style = Literal["", "bold", "code", "quiet"]
"""How words stand out: `quiet` is for what is beside the matter, `code` for what can be copied."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one style. They are anybody's: whoever shows them must make them safe. `command` is set where they name
    a command, without its slash: a platform that has it under another name writes that."""

    text: str
    style: Style = ""
    command: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A button: its label, and what comes back when it is pressed, at most 48 bytes; `link` leads elsewhere instead."""

    label: str
    about: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`question`: the most characters of the answer, where the next text is one. `scene` names the story's upload and
    scene whose clip is shown above the lines; `picture` is a PNG; `document` a name and its bytes.
    """

    lines: tuple[Line, ...]
    rows: tuple[tuple[Key, ...], ...] = ()
    question: int = 0
    scene: tuple[str, int, str] | None = None
    picture: bytes | None = None
    document: tuple[str, bytes] | None = None

    @property
    def text(self) -> str:
        """The words alone, a line each."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)


_PLAIN = TypeAdapter(Sheet)


def write_sheet(sheet: Sheet) -> str:
    """A sheet without picture or document, as it lies in the outbox: JSON."""
    return _PLAIN.dump_json(sheet, exclude_defaults=True).decode()


def read_sheet(text: str) -> Sheet:
    """What `write_sheet` wrote. Raises `ValueError` when it is damaged."""
    return _PLAIN.validate_json(text)


# -- making lines


def line(*parts: str | Span) -> Line:
    """A line of words and spans."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts if part)


def bold(text: str) -> Span:
    return Span(text, "bold")


def code(text: str) -> Span:
    return Span(text, "code")


def quiet(text: str) -> Span:
    return Span(text, "quiet")


def command(text: str, style: Style = "") -> Span:
    """A command with what stands behind it, as a chat has it."""
    return Span(f"/{text}", style, text)


def phrase(text: str, **values: object) -> Line:
    """A sentence of ours, in which `/commands` stand between backticks; then its values are filled in."""
    parts = enumerate(text.split("`"))
    filled = [(place, part.format(**values) if values else part) for place, part in parts]
    return line(*(command(part.removeprefix("/")) if place % 2 else part for place, part in filled))


def few(items: Sequence[str], most: int = 6) -> str:
    """Some names, and how many more there are."""
    rest = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + rest


def counted(number: int, noun: str) -> str:
    """So many of them."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_rows(keys: Iterable[Key], width: int = 2) -> tuple[tuple[Key, ...], ...]:
    """Buttons side by side."""
    every = tuple(keys)
    return tuple(every[at : at + width] for at in range(0, len(every), width))
