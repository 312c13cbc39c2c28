"""Declares a story's variables: their kinds, bounds and starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.story.expression import Read, Variable
from bot.story.models import FlagModel, IntegerModel, OptionsModel, TextModel, VariableModel
from bot.story.parser import FUNCTIONS, KEYWORDS
from bot.story.problem import Problem, did_you_mean
from bot.story.tree import Node, locate

RESERVED = KEYWORDS | set(FUNCTIONS)
"""Names that mean something else in a condition."""


def declare(models: Mapping[str, VariableModel], root: Node, problems: list[Problem]) -> dict[str, Read]:
    """Each variable with its index in a session's values; faults go to `problems`."""
    declared = {}
    for name, wrong in old_names({name: model.was for name, model in models.items()}):
        problems.append(Problem("STORY028", wrong, locate(root, ("variables", name, "was"))))
    for index, (name, model) in enumerate(models.items()):
        fault = _fault(name, model)
        if fault is not None:
            code, message, *key = fault
            problems.append(Problem(code, message, locate(root, ("variables", name, *key))))
        place = locate(root, ("variables", name))
        declared[name] = Read(index, replace(_variable(name, model), place=place))
    return declared


def old_names(was: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """What is wrong with old names, by the new one: an old one is nobody's any more, and becomes one thing only."""
    taken: set[str] = set()
    for name, old in was.items():
        if old is None:
            continue
        if old in was:
            yield name, f'"{old}" is still there under its own name; `was` is for what is called otherwise now'
        elif old in taken:
            yield name, f'"{old}" has become something else already; one thing can go on as one other'
        taken.add(old)


def _variable(name: str, model: VariableModel) -> Variable:
    if isinstance(model, FlagModel):
        return Variable(name, "flag", model.start, keep=model.keep, was=model.was)
    if isinstance(model, OptionsModel):
        return Variable(
            name, "choice", model.start or model.of[0], options=tuple(model.of), keep=model.keep, was=model.was
        )
    if isinstance(model, IntegerModel):
        return Variable(name, "integer", model.start, low=model.low, high=model.high, keep=model.keep, was=model.was)
    return Variable(name, "text", model.start or "", length=model.length, keep=model.keep, was=model.was)


def _fault(name: str, model: VariableModel) -> tuple[str, str] | tuple[str, str, str] | None:
    if name in RESERVED:
        return "STORY022", f'"{name}" is a word of the language itself; name the variable otherwise'
    if isinstance(model, OptionsModel):
        if model.start is not None and model.start not in model.of:
            return (
                "STORY012",
                f'"{model.start}" is not an option of it.{did_you_mean(model.start, model.of)}',
                "start",
            )
        if len(set(model.of)) < len(model.of):
            return "STORY025", "an option stands twice", "of"
    if isinstance(model, IntegerModel):
        if model.low > model.high:
            return "STORY023", f"`from` ({model.low}) is above `to` ({model.high})", "from"
        if not model.low <= model.start <= model.high:
            return "STORY023", f"starts at {model.start}, outside {model.low} to {model.high}", "start"
    if isinstance(model, TextModel) and len(model.start or "") > model.length:
        return "STORY023", f"starts longer than its {model.length} characters", "start"
    return None
