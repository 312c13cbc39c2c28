"""The entrance: settings in, adapters up, one event loop, clean shutdown. `python run_bot.py --help` lists the rest."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.crew.foreman import Seat
from bot.interpreter import tune
from bot.settings import Settings, SettingsError, dealt_shards, load_settings, secret_key

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from adapters.discord.adapter import DiscordAdapter
    from adapters.telegram.adapter import TelegramAdapter
    from adapters.web.adapter import WebAdapter
    from bot.app import App
    from bot.clips.shelf import Shelf
    from bot.crew import Clock, Workers
    from bot.http.health import Readiness
    from bot.http.server import WebServer
    from bot.rooms import Rooms
    from bot.store.port import Store

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
def begin(context: typer.Context) -> None:
    """Serve the browser, and every platform whose token is set."""
    if context.invoked_subcommand is None:
        run(_serve(load_settings()))


@cli.command()
def serve(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the work; needs PostgreSQL.")] = 1,
    seat: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Serve as several processes on this machine."""
    settings = load_settings()
    if seat is not None:
        run(_serve(settings, Seat.read(seat)))
    elif workers == 1:
        run(_serve(settings))
    else:
        raise typer.Exit(_lead(settings, workers))


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


def _lead(settings: Settings, workers: int) -> int:
    """Be the foreman of that many workers: the exit code."""
    from bot.crew.foreman import Foreman, python
    from bot.http.server import reserve
    from bot.store.open import several_may_share

    if not several_may_share(settings.database_url):
        raise SettingsError("--workers: several need PostgreSQL; set DATABASE_URL to one, or leave --workers away")
    _look_over(settings)
    with reserve(settings.host, settings.port) as port:
        os.environ["PORT"] = str(port.getsockname()[1])
        return asyncio.run(Foreman(workers, python(__file__)).run())


@contextlib.asynccontextmanager
async def house(settings: Settings) -> AsyncIterator[tuple[App, Shelf]]:
    """Store, library, clips and the one door, for one who plays here and shares with nobody."""
    from bot.crew import Alone, Clock
    from bot.store.open import open_store

    _look_over(settings)
    store = open_store(settings.database_url)
    await store.open()
    try:
        yield await _furnished(settings, store, Alone(), Clock())
    finally:
        await store.close()


def _look_over(settings: Settings) -> None:
    """What must be mended before anything begins. Raises `SettingsError`."""
    from bot.logs import set_up

    set_up(settings.log_level)
    if not settings.stories_dir.is_dir():
        raise SettingsError(f"STORIES_DIR: there is no folder {settings.stories_dir}; make it, or set another")
    secret_key(settings)


async def _furnished(settings: Settings, store: Store, crew: Workers, clock: Clock) -> tuple[App, Shelf]:
    from bot.app import App
    from bot.clips.library import ClipLibrary
    from bot.clips.link import ClipLinks
    from bot.clips.shelf import Shelf
    from bot.library import Library

    shelf = Shelf(ClipLibrary(settings.stories_dir), ClipLinks(secret_key(settings), ""))
    library = Library(settings.stories_dir, store, shelf.lengths)
    await library.load(clock())
    return App(store, library, crew), shelf


async def _serve(settings: Settings, seat: Seat | None = None) -> None:
    """The one place where everything is put together; `seat` says which of several workers this is."""
    from bot.crew import Alone, Clock, Crew
    from bot.http.health import Readiness
    from bot.http.server import WebServer
    from bot.store.open import open_store, several_may_share

    _look_over(settings)
    stop = _told_to_stop(seat)
    store, clock = open_store(settings.database_url), Clock()
    several = several_may_share(settings.database_url)
    crew = Crew(store, clock, seat.worker if seat else None) if several else Alone()
    readiness = Readiness(store, lambda: server.ready, _wanted(settings))
    server = WebServer(settings.host, settings.port, [readiness.route()], shared=seat is not None)
    async with contextlib.AsyncExitStack() as open_things:
        await open_things.enter_async_context(server.running())
        beside = await open_things.enter_async_context(_beside(settings, seat, readiness))
        begun = await _begun(store, stop, lambda: _furnished(settings, store, crew, clock))
        if begun is None:
            return
        open_things.push_async_callback(store.close)
        app, shelf = begun
        readiness.reached = app.deliveries
        if isinstance(crew, Crew):
            await open_things.enter_async_context(crew.running())
        await _work(settings, seat, app, shelf, clock, server, beside, open_things)
        tune()
        server.ready = True
        announce(settings, server.port, app, seat)
        await stop.wait()
        server.ready = False
        asyncio.get_running_loop().call_later(SHUTDOWN_SECONDS, _give_up)


async def _begun(
    store: Store, stop: asyncio.Event, furnish: Callable[[], Awaitable[tuple[App, Shelf]]]
) -> tuple[App, Shelf] | None:
    """Open the store and put into the house what comes from it, however long its database is away; None when told to
    stop before that.
    """
    import structlog

    from bot.delivery.delivery import Pauses
    from bot.store.errors import StoreAway

    for pause in Pauses(last=5.0).growing():
        try:
            return await _opened(store, furnish)
        except StoreAway as error:
            structlog.get_logger().warning("database_away", error=str(error), again_in=pause)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
                return None
    return None


