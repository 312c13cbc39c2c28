"""What a button in a chat carries: at most 64 bytes that say what it does, signed, since a client can send anything."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256

LONGEST = 64
"""Bytes of callback data (Bot API, InlineKeyboardButton); other platforms have room for more."""

SIGNATURE = 8
"""Letters of the signature: 48 bits, which nobody guesses through Telegram's own limits."""

SESSION_BYTES = 8
MOST_READ = 10_000
"""Buttons remembered as ours: a whole crowd presses the same one."""

REVISION_LETTERS = 7
"""Up to 34 bits of revision in base 32: a tap a second for five centuries."""

DIGITS = "0123456789abcdefghijklmnopqrstuv"


class Forged(ValueError):
    """Not a button of ours, or one that was changed on its way."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A choice of one revision of one session (or of the ballot on it)."""

    session: int
    revision: int
    choice: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button of a page: its name and what it is about, such as ("language", "es")."""

    page: str
    about: str = ""


class Buttons:
    """Makes and reads what buttons carry. A button of another platform or bot never passes."""

    def __init__(self, secret: bytes, platform: str, bot: int) -> None:
        self._key = hmac.digest(secret, f"{platform} button\0{bot}".encode(), sha256)
        self._read: dict[str, Tap | Press] = {}

    def tap(self, session: int, revision: int, choice: str) -> str:
        """A choice's button. Session, revision and choice (up to 32 letters) take 55 bytes at the most."""
        name = urlsafe_b64encode(session.to_bytes(SESSION_BYTES)).rstrip(b"=").decode()
        return self._signed(f"{name}{_base32(revision)}:{choice}")

    def press(self, page: str, about: str = "") -> str:
        """A page's button."""
        return self._signed(f"/{page} {about}" if about else f"/{page}")

    def share(self, session: int, to: int) -> str:
        """A choice point of a session, for a link that begins the bot there: letters that links may carry."""
        name = urlsafe_b64encode(session.to_bytes(SESSION_BYTES)).rstrip(b"=").decode()
        return self._signed(f"{name}{_base32(to)}")

    def shared(self, token: str) -> tuple[int, int]:
        """The session and choice point of what `share` made. Raises `Forged`."""
        body = self._checked(token)
        if ":" in body or body.startswith("/"):
            # A button of ours, which has the same signature but is no moment.
            raise Forged
        point = _tap(f"{body}:-")
        return point.session, point.revision

    def read(self, data: str) -> Tap | Press:
        """What a button that came back does. Raises `Forged`."""
        known = self._read.get(data)
        if known is None:
            known = self._new(data)
            if len(self._read) >= MOST_READ:
                self._read.clear()
            self._read[data] = known
        return known

    def _new(self, data: str) -> Tap | Press:
        body = self._checked(data)
        if body.startswith("/"):
            page, _, about = body[1:].partition(" ")
            return Press(page, about)
        return _tap(body)

    def _checked(self, data: str) -> str:
        """What was signed. Raises `Forged`."""
        signature, body = data[:SIGNATURE], data[SIGNATURE:]
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(body).encode()):
            raise Forged
        return body

    def _signed(self, body: str) -> str:
        data = self._signature(body) + body
        if len(data.encode()) > LONGEST:
            raise ValueError(f"{len(data.encode())} bytes do not fit on a button: {body}")
        return data

    def _signature(self, body: str) -> str:
        # Not "replace": half a character would be signed as a question mark is.
        digest = hmac.digest(self._key, body.encode("utf-8", "surrogatepass"), sha256)
        return urlsafe_b64encode(digest[:6]).decode()


def _tap(body: str) -> Tap:
    head, colon, choice = body.partition(":")
    try:
        session = int.from_bytes(urlsafe_b64decode(head[:11] + "="))
        revision = int(head[11:], 32)
    except (ValueError, Error):
        raise Forged from None
    if not colon or not choice:
        raise Forged
    return Tap(session, revision, choice)


def _base32(number: int) -> str:
    letters = ""
    while True:
        number, digit = divmod(number, 32)
        letters = DIGITS[digit] + letters
        if not number:
            break
    if len(letters) > REVISION_LETTERS:
        raise ValueError("a revision of more than 34 bits")
    return letters
