"""A creator's text file in UTF-8, whatever their editor saved it in."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What Unicode files begin with. The longer marks come first: one begins like a shorter one."""


class NotText(ValueError):
    """These bytes are no text in an encoding that is known here. `str` says what to do."""


def in_utf8(content: bytes) -> bytes:
    """A text in UTF-8; one that is in no other known encoding is given back as it is. Raises `NotText`."""
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    try:
        text = content if encoding is None else content.decode(encoding).encode()
    except UnicodeError:
        raise NotText("is damaged text; save it anew as UTF-8") from None
    if b"\0" in text:
        raise NotText("is no text, or not in UTF-8; save it as UTF-8")
    return text
