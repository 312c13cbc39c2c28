"""Lines follow each other at reading speed, and the clip is as long as its lines need."""

from __future__ import annotations

import pytest

from bot.clips.make.timing import SHORTEST_CLIP, SHORTEST_LINE, lay_out, reading_time


def test_reading_time_goes_by_the_script() -> None:
    assert reading_time("x" * 30) == pytest.approx(2.0)
    assert reading_time("\u706b" * 12) == pytest.approx(2.0)
    assert reading_time("No.") == SHORTEST_LINE


def test_a_speakers_name_is_not_read_out() -> None:
    assert reading_time("Mei: " + "x" * 30) == reading_time("x" * 30)


def test_lines_do_not_overlap_and_fit_the_clip() -> None:
    spans, seconds = lay_out([(None, "If you get on that train, don't come back."), (None, "You said that last time.")])
    (_, first_end), (second_start, second_end) = spans
    assert first_end <= second_start
    assert second_end < seconds


def test_a_line_waits_for_its_second_but_never_starts_before_the_last_one_ends() -> None:
    spans, seconds = lay_out([(None, "One."), (4.0, "Two."), (0.0, "Three.")])
    assert spans[1][0] == 4.0
    assert spans[2][0] >= spans[1][1]
    assert seconds > spans[2][1]


def test_a_scene_without_lines_is_still_a_clip() -> None:
    assert lay_out([]) == ([], SHORTEST_CLIP)


def test_long_talk_is_read_faster_instead_of_growing_without_end() -> None:
    lines = [(None, "x" * 75)] * 3
    _, seconds = lay_out(lines)
    assert seconds < 3 * reading_time("x" * 75)
