"""Figures of trials as tables: scenes and choices hit, endings, how long plays are, the values of variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.story.expression import Value, Variable
from bot.story.story import Story
from bot.studio.counts import written
from bot.studio.spread import bars_of, spread_of
from bot.studio.tally import Tally

_BAR = 24
_MOST_VALUES = 6


def hits(story: Story, tally: Tally) -> Table:
    """Every scene with its choices below it, in the story's order."""
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


def endings(story: Story, tally: Tally) -> Table:
    """How many plays came to each ending."""
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


def print_spread(console: Console, title: str, counts: Mapping[int, int], written: Callable[[int], str]) -> None:
    """How a number is spread over plays, in a sentence and as bars; nothing where no play has one."""
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


def minutes(seconds: int) -> str:
    """A running time as minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def values(story: Story, tally: Tally) -> Table:
    """What each variable ever was, and its most frequent values at the ends of plays."""
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
    shown = [f"{escape(written(value)) or '(empty)'} {times / plays:.0%}" for value, times in common[:_MOST_VALUES]]
    return ", ".join(shown) + (f", {len(common) - _MOST_VALUES} more" if len(common) > _MOST_VALUES else "")
