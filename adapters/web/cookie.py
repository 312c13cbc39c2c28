"""Who a browser is: a random name in a signed cookie, and nothing else about anybody."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

NAME = "viewer"
MAX_AGE = 400 * 24 * 3600
"""Seconds; browsers keep no cookie longer (RFC 6265bis)."""


class Cookies:
    """Makes and reads the cookie. `secure` is for sites that are reached over https."""

    def __init__(self, secret: bytes, *, secure: bool) -> None:
        self._secret = secret
        self._secure = secure

    def user(self, request: Request) -> str:
        """The browser's name; a new one when it has none, or one that is not ours."""
        name, _, signature = request.cookies.get(NAME, "").partition(".")
        if name and hmac.compare_digest(signature.encode(), self._sign(name).encode()):
            return name
        return secrets.token_urlsafe(16)

    def put(self, response: Response, user: str) -> None:
        """Let the browser keep its name."""
        response.set_cookie(
            NAME, f"{user}.{self._sign(user)}", MAX_AGE, httponly=True, samesite="lax", secure=self._secure
        )

    def _sign(self, name: str) -> str:
        return hmac.digest(self._secret, f"viewer\0{name}".encode(), sha256)[:16].hex()
