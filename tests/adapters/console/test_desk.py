"""The studio in the terminal: a real process, at whose prompt a story is sent, played, tested and published."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
TALE = """\
title: The gate
synopsis: A gate, and what is behind it.
language: en
variables:
  trust: {type: integer, from: 0, to: 3, start: 0}
episodes:
  one:
    title: One
    start: gate
    scenes:
      gate:
        clip: clips/gate.mp4
        lines: [{narrator: Here is the gate.}]
        choices:
          in: {label: In, do: [trust += 1], to: yard}
          over: {label: Over it, if: trust >= 2, else: locked, to: yard}
      yard:
        lines: [{narrator: The yard.}]
        choices:
          back: {label: Back, to: gate}
          end: {label: End, to: hall}
      hall:
        ending: {title: The hall, kind: happy}
"""


def studio(folder: Path, *typed: str) -> str:
    """What the terminal shows when these lines are typed."""
    done = subprocess.run(
        [sys.executable, "run_bot.py", "studio", "open", "--to", str(folder)],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder / "data"), "COLUMNS": "200"},
        input="\n".join([*typed, ""]),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_story_is_sent_played_tested_and_published(tmp_path: Path) -> None:
    tale = tmp_path / "gate.yaml"
    tale.write_text(TALE.replace("to: hall", "to: hal"), "utf-8")
    broken = studio(tmp_path, str(tale), "/studio")
    assert 'gate.yaml:21:29 STORY012 there is no scene "hal". Did you mean "hall"?' in broken
    assert "You have no stories here yet." in broken.partition("STORY012")[2]
    tale.write_text(TALE, "utf-8")
    shown = studio(tmp_path, str(tale), "1", "2", "1", "/set trust 9", "/map", "/test 300", "/publish", "1", "q")
    for told in (
        "gate · draft 1",
        "Still to come: 1 clip, such as clips/gate.mp4",
        "over: needs trust >= 2 (trust is 0)",
        "Over it: needs trust >= 2 (trust is 0)",
        "trust 0 → 1",
        '"trust" cannot be "9": it takes whole numbers from 0 to 3',
        "300 random plays, seed 1",
        "gate is live: publication 1.",
        "Your drafts are kept.",
    ):
        assert told in shown
        shown = shown.partition(told)[2]
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "gate-300-plays.csv").read_text("utf-8").startswith("what,id,plays")


def test_a_test_play_is_kept_and_goes_on_in_the_next_draft(tmp_path: Path) -> None:
    tale = tmp_path / "gate.yaml"
    tale.write_text(TALE, "utf-8")
    studio(tmp_path, str(tale), "1", "1")
    tale.write_text(TALE.replace(" yard", " garden").replace("garden:\n", "garden:\n        was: yard\n"), "utf-8")
    shown = studio(tmp_path, str(tale))
    assert "renamed scene: yard → garden" in shown
    assert "The new draft: you are where you were." in shown
    assert "🎬 garden" in shown


def test_a_clip_is_sent_with_its_scene(tmp_path: Path) -> None:
    tale, clip = tmp_path / "gate.yaml", tmp_path / "a film.mp4"
    tale.write_text(TALE, "utf-8")
    clip.write_bytes((ROOT / "stories" / "airlock-nine" / "clips" / "knock-again.mp4").read_bytes())
    shown = studio(tmp_path, str(tale), f"{clip} gate", f"'{clip}'", f"{tale} ", "nonsense")
    assert "gate: gate has its clip." in shown
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert "Send a clip with its scene's id as caption" in shown
    assert "That is no file, button or command." in shown
