"""A clip as the vault keeps it: named by the digest of its bytes, with what its first look told about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from io import BufferedReader, BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.clips.probe import ClipError, Measure, measure

LARGEST = 50 * 1024 * 1024
"""Bytes of a clip: the most that a bot may upload to Telegram (Bot API, sending files)."""

LONGEST_FACTS = 1024
"""Bytes of a clip's facts as they are kept; ours have some 150."""

ENDINGS: Mapping[str, str] = MappingProxyType(
    {"video/mp4": ".mp4", "video/webm": ".webm", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
)
"""What is taken, and how its name ends in links."""

BEGINNINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"....ftyp", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "video/webm"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
"""A file is what its first bytes say, whatever its sender calls it."""

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Unfit(ValueError):
    """These bytes are no clip that can be kept. `str` says why, for whoever sent them."""


class VaultError(Exception):
    """The vault could not do what was asked; trying again later may help. `str` says where and what to look at."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A clip in the vault. `size` in bytes; seconds and pixels are 0 where the file is no MP4 video."""

    digest: str
    type: str
    size: int
    seconds: float = 0.0
    width: int = 0
    height: int = 0

    @property
    def name(self) -> str:
        """What it is called in links."""
        return self.digest + ENDINGS[self.type]


class _Facts(BaseModel):
    """Facts as they are kept: in a bucket others may write, so they are checked when they are read."""

    model_config = ConfigDict(extra="ignore", strict=True)

    type: Literal["video/mp4", "video/webm", "image/jpeg", "image/png", "image/webp"]
    size: Annotated[int, Field(gt=0, le=LARGEST)]
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    width: Annotated[int, Field(ge=0)] = 0
    height: Annotated[int, Field(ge=0)] = 0


def is_digest(text: str) -> bool:
    """Whether a text, whoever sent it, may be a clip's digest. Nothing else ever becomes part of a path."""
    return _DIGEST.fullmatch(text) is not None


def digest_of(name: str) -> str:
    """What names a clip in links is its digest with an ending. Takes any text, whoever sent it."""
    return name.partition(".")[0]


def look(clip: bytes | Path) -> Kept:
    """The facts of a clip that is to be kept, read whole: call it off the event loop.

    Raises `Unfit`, or `OSError` when the file cannot be read.
    """
    with opened(clip) as file:
        size = file.seek(0, 2)
        if not 0 < size <= LARGEST:
            raise Unfit(f"is {size} bytes long; a clip has 1 to {LARGEST}")
        file.seek(0)
        kind = _kind(file.read(16))
        measured = _measured(file, size) if kind == "video/mp4" else Measure(0.0, 0, 0)
        file.seek(0)
        digest = file_digest(file, "sha256").hexdigest()
    return Kept(digest, kind, size, round(measured.seconds, 3), measured.width, measured.height)


def written(kept: Kept) -> bytes:
    """A clip's facts as they are kept beside it."""
    facts = asdict(kept)
    del facts["digest"]
    return _Facts.model_validate(facts).model_dump_json().encode()


def read(digest: str, facts: bytes) -> Kept | None:
    """The clip of whose facts these are; None when they are no such thing."""
    try:
        return Kept(digest, **_Facts.model_validate_json(facts).model_dump())
    except ValidationError:
        return None


def opened(clip: bytes | Path) -> BytesIO | BufferedReader:
    """A clip's bytes, to be read from their beginning."""
    return BytesIO(clip) if isinstance(clip, bytes) else clip.open("rb")


def _measured(file: BinaryIO, size: int) -> Measure:
    try:
        measured = measure(file, size)
    except ClipError as error:
        raise Unfit(f"{error}; export it anew as MP4") from None
    if not measured.width or not measured.height:
        raise Unfit("has no picture; export it as an MP4 video")
    return measured


def _kind(beginning: bytes) -> str:
    for pattern, kind in BEGINNINGS:
        if pattern.match(beginning):
            return kind
    raise Unfit("is none of " + ", ".join(ENDINGS.values()) + " by its content; export it as MP4")
