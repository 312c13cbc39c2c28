"""Whatever a stranger sends is taken or refused with a reason, at a cost that is known beforehand."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.story.limits import MAX_STORY_BYTES
from bot.story.problem import StoryError
from bot.studio.archive.entry import PIECE
from bot.studio.upload import Upload, open_upload
from tests.bot.studio.hostile import Hostile, uploads
from tests.bot.studio.packing import MAIN, SIZES_FOLLOW, STORED, UTF8, Item, descriptor, zip_of

HOSTILE = list(uploads())
MOST_MEMORY = 50 * 1024 * 1024


class Counted:
    """Zlib's inflater, and how many bytes have come out of all of them."""

    total = 0

    def __init__(self, inflater: zlib._Decompress) -> None:
        self._inflater = inflater

    def decompress(self, packed: bytes, most: int) -> bytes:
        unpacked = self._inflater.decompress(packed, most)
        Counted.total += len(unpacked)
        return unpacked

    def __getattr__(self, name: str) -> object:
        return getattr(self._inflater, name)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> type[Counted]:
    inflater = zlib.decompressobj
    monkeypatch.setattr(zlib, "decompressobj", lambda bits: Counted(inflater(bits)))
    monkeypatch.setattr(Counted, "total", 0)
    return Counted


@contextmanager
def little_memory() -> Iterator[None]:
    """What is done in it takes less than `MOST_MEMORY` at any time."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY


def test_there_are_many_and_each_is_named_once() -> None:
    assert len({hostile.what for hostile in HOSTILE}) == len(HOSTILE) >= 60


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.what)
def test_a_hostile_upload_is_refused_cheaply(hostile: Hostile, counted: type[Counted]) -> None:
    content = hostile.content()
    with little_memory(), pytest.raises(StoryError) as refused:
        open_upload(hostile.called, content)
    assert [problem.code for problem in refused.value.problems] == [hostile.code], str(refused.value)
    assert all(len(line) < 400 and line.isprintable() for line in str(refused.value).splitlines())
    assert counted.total <= MAX_STORY_BYTES + PIECE


# -- by chance


FOLLOWED = Item("episodes/two.yaml", b"title: Two\nscenes: {}\n", flags=UTF8 | SIZES_FOLLOW)
GOOD = zip_of(
    MAIN,
    Item("clips/", mode=0o40755),
    Item("clips/a.mp4", b"film" * 100),
    Item("clips/b.mp4", b"more film", STORED),
    replace(FOLLOWED, behind=descriptor(FOLLOWED)),
    comment=b"packed by hand",
)
NUMBERS = [
    struct.pack(f"<{size}", value)
    for size, most in (("H", 2**16), ("L", 2**32))
    for value in (0, 1, most // 2, most - 2, most - 1)
]
RECORDS = [at for at in range(len(GOOD)) if GOOD.startswith(b"PK", at)]
PLACES = st.integers(0, len(GOOD) - 1) | st.builds(int.__add__, st.sampled_from(RECORDS), st.integers(0, 60))
CHANGES = st.one_of(
    st.tuples(st.just("put"), PLACES, st.binary(min_size=1, max_size=4) | st.sampled_from(NUMBERS)),
    st.tuples(st.just("add"), PLACES, st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("cut"), PLACES, st.binary(min_size=1, max_size=40)),
)


def changed(content: bytes, change: tuple[str, int, bytes]) -> bytes:
    how, at, piece = change
    kept = at if how == "add" else at + len(piece)
    return content[:at] + (b"" if how == "cut" else piece) + content[kept:]


def taken(called: str, content: bytes) -> Upload | None:
    """What is made of an upload that has been read to its end; None when it is refused."""
    try:
        upload = open_upload(called, content)
        for clip in upload.clips.values():
            assert sum(map(len, clip.pieces())) == clip.size
        upload.story()
    except StoryError:
        return None
    return upload


@given(st.text(max_size=40), st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe"]))
def test_anything_is_taken_or_refused(called: str, content: bytes, beginning: bytes) -> None:
    for suffix in ("", ".zip", ".yaml"):
        taken(called + suffix, beginning + content)


@given(st.lists(CHANGES, min_size=1, max_size=3))
def test_a_changed_zip_is_refused_or_means_the_same_to_everybody(changes: list[tuple[str, int, bytes]]) -> None:
    content = GOOD
    for change in changes:
        content = changed(content, change)
    upload = taken("tale.zip", content)
    if upload is not None:
        with ZipFile(BytesIO(content)) as zip:
            for path, clip in upload.clips.items():
                assert zip.read(clip.path) == clip.read(), path
            assert zip.read("story.yaml") == upload.files["story.yaml"]


def test_the_zip_that_is_changed_is_good_before() -> None:
    assert taken("tale.zip", GOOD) is not None
