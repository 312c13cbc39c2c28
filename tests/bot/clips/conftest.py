"""A real video, a story's folder with it, and a real web server on this machine that serves it."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.serve import ClipServer

SECRET = b"a secret for tests, thirty-two bytes"


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MP4 file of 2 seconds, 72 x 128 pixels."""
    ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="the extra `clips` is not installed: no ffmpeg")
    file = tmp_path_factory.mktemp("video") / "whistle.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=72x128:rate=10:duration=2"]
    options = ["-pix_fmt", "yuv420p", "-movflags", "+faststart", "-threads", "1"]
    subprocess.run([ffmpeg.get_ffmpeg_exe(), "-v", "error", *source, *options, str(file)], check=True)
    return file


@pytest.fixture
def stories(tmp_path: Path, video: Path) -> Path:
    """A stories folder with one story in it, `last-train`."""
    folder = tmp_path / "stories"
    clips = folder / "last-train" / "clips"
    clips.mkdir(parents=True)
    (clips / "whistle.mp4").write_bytes(video.read_bytes())
    (folder / "last-train" / "story.yaml").write_text("title: The Last Train\n")
    (folder / "last-train" / "poster.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


@dataclass
class Site:
    """The running server, as a viewer's player reaches it; `now` is its clock."""

    client: httpx.AsyncClient
    links: ClipLinks
    now: float = 1_800_000_000.0

    def link(self, path: str = "clips/whistle.mp4", story: str = "last-train") -> str:
        return self.links.sign(story, path, self.now)

    async def get(self, url: str | None = None, method: str = "GET", **headers: str) -> httpx.Response:
        """Ask for a link; `if_range` stands for the header `If-Range`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, url or self.link(), headers=named)


@pytest.fixture
async def site(stories: Path) -> AsyncIterator[Site]:
    """A web server that has the clips' route and nothing else."""
    library = ClipLibrary(stories)
    async with httpx.AsyncClient(trust_env=False) as client:
        site = Site(client, ClipLinks(SECRET, "http://unset.invalid"))
        clips = ClipServer(library, site.links, lambda: site.now)
        app = Starlette(routes=[clips.route()])
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        site.links = ClipLinks(SECRET, f"http://127.0.0.1:{port}")
        yield site
        server.should_exit = True
        await running
