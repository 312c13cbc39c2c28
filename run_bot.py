"""The entrance: settings in, the house put together, one event loop, clean shutdown. `--help` lists all commands."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated

import typer

from adapters.console.database import commands as database_commands
from adapters.console.stories import commands as story_commands
from adapters.console.studio import commands as studio_commands
from bot.crew.foreman import Seat
from bot.settings import Settings, SettingsError, load_settings

cli = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False)


def main() -> None:
    """Run a command; what the operator can mend is one line and exit code 2."""
    from bot.http.server import CannotListen
    from bot.store.errors import StoreError

    try:
        cli()
    except (SettingsError, StoreError, CannotListen) as error:
        print(f"run_bot: {error}", file=sys.stderr)
        sys.exit(2)


@cli.callback(invoke_without_command=True)
def begin(context: typer.Context) -> None:
    """Serve the browser, and every platform whose token is set."""
    if context.invoked_subcommand is None:
        _serve()


@cli.command()
def serve(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the work; needs PostgreSQL.")] = 1,
    seat: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Serve as several processes on this machine."""
    if seat is not None:
        _serve(Seat.read(seat))
    elif workers == 1:
        _serve()
    else:
        raise typer.Exit(_lead(load_settings(), workers))


def _serve(seat: Seat | None = None) -> None:
    from adapters.house import serve

    run(serve(load_settings(), seat))


def _lead(settings: Settings, workers: int) -> int:
    """Be the foreman of that many workers: the exit code."""
    from adapters.house import look_over
    from bot.crew.foreman import Foreman, python
    from bot.http.server import reserve
    from bot.store.open import several_may_share

    if not several_may_share(settings.database_url):
        raise SettingsError("--workers: several need PostgreSQL; set DATABASE_URL to one, or leave --workers away")
    look_over(settings)
    with reserve(settings.host, settings.port) as port:
        os.environ["PORT"] = str(port.getsockname()[1])
        return asyncio.run(Foreman(workers, python(__file__)).run())


@cli.command()
def play(
    story: Annotated[str, typer.Argument(help="The story's id: its folder in STORIES_DIR.")],
    language: Annotated[str | None, typer.Option(help="Such as en or zh.")] = None,
    viewer: Annotated[str, typer.Option(help="Whose place to go on from.")] = "terminal",
) -> None:
    """Play a story in the terminal."""
    from adapters.console.adapter import play_in_terminal
    from adapters.house import house

    async def session(settings: Settings) -> None:
        async with house(settings) as (app, shelf):
            await play_in_terminal(app, shelf, settings.public_url, story, viewer, language)

    run(session(load_settings()))


@studio_commands.command("open")
def open_studio(
    viewer: Annotated[str, typer.Option(help="Whose drafts.")] = "terminal",
    to: Annotated[Path, typer.Option(help="The folder where maps and tables are written.", file_okay=False)] = Path(),
) -> None:
    """Send stories, test and publish them, as in a chat."""
    from adapters import parts
    from adapters.console.desk import work_in_terminal
    from adapters.house import house

    async def session(settings: Settings) -> None:
        async with house(settings) as (app, shelf), parts.studio(settings, app, shelf).running() as door:
            await work_in_terminal(door, viewer, to)

    run(session(load_settings()))


def db(context: typer.Context) -> None:
    """Look after the database: upgrade, back up, restore, copy."""
    context.obj = load_settings().database_url


cli.add_typer(story_commands)
cli.add_typer(database_commands, name="db", callback=db)
cli.add_typer(studio_commands, name="studio")


def run(main: Coroutine[object, object, None]) -> None:
    """One event loop, the fast one where it exists."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


if __name__ == "__main__":
    main()
