"""A story played by its writer in the terminal, from its files: read again, and gone on with, as they are saved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from adapters.console.drawing import Drawing
from adapters.console.folder import Folder
from adapters.console.given import Given, read_given
from adapters.console.lines import Leave, Lines
from adapters.console.map import can_draw
from adapters.console.news import print_errors, print_landed, print_warnings
from adapters.console.prompter import Prompter
from adapters.console.report import new_console, print_problems
from bot.story.checks import check
from bot.story.problem import Problem, StoryError
from bot.studio.bookmark import BadBookmark
from bot.studio.rehearsal import Rehearsal


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where and how a rehearsal begins, and where the map goes."""

    link: str | None = None
    language: str = ""
    seed: int = 1
    picture: Path | None = None


async def rehearse(folder: Path, beginning: Beginning, *, watching: bool) -> int:
    """Play until the writer leaves. 1 when the story cannot be read and nobody watches its files, or the link does not
    fit it."""
    console = new_console()
    if beginning.picture is not None and not can_draw(console, beginning.picture):
        return 1
    session = _Session(console, folder, beginning)
    files = Folder(folder) if watching else None
    try:
        if not session.begin() and files is None:
            return 1
        await session.play(files)
    except BadBookmark as error:
        console.print(f"[red]{escape(str(error))}[/]")
        return 1
    except Leave:
        console.print()
    finally:
        await session.end()
    return 0


class _Session:
    def __init__(self, console: Console, folder: Path, beginning: Beginning) -> None:
        self._console, self._folder, self._beginning = console, folder, beginning
        self._problems: Sequence[Problem] = ()
        self._broken = False
        self._prompter: Prompter | None = None
        self._drawing = None if beginning.picture is None else Drawing(folder, beginning.picture)

    def begin(self) -> bool:
        """Read the story for the first time; whether there is something to play. Raises `BadBookmark`."""
        given = self._read()
        if given is None:
            return False
        story, told = given.story, self._beginning
        link = told.link
        rehearsal = (
            Rehearsal(story, told.language, told.seed)
            if link is None
            else Rehearsal.at(story, link, told.language, told.seed)
        )
        self._prompter = Prompter(self._console, rehearsal, self._folder, self._print_problems)
        self._console.print(f"[dim]{escape(story.id)}: help says what can be typed.[/]")
        self._check(given)
        self._prompter.show()
        self._draw()
        return True

    async def play(self, files: Folder | None) -> None:
        """Take what is typed, and what is saved, as they come."""
        lines = Lines()
        while True:
            prompt = (
                "Waiting for the story to be mended; q leaves >" if self._prompter is None else self._prompter.prompt
            )
            self._console.print(f"[dim]{prompt}[/]", end=" ")
            news = await _news(lines, files, self._drawing)
            if news is None:
                self._console.print()
                self._read_again()
            elif isinstance(news, Drawing):
                self._console.print(f"\n[dim]{escape(news.told())}[/]")
            elif self._prompter is not None:
                self._prompter.take(news)
            elif news.strip().lower() in ("q", "quit"):
                raise Leave

    async def end(self) -> None:
        """Leave nothing under way."""
        if self._drawing is not None:
            await self._drawing.stop()

    def _read_again(self) -> None:
        if self._prompter is None:
            self.begin()
            return
        was_broken = self._broken
        given = self._read()
        if given is None:
            self._console.print("[yellow]The version before goes on until this is mended.[/]")
            return
        rehearsal = self._prompter.rehearsal
        if given.story.version == rehearsal.story.version and not was_broken:
            return
        print_landed(self._console, rehearsal.reload(given.story))
        self._check(given)
        self._prompter.show()
        self._draw()

    def _read(self) -> Given | None:
        """The story, or None once it has been said what is wrong."""
        try:
            given = read_given(self._folder)
        except StoryError as error:
            self._broken = True
            print_errors(self._console, error.problems, self._folder)
            return None
        self._broken = False
        return given

    def _check(self, given: Given) -> None:
        known, self._problems = self._problems, check(given.story, given.seconds)
        print_warnings(self._console, self._problems, known)

    def _print_problems(self) -> None:
        print_problems(self._console, self._problems)
        if not self._problems:
            self._console.print("[green]no problems[/]")

    def _draw(self) -> None:
        if self._drawing is not None:
            self._drawing.begin()


async def _news(lines: Lines, files: Folder | None, drawing: Drawing | None) -> str | Drawing | None:
    """The next line typed; the drawing, or None, where that was done, or a file changed, before it came. Raises
    `Leave`."""
    typed = asyncio.ensure_future(lines.read())
    changed = asyncio.ensure_future(files.change()) if files is not None else None
    drawn = asyncio.ensure_future(drawing.done()) if drawing is not None else None
    waiting = [one for one in (typed, changed, drawn) if one is not None]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if typed.done():
            return typed.result()
        return None if changed is not None and changed.done() else drawing
    finally:
        for one in waiting:
            one.cancel()
