"""A video's length is read from its file, whatever the file is like, without decoding it."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clips.probe import ClipError, Measure, Probe


def box(kind: bytes, *inside: bytes) -> bytes:
    """An MP4 box."""
    content = b"".join(inside)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mvhd(scale: int, length: int) -> bytes:
    return box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, scale, length), bytes(80))


def long_mvhd(scale: int, length: int) -> bytes:
    return box(b"mvhd", struct.pack(">IQQIQ", 1 << 24, 0, 0, scale, length), bytes(80))


def trak(width: int, height: int, turned: bool = False) -> bytes:
    one = 1 << 16
    matrix = (0, one, 0, one, 0, 0, 0, 0, 1 << 30) if turned else (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    head = bytes(40) + struct.pack(">9I", *matrix) + struct.pack(">II", width << 16, height << 16)
    return box(b"trak", box(b"tkhd", head))


def measured(tmp_path: Path, *boxes: bytes) -> Measure:
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"".join(boxes))
    return Probe().measure(file)


def test_a_real_video(video: Path) -> None:
    measure = Probe().measure(video)
    assert measure.seconds == pytest.approx(2.0, abs=0.11)
    assert (measure.width, measure.height) == (72, 128)


def test_the_index_may_come_last_and_after_a_large_box(tmp_path: Path) -> None:
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 1000) + bytes(1000)
    assert measured(tmp_path, box(b"ftyp"), large, box(b"moov", mvhd(1000, 6400))) == Measure(6.4, 0, 0)


def test_long_headers_and_the_last_box_without_a_size(tmp_path: Path) -> None:
    inside = long_mvhd(90_000, 90_000 * 12) + trak(0, 0) + trak(540, 960)
    assert measured(tmp_path, struct.pack(">I4s", 0, b"moov") + inside) == Measure(12.0, 540, 960)


def test_a_picture_that_is_turned_is_measured_upright(tmp_path: Path) -> None:
    moov = box(b"moov", mvhd(1000, 3000), trak(1920, 1080, turned=True))
    assert measured(tmp_path, moov) == Measure(3.0, 1080, 1920)


def test_a_video_in_fragments_says_its_length_elsewhere(tmp_path: Path) -> None:
    extends = box(b"mvex", box(b"mehd", struct.pack(">II", 0, 7000)))
    assert measured(tmp_path, box(b"moov", mvhd(1000, 0), extends)).seconds == 7.0
    assert measured(tmp_path, box(b"moov", mvhd(1000, 0xFFFF_FFFF), extends)).seconds == 7.0


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "is no MP4"),
        (b"GIF89a and so on and on", "does not fit"),
        (box(b"ftyp") + box(b"mdat", bytes(99)), "cut short"),
        (box(b"moov"), "how long"),
        (box(b"moov", mvhd(0, 5)), "how long"),
        (box(b"moov", mvhd(1000, 0)), "how long"),
        (box(b"moov", box(b"mvhd")), "empty"),
        (box(b"moov", box(b"mvhd", bytes(9))), "too short"),
        (box(b"moov", struct.pack(">I4s", 7, b"mvhd")), "does not fit"),
        (struct.pack(">I4sI", 1, b"moov", 0), "cut short"),
        (box(b"free") * 10_001, "more than 10000 boxes"),
    ],
)
def test_what_is_wrong_is_said_with_the_files_name(tmp_path: Path, content: bytes, wrong: str) -> None:
    with pytest.raises(ClipError, match=f"^clip.mp4: .*{wrong}"):
        measured(tmp_path, content)


@given(st.data())
def test_a_damaged_video_never_does_worse_than_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(
        box(b"ftyp") + box(b"moov", mvhd(1000, 5000), trak(540, 960), box(b"mvex", box(b"mehd", bytes(8))))
    )
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    content = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with suppress(ClipError):
        assert measured(tmp_path_factory.getbasetemp(), content).seconds > 0


def test_a_file_that_changes_is_measured_again(tmp_path: Path) -> None:
    probe, file = Probe(), tmp_path / "clip.mp4"
    file.write_bytes(box(b"moov", mvhd(1000, 3000)))
    assert probe.measure(file).seconds == 3.0
    file.write_bytes(box(b"moov", mvhd(1000, 4000)))
    os.utime(file, ns=(1, 1))
    assert probe.measure(file).seconds == 4.0
