"""Dice whose next faces can be laid down, and which remember what they showed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.play.dice import Dice


@dataclass(frozen=True, slots=True)
class Roll:
    """What a die of so many sides showed, from 1 up."""

    face: int
    sides: int


class LoadedDice:
    """Shows the faces laid down, then what the other dice roll. A face that a die lacks is its highest."""

    def __init__(self, dice: Dice, faces: Iterable[int] = ()) -> None:
        self._dice = dice
        self.faces = list(faces)
        """Those that are still to come."""
        self.rolls: list[Roll] = []

    def __call__(self, sides: int) -> int:
        face = min(self.faces.pop(0), sides) if self.faces else self._dice(sides) + 1
        self.rolls.append(Roll(face, sides))
        return face - 1
