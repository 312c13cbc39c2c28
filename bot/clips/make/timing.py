"""When each line is said: laid out by the time it takes to read, in the story's own language."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[float, float]

LATIN_SPEED = 15.0
CJK_SPEED = 6.0
"""Characters a second at which subtitles are comfortable to read."""
SHORTEST_LINE = 1.2
GAP = 0.15
LEAD_IN, LEAD_OUT = 0.5, 0.8
SHORTEST_CLIP, USUAL_CLIP = 4.0, 9.0
FASTEST = 1.7
"""How much reading may be hurried to keep a clip within the usual length."""


def reading_time(text: str) -> float:
    """Seconds to read a line; a speaker's name before a colon is read at a glance."""
    name, colon, words = text.partition(": ")
    words = words if colon and len(name) <= 24 else text
    wide = sum("\u2e80" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7ff" for letter in words)
    return max(SHORTEST_LINE, wide / CJK_SPEED + (len(words) - wide) / LATIN_SPEED)


def lay_out(lines: Sequence[tuple[float | None, str]]) -> tuple[list[Span], float]:
    """Spans of the lines and the clip's seconds. A line is (when it must start or None, its text)."""
    times = [reading_time(text) for _, text in lines]
    spans = _spans(lines, times, 1.0)
    needed = (spans[-1][1] if spans else 0.0) + LEAD_OUT
    if needed > USUAL_CLIP:
        pace = min(FASTEST, (needed - LEAD_IN - LEAD_OUT) / (USUAL_CLIP - LEAD_IN - LEAD_OUT))
        spans = _spans(lines, times, pace)
        needed = spans[-1][1] + LEAD_OUT
    return spans, round(max(SHORTEST_CLIP, needed), 2)


def _spans(lines: Sequence[tuple[float | None, str]], times: Sequence[float], pace: float) -> list[Span]:
    spans: list[Span] = []
    now = LEAD_IN
    for (at, _), time in zip(lines, times, strict=True):
        start = max(now, at) if at is not None else now
        end = start + max(SHORTEST_LINE, time / pace)
        spans.append((round(start, 2), round(end, 2)))
        now = end + GAP
    return spans
