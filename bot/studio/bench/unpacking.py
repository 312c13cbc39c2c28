"""Unpacking: the clips of an upload as files, under names of our own, each known to be a clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.clips.vault.kept import Kept, Unfit, look
from bot.story.problem import StoryError
from bot.studio.upload import ClipEntry, Upload


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A clip by its `path` inside the story. It lies in `file`, and the vault will keep it as `kept`; both are None
    where it is no clip that can be kept, and `why` says so."""

    path: str
    file: Path | None
    kept: Kept | None
    why: str = ""


def unpacked(upload: Upload, to: Path) -> tuple[Unpacked, ...]:
    """Every clip of an upload, one file each in the folder `to`; no more than a piece is in memory."""
    return tuple(_one(clip, path, to / str(number)) for number, (path, clip) in enumerate(upload.clips.items()))


def _one(clip: ClipEntry, path: str, file: Path) -> Unpacked:
    try:
        with file.open("xb") as out:
            out.writelines(clip.pieces())
        return Unpacked(path, file, look(file))
    except StoryError as error:
        why = error.problems[0].message
    except Unfit as error:
        why = f'"{path}" {error}'
    file.unlink()
    return Unpacked(path, None, None, why)
