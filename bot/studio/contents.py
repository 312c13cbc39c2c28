"""What of a zip belongs to the story: its texts, its clips, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import commonpath

from bot.clips.library import TYPES, is_plain
from bot.story.limits import MAX_FILE_BYTES, MAX_FILES, MAX_STORY_BYTES
from bot.story.reader import MAIN
from bot.studio.archive.entry import Entry
from bot.studio.archive.limits import MAX_CLIP_BYTES
from bot.studio.archive.refusal import refusal, shown

_NOISE = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
"""What computers put beside files by themselves. It is passed over, as hidden files are."""

_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file in the zip that is no part of the story, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Entries by their paths inside the story; `folder` is what the zip calls the story's folder, if it has one."""

    folder: str
    texts: Mapping[str, Entry]
    clips: Mapping[str, Entry]
    left_out: tuple[LeftOut, ...]


def sort_out(upload: str, entries: Sequence[Entry]) -> Contents:
    """The story in a zip, its sizes within the caps. Raises `StoryError` before anything is unpacked."""
    wanted = [entry for entry in entries if not _is_noise(entry.path)]
    folder = commonpath(entry.path.rpartition("/")[0] for entry in wanted) if wanted else ""
    inside = {entry.path.removeprefix(f"{folder}/"): entry for entry in wanted}
    if MAIN not in inside:
        raise refusal(upload, "STORY092", f"has no {MAIN}{_hint(inside)}; pack the story's folder")
    texts = {path: entry for path, entry in inside.items() if _is_text(path)}
    clips = {path: entry for path, entry in inside.items() if _is_clip(path)}
    _refuse_large(upload, texts, MAX_FILE_BYTES, "STORY002")
    _refuse_large(upload, clips, MAX_CLIP_BYTES, "STORY094")
    if len(texts) > MAX_FILES or sum(entry.size for entry in texts.values()) > MAX_STORY_BYTES:
        message = f"has more than {MAX_FILES} YAML files, or over {MAX_STORY_BYTES // 1024} KiB of them"
        raise refusal(upload, "STORY002", f"{message}; make two stories of it")
    rest = (LeftOut(path, _why(path)) for path in inside if path not in texts and path not in clips)
    return Contents(PurePosixPath(folder).name, texts, clips, tuple(rest))


def _is_noise(path: str) -> bool:
    return any(part.startswith(".") or part in _NOISE for part in path.split("/"))


def _hint(inside: Mapping[str, Entry]) -> str:
    """Where the story may be instead."""
    near = [path for path in inside if path.lower().endswith(_YAML)]
    main = next((path for path in near if PurePosixPath(path).name == MAIN), None)
    if main is not None:
        return f' beside its other files, only "{shown(main)}"'
    return f'; name the first file {MAIN}, perhaps "{shown(near[0])}"' if near else ""


def _is_text(path: str) -> bool:
    """Whether a story's folder would be read with this file."""
    *folders, name = path.split("/")
    return name.endswith(".yaml") and (folders in ([], ["locales"]) or folders[0] == "episodes")


def _is_clip(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in TYPES and is_plain(path)


def _why(path: str) -> str:
    if path.lower().endswith(_YAML):
        return f"files of a story end in .yaml and lie beside {MAIN}, in episodes/ or in locales/"
    return "no YAML file and no clip; clips end in " + ", ".join(TYPES)


def _refuse_large(upload: str, entries: Mapping[str, Entry], cap: int, code: str) -> None:
    for path, entry in entries.items():
        if entry.size > cap:
            raise refusal(upload, code, f'the entry "{shown(path)}" is over {cap // 1024} KiB; make two of it')
