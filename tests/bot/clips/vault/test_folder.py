"""A vault in a folder: what a crash, a full disk and strangers can do to it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clips.vault.folder import FolderVault
from bot.clips.vault.kept import VaultError
from tests.bot.clips.vault.test_contract import PICTURE, content
from tests.fakes.entrance import ROOT, disk

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.clips.vault import folder

points = 0

def passing(work):
    def passed(*given, **named):
        global points
        points += 1
        if points == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*given, **named)
    return passed

for name in ("fsync", "replace"):
    setattr(os, name, passing(getattr(os, name)))
asyncio.run(folder.FolderVault(Path(sys.argv[1])).put(sys.stdin.buffer.read()))
"""
"""Puts a clip and ends by SIGKILL before the n-th time that something is to become durable."""


def put_until(root: Path, point: int) -> int:
    command = [sys.executable, "-c", KILLED, str(root), str(point)]
    return subprocess.run(command, cwd=ROOT, input=PICTURE, check=False).returncode


@pytest.mark.parametrize("point", range(1, 7))
async def test_a_clip_is_there_whole_or_not_at_all_wherever_its_upload_ended(tmp_path: Path, point: int) -> None:
    ended = put_until(tmp_path, point)
    assert ended in (0, -signal.SIGKILL)
    vault = FolderVault(tmp_path)
    for kept in [one async for one in vault.kept()]:
        assert await content(vault, kept) == PICTURE
    kept = await vault.put(PICTURE)
    assert [one async for one in vault.kept()] == [kept]
    assert await content(vault, kept) == PICTURE


def test_an_upload_passes_as_many_points_as_are_tried(tmp_path: Path) -> None:
    assert put_until(tmp_path / "last", 7) == 0
    assert put_until(tmp_path / "first", 6) == -signal.SIGKILL


async def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=256k") as small:
        if small is None:
            pytest.skip("no disk can be mounted here")
        vault = FolderVault(small)
        with pytest.raises(VaultError, match=r"CLIPS_URL: the folder .* \(No space left on device\)"):
            await vault.put(PICTURE * 1000)
        assert [path for path in small.rglob("*") if path.is_file()] == []
        assert await content(vault, await vault.put(PICTURE)) == PICTURE


async def test_facts_that_are_damaged_are_no_clip_and_are_mended_by_the_next_put(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(PICTURE)
    [facts] = tmp_path.rglob("*.json")
    for damaged in ("", "[]", '{"type": "text/html", "size": 4}', '{"type": "image/jpeg", "size": -4}', "9" * 5000):
        facts.write_text(damaged)
        assert await vault.find(kept.digest) is None
    assert await vault.put(PICTURE) == await vault.find(kept.digest)


async def test_a_clip_that_lost_its_end_is_told_and_mended_by_the_next_put(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(PICTURE)
    [file] = tmp_path.rglob(kept.digest)
    file.write_bytes(PICTURE[:-5])
    with pytest.raises(VaultError, match="shorter"):
        await content(vault, kept)
    await vault.put(PICTURE)
    assert await content(vault, kept) == PICTURE


async def test_other_files_in_the_folder_are_no_clips(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(PICTURE)
    (tmp_path / "xx").mkdir()
    for other in ("notes.json", "ab/notes.json", "xx/.begun-123", f"xx/{'g' * 64}.json"):
        (tmp_path / other).parent.mkdir(exist_ok=True)
        (tmp_path / other).write_text("{}")
    assert [one async for one in vault.kept()] == [kept]
