"""Which part of a clip a player wants: ranges, and what it has already (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))", re.ASCII)
"""The ranges that are answered with a part. Any other, several at once too, gets the whole file (RFC 9110, 14.2)."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from `start` up to `stop` of a file of `size`; all of it where nobody asked for less."""

    start: int
    stop: int
    size: int
    asked: bool

    @property
    def behind(self) -> bool:
        """Whether there is nothing at that place: such a range is refused."""
        return self.asked and self.start >= self.stop

    @property
    def content_range(self) -> str:
        """The header of that name."""
        return f"bytes */{self.size}" if self.behind else f"bytes {self.start}-{self.stop - 1}/{self.size}"


def wanted(headers: Headers, size: int, etag: str) -> Part:
    """The part that a request asks for. A range counts only while the file is the one that `If-Range` knows."""
    [asked, *others] = headers.getlist("range") or [""]
    found = None if others else ONE_RANGE.fullmatch(asked)
    if found is None or not is_ordered(found) or headers.get("if-range", etag) != etag:
        return whole(size)
    first, last, ending = found.groups()
    if first is None:
        return Part(max(size - int(ending), 0), size, size, asked=True)
    return Part(int(first), min(int(last) + 1, size) if last else size, size, asked=True)


def whole(size: int) -> Part:
    """All of a file."""
    return Part(0, size, size, asked=False)


def has_it(headers: Headers, etag: str) -> bool:
    """Whether the player has this file already, by its tag."""
    known = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def is_ordered(found: re.Match[str]) -> bool:
    """Whether a range does not end before it begins."""
    return not found[2] or int(found[1]) <= int(found[2])


def drop_odd_range(scope: Scope) -> None:
    """Take a range out of the request that Starlette would refuse or answer in several parts."""

    def is_fit(value: bytes) -> bool:
        found = ONE_RANGE.fullmatch(value.decode("latin-1"))
        return found is not None and is_ordered(found)

    several = sum(name == b"range" for name, _ in scope["headers"]) > 1
    scope["headers"] = [
        (name, value)
        for name, value in scope["headers"]
        if name != b"range" or (scope["method"] == "GET" and not several and is_fit(value))
    ]
