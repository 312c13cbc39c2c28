"""The entrance: settings in, adapters up, one event loop, clean shutdown. `python run_bot.py --help` lists the rest."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.interpreter import tune
from bot.settings import Settings, SettingsError, load_settings, secret_key

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from adapters.discord.adapter import DiscordAdapter
    from adapters.telegram.adapter import TelegramAdapter
    from adapters.web.adapter import WebAdapter
    from bot.app import App
    from bot.clips.shelf import Shelf
    from bot.rooms import Rooms

SHUTDOWN_SECONDS = 9
"""Everything ends within this after SIGTERM; a supervisor usually kills after 10."""

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
def serve(context: typer.Context) -> None:
    """Serve the browser, and every platform whose token is set."""
    if context.invoked_subcommand is None:
        run(_serve(load_settings()))


@cli.command()
def play(
    story: Annotated[str, typer.Argument(help="The story's id: its folder in STORIES_DIR.")],
    language: Annotated[str | None, typer.Option(help="Such as en or zh.")] = None,
    viewer: Annotated[str, typer.Option(help="Whose place to go on from.")] = "terminal",
) -> None:
    """Play a story in the terminal."""
    from adapters.console.adapter import play_in_terminal

    async def session(settings: Settings) -> None:
        async with house(settings) as (app, shelf):
            await play_in_terminal(app, shelf, settings.public_url, story, viewer, language)

    run(session(load_settings()))


@cli.command()
def check(folders: Annotated[list[Path], typer.Argument(help="Folders of stories.")]) -> None:
    """Check stories and say what is wrong, with the place of each."""
    from adapters.console.report import check_stories

    raise typer.Exit(check_stories(folders))


@cli.command()
def prove(folders: Annotated[list[Path], typer.Argument(help="Folders of stories.")]) -> None:
    """Play stories in every way there is, and say what can go wrong and what can never happen."""
    from adapters.console.prove import prove_stories

    raise typer.Exit(prove_stories(folders))


@cli.command()
def strings(
    folder: Annotated[Path, typer.Argument(help="The story's folder.")],
    language: Annotated[str, typer.Argument(help="The language of the table, such as es.")],
) -> None:
    """Write what is missing into a story's string table, and keep what is there."""
    from adapters.console.report import fill_table

    raise typer.Exit(fill_table(folder, language))


@cli.command()
def clips(
    folders: Annotated[list[Path], typer.Argument(help="Folders of stories.")],
    only: Annotated[list[str] | None, typer.Option(help="Just this scene; may be given several times.")] = None,
) -> None:
    """Make the clips that are missing or whose scene changed (needs the extra `clips`)."""
    from adapters.console.report import make_story_clips

    raise typer.Exit(make_story_clips(folders, set(only or ())))


@contextlib.asynccontextmanager
async def house(settings: Settings) -> AsyncIterator[tuple[App, Shelf]]:
    """The one place where everything is put together: store, library, clips and the one door."""
    from bot.app import App
    from bot.clips.library import ClipLibrary
    from bot.clips.link import ClipLinks
    from bot.clips.shelf import Shelf
    from bot.library import Library
    from bot.logs import set_up
    from bot.store.open import open_store

    set_up(settings.log_level)
    if not settings.stories_dir.is_dir():
        raise SettingsError(f"STORIES_DIR: there is no folder {settings.stories_dir}; make it, or set another")
    shelf = Shelf(ClipLibrary(settings.stories_dir), ClipLinks(secret_key(settings), ""))
    store = open_store(settings.database_url)
    await store.open()
    try:
        library = Library(settings.stories_dir, store, shelf.lengths)
        await library.load(now())
        yield App(store, library), shelf
    finally:
        await store.close()


