"""A story's files are found, and nothing else on this machine is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clips.library import ClipLibrary


def test_a_clip_is_found_with_its_type_size_and_length(stories: Path) -> None:
    clip = ClipLibrary(stories).find("last-train", "clips/whistle.mp4")
    assert clip is not None
    assert clip.path == (stories / "last-train/clips/whistle.mp4").resolve()
    assert (clip.type, clip.size) == ("video/mp4", clip.path.stat().st_size)
    assert clip.seconds == pytest.approx(2.0, abs=0.11)


def test_a_picture_has_no_length(stories: Path) -> None:
    clip = ClipLibrary(stories).find("last-train", "poster.jpg")
    assert clip is not None
    assert (clip.type, clip.seconds) == ("image/jpeg", None)


def test_a_damaged_video_is_found_all_the_same(stories: Path) -> None:
    (stories / "last-train/clips/odd.mp4").write_bytes(b"no video at all")
    clip = ClipLibrary(stories).find("last-train", "clips/odd.mp4")
    assert clip is not None
    assert clip.seconds is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "story.yaml",
        "clips",
        "clips/missing.mp4",
        "clips/whistle.mp4/",
        "clips//whistle.mp4",
        "clips/./whistle.mp4",
        "clips/../clips/whistle.mp4",
        "../last-train/clips/whistle.mp4",
        "clips\\whistle.mp4",
        "clips/whistle.mp4\0.jpg",
        "clips/whistle\n.mp4",
        ".hidden/a.mp4",
        "clips/.mp4",
        "clips/drawing.svg",
        "clips/folder.mp4",
        "clips/out.mp4",
        "clips/elsewhere/secret.mp4",
        "clips/circle.mp4",
        "x" * 299 + ".mp4",
        "clips/" + "x" * 290 + ".mp4",
    ],
)
def test_no_way_leads_outside(stories: Path, path: str) -> None:
    outside = stories.parent / "outside"
    outside.mkdir()
    (outside / "secret.mp4").write_bytes(b"secret")
    folder = stories / "last-train" / "clips"
    (folder / "folder.mp4").mkdir()
    (folder / "drawing.svg").write_text("<svg/>")
    (folder / "out.mp4").symlink_to(outside / "secret.mp4")
    (folder / "elsewhere").symlink_to(outside)
    (folder / "circle.mp4").symlink_to(folder / "circle.mp4")
    assert ClipLibrary(stories).find("last-train", path) is None
    assert ClipLibrary(stories).find("last-train", str(outside / "secret.mp4")) is None


@pytest.mark.parametrize(
    "story", ["", ".", "..", "last-train/clips", "last-train/..", "missing", "a\0b", "\\", "x" * 299]
)
def test_no_story_is_another_folder(stories: Path, story: str) -> None:
    library = ClipLibrary(stories)
    assert library.find(story, "whistle.mp4") is None
    assert library.find(story, "last-train/poster.jpg") is None


def test_a_link_inside_the_story_is_followed(stories: Path) -> None:
    (stories / "last-train" / "again.mp4").symlink_to("clips/whistle.mp4")
    assert ClipLibrary(stories).find("last-train", "again.mp4") is not None


@given(st.text(), st.text())
def test_any_text_is_looked_up_without_an_error(
    tmp_path_factory: pytest.TempPathFactory, story: str, path: str
) -> None:
    assert ClipLibrary(tmp_path_factory.getbasetemp()).find(story, path + ".mp4") is None
