"""Players ask for clips in every way the protocol knows and get exactly the bytes they asked for."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from bot.clips.link import LIFETIME
from tests.bot.clips.conftest import Site


async def test_the_whole_clip(site: Site, video: Path) -> None:
    answer = await site.get()
    assert answer.status_code == 200
    assert answer.content == video.read_bytes()
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "last-modified" in answer.headers
    assert "etag" in answer.headers


async def test_it_may_be_kept_until_the_link_ends(site: Site) -> None:
    link = site.link()
    site.now += 3600
    expires = int(httpx.URL(link).params["expires"])
    assert (await site.get(link)).headers["cache-control"] == f"private, max-age={expires - int(site.now)}"


async def test_head_has_the_headers_and_no_bytes(site: Site) -> None:
    whole, head = await site.get(), await site.get(method="HEAD", range="bytes=0-9")
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-length", "content-type", "etag", "accept-ranges", "cache-control"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, None),
        ("bytes=100-199", 100, 200),
        ("bytes=100-99999999", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=-99999999", 0, None),
    ],
)
async def test_a_range_gets_its_bytes(site: Site, video: Path, asked: str, start: int, stop: int | None) -> None:
    whole = video.read_bytes()
    answer = await site.get(range=asked)
    assert answer.status_code == 206
    assert answer.content == whole[start:stop]
    first = start if start >= 0 else len(whole) + start
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"
    assert answer.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
async def test_a_range_behind_the_end_is_refused_with_the_size(site: Site, video: Path, asked: str) -> None:
    answer = await site.get(range=asked)
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{video.stat().st_size}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-1", "bytes=-", "bytes=", "lines=1-2", "bytes=a-b", "bytes=0-1;2", "bytes=٣-٤"]
)
async def test_an_odd_range_gets_the_whole_clip(site: Site, video: Path, asked: str) -> None:
    request = site.client.build_request("GET", site.link(), headers=[(b"Range", asked.encode())])
    answer = await site.client.send(request)
    assert answer.status_code == 200
    assert answer.content == video.read_bytes()


async def test_a_range_of_what_changed_meanwhile_gets_the_whole(site: Site, stories: Path) -> None:
    first = await site.get()
    for unchanged in (first.headers["etag"], first.headers["last-modified"]):
        assert (await site.get(range="bytes=0-9", if_range=unchanged)).status_code == 206
    os.utime(stories / "last-train/clips/whistle.mp4", (1, 1))
    for changed in (first.headers["etag"], first.headers["last-modified"]):
        assert (await site.get(range="bytes=0-9", if_range=changed)).status_code == 200


async def test_a_clip_that_the_player_has_is_not_sent_again(site: Site, stories: Path) -> None:
    first = await site.get()
    for has in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = await site.get(if_none_match=has)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert "max-age" in again.headers["cache-control"]
    assert (await site.get(if_modified_since=first.headers["last-modified"])).status_code == 304
    os.utime(stories / "last-train/clips/whistle.mp4", (1, 1))
    assert (await site.get(if_none_match=first.headers["etag"])).status_code == 200


async def test_a_link_that_is_not_ours_is_refused_in_words(site: Site) -> None:
    link = site.link()
    for bad in (
        link.replace("whistle", "gate"),
        link[:-1],
        link.partition("?")[0],
        link.replace("expires=1", "expires=2"),
    ):
        answer = await site.get(bad)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "bad_link"
        assert "Open the story again" in answer.json()["error"]["message"]
        assert answer.headers["cache-control"] == "no-store"


async def test_a_link_that_is_too_old_is_refused(site: Site) -> None:
    link = site.link()
    site.now += LIFETIME
    assert (await site.get(link)).status_code == 403


@pytest.mark.parametrize(
    "path", ["clips/missing.mp4", "story.yaml", "../last-train/poster.jpg", "..\\x.mp4", "a\0.mp4"]
)
async def test_what_is_no_clip_is_not_found_even_when_signed(site: Site, path: str) -> None:
    # Dots are written as escapes here, or the client itself would take them out of the address.
    link = site.link(path).replace(quote(path), quote(path, safe="").replace("..", "%2E%2E"))
    answer = await site.get(link)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "unknown_clip"


async def test_only_reading_is_allowed(site: Site) -> None:
    assert (await site.get(method="POST")).status_code == 405


async def test_a_name_in_any_script_is_served(site: Site, stories: Path) -> None:
    (stories / "last-train/clips/哨 声%20.vtt").write_text("WEBVTT\n")
    answer = await site.get(site.link("clips/哨 声%20.vtt"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
