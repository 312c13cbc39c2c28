"""How long the clips of an upload last, each unpacked onto the disk when it is first asked for, one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

from bot.clips.library import TYPES
from bot.clips.probe import ClipError, measure
from bot.story.checks import ClipSeconds
from bot.story.problem import StoryError
from bot.studio.upload import ClipEntry, Upload

NONE_BEFORE: Mapping[str, float] = {}


def lengths_of(upload: Upload, known: Mapping[str, float] = NONE_BEFORE, folder: Path | None = None) -> ClipSeconds:
    """The seconds of a clip that was sent, or else of one `known` from before: None where neither has it, 0 where
    nobody knows. `folder` is where clips are unpacked, without a name; None takes the system's."""
    measured: dict[str, float] = {}

    def seconds(path: str) -> float | None:
        if path not in upload.clips:
            return known.get(path)
        if path not in measured:
            measured[path] = _measured(upload.clips[path], folder)
        return measured[path]

    return seconds


def _measured(clip: ClipEntry, folder: Path | None) -> float:
    """How long a clip lasts; 0 for one that is damaged or no MP4 file."""
    if TYPES[Path(clip.path).suffix.lower()] != "video/mp4":
        return 0.0
    with TemporaryFile(dir=folder) as file:
        try:
            file.writelines(clip.pieces())
            return measure(file, file.tell()).seconds
        except (ClipError, StoryError):
            return 0.0
