"""What an adapter is to the rest of the house."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.delivery.parcel import Note, Parcel


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do. `pushes`: cards go out by the outbox; else the platform asks for the current one.
    `keeps_time`: its player runs the clock; else the agenda does."""

    platform: str
    pushes: bool
    keeps_time: bool


class Adapter(Protocol):
    """Turns a platform's updates into events for the one door, and cards into the platform's messages."""

    @property
    def capabilities(self) -> Capabilities: ...

    def running(self) -> AbstractAsyncContextManager[None]:
        """Takes updates while the context lasts; on leaving, what was taken is finished."""

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        """Show a card. Raises `Gone`, `Later` or `Unshowable` of `bot.delivery.delivery`; else it is tried again."""
