"""Every setting, typed, with its default and its meaning. Read from the environment, then from `.env`."""

from __future__ import annotations

import difflib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.setting_values import (
    SECRET_KEY_LENGTH,
    BotToken,
    ClipsPlace,
    Database,
    Level,
    OneWord,
    Owners,
    SecretKey,
    Shards,
    WebAddress,
    Webhook,
    is_loopback,
)

SECRET_KEY_FILE = "secret.key"  # noqa: S105 - a file's name


class SettingsError(Exception):
    """A setting has a value that cannot be used. `str` of it is one line for the operator."""


def _own_address(data: dict[str, Any]) -> str:
    # An address to listen on everywhere is none that a browser can open.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(data["host"], data["host"])  # noqa: S104 - compared only
    port = f":{data['port']}" if data["port"] else ""  # any free port is known only once it is taken
    return f"http://[{host}]{port}" if ":" in host else f"http://{host}{port}"


def _own_database(data: dict[str, Any]) -> str:
    return f"sqlite:///{data['data_dir']}/bot.db"


def _own_clips(data: dict[str, Any]) -> str:
    return f"{data['data_dir']}/clips"


MOST_DAYS = 36_500
"""A hundred years: for ever, to a bot."""

WEB_ADDRESS = "an http:// or https:// address without user name, query or fragment"


@dataclass(frozen=True, slots=True)
class About:
    """What a setting says to people. `shown` stands for a default that is made from other settings."""

    meaning: str
    expected: str
    shown: str = ""


A_FOLDER = "a folder's path"
TO_ALL = "Address the web server listens on; `0.0.0.0` is every network card."
TO_VIEWERS = About("Where viewers reach the web server; links to clips begin with it.", WEB_ADDRESS, "http://HOST:PORT")
DATABASE = About(
    "The database: an SQLite file, or PostgreSQL with the extra `postgres`.",
    "sqlite:///path/to/file or postgresql://user:password@host/database",
    "sqlite:///DATA_DIR/bot.db, so sqlite:///data/bot.db",
)
CLIPS = About(
    "Where uploaded clips are kept, for all processes: a folder, or an S3 bucket with the extra `s3`.",
    "a folder's path or s3://bucket/prefix",
    "DATA_DIR/clips",
)
S3_SERVER = About("Server of the bucket.", WEB_ADDRESS, "Amazon's")
S3_REGION = About("Region of the bucket.", "a name as eu-central-1", "us-east-1")
S3_KEY_ID = About(
    "Name of the bucket's key. Without it, what AWS's own tools would use: AWS_ACCESS_KEY_ID and the like, or the "
    "machine's role.",
    "one word",
)
S3_SECRET = About("The bucket's key itself.", "one word")
SIGNS = About(
    "Signs buttons, cookies and links to clips; the same in every process.",
    f"at least {SECRET_KEY_LENGTH} characters",
    "made once, kept in DATA_DIR/secret.key",
)
OWNERS = About("Who may do everything, on which platform.", "platform:id with commas between, as telegram:123")
WEBHOOK = About(
    "Where Telegram reaches the bot. Without it the bot asks for updates (long polling).",
    "an https:// address; http:// only on this machine",
)
CLIPS_CHAT = About(
    "Chat where the bot sends clips ahead, silently, so that no viewer waits for an upload.",
    "a chat's number, as -1001234567890",
    "the first Telegram owner's chat",
)
HEALTH = About(
    "A port of this process's own for `/healthz`, `/readyz` and `/metrics`, beside PORT. Of several workers the first "
    "has it, and each next one the port after.",
    "a whole number, 1 to 65535",
)
METRICS = About(
    "Who reads `/metrics` sends this as a bearer. Without it, `/metrics` is there only where HOST and PUBLIC_URL are "
    "this machine.",
    "one word",
)
COLLECTOR = About(
    "Where traces go (OTLP over HTTP), with the extra `otel`. OpenTelemetry's other variables count too.", WEB_ADDRESS
)
EVENTS_KEPT = About(
    "Days that the ids of events are kept, by which a second arrival is known.", "a whole number, 2 to 36500"
)
FACTS_KEPT = About("Days that facts are kept one by one; later they are counts by day.", "a whole number, 1 to 36500")
TROUBLES_KEPT = About("Days that events are kept which were set aside.", "a whole number, 1 to 36500")
CARDS_KEPT = About("Days that cards wait for a platform which is not served any more.", "a whole number, 1 to 36500")
SENDS = About("Messages a second to Telegram, over all chats.", "a number above 0, up to 1000")


