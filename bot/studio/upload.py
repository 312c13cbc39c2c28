"""A story as its creator sends it, one zip or one YAML file: taken apart, and not yet read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonprefix
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from bot.clips.library import TYPES, is_plain
from bot.clips.vault.kept import opened
from bot.story.limits import MAX_FILE_BYTES, MAX_FILES, MAX_STORY_BYTES
from bot.story.reader import MAIN, read_story
from bot.story.story import Story
from bot.studio.archive.archive import read_archive
from bot.studio.archive.entry import Entry
from bot.studio.archive.limits import MAX_CLIP_BYTES
from bot.studio.archive.refusal import refusal, shown
from bot.studio.encoding import NotText, in_utf8
from bot.studio.naming import id_from

ClipEntry: TypeAlias = Entry
"""A clip still in its zip: `size`, and `pieces()` to stream it. Whether it is a clip, the vault finds out."""

TEXTS = (".yaml", ".yml", ".txt")
"""How the name of a story in a single file may end: phones make text files of what they do not know."""

ZIP = ".zip"
_ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_NOISE = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
"""What computers put beside files by themselves. It is passed over, as hidden files are."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file in the zip that is no part of the story, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent: the story's YAML in UTF-8 and its clips, by their paths inside the story."""

    name: str
    story_id: str
    files: Mapping[str, bytes]
    clips: Mapping[str, ClipEntry] = field(default_factory=lambda: MappingProxyType({}))
    left_out: tuple[LeftOut, ...] = ()

    def story(self) -> Story:
        """The story that was sent. Raises `StoryError` with every problem found."""
        return read_story(self.story_id, self.files, shown=self.name)


def open_upload(name: str, content: Path | bytes) -> Upload:
    """Takes an upload apart, whoever sent it and whatever they call it. Blocking: call it off the event loop.

    Raises `StoryError`. A file must stay as it is for as long as its clips are read.
    """
    called = PurePosixPath(name.replace("\\", "/")).name
    try:
        with opened(content) as file:
            beginning = file.read(MAX_FILE_BYTES + 1)
        if beginning.startswith(_ZIP_BEGINS):
            return _unzipped(called, read_archive(content, shown(called)))
    except OSError as error:
        raise refusal(shown(called), "STORY001", f"cannot be read: {error.strerror}") from None
    return _single(called, beginning)


def _single(called: str, text: bytes) -> Upload:
    suffix = PurePosixPath(called).suffix.lower()
    if suffix == ZIP:
        raise refusal(shown(called), "STORY083", "does not begin as a zip does; pack the folder anew")
    if suffix not in TEXTS:
        raise refusal(shown(called), "STORY080", f"is no story; send a {ZIP}, or a single file in {TEXTS[0]}")
    return Upload(shown(called), _story_id(called, called), {MAIN: _text(shown(called), called, text)})


def _unzipped(called: str, entries: Sequence[Entry]) -> Upload:
    wanted = [entry for entry in entries if not _is_noise(entry.path)]
    top = _top([entry.path for entry in wanted])
    inside = {entry.path.removeprefix(top): entry for entry in wanted}
    if MAIN not in inside:
        raise refusal(shown(called), "STORY082", f"has no {MAIN}{_hint(inside)}; pack the story's folder")
    story_id = _story_id(called, PurePosixPath(top).name or called)
    texts = {path: entry for path, entry in inside.items() if _is_text(path)}
    clips = {path: entry for path, entry in inside.items() if _is_clip(path)}
    _refuse_large(called, texts, clips)
    files = {path: _text(shown(called), path, entry.read()) for path, entry in texts.items()}
    rest = tuple(LeftOut(path, _why(path)) for path in inside if path not in texts and path not in clips)
    return Upload(shown(called), story_id, files, clips, rest)


def _is_noise(path: str) -> bool:
    return any(part.startswith(".") or part in _NOISE for part in path.split("/"))


def _top(paths: Sequence[str]) -> str:
    """The folder that all files share, with its `/`, if the story begins there; else nothing."""
    shared = commonprefix([path.split("/")[:-1] for path in paths]) if paths else []
    return "".join(f"{part}/" for part in shared)


def _hint(inside: Mapping[str, Entry]) -> str:
    """Where the story may be instead."""
    near = [path for path in inside if path.lower().endswith((".yaml", ".yml"))]
    main = next((path for path in near if PurePosixPath(path).name == MAIN), None)
    if main is not None:
        return f' beside its other files, but "{shown(main)}"'
    return f'; call the first file {MAIN}, as perhaps "{shown(near[0])}"' if near else ""


def _story_id(called: str, name: str) -> str:
    stem = PurePosixPath(name).stem if name.lower().endswith((ZIP, *TEXTS)) else name
    id = id_from(stem)
    if id is None:
        message = f'"{shown(name)}" makes no story id; use at most 32 of a-z, 0-9 and -, as in wrong-umbrella'
        raise refusal(shown(called), "STORY081", message)
    return id


def _is_text(path: str) -> bool:
    place = PurePosixPath(path)
    return place.suffix == ".yaml" and (len(place.parts) == 1 or _is_placed(place))


def _is_placed(place: PurePosixPath) -> bool:
    return place.parts[0] == "episodes" or (place.parts[0] == "locales" and len(place.parts) == 2)


def _is_clip(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in TYPES and is_plain(path)


def _why(path: str) -> str:
    if path.lower().endswith((".yaml", ".yml")):
        return f"files of a story end in .yaml and lie beside {MAIN}, in episodes/ or in locales/"
    return "no YAML file and no clip; clips end in " + ", ".join(TYPES)


def _refuse_large(called: str, texts: Mapping[str, Entry], clips: Mapping[str, Entry]) -> None:
    """Raises `StoryError` before anything is unpacked."""
    most = [(texts, MAX_FILE_BYTES, "STORY002"), (clips, MAX_CLIP_BYTES, "STORY084")]
    for entries, cap, code in most:
        for path, entry in entries.items():
            if entry.size > cap:
                message = f'"{shown(path)}" is over {cap // 1024} KiB; make it smaller, or split it'
                raise refusal(shown(called), code, message)
    if len(texts) > MAX_FILES or sum(entry.size for entry in texts.values()) > MAX_STORY_BYTES:
        message = f"has more than {MAX_FILES} YAML files, or over {MAX_STORY_BYTES // 1024} KiB of them"
        raise refusal(shown(called), "STORY002", message)


def _text(upload: str, path: str, content: bytes) -> bytes:
    if len(content) > MAX_FILE_BYTES:
        raise refusal(upload, "STORY002", f"is over {MAX_FILE_BYTES // 1024} KiB; pack a zip with a file per episode")
    if content.startswith(_ZIP_BEGINS):
        raise refusal(upload, "STORY088", f'the entry "{shown(path)}" is an archive in the archive; unpack it first')
    try:
        return in_utf8(content)
    except NotText as error:
        raise refusal(upload, "STORY001", f'"{shown(path)}" {error}') from None
