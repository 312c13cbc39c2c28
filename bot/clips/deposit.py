"""A deposit: a clip of a story that lies in the vault, and how a story comes to know those it has there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from bot.clips.vault.kept import Kept
from bot.story.story import Story


@dataclass(frozen=True, slots=True)
class Deposit:
    """`name` is what the vault calls it in links, `size` counts bytes; `seconds` is 0 where it is no video."""

    name: str
    size: int
    seconds: float = 0.0


def deposit_of(kept: Kept) -> Deposit:
    """What the vault keeps, as a story has it."""
    return Deposit(kept.name, kept.size, kept.seconds)


Deposits = Mapping[str, Deposit]
"""By the path that the story has for it."""

_DEPOSITS = TypeAdapter(dict[str, Deposit])


def read_deposits(text: str) -> Deposits:
    """What `write_deposits` wrote. Raises `ValueError` when it is damaged."""
    return _DEPOSITS.validate_json(text)


def write_deposits(deposits: Deposits) -> str:
    """As the store keeps them: JSON."""
    return _DEPOSITS.dump_json(dict(deposits)).decode()


def with_deposits(story: Story, deposits: Deposits) -> Story:
    """The story with the clips that it names and the vault has, and their lengths."""
    named = {id: deposits.get(scene.clip or "") for id, scene in story.scenes.items()}
    seconds = {id: clip.seconds for id, clip in named.items() if clip is not None}
    return replace(story, uploads={path: one.name for path, one in deposits.items()}, seconds=seconds)