async def _serve(settings: Settings) -> None:
    from adapters.web.adapter import WebAdapter
    from bot.agenda import Agenda
    from bot.clips.serve import ClipServer
    from bot.http.server import WebServer
    from bot.rooms import Rooms

    stop = _told_to_stop()
    async with house(settings) as (app, shelf), contextlib.AsyncExitStack() as open_things:
        secret = secret_key(settings)
        token = settings.telegram_token
        rooms = Rooms(app)
        web = WebAdapter(
            app,
            rooms,
            shelf,
            secret,
            public_url=settings.public_url,
            now=now,
            telegram_token=token.get_secret_value() if token else None,
        )
        clip_server = ClipServer(shelf.library, shelf.links)
        telegram = _telegram(settings, app, rooms, shelf)
        discord = _discord(settings, app, rooms, shelf)
        routes = [*web.routes, clip_server.route(), *(telegram.routes if telegram else [])]
        routes += _watched(settings, app, rooms, web, lambda: server.ready)
        server = WebServer(settings.host, settings.port, routes)
        await open_things.enter_async_context(server.running())
        await open_things.enter_async_context(web.running())
        if telegram is not None:
            await open_things.enter_async_context(telegram.running())
        if discord is not None:
            await open_things.enter_async_context(discord.running())
        agenda = asyncio.create_task(Agenda(app, rooms, now).run())
        open_things.push_async_callback(_ended, agenda)
        tune()
        server.ready = True
        announce(settings, server.port, len(app.library.stories), app.library.broken)
        await stop.wait()
        server.ready = False
        asyncio.get_running_loop().call_later(SHUTDOWN_SECONDS, _give_up)


def _watched(
    settings: Settings, app: App, rooms: Rooms, web: WebAdapter, started: Callable[[], bool]
) -> list[BaseRoute]:
    """Routes for who watches over the bot. Figures are told to this machine, or to who has the token."""
    from bot.http.health import Readiness

    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    wanted = [platform for platform, token in tokens.items() if token is not None]
    routes: list[BaseRoute] = [Readiness(app.store, started, wanted, app.deliveries).route()]
    if settings.metrics_token is not None or settings.stays_here:
        from bot.gauges import gauges
        from bot.http.metrics import Metrics

        token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
        shown = gauges(app, rooms, wanted, lambda: web.room_listeners)
        routes.append(Metrics(app.figures, shown, token).route())
    return routes


def _telegram(settings: Settings, app: App, rooms: Rooms, shelf: Shelf) -> TelegramAdapter | None:
    """The Telegram adapter, loaded only where there is a token."""
    if settings.telegram_token is None:
        return None
    from adapters.telegram.adapter import Account, TelegramAdapter

    owners = [owner.partition(":")[2] for owner in settings.owners if owner.startswith("telegram:")]
    account = Account(
        settings.telegram_token.get_secret_value(),
        secret_key(settings),
        settings.telegram_api_url,
        settings.public_url,
        settings.telegram_webhook_url,
        tuple(int(owner) for owner in owners if owner.isdigit()),
        settings.telegram_clips_chat,
        settings.support_contact,
        settings.telegram_sends_per_second,
    )
    return TelegramAdapter(app, rooms, shelf, account, now)


def _discord(settings: Settings, app: App, rooms: Rooms, shelf: Shelf) -> DiscordAdapter | None:
    """The Discord adapter, loaded only where there is a token."""
    if settings.discord_token is None:
        return None
    from adapters.discord.adapter import Account, DiscordAdapter
    from bot.link import Links

    account = Account(
        settings.discord_token.get_secret_value(),
        secret_key(settings),
        settings.discord_api_url,
        settings.public_url,
        settings.discord_shards,
    )
    return DiscordAdapter(app, rooms, Links(app), shelf, account, now)


def announce(settings: Settings, port: int, stories: int, broken: Mapping[str, Sequence[object]]) -> None:
    """Say where the stories are played, and which cannot be."""
    for story, problems in broken.items():
        print(f"story {story} is broken and not played; first of {len(problems)}: {problems[0]}", file=sys.stderr)
    link = settings.public_url if settings.port else f"http://{settings.host}:{port}"
    print(f"Cliffhanger is ready: {stories} stories to play at {link}/", flush=True)


def _told_to_stop() -> asyncio.Event:
    """Set when the operator wants an end, which may be while everything is still starting."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def _give_up() -> None:
    """What is durable is safe from this, and what is not was never acknowledged."""
    print("run_bot: something would not end in time and was cut off; nothing acknowledged is lost", file=sys.stderr)
    os._exit(1)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def run(main: Coroutine[object, object, None]) -> None:
    """One event loop, the fast one where it exists."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def now() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main()
