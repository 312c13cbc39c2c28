"""Who a browser is: a random name in a signed cookie, or, inside Telegram, the name of Telegram's viewer."""

from __future__ import annotations

import hmac
import re
import secrets
from hashlib import sha256
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

NAME = "viewer"
MAX_AGE = 400 * 24 * 3600
"""Seconds; browsers keep no cookie longer (RFC 6265bis)."""

MINI_APP = "mini_app"
"""The cookie of who is logged in from inside Telegram. The browser's own name stays beside it, and is back when it
goes: an address that somebody else prepared costs nobody their place."""

MINI_APP_NAME = re.compile(r"telegram:([0-9]+):[0-9a-f]{32}")
"""Names of browsers have no colon, so none of them is one of these."""


class Cookies:
    """Makes and reads the cookies. `secure` is for sites that are reached over https."""

    def __init__(self, secret: bytes, *, secure: bool) -> None:
        self._secret = secret
        self._secure = secure

    def user(self, request: Request) -> str:
        """Who is logged in, else the browser's name; a new one when it has none, or one that is not ours."""
        return self._kept(request, MINI_APP) or self._kept(request, NAME) or secrets.token_urlsafe(16)

    def put(self, response: Response, user: str) -> None:
        """Let the browser keep the name."""
        value = f"{user}.{self._sign('viewer', user)}"
        if telegram_user(user) is None:
            response.set_cookie(NAME, value, MAX_AGE, httponly=True, samesite="lax", secure=self._secure)
        else:
            self._put_mini_app(response, value)

    def drop(self, response: Response) -> None:
        """Nobody is logged in from Telegram any more."""
        self._put_mini_app(response, "", age=0)

    def name_of(self, telegram_user: int) -> str:
        """The one name that a user of Telegram has on the page. Nobody can make it who has not our secret."""
        return f"telegram:{telegram_user}:{self._sign('mini-app', f'telegram:{telegram_user}')}"

    def _kept(self, request: Request, cookie: str) -> str | None:
        name, _, signature = request.cookies.get(cookie, "").partition(".")
        return name if name and hmac.compare_digest(signature.encode(), self._sign("viewer", name).encode()) else None

    def _put_mini_app(self, response: Response, value: str, age: int | None = None) -> None:
        """A cookie that lasts as long as Telegram's window, also where that is a frame of Telegram's own page."""
        site: Literal["none", "lax"] = "none" if self._secure else "lax"
        response.set_cookie(MINI_APP, value, age, httponly=True, samesite=site, secure=self._secure)
        if self._secure:
            # Python before 3.14 cannot say it: the cookie is for this page inside that other one alone (CHIPS).
            name, cookie = response.raw_headers[-1]
            response.raw_headers[-1] = (name, cookie + b"; Partitioned")

    def _sign(self, purpose: str, name: str) -> str:
        return hmac.digest(self._secret, f"{purpose}\0{name}".encode(), sha256)[:16].hex()


def telegram_user(name: str) -> str | None:
    """Telegram's id of the user, from a name that `Cookies.name_of` made."""
    found = MINI_APP_NAME.fullmatch(name)
    return found[1] if found else None
