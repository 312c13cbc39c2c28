"""Settings are checked at the start, explained in one line, and documented without exception."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.settings import Settings, SettingsError, about, dealt_shards, load_settings, secret_key
from bot.settings_table import EXAMPLE, TABLE, example, table

NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*NAMES, *(name.lower() for name in NAMES)]:
        monkeypatch.delenv(name, raising=False)


def load(**values: str) -> Settings:
    """Settings from these environment variables alone."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        return load_settings(env_file=None)


def test_everything_has_a_default() -> None:
    settings = load()
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert settings.database_url == "sqlite:///data/bot.db"
    assert settings.telegram_token is None
    assert settings.owners == ()


def test_an_empty_value_counts_as_not_set() -> None:
    settings = load(PORT="", TELEGRAM_TOKEN="", OWNERS="", OPENAI_MODEL="", PUBLIC_URL="")
    assert settings == load()


def test_defaults_follow_the_settings_they_are_made_from() -> None:
    settings = load(HOST="0.0.0.0", PORT="9000", DATA_DIR="/srv/bot")
    assert settings.public_url == "http://127.0.0.1:9000"
    assert settings.database_url == "sqlite:////srv/bot/bot.db"
    assert load(HOST="::1").public_url == "http://[::1]:8080"


def test_values_are_read_into_their_types() -> None:
    settings = load(OWNERS="telegram:123, discord:456,", LOG_LEVEL="debug", PUBLIC_URL="https://play.example/bot/")
    assert settings.owners == ("telegram:123", "discord:456")
    assert settings.log_level == "DEBUG"
    assert settings.public_url == "https://play.example/bot"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=9001\nHOST=localhost\nPATH_OF_SOMETHING_ELSE=x\n")
    monkeypatch.setenv("PORT", "9002")
    settings = load_settings(file)
    assert (settings.host, settings.port) == ("localhost", 9002)


WRONG = [
    ("PORT", "eighty", "a valid integer"),
    ("PORT", "70000", "less than or equal to 65535"),
    ("PUBLIC_URL", "ftp://play.example", "is no web address"),
    ("PUBLIC_URL", "https://", "is no web address"),
    ("PUBLIC_URL", "https://me:hunter2@play.example", "user name or password"),
    ("PUBLIC_URL", "https://play.example/?x=1", "query"),
    ("PUBLIC_URL", "https://play.example:99999", "is no web address"),
    ("PUBLIC_URL", "https://me:hunter2@play:hunter2", "is no web address"),
    ("PUBLIC_URL", "https://[::1", "is no web address"),
    ("DATABASE_URL", "mysql://db", "names no SQLite file"),
    ("DATABASE_URL", "sqlite:///", "names no SQLite file"),
    ("CLIPS_URL", "s3://", "names no folder and no bucket"),
    ("CLIPS_URL", "s3://me:hunter2@clips", "names no folder and no bucket"),
    ("CLIPS_URL", "s3://clips?secret=hunter2", "names no folder and no bucket"),
    ("CLIPS_URL", "s3://clips/../others", "names no folder and no bucket"),
    ("CLIPS_URL", "https://me:hunter2@s3.example/clips", "names no folder and no bucket"),
    ("CLIPS_S3_ENDPOINT", "https://me:hunter2@s3.example", "user name or password"),
    ("SECRET_KEY", "hunter2", "is too short"),
    ("LOG_LEVEL", "loud", "is wrong"),
    ("OWNERS", "telegram:1,somebody", "number 2"),
    ("TELEGRAM_TOKEN", "hunter2", "is no bot token"),
    ("TELEGRAM_TOKEN", "123:hunter2 hunter2", "space"),
    ("TELEGRAM_WEBHOOK_URL", "http://bot.example/hook", "plain http"),
    ("DISCORD_TOKEN", "hunter2\nhunter2", "line break"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), WRONG)
def test_a_wrong_value_is_explained_in_one_line(name: str, value: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**{name: value})
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f"{name} ")
    assert wrong in line
    assert about(name.lower()).expected in line
    assert "hunter2" not in line


def test_the_database_may_be_postgresql_and_its_password_is_not_shown() -> None:
    url = "postgresql://me:hunter2@db.example/bot"
    settings = load(DATABASE_URL=url)
    assert settings.database_url == url
    assert "hunter2" not in f"{settings!r} {settings}"


def test_clips_are_in_a_folder_or_in_a_bucket() -> None:
    assert load(DATA_DIR="/srv/bot").clips_url == "/srv/bot/clips"
    for place in ("share/clips", "s3://drama", "s3://drama.eu-1/clips/of_ours/"):
        assert load(CLIPS_URL=place).clips_url == place


