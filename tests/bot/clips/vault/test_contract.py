"""What holds for every vault, in a folder or in a bucket on a real server."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from bot.clips.vault.kept import LARGEST, Kept, Unfit, VaultError
from bot.clips.vault.port import Vault
from tests.bot.clips.vault.conftest import NewVault

PICTURE = b"\xff\xd8\xff" + b"a picture" * 100
LONG = b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 40_000
"""Ten megabytes: more than one part of an upload, and than one piece of a reading."""

HOSTILE = ("", "../../etc/passwd", "..", "a" * 64 + "/..", "A" * 64, "a" * 63, "a" * 64 + "\n", "٣" * 64, "a\0" * 32)


async def content(vault: Vault, kept: Kept, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join([piece async for piece in vault.read(kept, start, stop)])


async def test_another_worker_finds_what_was_put(new_vault: NewVault, video: Path) -> None:
    kept = await new_vault().put(video)
    other = new_vault()
    assert await other.find(kept.digest) == kept
    assert await content(other, kept) == video.read_bytes()


async def test_a_clip_is_named_by_its_bytes_and_measured(vault: Vault, video: Path) -> None:
    kept = await vault.put(video)
    assert kept == Kept(sha256(video.read_bytes()).hexdigest(), "video/mp4", video.stat().st_size, 2.0, 72, 128)
    assert kept.name == f"{kept.digest}.mp4"


async def test_bytes_and_a_file_of_the_same_are_one_clip(vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "poster; rm -rf ~.jpg.exe"
    file.write_bytes(PICTURE)
    assert await vault.put(PICTURE) == await vault.put(file)
    assert [one.type async for one in vault.kept()] == ["image/jpeg"]


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (0, 10), (100, 200), (1_048_575, 1_048_578), (9_000_000, None)])
async def test_a_part_is_those_bytes_and_no_others(vault: Vault, start: int, stop: int | None) -> None:
    kept = await vault.put(LONG)
    assert await content(vault, kept, start, stop) == LONG[start:stop]


async def test_no_piece_is_larger_than_a_megabyte(vault: Vault) -> None:
    kept = await vault.put(LONG)
    sizes = [len(piece) async for piece in vault.read(kept)]
    assert max(sizes) <= 1024 * 1024
    assert sum(sizes) == len(LONG)


async def test_workers_that_put_the_same_clip_at_once_put_it_once(new_vault: NewVault) -> None:
    put = await asyncio.gather(*(new_vault().put(LONG) for _ in range(6)))
    assert len(set(put)) == 1
    vault = new_vault()
    assert [one async for one in vault.kept()] == [put[0]]
    assert await content(vault, put[0]) == LONG


async def test_what_is_dropped_is_gone_and_may_come_again(vault: Vault) -> None:
    kept = await vault.put(PICTURE)
    await vault.drop(kept.digest)
    assert await vault.find(kept.digest) is None
    assert [one async for one in vault.kept()] == []
    with pytest.raises(VaultError):
        await content(vault, kept)
    await vault.drop(kept.digest)
    assert await content(vault, await vault.put(PICTURE)) == PICTURE


async def test_an_empty_vault_has_nothing(vault: Vault) -> None:
    assert await vault.find("a" * 64) is None
    assert [one async for one in vault.kept()] == []


@pytest.mark.parametrize("digest", HOSTILE, ids=ascii)
async def test_what_is_no_digest_never_becomes_a_path(vault: Vault, digest: str) -> None:
    await vault.put(PICTURE)
    assert await vault.find(digest) is None
    await vault.drop(digest)
    assert len([one async for one in vault.kept()]) == 1


@pytest.mark.parametrize(
    ("clip", "why"),
    [
        (b"", "0 bytes"),
        (b"<html><script>alert(1)</script>", "none of .mp4"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none of .mp4"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 12, "index"),
        (b"\xff\xd8\xff" + b"\0" * LARGEST, "bytes long"),
    ],
    ids=["empty", "page", "svg", "half a video", "too large"],
)
async def test_what_is_no_clip_is_refused_in_words_and_leaves_nothing(vault: Vault, clip: bytes, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        await vault.put(clip)
    assert [one async for one in vault.kept()] == []
