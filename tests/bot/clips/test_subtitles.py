"""Every line is on the screen while it can be read, in the story's order, in any player."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clips.subtitles import Subtitle, reading_seconds, timed, webvtt
from bot.play.card import Spoken


def said(text: str, at: float | None = None, name: str = "Mei") -> Spoken:
    return Spoken("mei" if name else None, name, text, at)


def spans(subtitles: tuple[Subtitle, ...]) -> list[tuple[float, float]]:
    return [(round(each.start, 3), round(each.end, 3)) for each in subtitles]


def test_known_times_are_kept() -> None:
    lines = [said("One."), said("Two.")]
    assert spans(timed(lines, 9, [(0.5, 2.0), (3.0, 5.0)])) == [(0.5, 2.0), (3.0, 5.0)]


def test_lines_without_times_share_the_clip_by_their_length() -> None:
    first, second = spans(timed([said("Yes."), said("That is what you said the last time, too.")], 10))
    assert first[0] == 0
    assert first[1] == second[0]
    assert second[1] == 10
    assert second[1] - second[0] > 2 * (first[1] - first[0])


def test_the_authors_seconds_are_kept_and_the_rest_shares_what_is_between() -> None:
    lines = [said("a a a"), said("b b b", at=4), said("c c c"), said("d d d", at=8)]
    assert spans(timed(lines, 10)) == [(0, 4), (4, 6), (6, 8), (8, 10)]


def test_a_known_line_between_unknown_ones() -> None:
    lines = [said("a a a"), said("b b b"), said("c c c")]
    assert spans(timed(lines, 9, [None, (3.0, 4.0)])) == [(0, 3), (3, 4), (4, 9)]


def test_without_a_clip_lines_take_the_time_that_reading_takes() -> None:
    lines = [said("If you get on that train, don't come back."), said("No.")]
    assert timed(lines, 0)[-1].end == pytest.approx(reading_seconds(lines))
    assert 2 < reading_seconds(lines) < 8
    assert reading_seconds([said("如果你上了那班火车就别回来")]) > reading_seconds([said("abcdefghijklm")])
    assert timed([], 0) == timed([], 5) == ()


seconds = st.floats(0, 200)
lines = st.lists(st.builds(said, st.text(max_size=60), st.none() | seconds), max_size=8)
known = st.lists(st.none() | st.tuples(seconds, seconds), max_size=8)


@given(lines, seconds, known)
def test_whatever_the_times_say_the_lines_come_one_after_the_other(
    lines: list[Spoken], length: float, known: list[tuple[float, float] | None]
) -> None:
    subtitles = timed(lines, length, known)
    assert [each.text for each in subtitles] == [line.text for line in lines]
    clock = 0.0
    for each in subtitles:
        assert clock <= each.start < each.end
        clock = each.end


def test_a_file_that_players_read() -> None:
    text = webvtt([Subtitle("", "11:49 p.m.", 0, 1.5), Subtitle("Mei", "Stay.", 3661.25, 3662)])
    assert text == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.500\n<i>11:49 p.m.</i>\n\n"
        "01:01:01.250 --> 01:01:02.000\n<v Mei>Mei: Stay.</v>\n"
    )


@given(st.lists(st.builds(Subtitle, st.text(), st.text(), seconds, seconds), max_size=4))
def test_no_text_breaks_out_of_its_line(subtitles: list[Subtitle]) -> None:
    blocks = webvtt(subtitles).removeprefix("WEBVTT\n\n").split("\n\n")
    assert len(blocks) == max(len(subtitles), 1)
    for block, each in zip(blocks, subtitles, strict=False):
        times, cue = block.rstrip("\n").split("\n")
        assert times.count("-->") == 1
        assert "-->" not in cue
        assert cue.count("<") == 2
        assert cue.startswith("<v " if each.name else "<i>")
