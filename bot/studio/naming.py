"""A story's id, made from what its creator called a file or a folder."""

from __future__ import annotations

import re
import unicodedata

from bot.story.limits import MAX_ID
from bot.story.models import ID

_COPY = re.compile(r"\s*\(\d{1,3}\)$")
"""What phones and browsers put behind the name of a second download."""


def id_from(name: str) -> str | None:
    """The id that a name makes, without its accents; None where letters would be lost or it would be too long."""
    plain = unicodedata.normalize("NFKD", _COPY.sub("", name[: 4 * MAX_ID])).casefold()
    if any(letter.isalnum() and not letter.isascii() for letter in plain):
        return None
    unmarked = "".join(letter for letter in plain if not unicodedata.combining(letter))
    id = re.sub(r"[^a-z0-9]+", "-", unmarked).strip("-")
    return id if re.fullmatch(ID, id) and len(id) <= MAX_ID and len(name) <= 4 * MAX_ID else None
