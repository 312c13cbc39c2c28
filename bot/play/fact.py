"""A fact: something that happened in a session, for the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FactKind = Literal["begin", "choice", "timeout", "ending", "rewind", "restart", "jump"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened in which scene at which Unix ms; `took` is the time to decide in ms, where there was one."""

    kind: FactKind
    scene: str
    choice: str | None
    at: int
    took: int | None
