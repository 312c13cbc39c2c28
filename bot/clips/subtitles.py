"""When each line of a clip is read, and the subtitles that say so, as WebVTT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clips.wrap import width
from bot.play.card import Spoken

SHORTEST = 0.6
"""Seconds a line stays at least, however crowded the clip."""

READING_SPEED = 9.0
"""Widths of a letter "M" read in a second: about 17 Latin letters, or 9 Chinese characters."""

PAUSE = 0.7
"""Seconds added to each line's reading time."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A line with its first and last second in the clip; `name` is empty for the narrator."""

    name: str
    text: str
    start: float
    end: float


def reading_seconds(lines: Sequence[Spoken]) -> float:
    """Time to read the lines, for a scene whose clip has no known length."""
    return sum(_weight(line) for line in lines)


def timed(lines: Sequence[Spoken], seconds: float, known: Sequence[Span | None] = ()) -> tuple[Subtitle, ...]:
    """Every line with its time: a known span as it is; else from the author's second or the line before, by length.

    `known` goes with `lines`, one each; it may be shorter. The order of the lines is kept whatever the times say.
    `seconds` is the clip's length; 0 where nobody knows it, and then the lines take the time that reading takes.
    """
    seconds = seconds or reading_seconds(lines)
    spans = [known[index] if index < len(known) else None for index in range(len(lines))]
    subtitles: list[Subtitle] = []
    clock = 0.0
    index = 0
    while index < len(lines):
        stop = index + 1
        span = spans[index]
        if span is not None:
            pieces = [(max(span[0], clock), span[1])]
        else:
            while stop < len(lines) and _start(lines[stop], spans[stop]) is None:
                stop += 1
            until = _start(lines[stop], spans[stop]) if stop < len(lines) else seconds
            start = max(clock, min(lines[index].at or clock, seconds))
            pieces = _share(lines[index:stop], start, seconds if until is None else until)
        for line, (start, end) in zip(lines[index:stop], pieces, strict=True):
            start = max(start, clock)
            clock = max(end, start + SHORTEST)
            subtitles.append(Subtitle(line.name, line.text, start, clock))
        index = stop
    return tuple(subtitles)


def webvtt(subtitles: Sequence[Subtitle]) -> str:
    """The text of a .vtt file. The speaker goes ahead of the words, as a voice for players that style it."""
    cues = (f"{_clock(each.start)} --> {_clock(each.end)}\n{_cue(each)}\n" for each in subtitles)
    return "WEBVTT\n\n" + "\n".join(cues)


def _start(line: Spoken, span: Span | None) -> float | None:
    return span[0] if span is not None else line.at


def _share(lines: Sequence[Spoken], start: float, end: float) -> list[Span]:
    weights = [_weight(line) for line in lines]
    room, total = max(end - start, 0.0), sum(weights)
    ends = [start + room * sum(weights[: number + 1]) / total for number in range(len(lines))]
    return list(zip([start, *ends], ends, strict=False))


def _weight(line: Spoken) -> float:
    return PAUSE + width(line.text) / READING_SPEED


def _cue(subtitle: Subtitle) -> str:
    text = _escape(subtitle.text)
    if not subtitle.name:
        return f"<i>{text}</i>"
    name = _escape(subtitle.name)
    return f"<v {name}>{name}: {text}</v>"


def _escape(text: str) -> str:
    """A text on one line, with nothing in it that WebVTT would read as markup or as the end of the cue."""
    words = " ".join(text.split())
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
