"""Texts with holes: `{variable}` and `{cast member}` are filled in, `{{` and `}}` are braces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.story.problem import did_you_mean
from bot.story.story import Part, Text

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class TextError(Exception):
    """A text with a hole that nothing fills; `column` counts from 0, `name` is what stands in the hole."""

    def __init__(self, message: str, column: int, name: str | None = None) -> None:
        self.message, self.column, self.name = message, column, name
        super().__init__(message)


def parse_text(source: str, variables: Mapping[str, int], names: Mapping[str, str]) -> Text:
    """The text, with the indexes of variables and the names of the cast in its holes. Raises `TextError`."""
    parts: list[Part] = []
    end = 0
    for piece in _PIECE.finditer(source):
        parts.append(source[end : piece.start()])
        parts.append(_filled(piece, variables, names))
        end = piece.end()
    parts.append(source[end:])
    return _joined(parts)


def _filled(piece: re.Match[str], variables: Mapping[str, int], names: Mapping[str, str]) -> Part:
    if piece[0] in ("{{", "}}"):
        return piece[0][0]
    name = piece[1]
    if name is None:
        raise TextError(f'a lone "{piece[0]}"; write it twice to show it', piece.start())
    if name in variables:
        return variables[name]
    if name in names:
        return names[name]
    hint = did_you_mean(name, [*variables, *names])
    raise TextError(f'"{{{name}}}" is neither a variable nor in the cast.{hint}', piece.start(), name)


def _joined(parts: list[Part]) -> Text:
    """Neighbouring words become one part; a text without variables becomes plain."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    plain = joined[0] if len(joined) == 1 else "" if not joined else None
    return Text(tuple(joined), plain if isinstance(plain, str) else None)
