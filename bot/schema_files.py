"""Writes the JSON Schemas that give editors completion in story files, from the story's models: `make docs`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel

from bot.story.models import EpisodeModel, StoryModel, json_schema

FOLDER = Path(__file__).resolve().parent.parent / "stories"

SCHEMAS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"story.schema.json": StoryModel, "episode.schema.json": EpisodeModel}
)
"""The file's name in `stories/`, and the model it is made from."""


def schema_text(model: type[BaseModel]) -> str:
    """The text of the schema's file."""
    return json.dumps(json_schema(model), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all of them."""
    for name, model in SCHEMAS.items():
        (FOLDER / name).write_text(schema_text(model), encoding="utf-8")


if __name__ == "__main__":
    main()
