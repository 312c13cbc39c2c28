"""What a viewer types, made fit for a text variable."""

from __future__ import annotations


def fitted(text: str, length: int) -> str | None:
    """One line of at most `length` characters with single spaces; None where nothing is left of it."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words[:length].rstrip() or None
