"""The prompter: does what a writer types at a rehearsal, and says kindly what cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import quote

from rich.console import Console
from rich.markup import escape

from adapters.console.backstage import print_card, print_reasons, print_variables
from adapters.console.lines import Leave
from adapters.console.page import LANGUAGES
from bot.play.card import Option
from bot.play.step import Reason, Refused
from bot.story.problem import did_you_mean
from bot.studio.ledger import BadValue
from bot.studio.obstacle import told
from bot.studio.rehearsal import Rehearsal

WORDS = LANGUAGES["en"]

HELP = """\
  a number, or its id     take a choice
  wait                    let the time run out
  back [n]                to the last choice, or the n-th; again begins anew
  jump <scene>            straight there
  set <variable> <value>  stays set on this way
  dice <n> ...            what the next dice show, from 1 up
  vars, why               every value; every choice with its reasons
  in <language>           go on in another language
  link                    how to start here again
  problems                what the check says; Enter shows the card again; q leaves"""


class Misunderstood(Exception):
    """What was typed cannot be done; the message says why, and what can."""


class Prompter:
    """Does what is typed, a line at a time. `folder` is what a link names."""

    def __init__(self, console: Console, rehearsal: Rehearsal, folder: Path, problems: Callable[[], None]) -> None:
        self._console, self.rehearsal, self._folder = console, rehearsal, folder
        self._asking: str | None = None
        self._commands: Mapping[str, Callable[[str], None]] = {
            "back": self._back, "again": self._again, "jump": self._jump, "set": self._set, "dice": self._dice,
            "wait": self._wait, "vars": self._vars, "why": self._why, "in": self._speak, "link": self._link,
            "problems": lambda _: problems(), "help": self._help, "q": self._leave, "quit": self._leave,
        }  # fmt: skip

    @property
    def prompt(self) -> str:
        """What is waited for."""
        return WORDS.say_it if self._asking is not None else WORDS.prompt(self.rehearsal.card)

    def show(self) -> None:
        """The card as it stands; a question that was open is no more."""
        self._asking = None
        print_card(self._console, self.rehearsal)

    def take(self, line: str) -> None:
        """Do what a line says. Raises `Leave`."""
        try:
            self._take(line.strip())
        except (Misunderstood, BadValue) as error:
            self._console.print(f"[yellow]{escape(str(error))}[/]")
        except Refused as refused:
            self._console.print(f"[yellow]{WORDS.notices[refused.reason]}[/]")

    def _take(self, line: str) -> None:
        if self._asking is not None:
            asking, self._asking = self._asking, None
            self.rehearsal.choose(asking, line)
            return self.show()
        word, _, rest = line.partition(" ")
        if not line:
            return self.show()
        if (choice := self._choice(line)) is not None:
            return self._choose(choice)
        if word.lower() in self._commands:
            return self._commands[word.lower()](rest.strip())
        hint = did_you_mean(word.lower(), self._commands) or " help says what can be typed."
        raise Misunderstood(f'"{word}" means nothing here.{hint}')

    # -- choices

    def _choice(self, line: str) -> Option | None:
        """The choice that a number, or an id, stands for."""
        options = self.rehearsal.card.options
        if line.isdecimal() and len(line) < 4:
            if not 1 <= int(line) <= len(options):
                raise Misunderstood(f"there is no choice {line} here: {_counted(len(options))}")
            return options[int(line) - 1]
        return next((option for option in options if option.id == line), None)

    def _choose(self, option: Option) -> None:
        if option.locked:
            return self._say_why_locked(option)
        if option.ask is not None:
            self._asking = option.id
            return None
        self.rehearsal.choose(option.id)
        return self.show()

    def _say_why_locked(self, option: Option) -> None:
        [found] = [one for one in self.rehearsal.prospects() if one.choice.id == option.id]
        why = "" if found.obstacle is None else f" It needs {told(found.obstacle, self.rehearsal.state)}."
        raise Misunderstood(f"{WORDS.notices[Reason.LOCKED]}{why}")

    # -- commands

    def _back(self, rest: str) -> None:
        if rest and not rest.isdecimal():
            raise Misunderstood("back, or back 2 for the second choice")
        self.rehearsal.rewind(int(rest[:6]) - 1 if rest else None)
        self.show()

    def _again(self, rest: str) -> None:
        self.rehearsal.restart()
        self.show()

    def _jump(self, rest: str) -> None:
        scenes = self.rehearsal.story.scenes
        if not rest:
            raise Misunderstood(f"jump to a scene by its id: jump {self.rehearsal.story.start}")
        if rest not in scenes:
            raise Misunderstood(f'there is no scene "{rest}".{did_you_mean(rest, scenes)}')
        self.rehearsal.jump(rest)
        self.show()

    def _set(self, rest: str) -> None:
        name, _, value = rest.replace("=", " ", 1).partition(" ")
        if not name or not value.strip():
            raise Misunderstood("set a variable like this: set trust 2")
        self.rehearsal.assign(name, value)
        self.show()

    def _dice(self, rest: str) -> None:
        faces = rest.split()
        if not faces or not all(face.isdecimal() and int(face[:6]) > 0 for face in faces):
            raise Misunderstood("lay down dice like this: dice 2, or dice 1 3 for the next two")
        self.rehearsal.lay(*(int(face[:6]) for face in faces))
        self.show()

    def _wait(self, rest: str) -> None:
        self.rehearsal.time_out()
        self._console.print(f"[yellow]{WORDS.time_over}[/]")
        self.show()

    def _speak(self, rest: str) -> None:
        languages = self.rehearsal.story.languages
        if rest not in languages:
            raise Misunderstood(f"go on in one of the story's languages, as in {languages[0]}: {', '.join(languages)}")
        self.rehearsal.speak(rest)
        self.show()

    def _vars(self, rest: str) -> None:
        print_variables(self._console, self.rehearsal)

    def _why(self, rest: str) -> None:
        print_reasons(self._console, self.rehearsal)

    def _link(self, rest: str) -> None:
        folder, link = quote(str(self._folder)), quote(self.rehearsal.link)
        self._console.print(escape(f"run_bot.py studio play {folder} --from {link}"))

    def _help(self, rest: str) -> None:
        self._console.print(f"[dim]{escape(HELP)}[/]")

    def _leave(self, rest: str) -> None:
        raise Leave


def _counted(options: int) -> str:
    if not options:
        return "nothing can be chosen"
    return f"it has {options}" if options > 1 else "it has one"
