"""What chats say of their own accord: a file for each language in `languages/`, all with the same keys."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "es", "zh")
"""The first is spoken where none of the others is wanted."""


class Words:
    """The texts of one language."""

    def __init__(self, language: str, texts: dict[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """A text with its values filled in. Raises KeyError for a key or a value that is not there."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, **values: object) -> str:
        """A text that counts: under `<key>_one` for exactly one, else under `<key>_many`."""
        return self(f"{key}_{'one' if number == 1 else 'many'}", number=number, **values)


def words(language: str | None) -> Words:
    """The texts in that language, in its base language (`es` for `es-MX`), or else in English."""
    code = (language or "").lower().partition("-")[0]
    return _read(code if code in LANGUAGES else LANGUAGES[0])


@cache
def _read(language: str) -> Words:
    return Words(language, tomllib.loads((files("adapters") / "languages" / f"{language}.toml").read_text("utf-8")))
