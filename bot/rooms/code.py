"""A room's code and ids: random, so that nobody comes upon a stranger's room."""

from __future__ import annotations

import secrets

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 9
"""44 random bits, and still short enough to be read aloud."""

ID_BITS = 62
"""Random bits of a session's id and seed, as `bot.app` has them."""


def new_code() -> str:
    """A code for a room."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def new_id() -> int:
    """An id or a seed: never 0."""
    return secrets.randbits(ID_BITS) or 1
