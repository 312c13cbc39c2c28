"""Holds a tree against its model: every fault at once, at its place, in the words of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.story.limits import MAX_PROBLEMS
from bot.story.place import Place
from bot.story.problem import Problem, did_you_mean
from bot.story.tree import Node, at, locate, plain

M = TypeVar("M", bound=BaseModel)
Path = tuple[int | str, ...]
Fault = Mapping[str, Any]

_PRUNING_ROUNDS = 10
_MOST_SHOWN = 60
"""Characters of a faulty value that a message repeats."""

_ID_RULE = 'expected lower-case letters and digits, joined by "-" (ids) or "_" (variables and cast)'
_CODES = MappingProxyType(
    {
        "missing": "STORY020",
        "union_tag_not_found": "STORY020",
        "story_default": "STORY020",
        "extra_forbidden": "STORY021",
        "string_pattern_mismatch": "STORY022",
        "story_one_of": "STORY024",
        "story_outside": "STORY010",
        "string_too_long": "STORY006",
        "too_long": "STORY011",
    }
)
_STAND_INS = MappingProxyType({"title": "-", "label": "-", "name": "-", "language": "zxx", "kind": "open"})
"""What a missing value is taken for, so that the rest of what it belongs to can still be looked at."""


def validate(model: type[M], root: Node) -> tuple[M | None, list[Problem]]:
    """The model and what is wrong. With faults, the model is of what is left when the faulty parts are taken out,
    so that the rest can still be looked at; None when nothing is left."""
    data = plain(root)
    problems: list[Problem] = []
    for attempt in range(_PRUNING_ROUNDS):
        try:
            return model.model_validate(data), problems
        except ValidationError as error:
            faults: list[Fault] = [dict(fault) for fault in error.errors(include_url=False)]
        news = [fault for fault in faults if attempt == 0 or _was_hidden(fault)]
        problems += [_problem(model, root, fault) for fault in news[:MAX_PROBLEMS]]
        for fault in faults:
            _prune(data, fault)
    return None, problems


def _was_hidden(fault: Fault) -> bool:
    """Whether a fault that shows only once others are gone was there before; taking parts out makes new ones too."""
    return bool(fault["type"] == "story_one_of" and fault["ctx"]["found"] != "none")


def _problem(model: type[BaseModel], root: Node, fault: Fault) -> Problem:
    kind, path = fault["type"], fault["loc"]
    place: Place = locate(root, path)
    return Problem(_CODES.get(kind, "STORY023"), _message(model, root, fault), place)


def _message(model: type[BaseModel], root: Node, fault: Fault) -> str:
    kind, path = fault["type"], fault["loc"]
    subject, context = _subject(root, path), fault.get("ctx", {})
    match kind:
        case "missing":
            return f"`{path[-1]}` is missing"
        case "extra_forbidden":
            return f"{subject} is not known here.{did_you_mean(str(path[-1]), _known_keys(model, path[:-1]))}"
        case "string_pattern_mismatch":
            return f'"{_shown(fault["input"])}" will not do as an id: {_ID_RULE}'
        case "literal_error" | "union_tag_invalid":
            expected = context.get("expected") or context.get("expected_tags", "")
            given = _shown(context.get("tag") or fault["input"])
            return f'"{given}" is not one of {expected}.{did_you_mean(given, _quoted(expected))}'
        case "union_tag_not_found":
            return "`type` is missing: flag, choice, integer or text"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{subject} must be a mapping, with `key: value` under it"
        case "list_type":
            return f"{subject} must be a list, with `- ` before each entry"
        case "string_type":
            return f"{subject} must be a text"
        case "story_outside":
            return f'"{_shown(fault["input"])}" {fault["msg"]}'
        case _ if kind.startswith("story_"):
            return str(fault["msg"])
        case _:
            return f"{subject}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _subject(root: Node, path: Path) -> str:
    """What a fault is about, as its writer would call it: the last step of the path that the file itself has."""
    steps = _steps(root, path)
    if not steps:
        return "the file"
    last = steps[-1]
    if isinstance(last, str):
        return f"`{_shown(last)}`"
    named = next((step for step in reversed(steps) if isinstance(step, str)), "the list")
    return f"entry {last + 1} of `{_shown(named)}`"


def _steps(root: Node, path: Path) -> Path:
    """The path without the steps that only the models know, such as the kind of a variable."""
    steps: Path = ()
    for step in path:
        if at(root, *steps, step) is not None:
            steps = (*steps, step)
    return steps


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def _quoted(expected: str) -> list[str]:
    return [word for word in expected.replace(" or ", ",").replace("'", "").replace(" ", "").split(",") if word]


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys the language knows at a path: follows the models' types along it."""
    found: Any = model
    for step in path:
        found = _child(found, step)
    owner = next(_models(found), None)
    return [] if owner is None else [field.alias or name for name, field in owner.model_fields.items()]


def _child(annotation: Any, step: int | str) -> Any:
    for owner in _models(annotation):
        for name, field in owner.model_fields.items():
            if step in (name, field.alias):
                return field.annotation
        if step in _tags(owner):
            return owner
    return annotation


def _tags(owner: type[BaseModel]) -> tuple[str, ...]:
    field = owner.model_fields.get("type")
    return get_args(field.annotation) if field else ()


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if get_origin(annotation) is None and isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    if get_origin(annotation) is not None:
        for argument in get_args(annotation):
            yield from _models(argument)


def _prune(data: object, fault: Fault) -> None:
    """Takes the faulty part out: the nearest entry of a mapping at or above the fault. A missing text gets a
    stand-in instead, and a time to choose in that has no default is given up alone."""
    last = fault["loc"][-1] if fault["loc"] else ""
    owner: dict[Any, Any] = {}
    key: int | str = ""
    node = data
    for step in fault["loc"]:
        if isinstance(node, dict) and step in node:
            owner, key, node = node, step, node[step]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
    if isinstance(node, dict) and fault["type"] == "missing" and last in _STAND_INS:
        node[last] = _STAND_INS[last]
    elif isinstance(node, dict) and fault["type"] == "story_default":
        node.pop("within", None)
    else:
        owner.pop(key, None)
