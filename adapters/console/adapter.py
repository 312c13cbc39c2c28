"""Plays a story in a terminal: cards as text with clip links, choices by number, the clock running."""

from __future__ import annotations

import asyncio
import time
import uuid

from rich.console import Console
from rich.markup import escape

from adapters.console.lines import Leave, Lines
from adapters.console.page import render, words_for
from bot.app import App
from bot.clips.shelf import Shelf
from bot.event import Answer, Event, Open, Tell
from bot.library import UnknownStory
from bot.play import event as play
from bot.play.path import choice_points
from bot.store.port import EventKey

PLATFORM = "console"


async def play_in_terminal(
    app: App, shelf: Shelf, public_url: str, story: str, viewer: str, language: str | None
) -> None:
    """Play until the player leaves; the place is kept."""
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    try:
        await _Play(app, shelf, public_url, viewer, console).run(story, language)
    except UnknownStory as unknown:
        console.print(f"[red]{escape(str(unknown))}[/]")
        for problem in unknown.problems:
            console.print(escape(str(problem)))
        known = ", ".join(app.library.stories) or "none"
        console.print(f"Stories here: {escape(known)}")
        raise SystemExit(2) from None
    except Leave as leaving:
        console.print(f"\n[dim]{leaving.words}[/]")


class _Play:
    def __init__(self, app: App, shelf: Shelf, public_url: str, viewer: str, console: Console) -> None:
        self._app = app
        self._shelf = shelf
        self._public_url = public_url
        self._viewer = viewer
        self._console = console
        self._lines = Lines()

    async def run(self, story: str, language: str | None) -> None:
        answer = await self._app.handle(self._event(Open(story, language)))
        if language is not None and answer.state.language != answer.story.wording(language).language:
            answer = await self._tell(answer, play.Speak(answer.state.revision, language))
        while True:
            render(self._console, answer, self._shelf, self._public_url)
            try:
                answer = await self._next(answer)
            except Leave as leaving:
                leaving.words = words_for(answer).kept
                raise

    async def _next(self, answer: Answer) -> Answer:
        """What the player does, or the clock."""
        card = answer.cards[-1]
        words = words_for(answer)
        while True:
            self._console.print(f"[dim]{words.prompt(card)}[/]", end=" ")
            try:
                seconds = None if card.within is None else card.within / 1000
                async with asyncio.timeout(seconds):
                    line = await self._lines.read()
            except TimeoutError:
                self._console.print(f"\n[yellow]{words.time_over}[/]")
                return await self._tell(answer, play.TimeOut(answer.state.revision))
            what = await self._meant(answer, line.strip())
            if what is not None:
                return await self._tell(answer, what)
            self._console.print(words.help(answer))

    async def _meant(self, answer: Answer, line: str) -> play.Event | None:
        """The event a typed line stands for; None when it stands for none."""
        revision = answer.state.revision
        command, _, rest = line.partition(" ")
        options = answer.cards[-1].options
        if command.isdecimal() and 1 <= int(command) <= len(options):
            option = options[int(command) - 1]
            text = await self._asked(answer) if option.ask is not None and not option.locked else None
            return play.Choose(revision, option.id, text)
        match command.lower():
            case "q" | "quit" | "exit":
                raise Leave
            case "again":
                return play.Restart(revision)
            case "back":
                points = len(choice_points(answer.state.path))
                return play.Rewind(revision, int(rest) - 1 if rest.isdecimal() else points - 1)
            case "go":
                return play.Jump(revision, rest.strip())
            case "in" if rest.strip() in answer.story.languages:
                return play.Speak(revision, rest.strip())
            case _:
                return None

    async def _asked(self, answer: Answer) -> str:
        self._console.print(f"[dim]{words_for(answer).say_it}[/]", end=" ")
        return await self._lines.read()

    async def _tell(self, answer: Answer, what: play.Event) -> Answer:
        return await self._app.handle(self._event(Tell(answer.session.id, what)))

    def _event(self, what: Open | Tell) -> Event:
        now = time.time_ns() // 1_000_000
        key = EventKey(PLATFORM, uuid.uuid4().hex)
        return Event(key, self._viewer, what, now, keeps_time=True)
