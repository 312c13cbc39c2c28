"""A test play's scene as a writer sees it in a chat: the card, and under it values, reasons and what can be done."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.studio.sheet import Key, Line, Sheet, bold, command, in_rows, line, quiet
from adapters.text import cut
from bot.play.card import Card, Option
from bot.play.landing import Fate
from bot.play.path import choice_points
from bot.story.expression import Constant, Value
from bot.story.spelling import leaf
from bot.studio.landed import Landed
from bot.studio.ledger import Entry
from bot.studio.obstacle import told as told_obstacle
from bot.studio.playing import Play
from bot.studio.prospect import Look, Prospect
from bot.studio.rehearsal import Rehearsal

FEW = 8
"""Variables that are all told; of more, those that are not as they began."""

MOST_LINES = 40
"""Lines of a scene and those on the way to it; earlier ones are left out."""

LABEL = 40


def play_sheet(play: Play, said: str = "") -> Sheet:
    """Where the test play stands. `said` stands above it."""
    rehearsal, row = play.rehearsal, play.row
    lines: list[Line] = [line(quiet(said))] if said else []
    if play.anew:
        lines.append(line(quiet("↻ The draft you were playing is long gone: this is the beginning.")))
    elif play.landed is not None:
        lines.append(line(quiet(f"↻ {_moved(play.landed)}")))
    told = [one for card in rehearsal.cards for one in _spoken(rehearsal, card)]
    lines += told[-MOST_LINES:]
    if rehearsal.card.stuck:
        lines.append(line("⚠️ The story has a gap here: nothing follows."))
    lines += _debug(rehearsal)
    scene = (row.story, row.upload, rehearsal.state.scene)
    return Sheet(tuple(lines), (*_choices(rehearsal, row.revision), *_controls(rehearsal, row.revision)), scene=scene)


def asked_sheet(option: Option) -> Sheet:
    """A choice that wants a text."""
    most = option.ask or 0
    return Sheet((line(bold(option.label)), line(f"Write it now (up to {most} characters).")), question=most)


def reason(one: Prospect, rehearsal: Rehearsal) -> str:
    """Why a choice is not open: the part of its condition that fails."""
    if one.used_up:
        return "once, and taken already"
    return "" if one.obstacle is None else f"needs {told_obstacle(one.obstacle, rehearsal.state)}"


def values_sheet(rehearsal: Rehearsal) -> Sheet:
    """Every variable, with what was done to it last."""
    entries = rehearsal.ledger()
    lines = [line(_valued(entry)) for entry in entries] or [line("The story has no variables.")]
    return Sheet(
        (line(bold("Variables")), *lines, line(command("set <variable> <value>", "quiet"), quiet(" changes one.")))
    )


def reasons_sheet(rehearsal: Rehearsal) -> Sheet:
    """Every choice of the scene, hidden ones too, with why it is as it is and what it would do."""
    lines = [line(f"{_MARKS[one.look]} {one.choice.id}: ", quiet(_consequence(one, rehearsal)))
             for one in rehearsal.prospects()]  # fmt: skip
    return Sheet((line(bold(rehearsal.state.scene)), *(lines or [line("Nothing can be chosen here.")])))


_MARKS = {Look.OPEN: "🔓", Look.LOCKED: "🔒", Look.HIDDEN: "👻"}


def _moved(landed: Landed) -> str:
    if landed.cause is None:
        return "The new draft: you are where you were." + ("" if landed.rewindable else " Going back ends here.")
    if landed.fate is Fate.MOVED:
        return f"The new draft: you are at {landed.scene}, because {landed.left} {landed.cause.value}."
    return f"The new draft begins again: {landed.left} {landed.cause.value}, and so is the way there."


def _spoken(rehearsal: Rehearsal, card: Card) -> Iterator[Line]:
    title = rehearsal.story.wording(card.language).plain(f"scene/{card.scene}")
    yield line("🎬 ", bold(card.scene), f" · {title}" if title else "")
    for spoken in card.lines:
        yield line(bold(f"{spoken.name}: ") if spoken.name else "", spoken.text)
    if card.ending is not None:
        yield line("🏁 ", bold(f"an ending, {card.ending}"))


def _debug(rehearsal: Rehearsal) -> Iterator[Line]:
    """One quiet line of values, and a line for each choice that is not shown or not open."""
    starts = {variable.name: variable.start for variable in rehearsal.story.variables}
    entries = rehearsal.ledger()
    told = [one for one in entries if len(entries) <= FEW or one.changed or one.value != starts[one.name]]
    parts = [_valued(entry) for entry in told]
    parts += [f"dice {roll.face} of {roll.sides}" for roll in rehearsal.rolls]
    parts += [f"dice to come {' '.join(map(str, rehearsal.faces))}"] if rehearsal.faces else []
    if parts:
        yield line(quiet("🛠 " + " · ".join(parts)))
    for one in rehearsal.prospects():
        if one.look is not Look.OPEN:
            yield line(quiet(f"{_MARKS[one.look]} {one.choice.id}: {reason(one, rehearsal)}"))
    if rehearsal.card.within is not None:
        default = rehearsal.card.default or "one by the dice"
        yield line(quiet(f"⏱ {rehearsal.card.within / 1000:g} s, then {default}; here time stands still"))


def _choices(rehearsal: Rehearsal, revision: int) -> Iterator[tuple[Key, ...]]:
    for number, option in enumerate(rehearsal.card.options):
        mark = "🔒 " if option.locked else "✎ " if option.ask is not None else ""
        yield (Key(cut(mark + option.label, LABEL), f"c {revision} {number}"),)


def _controls(rehearsal: Rehearsal, revision: int) -> tuple[tuple[Key, ...], ...]:
    keys = []
    if rehearsal.card.within is not None:
        keys.append(Key("⏱ Time out", f"time {revision}"))
    if choice_points(rehearsal.state.path):
        keys.append(Key("↶ Back", f"back {revision}"))
    keys += [Key("⏮ Again", f"again {revision}"), Key("❓ Why", "why"), Key("🛠 Values", "vars"), Key("🔖 Link", "link")]
    return in_rows(keys, 3)


def _consequence(one: Prospect, rehearsal: Rehearsal) -> str:
    if one.outcome is None:
        return reason(one, rehearsal)
    way = f"→ {' → '.join(one.outcome.scenes)}" if one.outcome.scenes else "leads nowhere"
    turns = [f"{entry.name} {_written(entry.before, entry)} → {_written(entry.value, entry)}"
             for entry in one.outcome.changes]  # fmt: skip
    rolls = [f"dice {roll.face} of {roll.sides}" for roll in one.outcome.rolls]
    return ", ".join([way, *turns, *rolls])


def _valued(entry: Entry) -> str:
    if entry.changed:
        return f"{entry.name} {_written(entry.before, entry)} → {_written(entry.value, entry)}"
    return f"{entry.name} {_written(entry.value, entry)}"


def _written(value: Value, entry: Entry) -> str:
    return leaf(Constant(value, entry.kind))
