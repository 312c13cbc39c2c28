"""The kinds of values that settings have, each with what makes one unusable. No message repeats a value."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

SECRET_KEY_LENGTH = 32
"""Characters a secret key has at least: as many as an HMAC-SHA256 key has bytes."""

OWNER = re.compile(r"[a-z]+:[A-Za-z0-9_-]{1,64}")
BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")
"""The address of a bucket: its name as S3 allows it, and a prefix that is a plain path: no keys, no query."""

TELEGRAM_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


def _web_address(value: str) -> str:
    try:
        parts, port = urlsplit(value), urlsplit(value).port
    except ValueError:
        raise ValueError("is no web address") from None  # the library's own message repeats the value
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError("is no web address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("carries a user name or password")
    if "?" in value or "#" in value or any(letter.isspace() for letter in value):
        raise ValueError("carries a query, a fragment or a space")
    return value.rstrip("/")


def _webhook_address(value: str) -> str:
    address = _web_address(value)
    parts = urlsplit(address)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("is plain http to another machine")
    return address


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database(value: str) -> str:
    for beginning in ("sqlite:///", "postgresql://", "postgres://"):
        if value.startswith(beginning) and value != beginning:
            return value
    raise ValueError("names no SQLite file and no PostgreSQL database")


def _clips(value: str) -> str:
    """A folder's path as it is, or a bucket's address, which goes to nobody else than the library for it."""
    if "://" in value and not BUCKET.fullmatch(value):
        raise ValueError("names no folder and no bucket")
    return value


def _owners(value: object) -> object:
    if not isinstance(value, str):
        return value
    owners = tuple(part.strip() for part in value.split(",") if part.strip())
    for number, owner in enumerate(owners, start=1):
        if not OWNER.fullmatch(owner):
            raise ValueError(f"has an entry that is not platform:id (number {number})")
    return owners


def _one_word(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value().strip()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("holds a space, a line break or a letter no token has")
    return SecretStr(value)


def _telegram_token(secret: SecretStr) -> SecretStr:
    secret = _one_word(secret)
    if not TELEGRAM_TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError("is no bot token")
    return secret


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < SECRET_KEY_LENGTH:
        raise ValueError("is too short")
    return secret


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


WebAddress = Annotated[str, AfterValidator(_web_address)]
Database = Annotated[str, AfterValidator(_database)]
ClipsPlace = Annotated[str, AfterValidator(_clips)]
Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]
SecretKey = Annotated[SecretStr, AfterValidator(_long_enough)]
MOST_SHARDS = 4096


def _shards(value: object) -> object:
    """ "0,1/4" as ((0, 1), 4)."""
    if not isinstance(value, str):
        return value
    ids, _, count = value.partition("/")
    numbers = [part.strip() for part in (*ids.split(","), count)]
    if not all(number.isascii() and number.isdigit() and len(number) <= len(str(MOST_SHARDS)) for number in numbers):
        raise ValueError("not numbers")
    *wanted, total = map(int, numbers)
    if not 0 < total <= MOST_SHARDS or len(set(wanted)) < len(wanted) or max(wanted) >= total:
        raise ValueError("no such shards")
    return tuple(sorted(wanted)), total


OneWord = Annotated[SecretStr, AfterValidator(_one_word)]
BotToken = Annotated[SecretStr, AfterValidator(_telegram_token)]
Webhook = Annotated[str, AfterValidator(_webhook_address)]
Owners = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_owners)]
Shards = Annotated[tuple[tuple[int, ...], int], NoDecode, BeforeValidator(_shards)]
