"""What an operator can get wrong, and what a machine can do to a bot: said in one line, and mended where it can be."""

from __future__ import annotations

import contextlib
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.store.schema import migrate, read_migrations
from tests.fakes.entrance import Running, complaint, disk, from_nothing, refusal, running
from tests.fakes.house import House
from tests.fakes.stories import BROKEN
from tests.fakes.tapper import Tapper

KEY = "k" * 32
NewTapper = Callable[[str], Tapper]


@pytest.fixture
def tapper() -> Iterator[NewTapper]:
    """Makes viewers of the bot at an address."""
    with contextlib.ExitStack() as stack:
        yield lambda address: stack.enter_context(closing(Tapper(address)))


PAGE = 4096

WRONG: list[tuple[dict[str, str], str]] = [
    ({"PORT": "eighty"}, "PORT is wrong"),
    ({"PORT": "70000"}, "PORT is wrong"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
    ({"OWNERS": "me"}, "OWNERS has an entry that is not platform:id"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is wrong"),
    ({"DATABASE_URL": "mysql://root:hunter2@db/bot"}, "DATABASE_URL names no SQLite file"),
    ({"HOST": "192.0.2.1"}, "HOST, PORT: cannot listen on 192.0.2.1"),
    ({"STORIES_DIR": "nowhere"}, "STORIES_DIR: there is no folder nowhere"),
]


@pytest.mark.parametrize(("settings", "line"), WRONG, ids=lambda value: next(iter(value)) if value else "")
def test_a_wrong_setting_is_named_in_one_line(house: House, settings: dict[str, str], line: str) -> None:
    said = refusal(house.folder, **settings)
    assert said.startswith(line)
    assert "hunter2" not in said


def test_a_port_that_is_taken_is_named(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert complaint(from_nothing(house.folder, PORT=port)).startswith(f"PORT: {port} on 127.0.0.1 is taken")


# -- where the data lies


@pytest.mark.parametrize(("settings", "setting"), [({}, "DATA_DIR"), ({"SECRET_KEY": KEY}, "the folder")])
def test_a_file_where_the_data_folder_should_be_is_named(house: House, settings: dict[str, str], setting: str) -> None:
    (house.folder / "data").write_text("in the way")
    said = refusal(house.folder, **settings)
    assert said.startswith(setting)
    assert str(house.folder / "data") in said
    assert (house.folder / "data").read_text() == "in the way"


@pytest.mark.parametrize("settings", [{}, {"SECRET_KEY": KEY}], ids=["key", "database"])
def test_a_data_folder_that_cannot_be_written_is_named(house: House, settings: dict[str, str]) -> None:
    with disk(house.folder / "data", "ro") as data:
        if data is None:
            pytest.skip("no read-only disk can be mounted here")
        assert str(data) in refusal(house.folder, **settings)


def damaged(path: Path) -> None:
    path.write_bytes(b"This is no database. " * 500)


def cut_off(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, str(path), read_migrations())
        connection.executemany("INSERT INTO story_version VALUES (?, '', '', 0)", [(str(n) * 500,) for n in range(50)])
        [[root]] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'story_version'")
    content = bytearray(path.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = b"\xff" * PAGE
    path.write_bytes(content)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


def somebody_elses(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE accounts (id)")


RUINS = [
    (damaged, "is damaged or no SQLite database"),
    (cut_off, "is damaged or no SQLite database"),
    (newer, "has schema 999"),
    (somebody_elses, "is the database of another program"),
]


@pytest.mark.parametrize(("ruin", "said"), RUINS)
def test_a_database_that_cannot_be_used_is_named_and_left_as_it_is(house: House, ruin: Any, said: str) -> None:
    path = house.folder / "data" / "bot.db"
    path.parent.mkdir()
    ruin(path)
    before = path.read_bytes()
    line = refusal(house.folder)
    assert line.startswith(str(path))
    assert said in line
    if ruin is not cut_off:  # whose header is sound, so that it is opened before the damage shows
        assert path.read_bytes() == before


def test_on_a_full_disk_nothing_is_acknowledged_and_the_bot_goes_on_when_there_is_room(
    house: House, tapper: NewTapper
) -> None:
    with disk(house.folder / "data", "size=2m") as data:
        if data is None:
            pytest.skip("no small disk can be mounted here")
        with running(house.folder) as bot:
            ann = tapper(bot.address)
            ann.open()
            filler = data / "filler"
            fill(filler)
            refused = full(ann)
            assert refused.json()["error"]["code"] == "busy"
            assert ann.http.get("/healthz").status_code == 200
            filler.unlink()
            view = ann.repeat(refused)
            assert view["notice"] is None
            assert view["revision"] == ann.revision + 1


def fill(path: Path) -> None:
    """Take all the room that is left."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def full(ann: Tapper) -> httpx.Response:
    """The first tap for which there is no room; what the log has left may do for some before it."""
    for _ in range(2_000):
        response = ann.send(ann.next_choice)
        if response.status_code != 200:
            assert response.status_code == 503
            return response
        ann.taken(response)
    raise AssertionError("the disk never was full")


# -- the stories


def test_a_broken_story_is_told_and_the_others_play(house: House, tapper: NewTapper) -> None:
    house.write("broken", BROKEN)
    with running(house.folder) as bot:
        ann = tapper(bot.address)
        shown = ann.http.get("/api/catalogue").json()
        assert [story["id"] for story in shown["stories"]] == ["crossroads"]
        assert [story["id"] for story in shown["broken"]] == ["broken"]
        assert "story.yaml:10:" in shown["broken"][0]["errors"][0]
        ann.open()
        assert ann.tap()["revision"] == 1
        response = ann.http.post("/api/stories/atlantis/open", json={"event": "e"})
        assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_story")
        assert "atlantis" in response.json()["error"]["message"]
    assert any("broken/story.yaml:10:" in line for line in bot.errors)


def test_an_empty_folder_of_stories_is_no_fault(house: House, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with running(house.folder, STORIES_DIR=tmp_path / "none") as bot:
        assert httpx.get(f"{bot.address}/api/catalogue", trust_env=False).json()["stories"] == []


# -- the end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_finishes_what_it_has_and_loses_nothing(
    house: House, tapper: NewTapper, number: signal.Signals
) -> None:
    with running(house.folder) as bot, ThreadPoolExecutor() as threads:
        viewers = [tapper(bot.address) for _ in range(4)]
        for viewer in viewers:
            viewer.open()
        listener = tapper(bot.address)
        listener.open()
        heard = threads.submit(listener.listen_until_the_end)
        tapping = [threads.submit(viewer.tap_until_the_end) for viewer in viewers]
        while min(len(viewer.acknowledged) for viewer in viewers) < 10 or "listening" not in listener.http.headers:
            assert not any(one.done() for one in tapping)
        assert bot.end(number) == 0
        for one in tapping:
            one.result()
        assert heard.result() == ['data: {"revision": 0}']
    assert not any("would not end in time" in line for line in bot.errors)
    assert_counted(house.folder / "data" / "bot.db", viewers)


def assert_counted(database: Path, viewers: list[Tapper]) -> None:
    """What was acknowledged is there after the end; one more tap may be, whose answer was cut off."""
    with closing(sqlite3.connect(database)) as connection:
        for viewer in viewers:
            asked = "SELECT revision FROM fact WHERE session = ? AND kind = 'choice' ORDER BY revision"
            counted = [revision for [revision] in connection.execute(asked, (int(viewer.session),))]
            assert counted in (viewer.acknowledged, [*viewer.acknowledged, len(viewer.acknowledged) + 1])


def test_a_second_start_goes_on_where_the_first_ended(house: House, tapper: NewTapper) -> None:
    with running(house.folder, from_nothing) as bot:
        ann = tapper(bot.address)
        ann.open()
        ann.tap()
    with running(house.folder) as bot:
        assert ready(bot)
        ann.http.base_url = httpx.URL(bot.address)
        ann.open()
        assert ann.revision == 1
        assert ann.tap()["notice"] is None


def ready(bot: Running) -> bool:
    response = httpx.get(f"{bot.address}/healthz", trust_env=False)
    return response.status_code == 200
