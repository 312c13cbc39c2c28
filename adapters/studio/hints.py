"""Hints: what a creator may go on to write, for platforms that suggest it while they do. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from adapters.studio.acting import Who
from bot.store.port import Store
from bot.story.expression import Constant, Variable
from bot.story.problem import StoryError
from bot.story.spelling import leaf
from bot.story.story import Story
from bot.studio.creator import Denied
from bot.studio.portfolio import Portfolio

DEEDS = ("back", "wait", "why", "vars", "link", "jump", "set", "dice", "from")
"""Commands that do something in a test play."""

ALONE = DEEDS[: DEEDS.index("jump")]
"""Those of them that need nothing behind them."""

MOST_VALUES = 8
"""Values of an integer that are suggested, from its least up."""


class Hints:
    """Of one store. Raises `StoreError`."""

    def __init__(self, store: Store, portfolio: Portfolio) -> None:
        self._store = store
        self._portfolio = portfolio

    async def stories(self, who: Who, typed: str) -> Sequence[str]:
        """The ids of their own stories that have what was typed, the latest first."""
        wanted = typed.strip().lower()
        return [row.story for row in await self._store.roles_of(who.creator.viewer) if wanted in row.story]

    async def deeds(self, who: Who, typed: str, most: int) -> Sequence[str]:
        """What can be done in their test play, of what has every word that was typed."""
        row = await self._store.rehearsal(who.creator.viewer)
        try:
            story = None if row is None else (await self._portfolio.one(who.creator, row.story)).story
        except (Denied, StoryError):
            story = None
        words = typed.lower().split()
        known = (*ALONE, *(() if story is None else _deeds(story)))
        return list(islice((deed for deed in known if all(word in deed.lower() for word in words)), most))


def _deeds(story: Story) -> Iterator[str]:
    yield from (f"jump {scene}" for scene in story.scenes)
    for variable in story.variables:
        yield from (f"set {variable.name} {leaf(Constant(value, variable.kind))}" for value in _values(variable))


def _values(variable: Variable) -> Sequence[bool | int | str]:
    match variable.kind:
        case "flag":
            return (True, False)
        case "choice":
            return variable.options
        case "integer":
            return range(variable.low, variable.high + 1)[:MOST_VALUES]
        case _:
            return ()
