"""The checks find what is planted, at its place, and find nothing in the dramas that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clips.library import ClipLibrary
from bot.story.checks import check
from bot.story.reader import read_folder, read_story
from bot.story.story import Story

STORIES = Path(__file__).parents[3] / "stories"

HEAD = """\
title: T
language: en
variables:
  trust: {type: integer, from: -3, to: 3}
  ticket: {type: choice, of: [none, mei]}
episodes:
  one:
    title: One
    scenes:
"""


def story(scenes: str, files: dict[str, str] | None = None, head: str = HEAD) -> Story:
    indented = "".join(f"      {line}\n" for line in scenes.strip().splitlines())
    others = {name: text.encode() for name, text in (files or {}).items()}
    return read_story("s", {"story.yaml": (head + indented).encode(), **others})


def found(a_story: Story, seconds: float | None = 5.0) -> list[str]:
    problems = check(a_story, lambda path: seconds)
    return [f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in problems]


END = "end: {ending: {title: E, kind: sad}}"
USES = "{if: trust > 0 and ticket == mei, to: end}"
SOUND = f"""
start: {{route: [{USES}, {{to: end}}]}}
end: {{ending: {{title: End, kind: happy}}}}
"""


def test_a_sound_story_has_nothing_to_report() -> None:
    assert found(story(SOUND)) == []


@pytest.mark.parametrize(
    ("scenes", "expected"),
    [
        pytest.param(SOUND + "lost: {to: end}", ["12:7 STORY050"], id="a scene nothing leads to"),
        pytest.param(
            f"start: {{route: [{USES}, {{to: gap}}]}}\ngap: {{look: fog}}\nend: {{ending: {{title: E, kind: sad}}}}",
            ["11:7 STORY051"],
            id="a scene that leads nowhere",
        ),
        pytest.param(
            f"start: {{route: [{USES}, {{to: a}}]}}\na: {{to: b}}\nb: {{to: a}}\n" + END,
            ["11:7 STORY051", "12:7 STORY051"],
            id="a circle without a way out",
        ),
        pytest.param(
            SOUND.replace("trust > 0", "trust > 3"),
            ["10:23 STORY052"],
            id="a condition beyond its variable's bounds",
        ),
        pytest.param(
            SOUND.replace("{to: end}]", "{if: visits(start) < 0, to: end}, {to: end}]"),
            ["10:67 STORY052"],
            id="a count below nothing",
        ),
        pytest.param(
            SOUND.replace(", {to: end}]", "]"), ["10:7 STORY057"], id="a route whose every candidate has a condition"
        ),
        pytest.param(
            f"start:\n  choices:\n    go: {{label: {'x' * 41}, route: [{USES}, {{to: end}}]}}\n"
            "end: {ending: {title: E, kind: sad}}",
            ["12:11 STORY055"],
            id="a label too long for a button",
        ),
        pytest.param(
            "start:\n  within: 5s\n  default: go\n  choices:\n"
            "    go: {label: Go, if: trust > 0 and ticket == mei, to: end}\n    stay: {label: Stay, to: end}\n"
            "end: {ending: {title: E, kind: sad}}",
            ["14:11 STORY056"],
            id="a default that may be shut",
        ),
        pytest.param(
            "start:\n  choices:\n    go: {label: Go, if: trust > 0 and ticket == mei, to: end}\n"
            "    look: {label: Look, once: true, to: end}\nend: {ending: {title: E, kind: sad}}",
            ["10:7 STORY060"],
            id="choices that may all be gone",
        ),
    ],
)
def test_a_planted_defect_is_found_at_its_place(scenes: str, expected: list[str]) -> None:
    assert found(story(scenes)) == expected


def test_a_variable_that_only_feeds_itself_is_never_read() -> None:
    scenes = SOUND.replace("trust > 0 and ", "").replace("route:", "enter: [{do: [trust += 1]}], route:")
    assert found(story(scenes)) == ["4:3 STORY058"]


def test_a_way_that_can_never_be_taken_reaches_nothing() -> None:
    scenes = SOUND.replace("{to: end}]", "{if: trust > 5, to: lost}, {to: end}]") + "lost: {to: end}"
    assert "12:7 STORY050" in found(story(scenes))


@pytest.mark.parametrize(
    ("seconds", "code"), [(None, "STORY053"), (2.9, "STORY059"), (120.5, "STORY059"), (3, ""), (120, "")]
)
def test_clips_are_there_and_of_a_clips_length(seconds: float | None, code: str) -> None:
    scenes = SOUND.replace("end: {", "end: {clip: clips/end.mp4, ")
    assert found(story(scenes), seconds) == ([f"11:7 {code}"] if code else [])


def test_a_link_elsewhere_is_not_looked_at() -> None:
    scenes = SOUND.replace("end: {", "end: {clip: 'https://example.org/end.mp4', ")
    assert found(story(scenes), None) == []


def test_what_is_not_translated_and_what_no_longer_belongs_is_said() -> None:
    table = {"locales/es.yaml": "title: T\nscene/end/ending: Fin\nepisode/uno: Uno\n"}
    problems = check(story(SOUND, table), lambda path: 5.0)
    assert [problem.code for problem in problems] == ["STORY054", "STORY040"]
    assert "not yet translated to es, so shown in en: 1 of 3 texts: episode/one" in problems[0].message
    assert problems[1].place.file == "locales/es.yaml"
    assert problems[1].place.line == 3
    assert 'Did you mean "episode/one"?' in problems[1].message


def test_warnings_come_after_errors_and_once_each() -> None:
    scenes = SOUND + "lost: {to: end}\ngap: {look: fog}"
    problems = check(story(scenes.replace("{to: end}]}", "{to: gap}]}", 1)), lambda path: 5.0)
    assert [problem.severity for problem in problems] == ["error", "warning"]
    assert len(problems) == len(set(problems))


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in STORIES.glob("*/story.yaml")), ids=lambda path: path.name
)
def test_the_dramas_that_ship_have_no_problems(folder: Path) -> None:
    library = ClipLibrary(STORIES)

    def seconds(path: str) -> float | None:
        clip = library.find(folder.name, path)
        return clip.seconds if clip else None

    assert [str(problem) for problem in check(read_folder(folder), seconds)] == []
