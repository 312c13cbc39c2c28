"""A folder with stories and a database, and the real parts on top of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import App
from bot.library import Library
from bot.store.sqlite import SQLiteStore
from bot.story.story import Story
from tests.fakes.stories import CROSSROADS, CROSSROADS_ES

START = 1_750_000_000_000
"""When the tests take place, in Unix ms."""

NewStore = Callable[[Path], SQLiteStore]


class Clock:
    """Unix ms that move only when a test moves them."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


class House:
    """`running` is the bot's life: leave it and enter again, and it was restarted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stories = folder / "stories"
        self.database = folder / "bot.db"
        self.write("crossroads", CROSSROADS, es=CROSSROADS_ES)

    def write(self, story: str, text: str, **tables: str) -> None:
        """Put a story's files into its folder, in place of those there."""
        folder = self.stories / story
        (folder / "locales").mkdir(parents=True, exist_ok=True)
        (folder / "story.yaml").write_text(text, encoding="utf-8")
        for language, table in tables.items():
            (folder / "locales" / f"{language}.yaml").write_text(table, encoding="utf-8")

    @asynccontextmanager
    async def running(self, new_store: NewStore = SQLiteStore) -> AsyncIterator[App]:
        store = new_store(self.database)
        await store.open()
        try:
            library = Library(self.stories, store, no_lengths)
            await library.load(START)
            yield App(store, library)
        finally:
            await store.close()


def no_lengths(folder: Path, story: Story) -> dict[str, float]:
    return {}
