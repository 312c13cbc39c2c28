"""The models: what a value may look like, and that what ships and what editors are told agree with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.story.models import EpisodeModel, StoryModel, json_schema
from bot.story.reader import read_folder
from tests.bot.story.draft import scenes

STORIES = Path(__file__).parents[3] / "stories"
DRAMAS = sorted(path.parent for path in STORIES.glob("*/story.yaml"))


@pytest.mark.parametrize("folder", DRAMAS, ids=lambda folder: folder.name)
def test_what_ships_is_read_without_a_fault(folder: Path) -> None:
    story = read_folder(folder)
    assert story.id == folder.name
    assert story.endings


def test_the_schemas_are_json_and_know_the_words_of_the_language() -> None:
    for model, word in ((StoryModel, "episodes"), (EpisodeModel, "scenes")):
        schema = json.loads(json.dumps(json_schema(model)))
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert word in schema["properties"]
        assert {"if", "else", "do", "to", "route"} <= set(schema["$defs"]["ChoiceModel"]["properties"])
        assert schema["$defs"]["ChoiceModel"]["additionalProperties"] is False


@pytest.mark.parametrize(("written", "milliseconds"), [("1s", 1000), ("12s", 12000), ("2.5s", 2500), ("600s", 600_000)])
def test_seconds(written: str, milliseconds: int) -> None:
    story = scenes(f"a: {{within: {written}, default: b, choices: {{b: {{label: B, to: e}}}}}}\n{END}")
    assert story.scenes["a"].within == milliseconds


END = "e: {ending: {title: E, kind: happy}}"


def test_one_effect_or_default_needs_no_list() -> None:
    head = "variables: {met: {type: flag}}\n"
    story = scenes(f"a: {{within: 5s, default: b, choices: {{b: {{label: B, do: met = true, to: e}}}}}}\n{END}", head)
    assert story.scenes["a"].default == ("b",)
    effect = story.scenes["a"].choices["b"].effect
    assert effect is not None
    assert effect.source == "met = true"


def test_variables_begin_as_they_are_told_to() -> None:
    head = """
        variables:
          a: {type: flag}
          b: {type: flag, start: true, keep: true}
          c: {type: choice, of: [x, y]}
          d: {type: choice, of: [x, y], start: y}
          e: {type: integer, from: -2, to: 2}
          f: {type: integer, from: 1, to: 9, start: 4}
          g: {type: text, length: 5}
          h: {type: text, length: 5, start: "hello"}
          i: {type: text, length: 5, start: }
    """
    starts = {variable.name: variable.start for variable in scenes(END, head).variables}
    assert starts == {"a": False, "b": True, "c": "x", "d": "y", "e": 0, "f": 4, "g": "", "h": "hello", "i": ""}


def test_no_cap_of_the_language_is_too_small_for_the_largest_known_film() -> None:
    """250 segments, 62 variables, 111 route groups, 150 choice points."""
    variables = "".join(f"  v{n}: {{type: integer, from: 0, to: 9}}\n" for n in range(62))
    routes = "".join(f"  r{n}: [{{if: v{n % 62} > 3, to: s{n + 1}}}, {{to: s{n + 2}}}]\n" for n in range(111))
    choosing = "".join(
        f"s{n}: {{lines: [narrator: Go], within: 9s, default: a, choices: {{a: {{label: A, route: r{n % 111}}}, "
        f"b: {{label: B, if: v{n % 62} < 5, do: v{n % 62} += 1, to: s{n + 1}}}}}}}\n"
        for n in range(150)
    )
    others = "".join(f"s{n}: {{lines: [narrator: Go], to: s{n + 1}}}\n" for n in range(150, 250))
    ending = "s250: {ending: {title: E, kind: open}}"
    story = scenes(choosing + others + ending, f"variables:\n{variables}routes:\n{routes}")
    assert len(story.scenes) == 251
