"""A story as it was named in the terminal: its folder, or the one file that a creator would send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.clips.library import ClipLibrary
from bot.story.checks import ClipSeconds
from bot.story.reader import read_folder
from bot.story.story import Story
from bot.studio.contents import LeftOut
from bot.studio.lengths import lengths_of
from bot.studio.upload import open_upload


@dataclass(frozen=True, slots=True)
class Given:
    """A story that was read. `seconds` says how long a clip lasts: None where it is missing, 0 where nobody knows."""

    story: Story
    seconds: ClipSeconds
    left_out: tuple[LeftOut, ...] = ()


def read_given(path: Path) -> Given:
    """The story at a path, with its clips. Raises `StoryError`."""
    if path.is_file():
        upload = open_upload(path.name, path)
        return Given(upload.story(), lengths_of(upload), upload.left_out)
    return Given(read_folder(path), _seconds_there(path))


def _seconds_there(folder: Path) -> ClipSeconds:
    library = ClipLibrary(folder.parent)

    def seconds(path: str) -> float | None:
        clip = library.find(folder.name, path)
        return None if clip is None else clip.seconds or 0.0

    return seconds
