"""A web server with rooms whose clock a test moves."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Callable

import pytest

from bot.app import App
from bot.rooms import Rooms
from tests.fakes.crowd import Crowd
from tests.fakes.house import Clock, House
from tests.fakes.room_goer import RoomGoer
from tests.fakes.web import browsing, serving

NewGoer = Callable[..., RoomGoer]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A clip of a second, 72 x 128 pixels."""
    ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="the extra `clips` is not installed: no ffmpeg")
    file = tmp_path_factory.mktemp("video") / "gate.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=72x128:rate=10:duration=1"]
    options = ["-pix_fmt", "yuv420p", "-movflags", "+faststart", "-threads", "1"]
    subprocess.run([ffmpeg.get_ffmpeg_exe(), "-v", "error", *source, *options, str(file)], check=True)
    return file.read_bytes()


@pytest.fixture
def rooms(app: App) -> Rooms:
    return Rooms(app)


@pytest.fixture
async def goer(house: House, app: App, rooms: Rooms, clock: Clock) -> AsyncIterator[NewGoer]:
    """Makes people who watch in browsers; takes a room's code."""
    async with serving(house, app, rooms=rooms, now=clock) as server, browsing(server) as new:
        yield lambda code="", **headers: RoomGoer(new(**headers), code)


@pytest.fixture
def crowd(app: App, rooms: Rooms, clock: Clock) -> Crowd:
    """A group in Telegram on the same rooms, and the agenda of all."""
    return Crowd(app, clock, rooms)
