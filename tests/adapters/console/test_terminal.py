"""The terminal plays the same story, from a real process with a real pipe for a keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.fakes.nursery import Newborn

ROOT = Path(__file__).parents[3]


def environment(folder: Path) -> dict[str, str]:
    told = {"DATA_DIR": str(folder), "NO_COLOR": "1", "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **told}


def run_from_nothing(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """As somebody calls it."""
    command = [sys.executable, str(ROOT / "run_bot.py"), *arguments]
    return subprocess.run(
        command, input=typed, env=environment(folder), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def run(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """The same with its imports done beforehand."""
    process = Newborn(arguments, ROOT, environment(folder), typed)
    said, complained = process.communicate(60)
    return subprocess.CompletedProcess(arguments, process.wait(), said, complained)


def test_a_story_is_played_and_the_place_kept(tmp_path: Path) -> None:
    first = run_from_nothing(tmp_path, "play", "salt-and-sugar", typed="1\nq\n")
    assert first.returncode == 0, first.stderr
    assert "1 Hug her anyway" in first.stdout
    assert "first-bowl #1" in first.stdout
    assert "Your place is kept." in first.stdout

    again = run(tmp_path, "play", "salt-and-sugar", typed="")
    assert "first-bowl #1" in again.stdout
    assert "Hug her anyway" not in again.stdout


def test_rewind_restart_jump_and_another_language(tmp_path: Path) -> None:
    typed = "1\nback\ngo one-pot\nin es\nagain\nq\n"
    told = run(tmp_path, "play", "salt-and-sugar", typed=typed).stdout
    scenes = [line.split("#")[0].split()[-1] for line in told.splitlines() if "#" in line]
    assert scenes == ["arrival", "first-bowl", "arrival", "one-pot", "one-pot", "arrival"]
    assert "Tu lugar queda guardado." in told


def test_a_word_that_means_nothing_gets_help(tmp_path: Path) -> None:
    told = run(tmp_path, "play", "salt-and-sugar", typed="dance\n99\nq\n").stdout
    assert told.count("back [n] rewinds") == 2


def test_an_unknown_story_names_those_that_are_there(tmp_path: Path) -> None:
    refused = run(tmp_path, "play", "nowhere")
    assert refused.returncode == 2
    assert 'there is no story "nowhere"' in refused.stdout
    assert "salt-and-sugar" in refused.stdout


def test_check_says_the_place_and_fails_on_errors(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "story.yaml").write_text("title: T\nlanguage: en\nepisodes:\n  e: {title: E, scenes: {a: {to: b}}}\n")
    told = run(tmp_path, "check", str(folder))
    assert told.returncode == 1
    assert f'{folder.as_posix()}/story.yaml:4:30 STORY012 there is no scene "b".' in told.stdout
    assert run(tmp_path, "check", str(ROOT / "stories" / "salt-and-sugar")).returncode == 0
    assert run(tmp_path, "check", str(tmp_path / "empty")).returncode == 1


def test_a_string_table_is_filled_and_keeps_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "story"
    (folder / "locales").mkdir(parents=True)
    (folder / "story.yaml").write_text(
        "title: Hello\nlanguage: en\nepisodes:\n  e:\n    title: E\n    scenes:\n"
        "      a:\n        lines: [{narrator: 'Braces {{}}', id: one}]\n        ending: {title: End, kind: open}\n"
    )
    (folder / "locales" / "es.yaml").write_text("# by Ana\ntitle: Hola\nold/key: Viejo")
    run(tmp_path, "strings", str(folder), "es")
    told = run(tmp_path, "strings", str(folder), "es")
    assert told.returncode == 0, told.stderr
    lines = (folder / "locales" / "es.yaml").read_text().splitlines()
    assert lines[:3] == ["# by Ana", "title: Hola", "old/key: Viejo"]
    assert lines.count("# scene/a/line/one: Braces {{}}") == 1
    assert "still to translate" in told.stdout