def test_other_wrong_settings_are_named_too() -> None:
    with pytest.raises(SettingsError, match=r"^PORT .*also wrong: LOG_LEVEL, OWNERS"):
        load(PORT="x", OWNERS="x", LOG_LEVEL="x")


def test_a_webhook_may_be_plain_on_this_machine() -> None:
    assert load(TELEGRAM_WEBHOOK_URL="http://127.0.0.1:1/x").telegram_webhook_url == "http://127.0.0.1:1/x"
    assert load(TELEGRAM_WEBHOOK_URL="http://localhost/x").telegram_webhook_url == "http://localhost/x"


def test_a_slip_in_a_name_is_found(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TELEGRAM_TOKN=1:a\n")
    with pytest.raises(SettingsError, match=r"TELEGRAM_TOKN in .* expected TELEGRAM_TOKEN"):
        load_settings(file)


def test_a_file_that_is_no_text_is_explained(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"HOST=\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(file)


def test_no_secret_shows_in_print() -> None:
    settings = load(
        TELEGRAM_TOKEN="1:hunter2", SECRET_KEY="hunter2" * 8, OPENAI_API_KEY="hunter2", CLIPS_S3_SECRET="hunter2"
    )
    assert "hunter2" not in repr(settings) + str(settings)


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    settings = load(DATA_DIR=str(tmp_path / "new"))
    key = secret_key(settings)
    assert len(key) >= 32
    assert secret_key(settings) == key
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_share_the_key(tmp_path: Path) -> None:
    program = "from bot.settings import *; print(secret_key(load_settings(None)).decode())"
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, cwd=TABLE.parents[1])
        for _ in range(3)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert all(process.returncode == 0 for process in started)


def test_the_key_that_is_given_is_used(tmp_path: Path) -> None:
    assert secret_key(load(SECRET_KEY="k" * 40, DATA_DIR=str(tmp_path))) == b"k" * 40
    assert not list(tmp_path.iterdir())


def test_a_key_that_cannot_be_kept_or_is_cut_short_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"DATA_DIR.*cannot be used"):
        secret_key(load(DATA_DIR=str(tmp_path / "file")))
    (tmp_path / "secret.key").write_text("short")
    with pytest.raises(SettingsError, match="cut short"):
        secret_key(load(DATA_DIR=str(tmp_path)))


def test_every_setting_is_documented() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "docs/settings.md is out of date: run `make docs`"
    assert EXAMPLE.read_text(encoding="utf-8") == example(), ".env.example is out of date: run `make docs`"
    for name in NAMES:
        assert f"| `{name}` |" in table()
        assert f"\n# {name}=" in example()
        assert about(name.lower()).meaning


def test_the_example_works_as_it_is_and_uncommented(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(example())
    assert load_settings(file) == load()
    lines = [
        line.removeprefix("# ") if line.startswith("# ") and "=" in line else line for line in example().split("\n")
    ]
    file.write_text("\n".join(lines))
    assert set(dotenv_values(file)) == set(NAMES)
    assert load_settings(file) == load()


# -- shards


@pytest.mark.parametrize(
    ("written", "read"),
    [("0/1", ((0,), 1)), ("0,1/4", ((0, 1), 4)), (" 3 , 2 / 4 ", ((2, 3), 4)), ("4095/4096", ((4095,), 4096))],
)
def test_the_shards_of_a_process_are_read(written: str, read: tuple[tuple[int, ...], int]) -> None:
    assert load(DISCORD_SHARDS=written).discord_shards == read


@pytest.mark.parametrize("written", ["0", "0/0", "1/1", "0,0/2", "-1/2", "a/2", "0/4097", "/2", "0,/2", "0/2/4", "²/3"])
def test_shards_that_cannot_be_are_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(SettingsError, match="DISCORD_SHARDS") as refused:
        load(DISCORD_SHARDS=written)
    assert "0,1/4" in str(refused.value)


@pytest.mark.parametrize("shards", [None, ((0,), 1), ((2, 3, 5), 8), (tuple(range(16)), 16)])
@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_every_shard_is_dealt_to_one_worker(shards: tuple[tuple[int, ...], int] | None, workers: int) -> None:
    hands = [dealt_shards(shards, number, workers) for number in range(1, workers + 1)]
    ids, count = shards or (tuple(range(workers)), workers)
    assert sorted(shard for mine, _ in hands for shard in mine) == sorted(ids)
    assert {of for _, of in hands} == {count}
