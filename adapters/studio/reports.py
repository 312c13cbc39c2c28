"""The answer to an upload: what is wrong with it and where, what is different, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from adapters.studio.sheet import Key, Line, Sheet, Span, bold, code, counted, few, in_rows, line, quiet
from bot.story.changes import Change
from bot.story.problem import Problem
from bot.story.reader import MAIN
from bot.studio.report import Report
from bot.studio.sending import Sent

MOST_ERRORS = 8
MOST_WARNINGS = 4
"""Told one by one; of more it is said how many."""

CLIP_MISSING = "STORY053"


def report_sheet(sent: Sent) -> Sheet:
    """What became of what was sent."""
    report = sent.report
    if sent.draft is None:
        return Sheet((*_errors(report), *_left_out(report)))
    story = report.story_id
    lines: list[Line] = [
        line(bold(f"✅ {story}"), f" · draft {sent.draft.upload}" + (" (as it was)" if sent.same else "")),
        line(_counted(report)),
    ]
    lines += _changed(report.changes, report.more_changes)
    # Clips that are missing are told in one line below: they must not crowd out what is wrong.
    warnings = [one for one in report.warnings if one.code != CLIP_MISSING]
    lines += _problems(report, warnings, MOST_WARNINGS, "⚠️", report.more_warnings)
    if report.missing:
        lines.append(
            line(f"🎞 Still to come: {counted(len(report.missing), 'clip')}, such as ", code(report.missing[0]))
        )
        lines.append(
            line(
                Span("Send a clip", "quiet", "send"),
                quiet(" with its scene's id as caption. Until then a storyboard stands in."),
            )
        )
    lines += [line(f"🎞 {path} is no clip: {why}") for path, why in list(sent.unfit.items())[:MOST_WARNINGS]]
    if report.stayed:
        lines.append(line(quiet("As they were: "), few(report.stayed), quiet(". A zip takes the place of all files.")))
    lines += _left_out(report)
    return Sheet(tuple(lines), story_keys(story))


def story_keys(story: str) -> tuple[tuple[Key, ...], ...]:
    """What can be done with a draft."""
    keys = (("▶ Play it", "play"), ("🗺 Map", "map"), ("🔎 Check", "check"), ("🎲 Test", "test"))
    return (*in_rows(Key(label, f"{verb} {story}") for label, verb in keys), (Key("🚀 Publish…", f"ask {story}"),))


def _counted(report: Report) -> str:
    languages = f", in {', '.join(report.languages)}" if report.languages else ""
    return f"{counted(report.scenes, 'scene')}, {counted(report.endings, 'ending')}{languages}"


def _errors(report: Report) -> Iterator[Line]:
    yield line(bold(f"❌ {report.name}"), f": {counted(len(report.errors), 'error')}, so nothing has changed")
    yield from _problems(report, report.errors, MOST_ERRORS, "")
    yield line(quiet("Mend it and send it again; a test play goes on where it is."))


def _problems(
    report: Report, problems: Sequence[Problem], most: int, mark: str, more: int = 0
) -> Iterator[Line]:  # fmt: skip
    for one in problems[:most]:
        yield line(f"{mark} " if mark else "", code(_place(report, one)), f" {one.code} {one.message}")
    rest = len(problems[most:]) + more
    if rest:
        yield line(quiet(f"and {rest} more"))


def _place(report: Report, problem: Problem) -> str:
    """Where it is, as its writer calls it: the file that they sent, or one in their zip."""
    inside = str(problem.place).removeprefix(f"{report.name}/")
    if report.name.lower().endswith(".zip") or not inside.startswith(MAIN):
        return inside
    return f"{report.name}{inside.removeprefix(MAIN)}"


def changed_lines(changes: Sequence[Change]) -> Iterator[Line]:
    """A line for each kind of change."""
    for (kind, what), group in groupby(changes, lambda one: (one.kind.value, one.what)):
        names = list(dict.fromkeys(map(_name, group)))
        yield line(f"{kind} {what}: ", few(names))


def _changed(changes: Sequence[Change], more: int) -> Iterator[Line]:
    if changes:
        yield line(quiet("Since the draft before:"))
        yield from list(changed_lines(changes))[:MOST_ERRORS]
    if more:
        yield line(quiet(f"and {more} more changes"))


def _name(change: Change) -> str:
    """As a writer would say it: of a text the scene where it stands."""
    if change.was is not None:
        return f"{change.was} → {change.id}"
    if change.what != "text":
        return change.id
    language, key = change.id.split(" ", 1)
    return f"{key.split('/')[1] if key.startswith('scene/') else key} ({language})"


def _left_out(report: Report) -> Iterator[Line]:
    if report.left_out:
        first = report.left_out[0]
        yield line(quiet(f"Left out: {counted(len(report.left_out), 'file')}, such as {first.path}: {first.why}"))
