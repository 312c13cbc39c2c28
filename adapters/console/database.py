"""What an operator does with the database in the terminal: bring it up to date, back it up, restore it, move it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from bot.store.copy.copying import Copied, Report

Result = TypeVar("Result")

commands = typer.Typer(no_args_is_help=True)
"""The commands below `db`. Their context's `obj` is DATABASE_URL."""


@commands.command()
def upgrade(context: typer.Context) -> None:
    """Bring the schema up to date; a bot of the release before may go on meanwhile."""
    from bot.store.copy.operation import upgrade

    before, after = _run(upgrade(context.obj))
    if before == after:
        print(f"The schema is up to date: {after}.")
    else:
        print(f"The schema was {before or 'not there'} and is {after}.")


@commands.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="The file to make; it must not be there yet.")]
) -> None:
    """Take all of the database as it is now into one file, while the bot goes on."""
    from bot.store.copy.operation import back_up

    with _progress() as report:
        copied = _run(back_up(context.obj, file, report))
    _print(copied, f"{file} holds")


@commands.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[bool, typer.Option("--replace", help="Even where the database holds something.")] = False,
) -> None:
    """Put a backup into the database, while no bot uses it."""
    from bot.store.copy.operation import restore

    with _progress() as report:
        copied = _run(restore(context.obj, file, replace, report))
    _print(copied, "The database holds")


@commands.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM_URL", help="A database, as DATABASE_URL would name it.")],
    destination: Annotated[str, typer.Argument(metavar="TO_URL", help="Another one, with nothing in it.")],
) -> None:
    """Copy one database into another of whatever kind, and compare both. Stop the bot first."""
    from bot.store.copy.operation import copy_database

    with _progress() as report:
        copied = _run(copy_database(source, destination, report))
    _print(copied, "Both databases hold the same")


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    from bot.store.errors import StoreError, Unstorable

    try:
        return asyncio.run(work)
    except Unstorable as error:
        raise StoreError(str(error)) from error


@contextmanager
def _progress() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def report(doing: str, done: int, total: int) -> None:
            progress.update(task, description=doing, completed=done, total=total)

        yield report


def _print(copied: Sequence[Copied], what: str) -> None:
    for table in copied:
        print(f"{table.table:<14} {table.rows:>12,} {table.digest}".rstrip())
    rows = sum(table.rows for table in copied)
    print(f"{what}: {rows:,} rows in {len(copied)} tables.")
