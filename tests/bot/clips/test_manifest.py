"""The clip maker's notes are read as far as they can be; a damaged note never stops a story."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clips.manifest import MOST_BYTES, Timing, read_manifest


def write(story: Path, text: str | bytes) -> Path:
    (story / "clips").mkdir(exist_ok=True)
    (story / "clips/clips.json").write_bytes(text.encode() if isinstance(text, str) else text)
    return story


def test_what_the_clip_maker_wrote(tmp_path: Path) -> None:
    note = {"whistle": {"seconds": 6.4, "lines": {"a": [0.5, 2], "b": [2.25, 5]}, "made": "x"}, "gate": {"seconds": 3}}
    assert read_manifest(write(tmp_path, json.dumps(note))) == {
        "whistle": Timing(6.4, {"a": (0.5, 2.0), "b": (2.25, 5.0)}),
        "gate": Timing(3.0, {}),
    }


def test_a_story_without_notes_has_none_and_that_is_no_news(tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert read_manifest(tmp_path) == {}
    assert logs == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        b"\xff\xfe\x00",
        "[" * 100_000,
        '{"a": {"seconds": ' + "9" * 5000 + "}}",
        pytest.param(" " * (MOST_BYTES + 1), id="too large"),
    ],
)
def test_damaged_notes_are_left_out_with_a_word_in_the_log(tmp_path: Path, text: str | bytes) -> None:
    with capture_logs() as logs:
        assert read_manifest(write(tmp_path, text)) == {}
    assert len(logs) == 1
    assert "clips.json" in logs[0]["file"]


def test_notes_that_are_a_folder(tmp_path: Path) -> None:
    (tmp_path / "clips/clips.json").mkdir(parents=True)
    assert read_manifest(tmp_path) == {}


@pytest.mark.parametrize(
    "entry", ["1", "null", "{}", '{"seconds": -1}', '{"seconds": NaN}', '{"seconds": 1, "lines": {"a": [1]}}']
)
def test_one_damaged_scene_leaves_the_others(tmp_path: Path, entry: str) -> None:
    with capture_logs() as logs:
        timings = read_manifest(write(tmp_path, f'{{"bad": {entry}, "good": {{"seconds": 2}}}}'))
    assert timings == {"good": Timing(2.0, {})}
    assert [log["scene"] for log in logs] == ["bad"]


def test_a_line_that_ends_before_it_starts_has_no_known_time(tmp_path: Path) -> None:
    timings = read_manifest(write(tmp_path, '{"a": {"seconds": 9, "lines": {"x": [3, 2], "y": [1, 2]}}}'))
    assert timings["a"].lines == {"y": (1.0, 2.0)}
