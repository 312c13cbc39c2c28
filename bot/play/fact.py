"""A fact: something that happened in a session, for the figures."""

from __future__ import annotations

from typing import Literal

from bot.record import record

FactKind = Literal["begin", "choice", "timeout", "ending", "rewind", "restart", "jump"]


@record(frozen=True, slots=True)
class Fact:
    """What happened in which scene at which Unix ms; `took` is the time to decide in ms, where there was one."""

    kind: FactKind
    scene: str
    choice: str | None
    at: int
    took: int | None
