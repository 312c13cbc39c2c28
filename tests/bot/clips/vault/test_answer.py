"""Players ask for clips of the vault as for any other, and get exactly the bytes they asked for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from time import time

import httpx
import pytest

from bot.clips.library import ClipLibrary
from bot.clips.link import LIFETIME, VAULT, ClipLinks
from bot.clips.serve import ClipServer
from bot.clips.vault.bucket import BucketVault
from bot.clips.vault.kept import Kept
from bot.clips.vault.port import Vault
from bot.http.server import WebServer
from tests.bot.clips.vault.test_contract import LONG, PICTURE
from tests.fakes.bucket import KEY, KEY_ID, BucketServer, road
from tests.fakes.entrance import free_port, running
from tests.fakes.house import House

NOW = 1_800_000_000.0


class Site:
    """A web server with a clip in its vault; `now` is its clock."""

    def __init__(self, vault: Vault, kept: Kept) -> None:
        self.now = NOW
        self.kept = kept
        self.links = ClipLinks(b"a secret for tests, thirty-two bytes", "")
        route = ClipServer(ClipLibrary(Path("no-stories")), self.links, lambda: self.now, vault).route()
        self.server = WebServer("127.0.0.1", 0, [route])
        self.http = httpx.AsyncClient(trust_env=False)

    def link(self, name: str | None = None) -> str:
        return self.links.sign(VAULT, self.kept.name if name is None else name, self.now)

    async def get(self, link: str | None = None, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"http://127.0.0.1:{self.server.port}{link or self.link()}"
        return await self.http.request(method, url, headers=named)


@pytest.fixture
async def site(vault: Vault) -> AsyncIterator[Site]:
    site = Site(vault, await vault.put(LONG))
    async with site.http, site.server.running():
        yield site


async def test_the_whole_clip(site: Site) -> None:
    answer = await site.get()
    assert (answer.status_code, answer.content) == (200, LONG)
    assert answer.headers["content-type"] == "video/webm"
    assert answer.headers["content-length"] == str(len(LONG))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["etag"] == f'"{site.kept.digest}"'
    assert "content-range" not in answer.headers
    assert answer.headers["cache-control"].startswith("private, max-age=")


async def test_head_has_the_headers_and_no_bytes(site: Site) -> None:
    head = await site.get(method="HEAD", range="bytes=0-9")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(LONG)))


async def test_a_range_gets_its_bytes(site: Site) -> None:
    for asked, start, stop in (
        ("bytes=0-0", 0, 1),
        ("bytes=1048570-1048580", 1_048_570, 1_048_581),
        ("bytes=10239990-99999999", 10_239_990, None),
        ("bytes=-50", -50, None),
        ("bytes=10239000-", 10_239_000, None),
    ):
        answer = await site.get(range=asked)
        assert (answer.status_code, answer.content) == (206, LONG[start:stop])
        first = start if start >= 0 else len(LONG) + start
        assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(LONG)}"
        assert answer.headers["content-length"] == str(len(answer.content))


async def test_a_range_behind_the_end_is_refused_with_the_size(site: Site) -> None:
    for asked in ("bytes=99999999-", "bytes=-0"):
        answer = await site.get(range=asked)
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(LONG)}")


async def test_an_odd_range_or_one_of_another_clip_gets_the_whole(site: Site) -> None:
    for headers in ({"range": "bytes=9-1"}, {"range": "bytes=0-1,5-6"}, {"range": "bytes=0-9", "if_range": '"other"'}):
        assert (await site.get(**headers)).content == LONG
    answer = await site.get(range="bytes=0-9", if_range=f'"{site.kept.digest}"')
    assert (answer.status_code, answer.content) == (206, LONG[:10])


async def test_a_clip_that_the_player_has_is_not_sent_again(site: Site) -> None:
    for has in (f'"{site.kept.digest}"', f'"x", W/"{site.kept.digest}"', "*"):
        answer = await site.get(if_none_match=has)
        assert (answer.status_code, answer.content) == (304, b"")


async def test_a_player_that_leaves_in_the_middle_harms_nobody(site: Site) -> None:
    async with site.http.stream("GET", f"http://127.0.0.1:{site.server.port}{site.link()}") as answer:
        assert (await anext(answer.aiter_bytes()))[:4] == LONG[:4]
    assert (await site.get(range="bytes=0-9")).content == LONG[:10]


async def test_a_link_opens_this_clip_alone_and_not_for_ever(site: Site) -> None:
    link = site.link()
    other = link.replace(site.kept.digest, "a" * 64)
    assert (await site.get(other)).status_code == 403
    assert (await site.get(link.replace("/%40/", "/last-train/"))).status_code == 403
    site.now += LIFETIME
    assert (await site.get(link)).status_code == 403


async def test_what_is_not_there_is_told_whatever_its_name(site: Site) -> None:
    for name in ("a" * 64 + ".mp4", "..\\..\\etc\\passwd", "/etc/passwd", "...", "x", f"{site.kept.digest}/x"):
        answer = await site.get(site.link(name))
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_clip")


async def test_a_vault_that_is_away_is_told_and_the_link_works_again_afterwards(server: BucketServer) -> None:
    async with road(server) as way:
        vault = BucketVault(replace(server.new(), endpoint=way.url))
        site = Site(vault, await vault.put(LONG))
        async with site.http, site.server.running():
            await way.close()
            answer = await site.get()
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "vault_away")
            assert "http" not in answer.text
            assert KEY not in answer.text
            await way.open()
            assert (await site.get()).content == LONG


async def test_the_bot_serves_what_is_in_its_bucket_and_starts_without_it(server: BucketServer, house: House) -> None:
    bucket = server.new("clips")
    kept = await BucketVault(bucket).put(PICTURE)
    secret = "a secret for tests, thirty-two bytes"
    link = ClipLinks(secret.encode(), "").sign(VAULT, kept.name, time())
    settings = {"CLIPS_URL": bucket, "CLIPS_S3_KEY_ID": KEY_ID, "CLIPS_S3_SECRET": KEY, "SECRET_KEY": secret}
    for endpoint, status in ((server.url, 200), (f"http://127.0.0.1:{free_port()}", 503)):
        with running(house.folder, CLIPS_S3_ENDPOINT=endpoint, LOG_LEVEL="DEBUG", **settings) as bot:
            answer = httpx.get(bot.address + link, trust_env=False, timeout=30)
            assert answer.status_code == status
            assert answer.content == PICTURE or status == 503
    assert [json.loads(line)["event"] for line in bot.errors] == ["vault_unreachable"]
    assert KEY not in "".join(bot.errors)
