"""What a creator asks of a story in the terminal: is it sound, what is not translated, make its clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import yaml
from rich.console import Console
from rich.markup import escape

from adapters.console.given import Given, read_given
from bot.story.checks import check
from bot.story.problem import Problem, StoryError
from bot.story.reader import MAIN, read_folder
from bot.story.story import Story, Text

_MOST_LEFT_OUT = 20
"""Files that are told one by one."""

_SCHEMA = ".schema.json"
"""What the files for editors end in that lie beside stories: `stories/*` names them too."""


def new_console() -> Console:
    """The terminal as all reports write to it."""
    return Console(highlight=False, soft_wrap=True, emoji=False)


def check_stories(folders: Sequence[Path]) -> int:
    """Prints every problem of the stories; 1 when one of them has an error, else 0."""
    console = new_console()
    return max([_check(console, folder) for folder in stories_in(folders)], default=none_found(console, folders))


def stories_in(folders: Sequence[Path]) -> list[Path]:
    """Each folder, or the stories in it when it is a folder of stories. Schemas among several are passed over."""
    wanted = [path for path in folders if len(folders) == 1 or not path.name.endswith(_SCHEMA) or path.is_dir()]
    return [
        story
        for folder in wanted
        for story in (
            [folder]
            if (folder / MAIN).is_file() or not folder.is_dir()
            else sorted(path.parent for path in folder.glob(f"*/{MAIN}"))
        )
    ]


def none_found(console: Console, folders: Sequence[Path]) -> int:
    """0, or 1 with a word about it where the folders hold no story."""
    if stories_in(folders):
        return 0
    console.print(f"There is no story in {', '.join(map(str, folders))}; a story is a folder with a {MAIN}.")
    return 1


def _check(console: Console, folder: Path) -> int:
    try:
        given = read_given(folder)
    except StoryError as error:
        print_problems(console, error.problems)
        console.print(f"[red]{escape(folder.name)}: {len(error.problems)} errors; it cannot be played[/]")
        return 1
    story = given.story
    problems = check(story, given.seconds)
    print_problems(console, problems)
    _print_left_out(console, given)
    errors = sum(problem.severity == "error" for problem in problems)
    counted = f"{len(story.scenes)} scenes, {len(story.endings)} endings, {len(story.languages)} languages"
    verdict = f"{errors} errors, {len(problems) - errors} warnings" if problems else "no problems"
    colour = "red" if errors else "yellow" if problems else "green"
    console.print(f"[{colour}]{escape(story.id)}: {verdict}[/] [dim]({counted})[/]")
    return 1 if errors else 0


def _print_left_out(console: Console, given: Given) -> None:
    for one in given.left_out[:_MOST_LEFT_OUT]:
        console.print(f"[dim]{escape(one.path)} is left out: {escape(one.why)}[/]")
    if more := given.left_out[_MOST_LEFT_OUT:]:
        console.print(f"[dim]{len(more)} more files are left out[/]")


def read_or_tell(console: Console, path: Path) -> Given | None:
    """The story at a path, which knows how long its clips last; None, and what is wrong on the screen, if it has
    errors."""
    try:
        given = read_given(path)
    except StoryError as error:
        print_problems(console, error.problems)
        return None
    story = given.story
    known = {id: given.seconds(scene.clip) or 0.0 for id, scene in story.scenes.items() if scene.clip}
    return replace(given, story=replace(story, seconds={id: length for id, length in known.items() if length}))


def can_write(console: Console, file: Path) -> bool:
    """Whether there is a folder for a file that is to be written; else it is told which one is missing."""
    if file.parent.is_dir() and not file.is_dir():
        return True
    console.print(f"[red]{escape(str(file))} cannot be written: make the folder {escape(str(file.parent))} first[/]")
    return False


def print_problems(console: Console, problems: Sequence[Problem]) -> None:
    """A line each, with its place first."""
    for problem in problems:
        colour = "red" if problem.severity == "error" else "yellow"
        console.print(f"{escape(str(problem.place))} [{colour}]{problem.code}[/] {escape(problem.message)}")


def fill_table(folder: Path, language: str) -> int:
    """Adds what a language's string table lacks, as comments to fill in; what is there is not touched."""
    console = new_console()
    try:
        story = read_folder(folder)
    except StoryError as error:
        print_problems(console, error.problems)
        return 1
    path = folder / "locales" / f"{language}.yaml"
    path.parent.mkdir(exist_ok=True)
    there = path.read_text("utf-8") if path.is_file() else ""
    rows = untranslated(story, language)
    fresh = [row for row in rows if row not in there.splitlines()]
    if fresh:
        gap = "" if there.endswith("\n") or not there else "\n"
        path.write_text(there + gap + "\n".join(fresh) + "\n", "utf-8")
    console.print(f"{escape(str(path))}: {len(rows)} texts still to translate")
    return 0


def untranslated(story: Story, language: str) -> list[str]:
    """A comment per missing text: its key, with the story's own words to be replaced."""
    own = story.wordings[story.language]
    wording = story.wordings.get(language)
    missing = list(own.texts) if wording is None else wording.missing
    return [f"# {_row(key, _written(story, own.texts[key]))}" for key in missing]


def _written(story: Story, text: Text) -> str:
    """A text as its author writes it, holes and braces included."""
    return "".join(
        part.replace("{", "{{").replace("}", "}}") if isinstance(part, str) else f"{{{story.variables[part].name}}}"
        for part in text.parts
    )


def _row(key: str, words: str) -> str:
    return yaml.safe_dump({key: words}, allow_unicode=True, width=10_000).rstrip("\n")


def make_story_clips(folders: Sequence[Path], only: set[str]) -> int:
    """Makes what is missing or changed; 1 when a story cannot be read or the extra `clips` is not installed."""
    console = new_console()
    try:
        from bot.clips.make.maker import make_clips
    except ImportError as error:
        console.print(f"[red]{error.name} is missing: install the extra with pip install -e '.\\[clips]'[/]")
        return 1
    for folder in stories_in(folders):
        try:
            make_clips(read_folder(folder), folder, only=only or None, report=console.print)
        except StoryError as error:
            print_problems(console, error.problems)
            return 1
    return 0
