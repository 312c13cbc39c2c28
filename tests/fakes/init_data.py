"""`initData` as Telegram's apps hand it to a Mini App, signed for a made-up bot."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from urllib.parse import quote

TOKEN = "123456:made-up-for-tests"
USER = 7340032


def said(user: int = USER, *, at: int | None = None, language: str | None = "en", **more: str) -> dict[str, str]:
    """The fields that Telegram would sign: opened by that user at that Unix time, or now."""
    about: dict[str, object] = {"id": user, "first_name": "Zoë & Lin+", "allows_write_to_pm": True}
    if language is not None:
        about["language_code"] = language
    return {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps(about, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(int(time.time()) if at is None else at),
        "signature": "c2lnbmF0dXJl_-A",
        **more,
    }


def signed(fields: Mapping[str, str], token: str = TOKEN) -> str:
    """The fields as a query string, with the hash that the bot's token makes of them."""
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    lines = [f"{name}={value}" for name, value in sorted(fields.items())]
    proof = hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return query([*fields.items(), ("hash", proof)])


def query(pairs: list[tuple[str, str]]) -> str:
    """The pairs as a query string, in this order."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def init_data(user: int = USER, language: str | None = "en", **more: str) -> str:
    """What Telegram hands over when that user opens the Mini App now."""
    return signed({**said(user, language=language), **more})
