"""What the prover has to say of a story, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from adapters.console.report import new_console, none_found, print_problems, read_or_tell, stories_in
from bot.play.dice import seeded
from bot.story.prover.evidence import Evidence
from bot.story.prover.prove import prove
from bot.story.prover.report import Figures, Finding, Report
from bot.story.story import Story

SEED = 1
"""Of the plays that are sampled where a proof is out of reach: the same story is told the same every time."""


def prove_stories(folders: Sequence[Path]) -> int:
    """Prints every finding of the stories with the play that shows it; 1 when one of them is an error, else 0."""
    console = new_console()
    return max([_prove(console, folder) for folder in stories_in(folders)], default=none_found(console, folders))


def _prove(console: Console, folder: Path) -> int:
    given = read_or_tell(console, folder)
    if given is None:
        return 1
    story = given.story
    report = prove(story, seeded(SEED, 0))
    for finding in report.findings:
        _finding(console, finding)
    _figures(console, story, report.figures)
    _verdict(console, story, report)
    return 1 if report.errors else 0


def _finding(console: Console, finding: Finding) -> None:
    print_problems(console, [finding.problem])
    if not finding.proven:
        console.print("  [dim]not proven: no sampled play did it[/]")
    if finding.evidence is not None:
        console.print(f"  [dim]{escape(_way(finding.evidence))}[/]")


def _way(evidence: Evidence) -> str:
    moves = [str(move) for move in evidence[1:]]
    return "play: " + " > ".join(moves) if moves else "play: at once"


def _figures(console: Console, story: Story, figures: Figures) -> None:
    for ending, choices in figures.shortest.items():
        seconds = figures.seconds.get(ending)
        least = "at least" if figures.quickest else "as little as"
        lasts = "" if seconds is None else f", {least} {seconds:.0f} s"
        title = story.wordings[story.language].plain(f"scene/{ending}/ending")
        console.print(f"[dim]{escape(ending)} ({escape(title)}): after {choices} choices or more{lasts}[/]")


def _verdict(console: Console, story: Story, report: Report) -> None:
    colour = "red" if report.errors else "yellow" if report.findings or not report.proven else "green"
    found = f"{report.errors} errors, {len(report.findings) - report.errors} warnings" if report.findings else "sound"
    how = "proven" if report.proven else f"sampled only: {'; '.join(report.why)}"
    longest = (
        "without a longest play" if report.figures.longest is None else f"at most {report.figures.longest} choices"
    )
    figures = (
        f"{report.figures.states:,} states, {longest}" if report.proven else f"{report.figures.states:,} states seen"
    )
    console.print(f"[{colour}]{escape(story.id)}: {found}[/] [dim]({escape(how)}; {figures})[/]")
    if not report.back:
        console.print(
            "[yellow]This holds for plays in which nobody goes back to an earlier choice.[/] [dim]With what the story "
            "keeps from later, whoever does may come to more; that was too much to look at.[/]"
        )
    if report.unseen:
        console.print(f"[dim]cuts are not looked for in: {escape(', '.join(report.unseen))}[/]")
