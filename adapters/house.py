"""The house, put together: store, library, clips, the one door, and every platform whose token is set."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from adapters import parts
from bot.crew.foreman import Seat
from bot.interpreter import tune
from bot.settings import Settings, SettingsError, secret_key

if TYPE_CHECKING:
    from bot.app import App
    from bot.clips.shelf import Shelf
    from bot.crew import Clock, Workers
    from bot.http.health import Readiness
    from bot.http.server import WebServer
    from bot.store.port import Store

SHUTDOWN_SECONDS = 9
"""Everything ends within this after SIGTERM; a supervisor usually kills after 10."""


def look_over(settings: Settings) -> None:
    """What must be mended before anything begins. Raises `SettingsError`."""
    from bot.logs import set_up

    set_up(settings.log_level)
    if not settings.stories_dir.is_dir():
        raise SettingsError(f"STORIES_DIR: there is no folder {settings.stories_dir}; make it, or set another")
    secret_key(settings)


@contextlib.asynccontextmanager
async def house(settings: Settings) -> AsyncIterator[tuple[App, Shelf]]:
    """Store, library, clips and the one door, for one who plays here and shares with nobody."""
    from bot.crew import Alone, Clock
    from bot.store.open import open_store

    look_over(settings)
    store = open_store(settings.database_url)
    await store.open()
    try:
        yield await _furnished(settings, store, Alone(), Clock())
    finally:
        await store.close()


async def serve(settings: Settings, seat: Seat | None = None) -> None:
    """Serve until told to stop. `seat` says which of several workers this is."""
    from bot.crew import Alone, Clock, Crew
    from bot.http.health import Readiness
    from bot.http.server import WebServer
    from bot.store.open import open_store, several_may_share

    look_over(settings)
    stop = _told_to_stop(seat)
    store, clock = open_store(settings.database_url), Clock()
    several = several_may_share(settings.database_url)
    crew = Crew(store, clock, seat.worker if seat else None) if several else Alone()
    readiness = Readiness(store, lambda: server.ready, parts.platforms(settings))
    server = WebServer(settings.host, settings.port, [readiness.route()], shared=seat is not None)
    async with contextlib.AsyncExitStack() as open_things:
        await open_things.enter_async_context(server.running())
        beside = await open_things.enter_async_context(_beside(settings, seat, readiness))
        store.figures.trace = trace = parts.trace(settings.otel_exporter_otlp_endpoint)
        if trace is not None:
            open_things.push_async_callback(asyncio.to_thread, trace.close)
        begun = await _begun(store, stop, lambda: _furnished(settings, store, crew, clock))
        if begun is None:
            return
        open_things.push_async_callback(store.close)
        app, shelf = begun
        readiness.reached = app.deliveries
        if isinstance(crew, Crew):
            await open_things.enter_async_context(crew.running())
        await _at_work(settings, seat, app, shelf, clock, server, beside, open_things)
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


async def _furnished(settings: Settings, store: Store, crew: Workers, clock: Clock) -> tuple[App, Shelf]:
    from bot.app import App
    from bot.clips.library import ClipLibrary
    from bot.clips.link import ClipLinks
    from bot.clips.shelf import Shelf
    from bot.library import Library

    links = ClipLinks(secret_key(settings), "")
    shelf = Shelf(ClipLibrary(settings.stories_dir), links, parts.vault(settings))
    library = Library(settings.stories_dir, store, shelf.lengths)
    await library.load(clock())
    return App(store, library, crew), shelf


async def _at_work(
    settings: Settings, seat: Seat | None, app: App, shelf: Shelf, clock: Clock, server: WebServer,
    beside: WebServer | None, open_things: contextlib.AsyncExitStack,
) -> None:  # fmt: skip
    """Set everything to work that ends with the process."""
    from adapters.web.adapter import WebAdapter
    from bot.agenda import Agenda
    from bot.clips.serve import ClipServer
    from bot.crew import Crew
    from bot.lookout import Lookout
    from bot.rooms import Rooms
    from bot.studio.sweeping import Sweeping

    secret, token, rooms = secret_key(settings), settings.telegram_token, Rooms(app)
    studio = await open_things.enter_async_context(parts.studio(settings, app, shelf).running())
    web = WebAdapter(
        app, rooms, shelf, secret, public_url=settings.public_url, now=clock,
        telegram_token=token.get_secret_value() if token else None, studio=studio,
    )  # fmt: skip
    clips = ClipServer(shelf.library, shelf.links, vault=shelf.vault)
    telegram = parts.telegram(settings, app, rooms, shelf, clock, studio)
    discord = parts.discord(settings, seat, app, rooms, shelf, clock, studio)
    server.add([*web.routes, clips.route(), *(telegram.routes if telegram else [])])
    for one in (server, beside):
        if one is not None:
            one.add(parts.metrics(settings, app, rooms, web))
    for adapter in (telegram, discord):
        if adapter is not None:
            await open_things.enter_async_context(adapter.running())
    # What was called is answered before anything that it needs ends.
    open_things.push_async_callback(server.close)
    await open_things.enter_async_context(web.running())
    retention = parts.retention(settings, app, clock)
    works: list[Callable[[], Awaitable[None]]] = [
        Agenda(app, rooms, clock).run,
        partial(app.crew.alone_at, "retention", retention.run),
        app.library.watch,
    ]
    if shelf.vault is not None:
        works.append(partial(app.crew.alone_at, "sweeping", Sweeping(app.store, shelf.vault).run))
    if isinstance(app.crew, Crew):
        works.append(Lookout(app).run)
    for work in works:
        open_things.push_async_callback(_ended, asyncio.ensure_future(work()))


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


# -- beginning and ending


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


async def _ended(task: asyncio.Future[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