class Settings(BaseSettings):
    """All settings, checked. Build it with `load_settings`, which explains what is wrong in one line."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    host: Annotated[str, About(TO_ALL, "a host name or address")] = Field("127.0.0.1", min_length=1)
    port: Annotated[int, About("Port of the web server; 0 takes any free one.", "a whole number, 0 to 65535")] = Field(
        8080, ge=0, le=65535
    )
    public_url: Annotated[WebAddress, TO_VIEWERS] = Field(default_factory=_own_address)
    data_dir: Annotated[Path, About("Folder of all that the bot keeps; made when missing.", A_FOLDER)] = Path("data")
    database_url: Annotated[Database, DATABASE] = Field(default_factory=_own_database, repr=False)
    clips_url: Annotated[ClipsPlace, CLIPS] = Field(default_factory=_own_clips)
    clips_s3_endpoint: Annotated[WebAddress | None, S3_SERVER] = None
    clips_s3_region: Annotated[str | None, S3_REGION] = None
    clips_s3_key_id: Annotated[OneWord | None, S3_KEY_ID] = None
    clips_s3_secret: Annotated[OneWord | None, S3_SECRET] = None
    stories_dir: Annotated[Path, About("Folder of the stories.", A_FOLDER)] = Path("stories")
    secret_key: Annotated[SecretKey | None, SIGNS] = None
    log_level: Annotated[Level, About("How much is logged.", "DEBUG, INFO, WARNING or ERROR")] = "INFO"
    health_port: Annotated[int | None, HEALTH] = Field(None, ge=1, le=65535)
    metrics_token: Annotated[OneWord | None, METRICS] = None
    otel_exporter_otlp_endpoint: Annotated[WebAddress | None, COLLECTOR] = None
    events_kept_days: Annotated[int, EVENTS_KEPT] = Field(30, ge=2, le=MOST_DAYS)
    facts_kept_days: Annotated[int, FACTS_KEPT] = Field(90, ge=1, le=MOST_DAYS)
    troubles_kept_days: Annotated[int, TROUBLES_KEPT] = Field(90, ge=1, le=MOST_DAYS)
    cards_kept_days: Annotated[int, CARDS_KEPT] = Field(30, ge=1, le=MOST_DAYS)
    owners: Annotated[Owners, OWNERS] = ()
    telegram_token: Annotated[
        BotToken | None,
        About("Token from @BotFather; without it there is no Telegram.", "a token like 123456:ABC-def"),
    ] = None
    telegram_api_url: Annotated[WebAddress, About("Telegram's Bot API, or a local server of it.", WEB_ADDRESS)] = (
        "https://api.telegram.org"
    )
    telegram_webhook_url: Annotated[Webhook | None, WEBHOOK] = None
    telegram_clips_chat: Annotated[int | None, CLIPS_CHAT] = None
    telegram_sends_per_second: Annotated[float, SENDS] = Field(30, gt=0, le=1000)
    support_contact: Annotated[str | None, About("Whom viewers ask about a payment.", "an address or a name")] = None
    discord_token: Annotated[
        OneWord | None,
        About("Bot token of the Discord application; without it there is no Discord.", "one word"),
    ] = None
    discord_shards: Annotated[
        Shards | None,
        About("Shards that this process serves, and of how many; without it all.", "numbers and their count, as 0,1/4"),
    ] = None
    discord_api_url: Annotated[WebAddress, About("Discord's REST API.", WEB_ADDRESS)] = "https://discord.com/api/v10"
    openai_api_key: Annotated[
        OneWord | None, About("Key of the model server; without it stories play as written.", "one word")
    ] = None
    openai_base_url: Annotated[WebAddress, About("Any server that speaks OpenAI's API.", WEB_ADDRESS)] = (
        "https://api.openai.com/v1"
    )
    openai_model: Annotated[
        str | None, About("Name of the model; without it no model is asked.", "a name the model server knows")
    ] = None

    @property
    def stays_here(self) -> bool:
        """Whether nobody but this machine is meant to reach the web server, a proxy's callers included."""
        return is_loopback(self.host) and is_loopback(urlsplit(self.public_url).hostname or "")


def about(name: str) -> About:
    """What the setting with this field name says to people."""
    return next(note for note in Settings.model_fields[name].metadata if isinstance(note, About))


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings from the environment, and from `env_file` where that says nothing; or `SettingsError`."""
    try:
        _refuse_misspelled(env_file)
        source: dict[str, Any] = {"_env_file": env_file}
        return Settings(**source)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{env_file} cannot be read ({type(error).__name__}); expected UTF-8 text") from None


def dealt_shards(shards: tuple[tuple[int, ...], int] | None, number: int, workers: int) -> tuple[tuple[int, ...], int]:
    """The Discord shards of the `number`-th (from 1) of several workers: of those set, or of one for each worker."""
    ids, count = shards or (tuple(range(workers)), workers)
    return ids[number - 1 :: workers], count


def secret_key(settings: Settings) -> bytes:
    """What everything is signed with: SECRET_KEY, or a key made once and kept with the data (mode 0600)."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / SECRET_KEY_FILE
    try:
        if not path.exists():
            _keep_new_key(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(f"DATA_DIR: {path} cannot be used ({error.strerror}); expected a writable folder") from None
    if len(key) < SECRET_KEY_LENGTH:
        raise SettingsError(f"DATA_DIR: the key in {path} is cut short; delete the file, a new one is made")
    return key


def _keep_new_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Linked into place whole, so that of two processes starting at once both read the same key.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key-") as file:  # made with mode 0600
        file.write(secrets.token_hex(SECRET_KEY_LENGTH).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return


def _explain(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)
    first, *others = [one for one in found if one["type"] != "default_factory_not_called"]
    field = str(first["loc"][0])
    cause = first.get("ctx", {}).get("error")
    wrong = str(cause) if isinstance(cause, ValueError) else f"is wrong ({first['msg'].lower()})"
    names = sorted({str(other["loc"][0]).upper() for other in others} - {field.upper()})
    also = f" (also wrong: {', '.join(names)})" if names else ""
    return f"{field.upper()} {wrong}; expected {about(field).expected}. See docs/settings.md{also}"


def _refuse_misspelled(env_file: Path | None) -> None:
    """A name in `.env` that is almost a setting's is a slip that would otherwise be silent."""
    names = [name.upper() for name in Settings.model_fields]
    for name in dotenv_values(env_file) if env_file is not None and env_file.is_file() else ():
        close = difflib.get_close_matches(name.upper(), names, n=1, cutoff=0.85)
        if close and name.upper() not in names:
            raise SettingsError(f"{name} in {env_file} is no setting; expected {close[0]}. See docs/settings.md")
