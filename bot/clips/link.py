"""Signed links to clips: they open for hours, to whoever holds one, and for no other file."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote, urlencode

BUCKET = 3600
"""Seconds within which a clip keeps one address, so that a browser finds it in its cache."""

LIFETIME = 7 * BUCKET
"""Seconds from the start of its bucket to a link's end: every link lasts six to seven hours."""

SIGNATURE_BYTES = 16
"""128 bits of the HMAC: more than anyone can guess, and short links."""

LONGEST_EXPIRY = 12
"""Digits of a time that is worth reading as a number."""

PREFIX = "/clips"
"""The path on the web server under which clips lie."""

VAULT = "@"
"""In the place of a story: the path names a clip of the vault. No story can be called so."""


@dataclass(frozen=True)
class ClipLinks:
    """Makes and checks links below `public_url` (no slash at its end); `lifetime` and all times in seconds."""

    secret: bytes = field(repr=False)
    public_url: str
    lifetime: int = LIFETIME

    def sign(self, story: str, path: str, now: float) -> str:
        """The link to a story's file. A path that is an https link already is passed on as it is, never fetched."""
        if path.startswith("https://"):
            return path
        expires = str(int(now // BUCKET) * BUCKET + self.lifetime)
        query = urlencode({"expires": expires, "signature": self._signature(story, path, expires)})
        return f"{self.public_url}{PREFIX}/{quote(story, safe='')}/{quote(path)}?{query}"

    def check(self, story: str, path: str, expires: str, signature: str, now: float) -> bool:
        """Whether a link that came back is ours, unchanged and still good. Takes any text, whoever sent it."""
        ours = self._signature(story, path, expires)
        if not hmac.compare_digest(ours.encode(), signature.encode("utf-8", "replace")):
            return False
        return is_time(expires) and now < int(expires)

    def _signature(self, story: str, path: str, expires: str) -> str:
        # The purpose leads the message: what is signed elsewhere with the same secret never passes for a link.
        message = "\0".join(("clip", expires, story, path)).encode("utf-8", "replace")
        digest = hmac.digest(self.secret, message, sha256)[:SIGNATURE_BYTES]
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_time(text: str) -> bool:
    """Whether a text from outside is a plain number of seconds of a sane length."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_EXPIRY
