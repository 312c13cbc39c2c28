"""How what is made anew at every step is declared: as a frozen dataclass, but quick to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Any:
        """A dataclass that mypy alone keeps frozen: to freeze it at run time makes making one seven times as slow."""
        return dataclass(slots=slots, unsafe_hash=frozen)
