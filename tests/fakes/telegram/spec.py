"""The official description of methods and types, compiled into checks of calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.telegram.refusal import Body

SPEC_FILE = Path(__file__).resolve().parents[4] / "shared" / "specs" / "telegram-bot-api.json"

Fault = str | None
Check = Callable[[Any], Fault]
"""None when a value fits its type; otherwise what is wrong with it."""

_CONSTANT = re.compile(r"(?:must be|always) [\"“]?(\w+)[\"”]?$")


class Spec:
    """Built once from the official JSON; `check` is cheap afterwards."""

    def __init__(self, description: Body) -> None:
        self.version: str = description["version"]
        self._types: Body = description["types"]
        self._compiled: dict[str, Check] = {}
        self.methods: dict[str, Method] = {
            name: Method(self, method) for name, method in description["methods"].items()
        }

    def check(self, method: str, values: Mapping[str, Any], files: Mapping[str, object]) -> Fault:
        """What is wrong with a call's parameters, from JSON or from a form; None when nothing is."""
        return self.methods[method].check(values, files)

    def type_check(self, types: list[str]) -> Check:
        """The check of a field that may be any of these types."""
        if len(types) > 1 and all(name.startswith("Array of ") for name in types):
            # An album mixes photos and videos: each element may be of any of the types.
            return _array_check(self.type_check([name.removeprefix("Array of ") for name in types]))
        checks = [self._check_of(name) for name in types]
        return checks[0] if len(checks) == 1 else lambda value: _any_of(checks, types, value)

    def _check_of(self, name: str) -> Check:
        if name.startswith("Array of "):
            return _array_check(self._check_of(name.removeprefix("Array of ")))
        if name in _PLAIN:
            return _PLAIN[name]
        if name not in self._compiled:
            # A type may hold itself: look its check up when a value comes, not while it is built.
            self._compiled[name] = lambda value: self._compiled[name](value)
            self._compiled[name] = self._compile(name)
        return self._compiled[name]

    def _compile(self, name: str) -> Check:
        described = self._types[name]
        if "subtypes" in described:
            return self.type_check(described["subtypes"])
        fields = described.get("fields", [])
        checks = {field["name"]: self._field_check(field) for field in fields}
        required = [field["name"] for field in fields if field["required"]]
        return lambda value: _object_fault(name, checks, required, value)

    def _field_check(self, field: Body) -> Check:
        constant = _CONSTANT.search(field["description"].rstrip("."))
        if field["name"] == "type" and constant:
            wanted = constant[1]
            return lambda value: None if value == wanted else f"must be {wanted}"
        return self.type_check(field["types"])


class Method:
    """One method's parameters."""

    def __init__(self, spec: Spec, described: Body) -> None:
        fields = described.get("fields", [])
        self.required = [field["name"] for field in fields if field["required"]]
        self.checks = {field["name"]: _loose(field["types"], spec.type_check(field["types"])) for field in fields}
        self.files = {field["name"] for field in fields if "InputFile" in field["types"]}

    def check(self, values: Mapping[str, Any], files: Mapping[str, object]) -> Fault:
        for name in self.required:
            if name not in values and name not in files:
                return f'parameter "{name}" is required'
        for name, value in values.items():
            check = self.checks.get(name)
            if check is None:
                return f'there is no parameter "{name}"'
            if fault := check(value):
                return f'parameter "{name}" {fault}'
        return self._file_fault(values, files)

    def _file_fault(self, values: Mapping[str, Any], files: Mapping[str, object]) -> Fault:
        for name in files:
            if name not in self.files and f"attach://{name}" not in str(values):
                return f'file "{name}" belongs to no parameter'
        return None


@cache
def load_spec() -> Spec | None:
    """None where the official description is not at hand: the server then works without this check."""
    return Spec(json.loads(SPEC_FILE.read_text(encoding="utf-8"))) if SPEC_FILE.exists() else None


def _loose(types: list[str], check: Check) -> Check:
    """Parameters of a form are texts, and JSON may carry objects as texts too: read them first, as the server does."""
    if "String" in types or "InputFile" in types:
        return lambda value: check(str(value) if isinstance(value, int) and "Integer" in types else value)
    return lambda value: _read_and_check(check, value)


def _read_and_check(check: Check, value: Any) -> Fault:
    if not isinstance(value, str):
        return check(value)
    try:
        return check(json.loads(value if value not in ("True", "False") else value.lower()))
    except ValueError:
        return "is not valid JSON"


def _array_check(check: Check) -> Check:
    def fault(value: Any) -> Fault:
        if not isinstance(value, list):
            return "must be an array"
        for index, item in enumerate(value):
            if wrong := check(item):
                return f"[{index}] {wrong}"
        return None

    return fault


def _any_of(checks: list[Check], types: list[str], value: Any) -> Fault:
    faults = []
    for check in checks:
        if (fault := check(value)) is None:
            return None
        faults.append(fault)
    # The alternative that was meant is the one whose `type` fits: its fault says more than the others'.
    telling = [fault for fault in faults if "type must be" not in fault]
    return telling[0] if len(telling) == 1 else f"fits none of {', '.join(types)}: {faults[0]}"


def _object_fault(name: str, checks: dict[str, Check], required: list[str], value: Any) -> Fault:
    if not isinstance(value, dict):
        return f"must be an object ({name})"
    # `type` first: it says which alternative is meant.
    if "type" in value and "type" in checks and (fault := checks["type"](value["type"])):
        return f"{name}.type {fault}"
    for field in required:
        if field not in value:
            return f"{name} lacks {field}"
    for field, given in value.items():
        if field not in checks:
            return f"{name} has no field {field}"
        if fault := checks[field](given):
            return f"{name}.{field} {fault}"
    return None


def _is(kinds: tuple[type, ...], called: str) -> Check:
    return lambda value: None if type(value) in kinds else f"must be {called}"


_PLAIN: dict[str, Check] = {
    "Integer": _is((int,), "an integer"),
    "Float": _is((int, float), "a number"),
    "String": _is((str,), "a string"),
    "Boolean": _is((bool,), "a boolean"),
    "InputFile": _is((str,), "a file"),
}
