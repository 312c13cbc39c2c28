"""A clip's way to Discord when it was uploaded: sent along from the vault, else by its link."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from adapters.discord.clips import LARGEST, Clips
from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.shelf import Shelf
from bot.clips.vault.bucket import Bucket, BucketVault
from bot.clips.vault.folder import FolderVault
from bot.clips.vault.port import Vault
from bot.story.reader import read_story
from bot.story.story import Story
from tests.fakes.entrance import free_port
from tests.fakes.stories import CROSSROADS

PATH = "clips/fork.jpg"
PICTURE = b"\xff\xd8\xff a picture"
SITE = "https://bot.example"


def shelf(folder: Path, vault: Vault) -> Shelf:
    return Shelf(ClipLibrary(folder), ClipLinks(b"a secret for tests, thirty-two bytes", ""), vault)


def story_with(name: str) -> Story:
    return replace(read_story("crossroads", {"story.yaml": CROSSROADS.encode()}), uploads={PATH: name})


async def test_an_uploaded_clip_is_sent_along_and_read_once(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(PICTURE)
    clips = Clips(shelf(tmp_path, vault), None)
    for _ in range(2):
        media = await clips.media(story_with(kept.name), PATH, 0)
        assert media is not None
        assert (media.url, media.file) == ("attachment://clips-fork.jpg", ("clips-fork.jpg", PICTURE))
        await vault.drop(kept.digest)


async def test_one_that_is_too_large_or_away_is_linked_where_there_is_a_site(tmp_path: Path) -> None:
    folder = FolderVault(tmp_path)
    large = await folder.put(PICTURE + bytes(LARGEST))
    away = BucketVault(Bucket("drama", "", f"http://127.0.0.1:{free_port()}", "us-east-1", "id", "key"))
    for vault in (folder, away):
        media = await Clips(shelf(tmp_path, vault), SITE).media(story_with(large.name), PATH, 0)
        assert media is not None
        assert media.url.startswith(f"{SITE}/clips/%40/{large.name}?expires=")
        assert await Clips(shelf(tmp_path, vault), None).media(story_with(large.name), PATH, 0) is None
