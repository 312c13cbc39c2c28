"""Homes: where a row lies that belongs to no session."""

from __future__ import annotations

from hashlib import blake2b

HOME_BITS = 62
"""Bits of a home, as many as an id of a session has."""


def home_of(*names: str) -> int:
    """A number made of names: the same names, the same number."""
    digest = blake2b("\0".join(names).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - HOME_BITS)
