"""Clips are made for what is missing or changed, read back as real films, and nothing else is touched."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("imageio_ffmpeg", reason="encoding needs the optional extra `clips`")

from bot.clips.make import make_clips
from bot.clips.make.encode import ffmpeg
from tests.bot.clips.make.tale import tale


def said_by_ffmpeg(path: Path) -> str:
    """What ffmpeg tells of a file."""
    return subprocess.run([ffmpeg(), "-hide_banner", "-i", str(path)], capture_output=True, text=True).stderr


def made(folder: Path, languages: tuple[str, ...]) -> list[str]:
    """The reports of making what there is to make of the tale."""
    reports: list[str] = []
    make_clips(tale(languages), folder, report=reports.append)
    return reports


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tale")
    (path / "clips").mkdir()
    (path / "clips" / "kept.mp4").write_bytes(b"an author's own film")
    made(path, ("en",))
    return path


def test_the_clip_is_a_vertical_film_with_sound_and_subtitles(folder: Path) -> None:
    told = said_by_ffmpeg(folder / "clips" / "door.mp4")
    assert re.search(r"Video: h264 \(High\).*yuv420p.*540x960.*20 fps", told)
    assert re.search(r"Audio: aac.*mono", told)
    assert re.search(r"\(eng\): Subtitle: mov_text", told)
    minutes, seconds = re.search(r"Duration: 00:(\d+):([\d.]+)", told).groups()  # type: ignore[union-attr]
    assert 3 <= 60 * int(minutes) + float(seconds) <= 9


def test_it_starts_to_play_before_it_is_whole(folder: Path) -> None:
    film = (folder / "clips" / "door.mp4").read_bytes()
    assert film.index(b"moov") < film.index(b"mdat")


def test_the_ledger_says_when_each_line_is_said(folder: Path) -> None:
    ledger = json.loads((folder / "clips" / "clips.json").read_text(encoding="utf-8"))
    assert list(ledger) == ["door"]
    start, end = ledger["door"]["lines"]["who"]
    assert 0 < start < end < ledger["door"]["seconds"]


def test_an_authors_own_clip_and_a_link_are_left_alone(folder: Path) -> None:
    assert (folder / "clips" / "kept.mp4").read_bytes() == b"an author's own film"
    assert not (folder / "clips" / "linked.mp4").exists()


def test_the_poster_is_a_vertical_picture(folder: Path) -> None:
    from PIL import Image

    with Image.open(folder / "poster.jpg") as poster:
        assert (poster.size, poster.format) == ((540, 960), "JPEG")


def test_nothing_is_made_again_when_nothing_changed_and_a_translation_only_changes_subtitles(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert any("0 made" in report for report in made(folder, ("en",)))
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}

    assert "door: new subtitles" in made(folder, ("en", "es"))
    told = said_by_ffmpeg(folder / "clips" / "door.mp4")
    assert "(spa): Subtitle: mov_text" in told
    assert "540x960" in told


def test_no_part_files_are_left(folder: Path) -> None:
    assert {path.name for path in (folder / "clips").iterdir()} == {"door.mp4", "kept.mp4", "clips.json"}
