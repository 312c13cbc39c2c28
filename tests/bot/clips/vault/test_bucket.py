"""A vault in a bucket whose server goes away, refuses, and is written to by others."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clips.vault.bucket import Bucket, BucketVault
from bot.clips.vault.folder import FolderVault
from bot.clips.vault.kept import VaultError
from bot.clips.vault.open import open_vault
from bot.clips.vault.port import place
from tests.bot.clips.vault.test_contract import LONG, PICTURE, content
from tests.fakes.bucket import KEY, KEY_ID, BucketServer, road
from tests.fakes.entrance import free_port


async def test_clips_lie_below_the_prefix_with_their_facts_beside_them(server: BucketServer) -> None:
    bucket = server.new("drama/clips")
    kept = await BucketVault(bucket).put(PICTURE)
    at = f"drama/clips/{place(kept.digest)}"
    assert server.names(bucket) == {at, f"{at}.json"}


async def test_a_folder_that_is_copied_into_a_bucket_is_the_same_vault(server: BucketServer, tmp_path: Path) -> None:
    kept = await FolderVault(tmp_path).put(PICTURE)
    bucket = server.new("moved")
    for file in tmp_path.rglob("*"):
        if file.is_file():
            server.put(bucket, f"moved/{file.relative_to(tmp_path).as_posix()}", file.read_bytes())
    vault = BucketVault(bucket)
    assert [one async for one in vault.kept()] == [kept]
    assert await content(vault, kept) == PICTURE


async def test_an_upload_that_ended_before_its_facts_is_no_clip(server: BucketServer) -> None:
    bucket = server.new()
    vault = BucketVault(bucket)
    kept = await vault.put(PICTURE)
    other = server.new()
    server.put(other, place(kept.digest), PICTURE)
    assert await BucketVault(other).find(kept.digest) is None
    assert [one async for one in BucketVault(other).kept()] == []


async def test_what_others_write_into_the_bucket_is_no_clip(server: BucketServer) -> None:
    bucket = server.new()
    vault = BucketVault(bucket)
    kept = await vault.put(PICTURE)
    server.put(bucket, "notes.json", b"{}")
    server.put(bucket, "aa/" + "a" * 64 + ".json", b'{"type": "text/html", "size": 9}')
    assert [one async for one in vault.kept()] == [kept]


async def test_a_bucket_that_is_away_is_told_without_any_secret_and_used_when_it_is_back(server: BucketServer) -> None:
    async with road(server) as way:
        vault = BucketVault(replace(server.new(), endpoint=way.url))
        kept = await vault.put(PICTURE)
        await way.close()
        calls = (vault.find(kept.digest), vault.put(LONG), vault.drop(kept.digest), content(vault, kept))
        for told in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(told, VaultError)
            assert "cannot be reached" in str(told)
            assert KEY not in str(told)
            assert KEY_ID not in str(told)
            assert told.__cause__ is None
        await way.open()
        assert await content(vault, kept) == PICTURE
        assert await vault.put(LONG) in [one async for one in vault.kept()]


async def test_a_call_that_fails_is_made_again(server: BucketServer) -> None:
    async with road(server) as way:
        vault = BucketVault(replace(server.new(), endpoint=way.url))
        kept = await vault.put(PICTURE)
        await way.close()
        await way.open()
        way.failing = 2
        assert await content(vault, kept) == PICTURE
        assert way.failing == 0


async def test_a_bucket_that_is_not_there_is_told(server: BucketServer) -> None:
    with pytest.raises(VaultError, match="no such bucket"):
        await BucketVault(replace(server.new(), name="another-bucket")).put(PICTURE)


async def test_a_bot_with_its_bucket_away_is_made_all_the_same() -> None:
    vault = open_vault("s3://drama/clips", f"http://127.0.0.1:{free_port()}", None, KEY_ID, KEY)
    with pytest.raises(VaultError, match="s3://drama/clips cannot be reached"):
        await vault.find("a" * 64)


def test_nothing_shows_the_key(server: BucketServer) -> None:
    bucket = replace(server.new(), prefix="drama")
    assert KEY not in f"{bucket!r} {bucket} {vars(BucketVault(bucket))!r}"
    assert KEY_ID not in f"{bucket!r} {bucket} {vars(BucketVault(bucket))!r}"
    assert str(Bucket("drama")) == "s3://drama"


@pytest.mark.parametrize("given", [{"key_id": KEY_ID}, {"key": KEY}])
def test_half_a_key_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(VaultError, match="CLIPS_S3_KEY_ID and CLIPS_S3_SECRET") as told:
        open_vault("s3://drama", **given)
    assert KEY not in str(told.value)
