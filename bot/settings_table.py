"""Writes docs/settings.md and .env.example from the settings themselves: `make docs`."""

from __future__ import annotations

from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.settings import Settings, about

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "settings.md"
EXAMPLE = ROOT / ".env.example"

HEAD = """\
# Settings

Every setting has a default, so none must be set: without a token the bot plays in the browser and the
terminal. Set one in the environment, or in a file `.env` beside `run_bot.py` (`.env.example` is one to copy);
the environment wins. An empty value counts as not set. When a value cannot be used, the bot says in one line
which and why, and exits with code 2.

This page is made from `bot/settings.py` by `make docs`.

| setting | default | meaning | expected |
|---|---|---|---|
"""

EXAMPLE_HEAD = """\
# Copy this file to .env and take the # away from what you set. Made from bot/settings.py by `make docs`.
"""


def table() -> str:
    """The text of docs/settings.md: one row per setting, in the order of the model."""
    return HEAD + "".join(_row(name.upper(), field) for name, field in Settings.model_fields.items())


def example() -> str:
    """The text of .env.example: every setting, commented out, with its default if that is plain."""
    return EXAMPLE_HEAD + "".join(_entry(name.upper(), field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    note, default = about(name.lower()), _default(field)
    cells = (
        f"`{name}`",
        note.shown or (f"`{default}`" if default else "not set"),
        note.meaning,
        note.expected,
    )
    return "| " + " | ".join(cells) + " |\n"


def _entry(name: str, field: FieldInfo) -> str:
    note = about(name.lower())
    default = f" Default: {note.shown}." if note.shown else ""
    return f"\n# {note.meaning}{default}\n# {name}={_default(field)}\n"


def _default(field: FieldInfo) -> str:
    plain = field.default not in (None, PydanticUndefined, ())
    return str(field.default) if plain else ""


def main() -> None:
    """Write both files."""
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table(), encoding="utf-8")
    EXAMPLE.write_text(example(), encoding="utf-8")


if __name__ == "__main__":
    main()
