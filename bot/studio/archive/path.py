"""Where an entry wants to lie: a path that only goes down, and means the same on every machine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.clips.library import LONGEST_PATH
from bot.studio.archive.limits import MAX_FOLDERS
from bot.studio.archive.refusal import refusal, shown

_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever stands behind the dot."""


def read_path(name: bytes, upload: str) -> str:
    """The path of an entry, composed as keyboards type it; a folder's ends in `/`. Raises `StoryError`."""
    try:
        path = name.decode()
    except UnicodeDecodeError:
        known = shown(name.decode("ascii", "replace"))
        raise refusal(upload, "STORY096", f'the name of the entry "{known}" is not UTF-8; use plain letters') from None
    # Looked at before it is composed: marks without end take time in the square of their number.
    if fault := _fault(path):
        raise refusal(upload, "STORY096", f'the entry "{shown(path)}" {fault}')
    return unicodedata.normalize("NFC", path)


def _fault(path: str) -> str:
    """What is wrong with a path, with what to do; empty when nothing is."""
    parts = path.removesuffix("/").split("/")
    if len(path) > LONGEST_PATH or len(parts) > MAX_FOLDERS + 1:
        return f"is longer than {LONGEST_PATH} characters or deeper than {MAX_FOLDERS} folders; shorten it"
    if not path.isprintable():
        return "has control characters or invisible ones in its name; rename it"
    if "\\" in path or ":" in path:
        return "has a backslash or a colon in its name; rename it, or pack it with another program"
    if any(part in ("", ".", "..") for part in parts):
        return "leads out of the story's folder or has an empty name on its way; pack the folder itself"
    if any(_DEVICE.match(part) for part in parts):
        return "is called as Windows calls a device; rename it"
    return ""


def refuse_twins(paths: Iterable[str], upload: str) -> None:
    """Raises `StoryError` where two entries would be the same file on some machine, or a file is a folder too."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        folded = _folded(path)
        above = folded if path.endswith("/") else folded.rpartition("/")[0]
        while above and above not in folders:
            folders[above] = path
            above = above.rpartition("/")[0]
        if (twin := seen.setdefault(folded, path)) is not path or (path.endswith("/") and twin != path):
            raise _twins(twin, path, upload)
    for folded, path in seen.items():
        if not path.endswith("/") and folded in folders:
            raise _twins(path, folders[folded], upload)


def _folded(path: str) -> str:
    """A path as machines compare it that know no case, no composition, and no dots and spaces at a name's end."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
    return "/".join(part.rstrip(". ") for part in folded.removesuffix("/").split("/"))


def _twins(one: str, other: str, upload: str) -> Exception:
    return refusal(upload, "STORY097", f'"{shown(one)}" and "{shown(other)}" are the same to some machines; rename one')
