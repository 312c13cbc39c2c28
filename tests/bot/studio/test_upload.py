"""A story arrives whole, however its creator packed it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from bot.clips.probe import Probe
from bot.clips.vault.kept import LARGEST, look
from bot.story.problem import StoryError
from bot.story.reader import read_folder
from bot.studio.upload import open_upload
from tests.bot.studio.packing import MAIN, STORED, STORY, Item, zip_of

STORIES = sorted(path.parent for path in (Path(__file__).parents[3] / "stories").glob("*/story.yaml"))


class Pipe(BytesIO):
    """Takes bytes in order alone, so that their sizes can only follow them."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError("a pipe")


def pack(story: Path, into: BinaryIO, method: int, top: str, comment: bytes = b"") -> None:
    with ZipFile(into, "w", method) as zip:
        zip.comment = comment
        for file in sorted(story.rglob("*")):
            zip.write(file, top + file.relative_to(story).as_posix())


def inside_a_folder(story: Path) -> bytes:
    """As most programs do, and GitHub, which names the state in a comment."""
    packed = BytesIO()
    pack(story, packed, ZIP_DEFLATED, f"{story.name}/", b"0123456789abcdef" * 2)
    return packed.getvalue()


def without_a_folder(story: Path) -> bytes:
    packed = BytesIO()
    pack(story, packed, ZIP_STORED, "")
    return packed.getvalue()


def through_a_pipe(story: Path) -> bytes:
    """As a Mac does: sizes behind the data, and a companion for each file in a folder beside the story's."""
    packed = Pipe()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zip:
        for file in sorted(path for path in story.rglob("*") if path.is_file()):
            inside = f"{story.name}/{file.relative_to(story).as_posix()}"
            zip.write(file, inside)
            zip.writestr(f"__MACOSX/{Path(inside).parent}/._{file.name}", b"\0\5\26\7")
        zip.writestr(f"{story.name}/.DS_Store", b"\0")
    return packed.getvalue()


@pytest.mark.parametrize("packed", [inside_a_folder, without_a_folder, through_a_pipe])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_packed_story_is_the_one_in_its_folder(story: Path, packed: Callable[[Path], bytes], tmp_path: Path) -> None:
    file = tmp_path / f"{story.name}.zip"
    file.write_bytes(packed(story))
    there = read_folder(story)
    for content in (file, file.read_bytes()):
        upload = open_upload(file.name, content)
        assert (upload.story_id, upload.story().version) == (story.name, there.version)
        clips = {
            path.relative_to(story).as_posix(): path for path in story.rglob("*") if path.suffix in (".mp4", ".jpg")
        }
        assert upload.clips.keys() == clips.keys()
        for path, clip in upload.clips.items():
            assert b"".join(clip.pieces()) == clips[path].read_bytes()
            assert clip.size == clips[path].stat().st_size
        assert {one.path for one in upload.left_out} <= {"clips/clips.json"}


def test_a_clip_from_a_zip_is_one_for_the_vault() -> None:
    story = STORIES[0]
    upload = open_upload("tale.zip", inside_a_folder(story))
    path, clip = next((path, clip) for path, clip in upload.clips.items() if path.endswith(".mp4"))
    kept = look(clip.read())
    assert (kept.type, kept.size) == ("video/mp4", clip.size)
    assert kept.seconds == pytest.approx(Probe().measure(story / path).seconds, abs=0.001)


@pytest.mark.parametrize(
    "called",
    [
        "Wrong Umbrella.yaml",
        "wrong-umbrella.yml",
        "WRONG_umbrella.txt",
        "wrong umbrella (2).yaml",
        "C:\\me\\wrong-umbrella.yaml",
    ],
)
def test_a_single_file_is_a_story(called: str) -> None:
    upload = open_upload(called, STORY)
    assert upload.story_id == upload.story().id == "wrong-umbrella"
    assert not upload.clips


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_editors_save_texts_in_many_ways(encoding: str) -> None:
    text = STORY.decode().replace("Tale", "错伞").replace("\n", "\r\n").encode(encoding)
    for upload in (open_upload("tale.txt", text), open_upload("tale.zip", zip_of(Item("story.yaml", text)))):
        story = upload.story()
        assert story.wording(story.language).plain("title") == "错伞"


