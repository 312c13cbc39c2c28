"""All that Discord's cards and pages are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from adapters.button import Buttons
from adapters.discord.clips import Clips
from adapters.discord.sender import Sender
from adapters.discord.standing import Standings
from bot.app import App
from bot.crew import Lanes
from bot.link import Links
from bot.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Shop:
    """One bot's."""

    app: App
    rooms: Rooms
    links: Links
    buttons: Buttons
    clips: Clips
    sender: Sender
    standings: Standings
    public_url: str | None
    """Where the browser's player is; None where nobody but this machine reaches it."""
    now: Callable[[], int]
    lanes: Lanes
    """The chats in which this worker speaks."""

    def mine(self, address: str) -> bool:
        """Whether it is this worker that writes at that address."""
        return self.lanes.has(address)

    def room_url(self, code: str) -> str | None:
        """Where a room is watched in the browser."""
        return None if self.public_url is None else f"{self.public_url}/room/{code}"
