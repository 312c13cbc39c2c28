"""A command as it is typed: /play last-train-home, in groups perhaps with the bot's name."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 200
"""Characters of what follows a command that are looked at."""

LONGER = {"from": 4_096}
"""Commands that are followed by more, such as the whole way of a test play."""


@dataclass(frozen=True, slots=True)
class Command:
    """The name in lower case without slash, and what follows it."""

    name: str
    rest: str = ""

    @property
    def words(self) -> list[str]:
        return self.rest.split()


def command_of(text: str, bot: str) -> Command | None:
    """The command a text begins with; None when it begins with none, or with another bot's."""
    if not text.startswith("/"):
        return None
    head, _, rest = text[1:].replace("\n", " ", 1).partition(" ")
    name, _, addressed = head.partition("@")
    if not name or (addressed and addressed.lower() != bot.lower()):
        return None
    name = name.lower()
    return Command(name, rest.strip()[: LONGER.get(name, LONGEST)])
