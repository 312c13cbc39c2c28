"""Editors complete what the reader accepts: the schemas beside the stories are those of the models."""

from __future__ import annotations

import json

import pytest

from bot.schema_files import FOLDER, SCHEMAS, schema_text


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_up_to_date(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text == schema_text(SCHEMAS[name]), f"stories/{name} is out of date: run `make docs`"


def test_a_schema_names_what_a_creator_writes() -> None:
    story, episode = (json.loads(schema_text(model)) for model in SCHEMAS.values())
    assert {"title", "cast", "variables", "routes", "episodes"} <= set(story["properties"])
    assert {"title", "start", "scenes"} <= set(episode["properties"])


def test_every_story_that_names_a_schema_finds_it() -> None:
    for file in FOLDER.rglob("*.yaml"):
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        _, names_one, schema = first.partition("$schema=")
        assert not names_one or (file.parent / schema.strip()).is_file(), f"{file}: there is no {schema}"
