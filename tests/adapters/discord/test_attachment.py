"""Attachments are fetched from Discord and from nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from adapters.discord import attachment as attachments
from adapters.discord.attachment import ELSEWHERE, LOST, Attachment, Attachments, Unfetched

DISCORD = "https://discord.com/api/v10"


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.discordapp.com/ephemeral-attachments/1/2/story.zip?ex=1&is=2&hm=3&",
        "https://media.discordapp.net/attachments/1/2/story.zip",
        "https://CDN.discordapp.com:443/attachments/1/2/a%20b.zip",
    ],
)
def test_what_lies_with_discord_is_known(url: str) -> None:
    assert str(Attachments(DISCORD).address(url).host).startswith(("cdn.", "media."))


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/attachments/1/2/story.zip", "https://cdn.discordapp.com:8443/x",
        "https://cdn.discordapp.com.example.org/x", "https://example.org/cdn.discordapp.com", "https://discord.com/x",
        "https://cdn.discordapp.com@example.org/x", "https://a:b@cdn.discordapp.com/x", "https://a@cdn.discordapp.com/",
        "https://cdn.discordapp.com\\@example.org/", "https://169.254.169.254/latest", "http://localhost:8080/",
        "file:///etc/passwd", "//cdn.discordapp.com/x", "/etc/passwd", "", "https://", "https://[::1]/", "http://[",
        "https://cdn.discordapp.com./x", "ftp://cdn.discordapp.com/x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("api", [DISCORD, "http://proxy.example/api"])
def test_what_lies_elsewhere_is_not(api: str, url: str) -> None:
    with pytest.raises(Unfetched, match=ELSEWHERE):
        Attachments(api).address(url)


def test_another_api_has_its_own_files() -> None:
    own = Attachments("http://127.0.0.1:5000/api/v10")
    assert own.address("http://127.0.0.1:5000/attachments/1/2/x").port == 5000
    with pytest.raises(Unfetched):
        own.address("http://127.0.0.1:5001/attachments/1/2/x")


@asynccontextmanager
async def serving(answer: web.Response) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that answers so; what was asked of it."""
    asked: list[str] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return answer

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


async def test_a_file_is_written_as_it_is(tmp_path: Path) -> None:
    async with serving(web.Response(body=b"story")) as (url, _):
        await Attachments(url).fetch(Attachment(f"{url}/attachments/1", "a.zip", 5), tmp_path / "sent")
    assert (tmp_path / "sent").read_bytes() == b"story"


async def test_nobody_leads_it_elsewhere(tmp_path: Path) -> None:
    async with serving(web.Response(body=b"secret")) as (other, asked):
        away = web.Response(status=302, headers={"location": f"{other}/"})
        async with serving(away) as (url, _):
            with pytest.raises(Unfetched, match=LOST):
                await Attachments(url).fetch(Attachment(f"{url}/attachments/1", "a.zip", 5), tmp_path / "sent")
    assert asked == []
    assert not (tmp_path / "sent").exists()


async def test_who_does_not_answer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unfetched, match=LOST):
        await Attachments("http://127.0.0.1:9").fetch(Attachment("http://127.0.0.1:9/x", "a", 5), tmp_path / "sent")
    monkeypatch.setattr(attachments, "MOST", 3)
    async with serving(web.Response(body=b"story")) as (url, _):
        with pytest.raises(Unfetched, match="A file may have"):
            await Attachments(url).fetch(Attachment(f"{url}/attachments/1", "a.zip", 1), tmp_path / "sent")
