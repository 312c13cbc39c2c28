"""The studio's desk in the terminal: a path sends a file, a number presses a button, a slash is a command."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from adapters.console.adapter import PLATFORM
from adapters.console.lines import Leave, Lines
from adapters.console.report import new_console
from adapters.studio.acting import Who
from adapters.studio.ask import Ask
from adapters.studio.door import Counter, StudioDoor
from adapters.studio.sheet import Key, Sheet, Span

STYLES = {"bold": "bold", "code": "cyan", "quiet": "dim"}
HOW = "A path sends a story or a clip (then a space and its scene), a number presses a button; /studio, q leaves."


async def work_in_terminal(door: StudioDoor, viewer: str, folder: Path) -> None:
    """Work until the creator leaves. Pictures and tables are written into `folder`."""
    console = new_console()
    try:
        await _Desk(door.counter(_now), console, folder).run(await door.who(PLATFORM, viewer))
    except Leave:
        console.print("\n[dim]Your drafts are kept.[/]")


class _Desk:
    def __init__(self, counter: Counter, console: Console, folder: Path) -> None:
        self._counter = counter
        self._console = console
        self._folder = folder
        self._lines = Lines()
        self._keys: Sequence[Key] = ()

    async def run(self, who: Who) -> None:
        self._console.print(f"[dim]{HOW}[/]")
        await self._show(await self._counter.sheet(who, Ask("stories")))
        while True:
            self._console.print("[dim]studio >[/]", end=" ")
            line = (await self._lines.read()).strip()
            if line in ("q", "quit"):
                raise Leave
            ask = await self._meant(who, line) if line else Ask("stories")
            if ask is None:
                self._console.print(f"[yellow]That is no file, button or command.[/] [dim]{HOW}[/]")
                continue
            if ask.slow:
                self._console.print("[dim]a moment…[/]")
            await self._show(await self._counter.sheet(who, ask))
            if ask.then is not None:
                self._write_map(await self._counter.sheet(who, ask.then))

    async def _meant(self, who: Who, line: str) -> Ask | None:
        """What a line asks for; None for nothing."""
        desk = self._counter.desk
        name, _, rest = line.removeprefix("/").partition(" ")
        if line.startswith("/") and name.lower() in desk.commands:
            return await desk.command(who, name.lower(), rest)
        if line.isascii() and line.isdigit() and 1 <= int(line[:4]) <= len(self._keys):
            return await desk.press(who, self._keys[int(line) - 1].about)
        for file, caption in _sent(line):
            return await desk.file(who, file, file.name, caption)
        return await desk.text(who, line)

    async def _show(self, sheet: Sheet) -> None:
        for line in sheet.lines:
            self._console.print("".join(map(_styled, line)))
        self._keys = [key for row in sheet.rows for key in row if key.about]
        numbers = iter(range(1, len(self._keys) + 1))
        for row in sheet.rows:
            told = [f"[cyan]{next(numbers)}[/] {escape(key.label)}" for key in row if key.about]
            self._console.print("  " + "   ".join(told))
        if sheet.picture is not None:
            self._write("map.png", sheet.picture)
        if sheet.document is not None:
            self._write(*sheet.document)

    def _write_map(self, sheet: Sheet) -> None:
        """What follows an upload. The buttons that wait stay those of its report."""
        if sheet.picture is not None:
            self._write("map.png", sheet.picture)

    def _write(self, name: str, content: bytes) -> None:
        file = self._folder / Path(name).name
        try:
            file.write_bytes(content)
        except OSError as error:
            self._console.print(f"[red]{escape(str(file))} cannot be written: {escape(str(error.strerror))}[/]")
        else:
            self._console.print(f"[dim]It is in {escape(str(file))}.[/]")


def _sent(line: str) -> Iterator[tuple[Path, str]]:
    """The file that a line names, with the scene behind it; else a clip's own name says its scene."""
    named, _, scene = line.rpartition(" ")
    for path, caption in ((line, ""), (named, scene)):
        file = Path(path.strip("'\"")).expanduser()
        if path and file.is_file():
            yield file, caption or file.stem


def _styled(span: Span) -> str:
    text = escape(span.text)
    return f"[{STYLES[span.style]}]{text}[/]" if span.style else text


def _now() -> int:
    return time.time_ns() // 1_000_000
