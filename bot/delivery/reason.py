"""Why something failed, as it is kept for the operator."""

from __future__ import annotations

LONGEST = 1_000
"""Characters; a platform's answer may be a whole page."""


def reason_of(error: BaseException) -> str:
    """The error in words that any database can store: bounded, and without half characters."""
    words = f"{type(error).__name__}: {error}"
    return words.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")[:LONGEST]
