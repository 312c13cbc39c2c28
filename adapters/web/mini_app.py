"""Who opened the page inside Telegram: what Telegram's app says of them, believed only when the bot's token signed it.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_INIT_DATA = 4096
"""Bytes; Telegram's own are about 500."""

MAX_FIELDS = 32
MAX_AGE = 24 * 3600
"""Seconds after which an opening is too long ago: it came by way of an address, which may have been copied."""

MAX_AHEAD = 60
"""Seconds that Telegram's clock may be ahead of ours."""

UNIX_TIME = re.compile(r"[0-9]{1,12}")


class Unproven(Exception):
    """The data is not to be believed. `str` of it is a few words that say why."""


class MiniAppUser(BaseModel):
    """The viewer, as far as we need to know them. `language_code` is that of their Telegram."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)
    id: Annotated[int, Field(gt=0, lt=2**53)]
    language_code: Annotated[str | None, Field(max_length=35)] = None


def checked(init_data: str, token: str, now: int) -> MiniAppUser:
    """The viewer that `initData` names, by the bot's token; `now` is in Unix seconds. Raises `Unproven`."""
    fields = _fields(init_data)
    signature = fields.pop("hash", "")
    if not hmac.compare_digest(signature.encode(), _signed(fields, token).encode()):
        raise Unproven("the signature is not this bot's")
    _check_age(fields, now)
    return _user(fields)


def _fields(init_data: str) -> dict[str, str]:
    """The query string taken apart. A field that is there twice could mean one thing here and another elsewhere."""
    try:
        if len(init_data.encode()) > MAX_INIT_DATA:
            raise Unproven("it is too long")
        pairs = parse_qsl(
            init_data, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise Unproven("it is no query string") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Unproven("a field is there twice")
    # What is signed has a line for each field: a field with a line break could pass for two.
    if any("\n" in part for pair in pairs for part in pair):
        raise Unproven("a field has a line break")
    return fields


def _signed(fields: Mapping[str, str], token: str) -> str:
    """The signature that Telegram makes of all fields but the signature itself."""
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hmac.digest(key, lines.encode(), sha256).hex()


def _check_age(fields: Mapping[str, str], now: int) -> None:
    at = fields.get("auth_date", "")
    if not UNIX_TIME.fullmatch(at):
        raise Unproven("it says no time")
    age = now - int(at)
    if age > MAX_AGE:
        raise Unproven("it is too old")
    if age < -MAX_AHEAD:
        raise Unproven("it is from the future")


def _user(fields: Mapping[str, str]) -> MiniAppUser:
    try:
        return MiniAppUser.model_validate_json(fields.get("user", ""))
    except ValidationError:
        raise Unproven("it names no user") from None
