"""Random test play in the terminal: a bar while it runs, then what was hit, how long plays are, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from adapters.console.map import can_draw, write_map
from adapters.console.report import new_console, read_or_tell
from bot.play.path import scenes_walked
from bot.play.state import Path as Walked
from bot.story.expression import Value, Variable
from bot.story.story import Story
from bot.studio.counts import counts_csv
from bot.studio.marks import visits_of
from bot.studio.spread import bars_of, spread_of
from bot.studio.tally import Evidence, Tally
from bot.studio.trial import Outcome
from bot.studio.trials import batches
from bot.studio.whim import Habits

_BAR = 24
_MOST_SCENES = 24
"""Of a way that is shown as evidence; of a longer one the last."""
_MOST_VALUES = 6
_FAULTS = {Outcome.STUCK: "is a dead end", Outcome.ENDLESS: "goes on without end"}


def try_story(
    folder: Path, habits: Habits, plays: int, at_once: int, table: Path | None = None, picture: Path | None = None
) -> int:
    """Plays a story at random and prints what came of it; `table` is where the counts go as CSV, `picture` where they
    are drawn as heat on the map. 1 when a play came to no ending, or the story cannot be read."""
    console = new_console()
    story = read_or_tell(console, folder)
    if story is None or not (picture is None or can_draw(console, picture)):
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
    console.print(_hits(story, tally))
    console.print(_endings(story, tally))
    _print_spread(console, "Choices in a play", tally.lengths, str)
    if story.seconds:
        _print_spread(console, "Running time", tally.seconds, _minutes)
    else:
        console.print("\n[dim]No clip is there yet, so nothing is known of running time.[/]")
    if story.variables:
        console.print(_values(story, tally))
    for (outcome, scene), evidence in sorted(
        tally.evidence.items(), key=lambda entry: (entry[0][0].value, entry[0][1])
    ):
        _print_fault(console, tally, outcome, scene, evidence)


def _hits(story: Story, tally: Tally) -> Table:
    table = _table("Scenes and choices", "plays", "share", "", "times", "by the clock")
    for scene in story.scenes.values():
        times = tally.scenes.times(scene.id)
        table.add_row(escape(scene.id), *_share(tally.scenes.plays[scene.id], tally), f"{times:,}", "")
        for choice in scene.choices.values():
            times, late = tally.choices.times(choice.key), tally.timed[choice.key]
            clock = f"{late:,}" if late else ""
            table.add_row(
                f"  [dim]{escape(choice.id)}[/]", *_share(tally.choices.plays[choice.key], tally), f"{times:,}", clock
            )
    return table


def _endings(story: Story, tally: Tally) -> Table:
    table = _table("\nEndings", "plays", "share", "")
    for ending in story.endings:
        table.add_row(escape(ending), *_share(tally.endings[ending], tally))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(first, box=None, pad_edge=False)
    for heading in others:
        table.add_column(heading, justify="right" if heading else "left")
    return table


def _share(plays: int, tally: Tally) -> tuple[str, str, str]:
    """Plays, their share and a bar; never is said in colour."""
    if not plays:
        return "[yellow]never[/]", "", ""
    share = plays / tally.plays
    return f"{plays:,}", f"{share:.1%}", _drawn(share)


def _drawn(share: float) -> str:
    return f"[red]{'█' * round(share * _BAR) or '▏'}[/]"


def _print_spread(console: Console, title: str, counts: Mapping[int, int], written: Callable[[int], str]) -> None:
    spread = spread_of(counts)
    if spread is None:
        return
    least, quarter, middle, three_quarters, most = map(
        written, (spread.least, spread.quarter, spread.middle, spread.three_quarters, spread.most)
    )
    console.print(
        f"\n[bold]{title}[/]: {least} to {most}, in the middle {middle};"
        f" half of all plays have {quarter} to {three_quarters}"
    )
    bars = bars_of(counts)
    tallest = max(bar.plays for bar in bars)
    table = Table.grid(padding=(0, 1))
    for bar in bars:
        name = written(bar.low) if bar.low == bar.high else f"{written(bar.low)} to {written(bar.high)}"
        table.add_row(name, _drawn(bar.plays / tallest) if bar.plays else "", f"{bar.plays:,}")
    console.print(table)


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _values(story: Story, tally: Tally) -> Table:
    table = Table("\nVariables", "from", "to", "at the end", box=None, pad_edge=False)
    for variable, values in zip(story.variables, tally.values, strict=True):
        table.add_row(escape(variable.name), *_range(variable, values), _lasting(values, tally.plays))
    return table


def _range(variable: Variable, values: Mapping[Value, int]) -> tuple[str, str]:
    """The least and the most it ever was, of an integer; of others nothing is less or more."""
    if variable.kind != "integer":
        return "", ""
    return str(min(values)), str(max(values))


def _lasting(values: Mapping[Value, int], plays: int) -> str:
    common = sorted(values.items(), key=lambda entry: (-entry[1], str(entry[0])))
    shown = [f"{escape(str(value)) or '(empty)'} {times / plays:.0%}" for value, times in common[:_MOST_VALUES]]
    return ", ".join(shown) + (f", {len(common) - _MOST_VALUES} more" if len(common) > _MOST_VALUES else "")


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
