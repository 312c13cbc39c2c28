"""News of a story that was read again: what is wrong with it, what is different, and where its rehearsal stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from adapters.console.report import print_problems
from bot.play.landing import Fate
from bot.story.changes import Change
from bot.story.problem import Problem
from bot.studio.landed import Landed

FEW = 6
"""Names of one kind, and warnings, that are shown; the rest is counted."""


def print_errors(console: Console, problems: Sequence[Problem], folder: Path) -> None:
    """Each error with the line of the file where it stands."""
    for problem in problems[:FEW]:
        print_problems(console, [problem])
        line = _line(folder, problem)
        if line is not None:
            console.print(f"  [dim]{problem.place.line} |[/] {escape(line)}")
    if len(problems) > FEW:
        console.print(f"[red]and {len(problems) - FEW} more[/]")


def _line(folder: Path, problem: Problem) -> str | None:
    """The line, if it is in a file of the story."""
    file = Path(problem.place.file)
    try:
        lines = file.read_text("utf-8").splitlines() if file.is_relative_to(folder) else []
    except (OSError, UnicodeDecodeError):
        return None
    return lines[problem.place.line - 1].rstrip()[:200] if problem.place.line <= len(lines) else None


def print_warnings(console: Console, found: Sequence[Problem], known: Sequence[Problem]) -> None:
    """What the check says that it did not say before; the rest is counted."""
    said = {(problem.code, problem.message) for problem in known}
    fresh = [problem for problem in found if (problem.code, problem.message) not in said]
    print_problems(console, fresh[:FEW])
    rest = len(found) - len(fresh[:FEW])
    if rest:
        console.print(f"[dim]{rest} {'more' if fresh else 'as before'}: problems lists all[/]")


def print_landed(console: Console, landed: Landed) -> None:
    """What is different, and where the play is now."""
    console.print(f"[green]Read again.[/] {escape(_differences(landed.changes))}")
    if landed.cause is None:
        back = "" if landed.rewindable else ", but the way here is another now: back goes no further"
        console.print(f"[green]Goes on here{back}.[/]")
    elif landed.fate is Fate.MOVED:
        console.print(
            f"[yellow]Moved to {escape(landed.scene)}, because {escape(landed.left)} {landed.cause.value}.[/]"
        )
    else:
        console.print(f"[yellow]Begins again: {escape(landed.left)} {landed.cause.value}, and so is the way there.[/]")


def _differences(changes: Sequence[Change]) -> str:
    """A sentence for each kind of change, as in "Added scene: bay, cove." """
    if not changes:
        return "Nothing that plays is different."
    return " ".join(
        _sentence(key, list(group)) for key, group in groupby(changes, lambda one: (one.kind.value, one.what))
    )


def _sentence(key: tuple[str, str], changes: Sequence[Change]) -> str:
    names = list(dict.fromkeys(map(_name, changes)))
    rest = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"{key[0].capitalize()} {key[1]}: {', '.join(names[:FEW])}{rest}."


def _name(change: Change) -> str:
    """As a writer would say it: of a text the scene where it stands."""
    if change.was is not None:
        return f"{change.was} to {change.id}"
    if change.what != "text":
        return change.id
    language, key = change.id.split(" ", 1)
    return f"{key.split('/')[1] if key.startswith('scene/') else key} ({language})"
