"""A file that a person sends: what it is to the studio, and what Telegram calls it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from telegram import Animation, Document, Message, Video

from bot.studio.upload import TEXTS, ZIP

STORY = (ZIP, *TEXTS)
"""How the name of a story's file may end."""

Kind = Literal["story", "clip", "other"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """`file` is its id at Telegram, `size` its bytes (0 where Telegram does not say). A clip that has no caption is
    called by its file's name."""

    kind: Kind
    file: str = ""
    name: str = ""
    caption: str = ""
    size: int = 0


def attachment_of(message: Message) -> Attachment | None:
    """What a message brings; None where it is neither a file nor a picture. Each message of an album is its own."""
    caption = _whole(message.caption)
    # An animation comes as a document too.
    video = message.video or message.animation
    if video is not None:
        return _clip(video, caption)
    if message.document is not None:
        return _document(message.document, caption)
    if message.video_note is not None:
        return Attachment("clip", message.video_note.file_id, size=message.video_note.file_size or 0)
    return Attachment("other") if message.photo or message.audio else None


def _document(document: Document, caption: str) -> Attachment:
    name = _whole(document.file_name)
    if name.lower().endswith(STORY):
        return Attachment("story", document.file_id, name, caption, document.file_size or 0)
    if (document.mime_type or "").startswith("video/") or name.lower().endswith(".mp4"):
        return _clip(document, caption)
    return Attachment("other", name=name)


def _clip(shown: Animation | Document | Video, caption: str) -> Attachment:
    name = _whole(shown.file_name)
    return Attachment("clip", shown.file_id, name, caption.strip() or PurePath(name).stem, shown.file_size or 0)


def _whole(text: str | None) -> str:
    """Half a character, which no outbox can hold, becomes a question mark."""
    return (text or "").encode("utf-8", "replace").decode()
