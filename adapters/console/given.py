"""A story as it was named in the terminal: its folder, or the one file that a creator would send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from bot.clips.library import TYPES, ClipLibrary
from bot.clips.probe import ClipError, measure
from bot.story.checks import ClipSeconds
from bot.story.problem import StoryError
from bot.story.reader import read_folder
from bot.story.story import Story
from bot.studio.contents import LeftOut
from bot.studio.upload import ClipEntry, Upload, open_upload


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
        return Given(upload.story(), _seconds_sent(upload), upload.left_out)
    return Given(read_folder(path), _seconds_there(path))


def _seconds_there(folder: Path) -> ClipSeconds:
    library = ClipLibrary(folder.parent)

    def seconds(path: str) -> float | None:
        clip = library.find(folder.name, path)
        return None if clip is None else clip.seconds or 0.0

    return seconds


def _seconds_sent(upload: Upload) -> ClipSeconds:
    known: dict[str, float] = {}

    def seconds(path: str) -> float | None:
        if path not in upload.clips:
            return None
        if path not in known:
            known[path] = _measured(upload.clips[path])
        return known[path]

    return seconds


def _measured(clip: ClipEntry) -> float:
    """How long a clip lasts; 0 for one that is damaged or no MP4 file. One at a time is unpacked, onto the disk."""
    if TYPES[Path(clip.path).suffix.lower()] != "video/mp4":
        return 0.0
    with TemporaryFile() as file:
        try:
            file.writelines(clip.pieces())
            return measure(file, file.tell()).seconds
        except (ClipError, StoryError):
            return 0.0
