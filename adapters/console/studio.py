"""The studio in the terminal: play a story while it is being written."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(no_args_is_help=True)
"""They stand behind `studio`."""

Folder = Annotated[Path, typer.Argument(help="The story's folder.", exists=True, file_okay=False)]
Link = Annotated[str | None, typer.Option("--from", help="Where to start: what `link` showed.")]
Language = Annotated[str, typer.Option(help="Such as en or zh; else the story's own.")]
Seed = Annotated[int, typer.Option(help="The same seed rolls the same dice.")]


@commands.callback()
def studio() -> None:
    """Play a story while you write it, and see why it does what it does."""


@commands.command()
def watch(
    folder: Folder,
    link: Link = None,
    language: Language = "",
    seed: Seed = 1,
    picture: Annotated[Path | None, typer.Option("--map", help="Where to draw the map: .svg or .png.")] = None,
) -> None:
    """Play, and go on in place each time a file of the story is saved."""
    from adapters.console.rehearsal import Beginning, rehearse

    raise typer.Exit(asyncio.run(rehearse(folder, Beginning(link, language, seed, picture), watching=True)))


@commands.command()
def play(folder: Folder, link: Link = None, language: Language = "", seed: Seed = 1) -> None:
    """Play the story as its files are now."""
    from adapters.console.rehearsal import Beginning, rehearse

    raise typer.Exit(asyncio.run(rehearse(folder, Beginning(link, language, seed), watching=False)))