@pytest.mark.parametrize("called", ["tale.yaml", "tale.bin", "tale"])
def test_a_zip_is_one_by_its_content(called: str) -> None:
    assert open_upload(called, zip_of(MAIN)).story_id == "tale"


def test_a_comment_may_be_as_long_as_it_likes() -> None:
    assert open_upload("tale.zip", zip_of(MAIN, comment=b"x" * 0xFFFF)).files["story.yaml"] == STORY


def test_accents_go_from_an_id_and_the_folder_names_the_story() -> None:
    named = Item("Última Estación/story.yaml", STORY)
    assert open_upload("download.zip", zip_of(named)).story_id == "ultima-estacion"
    assert open_upload("download.zip", zip_of(Item("far/down/tale/story.yaml", STORY))).story_id == "tale"


def test_names_are_composed_as_scenes_write_them() -> None:
    packed = zip_of(MAIN, Item("clips/cafe\u0301.mp4", b"film", flags=0))
    assert list(open_upload("tale.zip", packed).clips) == ["clips/caf\u00e9.mp4"]


def test_what_is_left_out_is_said_with_a_reason() -> None:
    names = ["README.md", "more/two.yaml", "episodes/two.yml", ".git/config", "__MACOSX/._story.yaml", "Thumbs.db"]
    upload = open_upload("tale.zip", zip_of(MAIN, *map(Item, names)))
    assert {one.path: one.why.split()[0] for one in upload.left_out} == {
        "README.md": "no",
        "more/two.yaml": "files",
        "episodes/two.yml": "files",
    }
    assert list(upload.files) == ["story.yaml"]


def test_faults_of_the_story_stand_under_the_name_that_was_sent() -> None:
    upload = open_upload("tale.zip", zip_of(replace(MAIN, content=STORY.replace(b"to: c", b"to: nowhere"))))
    with pytest.raises(StoryError, match=r"^tale\.zip/story\.yaml:\d+:\d+ STORY012"):
        upload.story()


@pytest.mark.parametrize("method", [STORED, 8])
def test_a_damaged_clip_is_found_while_it_is_streamed(method: int) -> None:
    film = Random(1).randbytes(200_000)
    upload = open_upload("tale.zip", zip_of(MAIN, Item("clips/a.mp4", film, method).both(crc=zlib.crc32(b"else"))))
    pieces = upload.clips["clips/a.mp4"].pieces()
    with pytest.raises(StoryError, match=r"STORY093 .*clips/a\.mp4"):
        list(pieces)


def test_a_clip_too_large_to_send_on_is_refused_unread(tmp_path: Path) -> None:
    size = LARGEST + 1
    packed = zip_of(MAIN, Item("clips/a.mp4", method=STORED).both(size=size, packed=size))
    directory = packed.index(b"PK\x01\x02")
    file = tmp_path / "tale.zip"
    with file.open("wb") as sparse:
        sparse.write(packed[:directory])
        sparse.seek(size, 1)
        end = packed[directory:]
        sparse.write(end[:-6] + (directory + size).to_bytes(4, "little") + end[-2:])
    with pytest.raises(StoryError, match=r"STORY094 .*over 51200 KiB"):
        open_upload(file.name, file)


def test_an_upload_too_large_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "tale.zip"
    with file.open("wb") as sparse:
        sparse.write(zip_of(MAIN))
        sparse.truncate(600 * 1024 * 1024)
    with pytest.raises(StoryError, match=r"STORY094 .*over 512 MiB"):
        open_upload(file.name, file)


def test_a_file_that_is_gone_is_said_to_be() -> None:
    with pytest.raises(StoryError, match="STORY001 cannot be read"):
        open_upload("tale.zip", Path("nowhere/tale.zip"))


def test_a_clip_whose_file_has_gone_is_said_to_be(tmp_path: Path) -> None:
    file = tmp_path / "tale.zip"
    file.write_bytes(zip_of(MAIN, Item("clips/a.mp4", b"film")))
    clip = open_upload(file.name, file).clips["clips/a.mp4"]
    file.unlink()
    with pytest.raises(StoryError, match="STORY001"):
        clip.read()
