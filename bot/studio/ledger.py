"""The ledger: what every variable of a story is worth, what it was worth before, and what it may be set to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.story.expression import Kind, Value, Variable
from bot.story.problem import did_you_mean
from bot.story.story import Story, Values

_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class BadValue(ValueError):
    """A variable cannot be set to that; the message says what it takes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A variable's value now and before what was done last."""

    name: str
    kind: Kind
    value: Value
    before: Value

    @property
    def changed(self) -> bool:
        """Whether that changed it."""
        return self.value != self.before


def ledger(story: Story, before: Values, now: Values) -> tuple[Entry, ...]:
    """An entry for each variable, in the story's order."""
    return tuple(
        Entry(variable.name, variable.kind, value, was)
        for variable, value, was in zip(story.variables, now, before, strict=True)
    )  # fmt: skip


def variable_of(story: Story, name: str) -> Variable:
    """The variable of that name. Raises `BadValue`."""
    known = {variable.name: variable for variable in story.variables}
    if name in known:
        return known[name]
    raise BadValue(f'there is no variable "{name}".{did_you_mean(name, known)}')


def read_value(variable: Variable, written: str) -> Value:
    """What somebody typed as a value of the variable. Raises `BadValue`."""
    found = _value(variable, written.strip())
    if found is None:
        raise BadValue(f'"{variable.name}" cannot be "{written}": it takes {_taken(variable)}')
    return found


def _value(variable: Variable, written: str) -> Value | None:
    match variable.kind:
        case "flag":
            return _SWITCH.get(written.lower())
        case "integer":
            return _number(variable, written)
        case "choice":
            return written if written in variable.options else None
        case _:
            return written if len(written) <= variable.length and written.isprintable() else None


def _number(variable: Variable, written: str) -> int | None:
    digits = written.removeprefix("-").removeprefix("+")
    number = (
        int(written) if digits.isascii() and digits.isdecimal() and len(digits) < len(str(variable.high)) + 9 else None
    )
    return number if number is not None and variable.low <= number <= variable.high else None


def _taken(variable: Variable) -> str:
    match variable.kind:
        case "flag":
            return "true or false"
        case "integer":
            return f"whole numbers from {variable.low} to {variable.high}"
        case "choice":
            return "one of " + ", ".join(variable.options)
        case _:
            return f"up to {variable.length} characters"
