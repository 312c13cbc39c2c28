"""The official description of Discord's REST API, compiled into checks of calls and of our own answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.discord.refusal import Body

SPEC_FILE = Path(__file__).resolve().parents[4] / "shared" / "specs" / "discord-openapi.json"

Fault = tuple[str, str] | None
"""Where (steps joined by dots) and what; None when a value fits."""

Check = Callable[[Any], Fault]

_SNOWFLAKE_BITS = 63


class Schemas:
    """Checks of values by JSON Schema, as far as the description uses it.

    `lenient` takes numbers for ids, as Discord itself does with what it is sent.
    """

    def __init__(self, named: Mapping[str, Body], *, lenient: bool) -> None:
        self._named = named
        self._lenient = lenient
        self._compiled: dict[str, Check] = {}

    def check_of(self, schema: Body) -> Check:
        """The check for one schema."""
        if "$ref" in schema:
            return self._reference(schema["$ref"].rpartition("/")[2])
        if schema.get("format") == "snowflake" and self._lenient:
            return _snowflake
        checks = [check for check in self._parts(schema) if check]
        if len(checks) == 1:
            return checks[0]
        return lambda value: next((fault for check in checks if (fault := check(value))), None)

    def _parts(self, schema: Body) -> list[Check | None]:
        return [
            _type(schema["type"]) if "type" in schema else None,
            _one_of(schema["enum"], schema) if "enum" in schema else None,
            _one_of([schema["const"]], schema) if "const" in schema else None,
            _string(schema),
            _number(schema),
            self._array(schema),
            self._object(schema),
            *[self.check_of(part) for part in schema.get("allOf", [])],
            self._any(schema.get("oneOf") or schema.get("anyOf")),
        ]

    def _reference(self, name: str) -> Check:
        # A schema may hold itself: look its check up when a value comes, not while it is built.
        def check(value: Any) -> Fault:
            if name not in self._compiled:
                self._compiled[name] = self.check_of(self._named[name])
            return self._compiled[name](value)

        return check

    def _any(self, schemas: list[Body] | None) -> Check | None:
        if not schemas:
            return None
        checks = [self.check_of(schema) for schema in schemas]

        def check(value: Any) -> Fault:
            faults = []
            for one in checks:
                if (fault := one(value)) is None:
                    return None
                faults.append(fault)
            # The alternative that was meant is the one whose `type` fits: its fault says more than the others'.
            telling = [fault for fault in faults if fault[0] not in ("", "type")]
            return telling[0] if telling else faults[-1]

        return check

    def _array(self, schema: Body) -> Check | None:
        if not {"items", "minItems", "maxItems", "uniqueItems"} & set(schema):
            return None
        item = self.check_of(schema.get("items", {}))
        least, most, unique = schema.get("minItems", 0), schema.get("maxItems"), schema.get("uniqueItems")

        def check(value: Any) -> Fault:
            if not isinstance(value, list):
                return None
            if len(value) < least or (most is not None and len(value) > most):
                return "", f"Must be between {least} and {most} in length."
            if unique and len({json.dumps(one, sort_keys=True) for one in value}) < len(value):
                return "", "Must hold nothing twice."
            return next((_under(str(place), fault) for place, one in enumerate(value) if (fault := item(one))), None)

        return check

    def _object(self, schema: Body) -> Check | None:
        if not {"properties", "required", "additionalProperties", "maxProperties", "minProperties"} & set(schema):
            return None
        fields = {name: self.check_of(one) for name, one in schema.get("properties", {}).items()}
        # `type` first: it says which alternative is meant.
        names = sorted(fields, key=lambda name: name != "type")
        required = schema.get("required", [])
        others = schema.get("additionalProperties", True)
        other = self.check_of(others) if isinstance(others, dict) else None
        least, most = schema.get("minProperties", 0), schema.get("maxProperties")

        def check(value: Any) -> Fault:
            if not isinstance(value, dict):
                return None
            for name in names:
                if name in value and (fault := fields[name](value[name])):
                    return _under(name, fault)
            if missing := next((name for name in required if name not in value), None):
                return missing, "This field is required"
            if len(value) < least or (most is not None and len(value) > most):
                return "", f"Must have between {least} and {most} fields."
            for name in value.keys() - fields.keys() if other or others is False else ():
                if fault := other(value[name]) if other else ("", "There is no such field."):
                    return _under(name, fault)
            return None

        return check


class Operation:
    """One path and method: what may come in, and what may go out by status."""

    def __init__(self, spec: Spec, path: Body, described: Body) -> None:
        content = described.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", content.get("multipart/form-data", {})).get("schema")
        self._body = spec.incoming.check_of(schema) if schema else None
        self._needs_body = described.get("requestBody", {}).get("required", False)
        asked = [one for one in (*path.get("parameters", []), *described.get("parameters", [])) if one["in"] == "query"]
        self._query = {one["name"]: spec.incoming.check_of(one.get("schema", {})) for one in asked}
        self._required = [one["name"] for one in asked if one.get("required")]
        self._answers = {
            status: spec.outgoing.check_of(answer["content"]["application/json"]["schema"])
            if "application/json" in answer.get("content", {})
            else None
            for status, answer in described.get("responses", {}).items()
        }

    def fault(self, query: Mapping[str, str], body: Any) -> Fault:
        """What is wrong with a call."""
        if missing := next((name for name in self._required if name not in query), None):
            return missing, "This field is required"
        for name, value in query.items():
            check = self._query.get(name)
            if check and all(check(form) for form in _forms(value)):
                return name, f"{value!r} does not fit."
        if body is None:
            return ("", "This call needs a body.") if self._needs_body else None
        return self._body(body) if self._body else None

    def answer_fault(self, status: int, body: Any) -> Fault:
        """What is wrong with an answer of ours."""
        if str(status) not in self._answers:
            return "", f"there is no answer {status}"
        check = self._answers[str(status)]
        if check is None:
            return ("", "an answer without a body has one") if body is not None else None
        return check(body)


class Spec:
    """`operation(method, path)` by the path as the description writes it."""

    def __init__(self, description: Body) -> None:
        named = description["components"]["schemas"]
        self.incoming = Schemas(named, lenient=True)
        self.outgoing = Schemas(named, lenient=False)
        self._paths: Body = description["paths"]
        self._operations: dict[tuple[str, str], Operation] = {}

    def operation(self, method: str, path: str) -> Operation | None:
        key = method, path
        if key not in self._operations:
            described = self._paths.get(path, {})
            if method.lower() not in described:
                return None
            self._operations[key] = Operation(self, described, described[method.lower()])
        return self._operations[key]

    def fits(self, name: str, value: Any) -> Fault:
        """What is wrong with a value that we make, by the name of its schema."""
        return self.outgoing.check_of({"$ref": name})(value)


@cache
def load_spec() -> Spec | None:
    """None where the official description is not at hand: the server then works without these checks."""
    return Spec(json.loads(SPEC_FILE.read_text(encoding="utf-8"))) if SPEC_FILE.exists() else None


def _under(step: str, fault: tuple[str, str]) -> tuple[str, str]:
    where, what = fault
    return (f"{step}.{where}" if where else step), what


def _forms(value: str) -> list[Any]:
    """What a text of the query may stand for."""
    forms: list[Any] = [value, [value]]
    if re.fullmatch(r"-?\d+", value):
        forms.append(int(value))
    if value.lower() in ("true", "false", "1", "0"):
        forms.append(value.lower() in ("true", "1"))
    return forms


def _snowflake(value: Any) -> Fault:
    text = str(value) if type(value) is int else value
    fits = isinstance(text, str) and text.isdecimal() and int(text).bit_length() <= _SNOWFLAKE_BITS
    return None if fits else ("", f"Value {value!r} is not snowflake.")


_KINDS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def _type(types: str | list[str]) -> Check:
    kinds = [_KINDS[name] for name in ([types] if isinstance(types, str) else types)]
    return lambda value: None if any(kind(value) for kind in kinds) else ("", f"{value!r:.80} is not of type {types}.")


def _one_of(values: list[Any], schema: Body) -> Check:
    nullable = "null" in schema.get("type", [])
    return lambda value: (
        None if value in values or (nullable and value is None) else ("", f"Value must be one of {values}.")
    )


def _string(schema: Body) -> Check | None:
    if not {"minLength", "maxLength", "pattern"} & set(schema):
        return None
    least, most, pattern = schema.get("minLength", 0), schema.get("maxLength"), schema.get("pattern")

    def check(value: Any) -> Fault:
        if not isinstance(value, str):
            return None
        if len(value) < least or (most is not None and len(value) > most):
            return "", f"Must be between {least} and {most} in length."
        return (
            None if pattern is None or re.search(pattern, value) else ("", f"{value!r:.80} does not match {pattern}.")
        )

    return check


def _number(schema: Body) -> Check | None:
    if not {"minimum", "maximum"} & set(schema):
        return None
    least, most = schema.get("minimum"), schema.get("maximum")

    def check(value: Any) -> Fault:
        if type(value) not in (int, float):
            return None
        if (least is not None and value < least) or (most is not None and value > most):
            return "", f"Must be between {least} and {most}."
        return None

    return check
