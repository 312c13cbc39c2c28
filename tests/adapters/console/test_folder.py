"""A change of a story's files is noticed, however it comes about."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.console.folder import LOOK_EVERY, Folder


def rewrite(folder: Path) -> None:
    (folder / "story.yaml").write_text("title: New\n")


def put_in_place(folder: Path) -> None:
    """A file of the same size and time, as a careful editor leaves it."""
    status = (folder / "story.yaml").stat()
    (folder / "draft").write_text("title: New\n")
    os.utime(folder / "draft", ns=(status.st_atime_ns, status.st_mtime_ns))
    os.replace(folder / "draft", folder / "story.yaml")


def add(folder: Path) -> None:
    (folder / "episodes").mkdir()
    (folder / "episodes" / "two.yaml").write_text("title: Two\n")


def remove(folder: Path) -> None:
    (folder / "story.yaml").unlink()


@pytest.mark.parametrize("change", [rewrite, put_in_place, add, remove])
async def test_every_change_is_noticed(tmp_path: Path, change: Callable[[Path], None]) -> None:
    (tmp_path / "story.yaml").write_text("title: Old\n")
    folder = Folder(tmp_path)
    change(tmp_path)
    async with asyncio.timeout(30):
        await folder.change()


async def test_a_change_is_told_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    add(tmp_path)
    async with asyncio.timeout(30):
        await folder.change()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3 * LOOK_EVERY):
            await folder.change()


async def test_a_file_in_the_midst_of_being_written_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text("title: Old\n")
    folder = Folder(tmp_path)
    waiting = asyncio.ensure_future(folder.change())
    for line in range(20):
        file.write_text("x\n" * line)
        await asyncio.sleep(LOOK_EVERY / 4)
        assert not waiting.done()
    async with asyncio.timeout(30):
        await waiting
