"""A scene's clip is found in the story's folder first, then in the vault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.clips.library import ClipLibrary
from bot.clips.link import VAULT, ClipLinks
from bot.clips.shelf import Shelf
from bot.clips.vault.folder import FolderVault
from bot.story.reader import read_story
from bot.story.story import Story
from tests.bot.clips.vault.test_contract import PICTURE

NOW = 1_800_000_000.0
NAME = "a" * 64 + ".webm"
SOURCE = b"""
title: The Last Train
synopsis: It leaves.
language: en
poster: poster.jpg
episodes:
  one:
    title: One
    scenes:
      gate:
        clip: clips/whistle.mp4
        lines: [{narrator: A whistle.}]
        ending: {title: Gone, kind: open}
"""


def told(stories: Path, **uploads: str) -> tuple[Shelf, Story]:
    links = ClipLinks(b"a secret for tests, thirty-two bytes", "")
    shelf = Shelf(ClipLibrary(stories), links, FolderVault(stories / "vault"))
    story = read_story("last-train", {"story.yaml": SOURCE})
    shelf.lengths(stories / "last-train", story)
    return shelf, replace(story, uploads=uploads)


def test_a_file_in_the_folder_comes_first(stories: Path) -> None:
    shelf, story = told(stories, **{"clips/whistle.mp4": NAME})
    clip = shelf.clip(story, story.scenes["gate"], NOW)
    assert clip is not None
    assert clip.link == shelf.links.sign("last-train", "clips/whistle.mp4", NOW)


def test_what_the_folder_lacks_is_in_the_vault(tmp_path: Path) -> None:
    shelf, story = told(tmp_path, **{"clips/whistle.mp4": NAME})
    clip = shelf.clip(story, story.scenes["gate"], NOW)
    assert clip is not None
    assert clip.link == shelf.links.sign(VAULT, NAME, NOW)
    assert clip.type == "video/webm"
    assert shelf.has(story, "clips/whistle.mp4")
    assert not shelf.has(story, "poster.jpg")


async def test_what_is_in_the_vault_can_be_had_whole_unless_it_is_too_large(tmp_path: Path) -> None:
    shelf, _ = told(tmp_path)
    assert shelf.vault is not None
    kept = await shelf.vault.put(PICTURE)
    assert await shelf.fetch(kept.name, len(PICTURE)) == PICTURE
    assert await shelf.fetch(kept.name, len(PICTURE) - 1) is None
    assert await shelf.fetch(NAME, len(PICTURE)) is None


def test_what_is_in_neither_has_a_storyboard_card(tmp_path: Path) -> None:
    shelf, story = told(tmp_path)
    assert shelf.clip(story, story.scenes["gate"], NOW) is None
