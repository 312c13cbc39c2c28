"""A story as its creator sends it, one zip or one YAML file: taken apart, and not yet read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from bot.clips.vault.kept import opened
from bot.story.limits import MAX_FILE_BYTES
from bot.story.reader import MAIN, read_story
from bot.story.story import Story
from bot.studio.archive.archive import read_archive
from bot.studio.archive.entry import Entry
from bot.studio.archive.refusal import refusal, shown
from bot.studio.contents import Contents, LeftOut, sort_out
from bot.studio.encoding import NotText, in_utf8
from bot.studio.naming import id_from

ClipEntry: TypeAlias = Entry
"""A clip still in its zip: `size`, and `pieces()` to stream it. Whether it is a clip, the vault finds out."""

TEXTS = (".yaml", ".yml", ".txt")
"""How the name of a story in a single file may end: phones make text files of what they do not know."""

ZIP = ".zip"
_ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent: the story's YAML in UTF-8 and its clips, by their paths inside the story. `alone`: one file came,
    with nothing beside it.
    """

    name: str
    story_id: str
    files: Mapping[str, bytes]
    clips: Mapping[str, ClipEntry] = field(default_factory=lambda: MappingProxyType({}))
    left_out: tuple[LeftOut, ...] = ()
    alone: bool = False

    def beside(self, before: Mapping[str, str]) -> Upload:
        """With the story's other files from before, where its main one came alone."""
        if not self.alone:
            return self
        return replace(self, files={**{path: text.encode() for path, text in before.items()}, **self.files})

    def story(self) -> Story:
        """The story that was sent. Raises `StoryError` with every problem found."""
        return read_story(self.story_id, self.files, shown=self.name)


def open_upload(name: str, content: Path | bytes) -> Upload:
    """Takes an upload apart, whoever sent it and whatever they call it. Blocking: call it off the event loop.

    Raises `StoryError`. A file must stay as it is for as long as its clips are read.
    """
    called = _called(name)
    upload = shown(called)
    try:
        with opened(content) as file:
            beginning = file.read(MAX_FILE_BYTES + 1)
        if not beginning.startswith(_ZIP_BEGINS):
            return _single(called, beginning)
        contents = sort_out(upload, read_archive(content, upload))
    except OSError as error:
        raise refusal(upload, "STORY001", f"cannot be read: {error.strerror}; send it again") from None
    return _unzipped(called, contents)


def shown_name(name: str) -> str:
    """What an upload is called in all that is said of it."""
    return shown(_called(name))


def _called(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def _single(called: str, text: bytes) -> Upload:
    upload, suffix = shown(called), PurePosixPath(called).suffix.lower()
    if suffix == ZIP:
        raise refusal(upload, "STORY093", "does not begin as a zip does; send it again, or pack the folder anew")
    if suffix not in TEXTS:
        raise refusal(upload, "STORY090", f"is no story; send a {ZIP}, or a single file in {TEXTS[0]}")
    if len(text) > MAX_FILE_BYTES:
        most = MAX_FILE_BYTES // 1024
        raise refusal(upload, "STORY002", f"is over {most} KiB; send a zip with a file per episode")
    return Upload(upload, _story_id(upload, _stem(called)), {MAIN: _text(upload, called, text)}, alone=True)


def _unzipped(called: str, contents: Contents) -> Upload:
    upload = shown(called)
    story_id = _story_id(upload, contents.folder or _stem(called))
    files = {path: _text(upload, path, entry.read()) for path, entry in contents.texts.items()}
    return Upload(upload, story_id, files, contents.clips, contents.left_out)


def _stem(called: str) -> str:
    return called.rpartition(".")[0] if "." in called else called


def _story_id(upload: str, name: str) -> str:
    id = id_from(name)
    if id is None:
        message = f'"{shown(name)}" makes no story id; rename it with at most 32 of a-z, 0-9 and -, as wrong-umbrella'
        raise refusal(upload, "STORY091", message)
    return id


def _text(upload: str, path: str, content: bytes) -> bytes:
    if content.startswith(_ZIP_BEGINS):
        raise refusal(upload, "STORY098", f'the entry "{shown(path)}" is an archive in the archive; unpack it first')
    try:
        return in_utf8(content)
    except NotText as error:
        raise refusal(upload, "STORY001", f'"{shown(path)}" {error}') from None
