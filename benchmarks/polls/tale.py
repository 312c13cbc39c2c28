"""The vote that every bot holds: the same question with two answers, again and again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

STORY = "poll"
LINE = "The lamp turns, and the sea turns its back."
LABELS = {"trim": "Trim the wick with care", "wait": "Wait for the ship to come"}
SCENES = 8
"""Votes before our story ends: more than any benchmark decides."""

COUNTED = ("Counted: ", "Changed to: ")
"""How the answer to a vote that counts begins."""

GAP = 3.0
"""Seconds between two edits of a room's card: for all bots what ours has."""


def put_story(stories: Path) -> None:
    """The vote in our own language: scenes without clips, one after the other."""
    folder = stories / STORY
    folder.mkdir(parents=True)
    lines = [
        "title: The Keeper",
        "synopsis: A lamp and a stair.",
        "genres: [mystery]",
        "rating: all",
        "language: en",
        "episodes:",
        "  tower:",
        "    title: The Tower",
        "    scenes:",
    ]
    for number in range(SCENES):
        lines += [f"      s{number}:", "        lines:", f'          - narrator: "{LINE}"', "        choices:"]
        lines += [f"          {choice}: {{label: {label}, to: s{number + 1}}}" for choice, label in LABELS.items()]
    lines += [f"      s{SCENES}:", "        lines:", f'          - narrator: "{LINE}"']
    lines += ["        ending: {title: The lamp, kind: open}"]
    (folder / "story.yaml").write_text("\n".join(lines) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Seat:
    """What a bot is given: the REST base, its token, and a folder to keep things in."""

    api: str
    token: str
    folder: Path

    def environment(self) -> dict[str, str]:
        """The same for a process."""
        return {"API_URL": self.api, "BOT_TOKEN": self.token, "FOLDER": str(self.folder)}


def seat() -> Seat:
    """What this process was given."""
    return Seat(os.environ["API_URL"], os.environ["BOT_TOKEN"], Path(os.environ["FOLDER"]))
