"""Files that mean ill, sent at the prompt of the studio: each gets a clear answer, and the prompt is there again."""

from __future__ import annotations

import re
from pathlib import Path

from tests.adapters.console.test_desk import TALE, studio
from tests.bot.studio.hostile import uploads

ANSWERED = re.compile(r"❌ .*: \d+ errors?, so nothing has changed|✅ ")


def test_hostile_files_are_each_answered(tmp_path: Path) -> None:
    hostile = [one for one in uploads() if len(one.called) < 200 and _can_be_a_file(one.called)][::3][:60]
    assert len(hostile) == 60
    typed = []
    for number, one in enumerate(hostile):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / one.called).write_bytes(one.content())
        typed.append(str(folder / one.called))
    tale = tmp_path / "gate.yaml"
    tale.write_text(TALE, "utf-8")
    shown = studio(tmp_path, *typed, str(tale), "q")
    answers = shown.split("studio > ")[1:-1]
    assert len(answers) == len(hostile) + 1
    assert [answer for answer in answers if not ANSWERED.match(answer)] == []
    assert answers[-1].startswith("✅ gate · draft 1")


def _can_be_a_file(name: str) -> bool:
    """Whether a terminal can name it, and it looks like a story."""
    return name.isprintable() and "/" not in name and name.lower().endswith((".zip", ".yaml", ".yml", ".txt"))
