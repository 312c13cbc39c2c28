"""The tale that every bot tells: two scenes, each with a clip and two choices, that lead to each other without end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

STORY = "tale"
HELLO = f"/play {STORY}"
FIRST = "lamp"


@dataclass(frozen=True, slots=True)
class Scene:
    """`choices` are labels by id; all of them lead to `to`."""

    line: str
    choices: Mapping[str, str]
    to: str

    @property
    def caption(self) -> str:
        """In HTML, as it stands under the clip."""
        return f"<i>{self.line}</i>"

    def settled(self, choice: str) -> str:
        """The caption once a choice was taken."""
        return f"{self.caption}\n\n▸ <b>{self.choices[choice]}</b>"

    @property
    def keyboard(self) -> list[list[tuple[str, str]]]:
        """Rows of (label, callback data)."""
        return [[(label, choice)] for choice, label in self.choices.items()]


SCENES: Mapping[str, Scene] = {
    "lamp": Scene(
        "The lamp turns, and the sea turns its back.",
        {"trim": "Trim the wick with care", "wait": "Wait for the ship to come"},
        "stairs",
    ),
    "stairs": Scene(
        "A hundred and nine steps, and somebody on the lowest.",
        {"call": "Call out into the dark", "light": "Hold up the light again"},
        "lamp",
    ),
}


def clip(scene: str) -> bytes:
    """The scene's clip: no more of an MP4 than that it looks like one."""
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + scene.encode()


def put_story(stories: Path) -> None:
    """The tale in our own language, with its clips."""
    folder = stories / STORY
    (folder / "clips").mkdir(parents=True)
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
    for name, scene in SCENES.items():
        (folder / "clips" / f"{name}.mp4").write_bytes(clip(name))
        lines += [f"      {name}:", f"        clip: clips/{name}.mp4", "        lines:"]
        lines += [f'          - narrator: "{scene.line}"', "        choices:"]
        lines += [f"          {choice}: {{label: {label}, to: {scene.to}}}" for choice, label in scene.choices.items()]
    (folder / "story.yaml").write_text("\n".join(lines) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Seat:
    """What a bot is given: the server, its token, a folder to keep things in, the clips' file ids by scene."""

    url: str
    token: str
    folder: Path
    videos: Mapping[str, str]
    storage: str = ""
    """The address of a Redis-compatible server, for the bot that wants one."""

    def environment(self) -> dict[str, str]:
        """The same for a process."""
        videos = {f"VIDEO_{scene.upper()}": file_id for scene, file_id in self.videos.items()}
        where = {"API_URL": self.url, "BOT_TOKEN": self.token, "FOLDER": str(self.folder), "STORAGE": self.storage}
        return {**where, **videos}


def seat() -> Seat:
    """What this process was given."""
    given = os.environ
    videos = {scene: given[f"VIDEO_{scene.upper()}"] for scene in SCENES}
    return Seat(given["API_URL"], given["BOT_TOKEN"], Path(given["FOLDER"]), videos, given["STORAGE"])


def serve(play: Callable[[Seat], None], counted: Callable[[Seat], int]) -> None:
    """A bot's main: play, or with `count` say how many taps its durable state knows of."""
    if sys.argv[-1] == "count":
        print(counted(seat()))
    else:
        play(seat())
