"""A story's files on disk: found by the path that the story gives, and never outside the story's folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import structlog

from bot.clips.probe import ClipError, Probe

TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".mp4": "video/mp4",
        ".webm": "video/webm",
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".webp": "image/webp",
        ".vtt": "text/vtt; charset=utf-8",
    }
)
"""What is served, by the file's ending. No SVG: in a story from a stranger it could carry a script."""

LONGEST_PATH = 300
"""Characters of a path inside a story."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Clip:
    """A file of a story. `size` in bytes; `seconds` is None for what is no MP4 video, or a damaged one."""

    path: Path
    type: str
    size: int
    seconds: float | None
    status: os.stat_result


class ClipLibrary:
    """The files of all stories below one folder. Its methods read the disk: call them off the event loop."""

    def __init__(self, stories: Path) -> None:
        self._stories = stories
        self._probe = Probe()

    def find(self, story: str, path: str) -> Clip | None:
        """The file at `path` inside the story's folder; None when it is missing, of no known type or outside."""
        kind = TYPES.get(Path(path).suffix.lower())
        if kind is None or not is_plain(path) or not is_plain(story) or "/" in story:
            return None
        try:
            folder = (self._stories / story).resolve(strict=True)
            file = (folder / path).resolve(strict=True)
            status = file.stat()
        except (OSError, RuntimeError):  # missing, unreadable, a name too long, a circle of links
            return None
        if not file.is_relative_to(folder) or not stat.S_ISREG(status.st_mode):
            return None
        return Clip(file, kind, status.st_size, self._seconds(story, file, kind), status)

    def _seconds(self, story: str, file: Path, kind: str) -> float | None:
        if kind != "video/mp4":
            return None
        try:
            return self._probe.measure(file).seconds
        except (ClipError, OSError) as error:
            _log.warning("clip unreadable", story=story, error=str(error))
            return None


def is_plain(path: str) -> bool:
    """Whether a path is relative, goes only down, and holds no hidden name, backslash or control character."""
    if not path or len(path) > LONGEST_PATH or "\\" in path or not path.isprintable():
        return False
    return not any(part == "" or part.startswith(".") for part in path.split("/"))
