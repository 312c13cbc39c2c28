"""Holds a tree against its model: every fault at once, at its place, in the words of the language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.story.place import Place
from bot.story.problem import Problem, did_you_mean
from bot.story.tree import Node, locate, plain

M = TypeVar("M", bound=BaseModel)
Path = tuple[int | str, ...]

_PRUNING_ROUNDS = 6
_ID_RULE = 'expected lower-case letters and digits, joined by "-" (ids) or "_" (variables and cast)'
_CODES = {
    "missing": "STORY020",
    "story_default": "STORY020",
    "extra_forbidden": "STORY021",
    "string_pattern_mismatch": "STORY022",
    "story_one_of": "STORY024",
    "string_too_long": "STORY006",
    "too_long": "STORY011",
}
_WHOLE = frozenset({"missing", "story_one_of", "story_line", "story_default"})
"""Faults of the thing as a whole rather than of one value in it."""


def validate(model: type[M], root: Node) -> tuple[M | None, list[Problem]]:
    """The model and what is wrong. With faults, the model is of what is left when the faulty parts are taken out,
    so that the rest can still be looked at; None when nothing is left."""
    data = plain(root)
    problems: list[Problem] = []
    for attempt in range(_PRUNING_ROUNDS):
        try:
            return model.model_validate(data), problems
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=True)
            if attempt == 0:
                problems = [_problem(model, root, dict(fault)) for fault in faults]
            for fault in faults:
                _prune(data, fault["loc"], whole=fault["type"] in _WHOLE)
    return None, problems


def _problem(model: type[BaseModel], root: Node, fault: dict[str, Any]) -> Problem:
    kind, path = fault["type"], fault["loc"]
    place: Place = locate(root, path)
    return Problem(_CODES.get(kind, "STORY023"), _message(model, kind, path, fault), place)


def _message(model: type[BaseModel], kind: str, path: Path, fault: dict[str, Any]) -> str:
    last = next((str(step) for step in reversed(path) if step != "[key]"), "")
    context = fault.get("ctx", {})
    match kind:
        case "missing":
            return f"`{last}` is missing"
        case "extra_forbidden":
            return f"`{last}` is not known here.{did_you_mean(last, _known_keys(model, path[:-1]))}"
        case "string_pattern_mismatch":
            return f'"{fault["input"]}" will not do as an id: {_ID_RULE}'
        case "literal_error" | "union_tag_invalid":
            expected = context.get("expected") or context.get("expected_tags", "")
            given = context.get("tag") or fault["input"]
            return f'"{given}" is not one of {expected}.{did_you_mean(str(given), _quoted(expected))}'
        case "union_tag_not_found":
            return "`type` is missing: flag, choice, integer or text"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"`{last}` must be a mapping, with `key: value` under it"
        case "list_type":
            return f"`{last}` must be a list, with `- ` before each entry"
        case "string_type":
            return f"`{last}` must be a text"
        case _ if kind.startswith("story_"):
            return str(fault["msg"])
        case _:
            return f"`{last}`: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


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


def _prune(data: object, path: Path, *, whole: bool) -> None:
    """Takes the faulty part out: the nearest entry of a mapping at or above the fault."""
    chain: list[tuple[object, int | str]] = []
    node = data
    for step in path:
        inside = isinstance(node, dict) and step in node
        if inside or (isinstance(node, list) and isinstance(step, int) and step < len(node)):
            chain.append((node, step))
            node = node[step]  # type: ignore[index]
    for container, step in reversed(chain):
        if isinstance(container, dict):
            container.pop(step, None)
            return
