"""The report on an upload says what is wrong, what is different and what came along, and fits through a pipe."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.story.changes import Change, Kind
from bot.story.limits import MAX_PROBLEMS
from bot.story.problem import StoryError
from bot.story.reader import read_story
from bot.story.story import Story
from bot.studio.contents import LeftOut
from bot.studio.lengths import lengths_of
from bot.studio.report import MOST_CHANGES, Report, of_refusal, of_upload
from bot.studio.upload import open_upload
from tests.bot.clips.test_probe import box, mvhd, trak
from tests.bot.story.draft import written
from tests.bot.studio.packing import STORED, Item, zip_of

TALE = """
a: {clip: clips/a.mp4, choices: {b: {label: B, to: c}, d: {label: D, to: e}}}
c: {clip: clips/c.mp4, to: e}
e: {clip: https://example.org/e.mp4, ending: {title: Out, kind: open}}
"""


def clip(seconds: int) -> Item:
    """A clip that says how long it lasts."""
    index = box(b"moov", mvhd(1000, seconds * 1000), trak(720, 1280))
    return Item("clips/a.mp4", box(b"ftyp", b"isom") + index, STORED)


def report(
    *items: Item, text: str = TALE, before: Story | None = None, known: Mapping[str, float] | None = None
) -> Report:
    upload = open_upload("tale.zip", zip_of(Item("story.yaml", written(text).encode()), *items))
    return of_upload(upload, before, lengths_of(upload, known or {}))


SCENES = 1_100


def told(report: Report) -> list[str]:
    return [f"{one.place.line}:{one.place.column} {one.code}" for one in (*report.errors, *report.warnings)]


def test_a_sound_story_is_reported_with_all_that_came_along() -> None:
    found = report(clip(9), Item("notes.md"), known={"clips/c.mp4": 4.0})
    assert (found.story_id, found.name, told(found)) == ("tale", "tale.zip", [])
    assert (found.scenes, found.endings, found.languages) == (3, 1, ("en",))
    assert (found.clips, found.missing) == (("clips/a.mp4",), ())
    assert found.left_out == (LeftOut("notes.md", found.left_out[0].why),)
    again = read_story("tale", {path: text.encode() for path, text in found.sources.items()})
    assert found.version == again.version


def test_a_clip_is_missing_where_neither_the_upload_nor_the_time_before_has_it() -> None:
    found = report()
    assert found.missing == ("clips/a.mp4", "clips/c.mp4")
    assert [one.code for one in found.warnings] == ["STORY053", "STORY053"]
    assert report(known={"clips/a.mp4": 5.0}).missing == ("clips/c.mp4",)


def test_a_clip_that_came_along_counts_before_the_one_from_the_time_before() -> None:
    found = report(clip(500), known={"clips/a.mp4": 5.0, "clips/c.mp4": 5.0})
    assert [one.code for one in found.warnings] == ["STORY059"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: {to: nowhere}", ["7:11 STORY012"]),
        ("a: {choices: {b: {label: B, to: a}}}", ["7:7 STORY051"]),
        (
            "a: {choices: {b: {label: B, to: a}}}\nc: {ending: {title: E, kind: open}}",
            ["7:7 STORY051", "8:7 STORY050"],
        ),
    ],
)
def test_a_story_with_an_error_says_where_and_has_no_sources(text: str, expected: list[str]) -> None:
    found = report(text=text)
    assert told(found) == expected
    assert found.errors
    assert found.sources == {}


def test_an_upload_that_cannot_be_opened_is_a_report_too() -> None:
    with pytest.raises(StoryError) as refused:
        open_upload("C:\\me\\tale.exe", b"MZ")
    found = of_refusal("C:\\me\\tale.exe", refused.value)
    assert (found.story_id, found.name, told(found)) == ("", "tale.exe", ["1:1 STORY090"])


def test_what_is_different_is_told_against_the_version_before() -> None:
    before = read_story("tale", {"story.yaml": written(TALE).encode()})
    assert report(before=before).changes == ()
    found = report(
        text=TALE.replace("label: B", "label: Boo").replace("c: {c", "f: {was: c, c").replace("to: c}", "to: f}"),
        before=before,
    )
    assert not found.errors, told(found)
    assert Change(Kind.RENAMED, "scene", "f", "c") in found.changes


def test_however_much_is_wrong_the_report_stays_short() -> None:
    scenes = "\n".join(f"s{n}: {{choices: {{a: {{label: {'long ' * 10}, to: e}}}}}}" for n in range(SCENES))
    text = f"{scenes}\ne: {{ending: {{title: E, kind: open}}}}"
    before = read_story("tale", {"story.yaml": written("e: {ending: {title: E, kind: open}}").encode()})
    found = report(text=text, before=before)
    assert (len(found.warnings), found.more_warnings) == (MAX_PROBLEMS, 2 * SCENES - 1 - MAX_PROBLEMS)
    assert (len(found.changes), found.more_changes > 0) == (MOST_CHANGES, True)


def test_a_report_goes_through_a_pipe(tmp_path: Path) -> None:
    found = report(clip(9), Item("notes.md"))
    assert pickle.loads(pickle.dumps(found)) == found
