"""The parameters of one call, the same to read whether they came as JSON, as a form or in the address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.refusal import Violation


@dataclass(frozen=True)
class Upload:
    """A file as it came in a form."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True)
class Parameters:
    """`values` as they were sent: in a form everything is a text, objects in it are JSON."""

    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values or name in self.files

    def text(self, name: str) -> str:
        """Empty when it is not there."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        if type(value) is int:
            return value
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Violation(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        """An object or an array; None when it is not there."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Violation(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def with_values(self, **changes: Any) -> Parameters:
        """The same call with some parameters changed."""
        return Parameters({**self.values, **changes}, self.files)