async def _opened(store: Store, furnish: Callable[[], Awaitable[tuple[App, Shelf]]]) -> tuple[App, Shelf]:
    await store.open()
    try:
        return await furnish()
    except BaseException:
        await store.close()
        raise


async def _work(
    settings: Settings, seat: Seat | None, app: App, shelf: Shelf, clock: Clock, server: WebServer,
    beside: WebServer | None, open_things: contextlib.AsyncExitStack,
) -> None:  # fmt: skip
    """Set everything to work that ends with the process."""
    from adapters.web.adapter import WebAdapter
    from bot.agenda import Agenda
    from bot.clips.serve import ClipServer
    from bot.lookout import Lookout
    from bot.rooms import Rooms

    secret, token, rooms = secret_key(settings), settings.telegram_token, Rooms(app)
    web = WebAdapter(
        app, rooms, shelf, secret, public_url=settings.public_url, now=clock,
        telegram_token=token.get_secret_value() if token else None,
    )  # fmt: skip
    telegram = _telegram(settings, app, rooms, shelf, clock)
    discord = _discord(settings, seat, app, rooms, shelf, clock)
    metrics = _metrics(settings, app, rooms, web)
    server.add([*web.routes, ClipServer(shelf.library, shelf.links).route(), *(telegram.routes if telegram else [])])
    for one in (server, beside):
        if one is not None:
            one.add(metrics)
    # At the end these go last: what is called until then is still answered.
    for adapter in (telegram, discord):
        if adapter is not None:
            await open_things.enter_async_context(adapter.running())
    open_things.push_async_callback(server.close)
    await open_things.enter_async_context(web.running())
    agenda = asyncio.create_task(Agenda(app, rooms, clock).run())
    open_things.push_async_callback(_ended, agenda)
    lookout = asyncio.create_task(Lookout(app).run())
    open_things.push_async_callback(_ended, lookout)


@contextlib.asynccontextmanager
async def _beside(settings: Settings, seat: Seat | None, readiness: Readiness) -> AsyncIterator[WebServer | None]:
    """A second server for who watches over this very process, where one is wanted."""
    from bot.http.server import WebServer

    if settings.health_port is None:
        yield None
        return
    server = WebServer(settings.host, settings.health_port + (seat.number - 1 if seat else 0), [readiness.route()])
    async with server.running():
        server.ready = True
        yield server


def _wanted(settings: Settings) -> list[str]:
    """The platforms that have a token."""
    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    return [platform for platform, token in tokens.items() if token is not None]


def _metrics(settings: Settings, app: App, rooms: Rooms, web: WebAdapter) -> list[BaseRoute]:
    """The route of the figures, which are told to this machine, or to who has the token."""
    if settings.metrics_token is None and not settings.stays_here:
        return []
    from bot.gauges import gauges
    from bot.http.metrics import Metrics

    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    shown = gauges(app, rooms, _wanted(settings), lambda: web.room_listeners)
    return [Metrics(app.figures, shown, token).route()]


def _telegram(settings: Settings, app: App, rooms: Rooms, shelf: Shelf, clock: Clock) -> TelegramAdapter | None:
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
    return TelegramAdapter(app, rooms, shelf, account, clock)


def _discord(
    settings: Settings, seat: Seat | None, app: App, rooms: Rooms, shelf: Shelf, clock: Clock
) -> DiscordAdapter | None:
    """The Discord adapter, loaded only where there is a token, and a shard for this worker."""
    shards = settings.discord_shards if seat is None else dealt_shards(settings.discord_shards, seat.number, seat.of)
    if settings.discord_token is None or (shards is not None and not shards[0]):
        return None
    from adapters.discord.adapter import Account, DiscordAdapter
    from bot.link import Links

    account = Account(
        settings.discord_token.get_secret_value(),
        secret_key(settings),
        settings.discord_api_url,
        settings.public_url,
        shards,
    )
    return DiscordAdapter(app, rooms, Links(app), shelf, account, clock)


def announce(settings: Settings, port: int, app: App, seat: Seat | None) -> None:
    """Say where the stories are played, and which cannot be."""
    for story, problems in app.library.broken.items():
        print(f"story {story} is broken and not played; first of {len(problems)}: {problems[0]}", file=sys.stderr)
    link = settings.public_url if settings.port else f"http://{settings.host}:{port}"
    who = "Cliffhanger" if seat is None else f"Worker {seat.number} of {seat.of}"
    print(f"{who} is ready: {len(app.library.stories)} stories to play at {link}/", flush=True)


def _told_to_stop(seat: Seat | None) -> asyncio.Event:
    """Set when the operator wants an end, which may be while everything is still starting; or when the foreman of this
    worker is gone, without whom nobody would end it.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seat is not None:
        loop.add_reader(sys.stdin.fileno(), stop.set)
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


if __name__ == "__main__":
    main()
