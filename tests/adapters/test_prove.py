"""`run_bot.py prove`: findings with the play that shows them, and an exit code that can guard a commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.console.prove import prove_stories
from bot.story.prover.prove import Budget, prove
from tests.bot.story.draft import written

GAP = "start: {choices: {on: {label: On, to: gap}, out: {label: Out, to: end}}}\ngap: {look: fog}\n"
END = "end: {ending: {title: Land, kind: open}}"


def folder(at: Path, text: str) -> Path:
    story = at / "tale"
    story.mkdir()
    (story / "story.yaml").write_text(written(text))
    return story


def test_a_dead_end_is_shown_with_the_play_that_comes_to_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove_stories([folder(tmp_path, GAP + END)]) == 1
    told = capsys.readouterr().out
    assert "STORY074" in told
    assert "play: on" in told
    assert "1 errors" in told


def test_a_sound_story_is_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove_stories([folder(tmp_path, "start: {choices: {out: {label: Out, to: end}}}\n" + END)]) == 0
    told = capsys.readouterr().out
    assert "end (Land): after 1 choices or more" in told
    assert "sound" in told
    assert "proven" in told


def test_where_going_back_was_too_much_to_look_at_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "start: {choices: {out: {label: Out, if: not ended(end), to: end}}}\n" + END
    story = folder(tmp_path, text)
    prove_stories([story])
    assert "nobody goes back" not in capsys.readouterr().out
    monkeypatch.setattr(prove, "__defaults__", (Budget(states=0, returns=0),))
    prove_stories([story])
    assert "in which nobody goes back to an earlier choice" in capsys.readouterr().out.replace("\n", " ")


def test_a_story_that_cannot_be_read_is_told_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove_stories([folder(tmp_path, "start: {to: nowhere}")]) == 1
    assert "STORY012" in capsys.readouterr().out
