"""What a creator does in the terminal: check a story, try it, draw it, translate it, make its clips."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
"""They stand beside the entrance's own commands."""

Folder = Annotated[Path, typer.Argument(help="The story's folder.")]
StoryPath = Annotated[Path, typer.Argument(help="The story: its folder, a .zip of it, or a single .yaml.")]
StoryPaths = Annotated[
    list[Path], typer.Argument(help="Stories, or folders of stories; a .zip or .yaml is a story too.")
]
Folders = Annotated[list[Path], typer.Argument(help="Folders of stories.")]


@commands.command()
def check(stories: StoryPaths) -> None:
    """Check stories and say what is wrong, with the place of each."""
    from adapters.console.report import check_stories

    raise typer.Exit(check_stories(stories))


@commands.command()
def prove(stories: StoryPaths) -> None:
    """Play stories in every way there is, and say what can go wrong and what can never happen."""
    from adapters.console.prove import prove_stories

    raise typer.Exit(prove_stories(stories))


@commands.command()
def strings(
    folder: Folder, language: Annotated[str, typer.Argument(help="The language of the table, such as es.")]
) -> None:
    """Write what is missing into a story's string table, and keep what is there."""
    from adapters.console.report import fill_table

    raise typer.Exit(fill_table(folder, language))


@commands.command()
def clips(
    folders: Folders,
    only: Annotated[list[str] | None, typer.Option(help="Just this scene; may be given several times.")] = None,
) -> None:
    """Make the clips that are missing or whose scene changed (needs the extra `clips`)."""
    from adapters.console.report import make_story_clips

    raise typer.Exit(make_story_clips(folders, set(only or ())))


@commands.command()
def test(
    story: StoryPath,
    plays: Annotated[int, typer.Option(min=1, help="How many plays.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plays.")] = 1,
    late: Annotated[int, typer.Option(min=0, max=100, help="Of 100 clocks, how many run out.")] = 20,
    most: Annotated[int, typer.Option(min=1, help="Choices after which a play counts as endless.")] = 300,
    rounds: Annotated[int, typer.Option(min=1, help="How often each viewer plays; what is kept, they keep.")] = 3,
    at_once: Annotated[int, typer.Option(min=1, help="Processes to play in; the outcome is the same.")] = 1,
    csv: Annotated[Path | None, typer.Option(help="Where to write the counts as a table.")] = None,
    picture: Annotated[Path | None, typer.Option("--map", help="Where to draw them on the map: .svg or .png.")] = None,
) -> None:
    """Play a story at random, many times, and say what was hit and where plays get stuck."""
    from adapters.console.trials import try_story
    from bot.studio.whim import Habits

    raise typer.Exit(try_story(story, Habits(seed, late, most, rounds), plays, at_once, csv, picture))


@commands.command()
def map(
    story: StoryPath,
    out: Annotated[Path, typer.Option(help="The picture: .svg or .png.")],
    heat: Annotated[Path | None, typer.Option(help="Counts that `test --csv` wrote, to be shown as heat.")] = None,
) -> None:
    """Draw a whole story as one picture: episodes, scenes, ways, and what is wrong with them."""
    from adapters.console.map import draw_map

    raise typer.Exit(draw_map(story, heat, out))
