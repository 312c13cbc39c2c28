"""Backstage: a rehearsal's card with what its writer wants to see beside it: values, reasons, consequences."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from adapters.console.page import labelled, print_ending, print_heading, print_lines
from bot.play.path import choice_points
from bot.story.expression import Constant, Value
from bot.story.spelling import leaf
from bot.studio.dice import Roll
from bot.studio.ledger import Entry
from bot.studio.obstacle import told
from bot.studio.prospect import Look, Outcome, Prospect
from bot.studio.rehearsal import Rehearsal

FEW = 12
"""Variables that are all shown beside a card; of more, those that are not as they began."""


def print_card(console: Console, rehearsal: Rehearsal) -> None:
    """All that was just shown, then what can be chosen and what it does, then the values."""
    taken = len(choice_points(rehearsal.state.path))
    for card in rehearsal.cards:
        print_heading(console, rehearsal.story, card, taken)
        print_lines(console, card)
    _print_choices(console, rehearsal)
    print_ending(console, rehearsal.story, rehearsal.card)
    if rehearsal.card.stuck:
        console.print("  [yellow]The story has a gap here: nothing follows.[/]")
    _print_values(console, rehearsal)


def _print_choices(console: Console, rehearsal: Rehearsal) -> None:
    options = {option.id: option for option in rehearsal.card.options}
    for one in rehearsal.prospects():
        if one.number is not None:
            default = "  [dim]taken when time is up[/]" if one.choice.id == rehearsal.card.default else ""
            console.print(
                f"  {labelled(one.number, options[one.choice.id])}  [dim]{_aside(one, rehearsal)}[/]{default}"
            )
    for one in rehearsal.prospects():
        if one.number is None:
            console.print(f"  [dim]- {escape(one.choice.id)} is hidden: {_reason(one, rehearsal)}[/]")


def _aside(one: Prospect, rehearsal: Rehearsal) -> str:
    return _reason(one, rehearsal) if one.outcome is None else _consequence(one.outcome)


def _reason(one: Prospect, rehearsal: Rehearsal) -> str:
    """Why a choice is not open."""
    if one.used_up:
        return "once, and taken already"
    return "" if one.obstacle is None else f"needs {escape(told(one.obstacle, rehearsal.state))}"


def _consequence(outcome: Outcome) -> str:
    """What a choice would do."""
    way = f"→ {' → '.join(outcome.scenes)}" if outcome.scenes else "leads nowhere"
    told = [way, *map(_turn, outcome.changes), *map(_rolled, outcome.rolls)]
    if outcome.stuck and outcome.scenes:
        told.append("a gap")
    return escape("  ".join(told))


def _turn(entry: Entry) -> str:
    return f"{entry.name} {_written(entry.before, entry)} → {_written(entry.value, entry)}"


def _written(value: Value, entry: Entry) -> str:
    return leaf(Constant(value, entry.kind))


def _rolled(roll: Roll) -> str:
    return f"dice {roll.face} of {roll.sides}"


def _print_values(console: Console, rehearsal: Rehearsal) -> None:
    """One quiet line; what just changed stands out."""
    entries = rehearsal.ledger()
    shown = entries if len(entries) <= FEW else _moved(rehearsal, entries)
    parts = [_valued(entry) for entry in shown]
    if len(entries) > len(shown):
        parts.append(f"[dim]{len(entries) - len(shown)} as they began[/]")
    visits = rehearsal.state.visits.get(rehearsal.state.scene, 0)
    parts += [f"[dim]here {visits} times[/]"] if visits > 1 else []
    parts += [f"[dim]{_rolled(roll)}[/]" for roll in rehearsal.rolls]
    if rehearsal.faces:
        parts.append(f"[dim]dice to come: {' '.join(map(str, rehearsal.faces))}[/]")
    if parts:
        console.print("  " + "[dim],[/] ".join(parts))


def _moved(rehearsal: Rehearsal, entries: Iterable[Entry]) -> list[Entry]:
    starts = {variable.name: variable.start for variable in rehearsal.story.variables}
    return [entry for entry in entries if entry.changed or entry.value != starts[entry.name]]


def _valued(entry: Entry) -> str:
    if entry.changed:
        return f"[yellow]{escape(_turn(entry))}[/]"
    return f"[dim]{escape(f'{entry.name} {_written(entry.value, entry)}')}[/]"


# -- what is asked for


def print_variables(console: Console, rehearsal: Rehearsal) -> None:
    """Every variable with its value, and every scene entered with how often."""
    for entry in rehearsal.ledger():
        console.print(f"  {_valued(entry)}")
    visits = ", ".join(f"{scene} {times}" for scene, times in rehearsal.state.visits.items())
    console.print(f"  [dim]visits: {escape(visits)}[/]")
    if rehearsal.state.ended:
        console.print(f"  [dim]endings found: {escape(', '.join(sorted(rehearsal.state.ended)))}[/]")


def print_reasons(console: Console, rehearsal: Rehearsal) -> None:
    """For every choice of the scene: how it stands, what it asks for, what it does."""
    found = rehearsal.prospects()
    for one in found:
        place = "-" if one.number is None else str(one.number)
        console.print(f"  {place} [bold]{escape(one.choice.id)}[/] {one.look.value}")
        if one.choice.condition is not None:
            verdict = "holds" if one.look is Look.OPEN else "fails" if one.obstacle is not None else "is not asked"
            console.print(f"      if {escape(one.choice.condition.source)}  [dim]{verdict}[/]")
        if one.outcome is None:
            console.print(f"      [yellow]{_reason(one, rehearsal)}[/]")
        if one.choice.effect is not None:
            console.print(f"      do {escape(one.choice.effect.source)}")
        if one.outcome is not None:
            console.print(f"      [dim]{_consequence(one.outcome)}[/]")
    if not found:
        console.print("  [dim]Nothing can be chosen here.[/]")
