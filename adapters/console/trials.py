"""Random test play in the terminal: a bar while it runs, then what was hit, how long plays are, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.console.figures import endings, hits, minutes, print_spread, values
from adapters.console.map import can_draw, write_map
from adapters.console.report import can_write, new_console, read_or_tell
from bot.play.path import scenes_walked
from bot.play.state import Path as Walked
from bot.story.story import Story
from bot.studio.counts import counts_csv
from bot.studio.marks import visits_of
from bot.studio.tally import Evidence, Tally
from bot.studio.trial import Outcome
from bot.studio.trials import batches
from bot.studio.whim import Habits

_MOST_SCENES = 24
"""Of a way that is shown as evidence; of a longer one the last."""
_FAULTS = {Outcome.STUCK: "is a dead end", Outcome.ENDLESS: "goes on without end"}


def try_story(
    folder: Path, habits: Habits, plays: int, at_once: int, table: Path | None = None, picture: Path | None = None
) -> int:
    """Plays a story at random and prints what came of it; `table` is where the counts go as CSV, `picture` where they
    are drawn as heat on the map. 1 when a play came to no ending, or the story cannot be read."""
    console = new_console()
    possible = (table is None or can_write(console, table)) and (picture is None or can_draw(console, picture))
    story = read_or_tell(console, folder) if possible else None
    if story is None:
        return 1
    tally = _played(story, habits, plays, at_once)
    _print(console, story, habits, tally)
    console.print()
    if table is not None:
        table.write_text(counts_csv(story, tally), "utf-8")
        console.print(f"The counts are in {escape(str(table))}.")
    if picture is not None:
        write_map(console, story, folder, visits_of(story, tally), picture)
    return 1 if tally.evidence else 0


def _played(story: Story, habits: Habits, plays: int, at_once: int) -> Tally:
    tally = Tally.of(story)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Playing", total=plays)
        for batch in batches(story, habits, plays, at_once):
            tally.merge(batch)
            progress.update(task, completed=tally.plays)
    return tally


def _print(console: Console, story: Story, habits: Habits, tally: Tally) -> None:
    title = story.wording(story.language).plain("title")
    console.print(f"[bold]{escape(title)}[/] [dim]{tally.plays:,} plays, seed {habits.seed}[/]\n")
    console.print(hits(story, tally))
    console.print(endings(story, tally))
    print_spread(console, "Choices in a play", tally.lengths, str)
    if story.seconds:
        print_spread(console, "Running time", tally.seconds, minutes)
    else:
        console.print("\n[dim]No clip is there yet, so nothing is known of running time.[/]")
    if story.variables:
        console.print(values(story, tally))
    for (outcome, scene), evidence in sorted(
        tally.evidence.items(), key=lambda entry: (entry[0][0].value, entry[0][1])
    ):
        _print_fault(console, tally, outcome, scene, evidence)


def _print_fault(console: Console, tally: Tally, outcome: Outcome, scene: str, evidence: Evidence) -> None:
    plays = tally.faults[outcome][scene]
    console.print(
        f"\n[red]{escape(scene)} {_FAULTS[outcome]}[/] in {plays:,} of {tally.plays:,} plays."
        f" The shortest way there, {evidence.choices} choices{_later(evidence)}:"
    )
    console.print("  " + escape(" ".join(_way(evidence.path))))


def _later(evidence: Evidence) -> str:
    return f", by a viewer who has played {evidence.round} times before" if evidence.round else ""


def _way(path: Walked) -> Iterator[str]:
    """The scenes of a path, each after the choice that led there."""
    walked = scenes_walked(path)
    if len(walked) > _MOST_SCENES:
        yield f"({len(walked) - _MOST_SCENES} scenes before)"
    for scene, choice in walked[-_MOST_SCENES:]:
        yield f"-[{choice}]-> {scene}" if choice is not None else f"-> {scene}"
