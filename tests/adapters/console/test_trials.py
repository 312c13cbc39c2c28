"""`run_bot.py test` and `map` as a creator uses them: real processes, real files."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from adapters.console.map import draw_map
from adapters.console.trials import try_story
from bot.studio.whim import Habits
from tests.adapters.console.test_terminal import run

TRAP = """\
title: Trap
language: en
variables:
  wet: {type: flag}
episodes:
  one:
    title: One
    scenes:
      a:
        choices:
          left: {label: Left, do: wet = true, to: end}
          right: {label: Right, to: cellar}
      cellar: {route: [{if: wet, to: end}]}
      attic: {to: end}
      end: {ending: {title: Out, kind: open}}
"""


def trap(folder: Path) -> str:
    story = folder / "trap"
    story.mkdir()
    (story / "story.yaml").write_text(TRAP, "utf-8")
    return str(story)


def words(line: str) -> list[str]:
    return line.split()


def test_a_sound_story_is_played_counted_and_drawn(tmp_path: Path) -> None:
    table, picture = tmp_path / "counts.csv", tmp_path / "map.png"
    done = run(
        tmp_path,
        *("test", "stories/airlock-nine", "--plays", "600", "--seed", "4", "--csv", str(table), "--map", str(picture)),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "600 plays, seed 4" in done.stdout
    lines = [words(line) for line in done.stdout.splitlines()]
    assert next(line for line in lines if line[:1] == ["knock"])[:3] == ["knock", "600", "100.0%"]
    assert "Choices in a play: 5 to 6" in done.stdout
    assert "Variables" in done.stdout
    with table.open() as file:
        rows = {(row["what"], row["id"]): row["plays"] for row in csv.DictReader(file)}
    assert rows["plays", ""] == rows["scene", "knock"] == "600"
    with Image.open(picture) as image:
        assert image.format == "PNG"


def test_a_dead_end_is_shown_with_the_way_there(tmp_path: Path) -> None:
    done = run(tmp_path, "test", trap(tmp_path), "--plays", "90")
    assert done.returncode == 1
    assert "cellar is a dead end in" in done.stdout
    assert "-> a -[right]-> cellar" in done.stdout
    assert ["attic", "never", "0"] in [words(line) for line in done.stdout.splitlines()]
    assert "nothing is known of running time" in done.stdout


def test_the_counts_are_heat_on_the_map(tmp_path: Path) -> None:
    story, table, picture = trap(tmp_path), tmp_path / "counts.csv", tmp_path / "map.svg"
    run(tmp_path, "test", story, "--plays", "90", "--csv", str(table))
    done = run(tmp_path, "map", story, "--heat", str(table), "--out", str(picture))
    assert done.returncode == 0, done.stdout
    texts = [text.text for text in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert "90 · 100%" in texts
    assert "impossible to reach" in texts
    assert "scenes 4 · endings 1 · impossible 1 · clip missing 4" in texts


def test_what_cannot_be_done_is_said_before_anything_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story, nowhere, out = Path(trap(tmp_path)), tmp_path / "nowhere" / "map.svg", tmp_path / "map.svg"
    refused: list[tuple[str, Callable[[], int]]] = [
        ("ends in .svg or .png", lambda: draw_map(story, None, Path("map.gif"))),
        ("make the folder", lambda: draw_map(story, None, nowhere)),
        ("line 1", lambda: draw_map(story, story / "story.yaml", out)),
        ("No such file", lambda: draw_map(story, tmp_path / "no.csv", out)),
        ("STORY001", lambda: draw_map(tmp_path, None, out)),
        ("make the folder", lambda: try_story(story, Habits(), 9, 1, table=nowhere)),
        ("ends in .svg or .png", lambda: try_story(story, Habits(), 9, 1, picture=tmp_path / "map")),
        ("STORY001", lambda: try_story(tmp_path, Habits(), 9, 1)),
    ]
    for fault, attempt in refused:
        assert attempt() == 1
        told = capsys.readouterr().out
        assert fault in told
        assert "plays, seed" not in told
    assert not out.exists()


def test_counts_of_another_version_are_used_as_far_as_they_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story, table = Path(trap(tmp_path)), tmp_path / "counts.csv"
    table.write_text("what,id,plays,times,late\nplays,,9,,\nscene,a,9,9,\nscene,gone,3,3,\n", "utf-8")
    assert draw_map(story, table, tmp_path / "map.svg") == 0
    assert "counts 1 scenes that the story lacks: gone" in capsys.readouterr().out
    assert "9 · 100%" in (tmp_path / "map.svg").read_text("utf-8")
