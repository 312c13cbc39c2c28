"""Discord, put together: from the login to the last acknowledgement."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.base import Capabilities
from adapters.button import Buttons
from adapters.discord.attachment import Attachments
from adapters.discord.ballots import Ballots
from adapters.discord.board import GAP, Board
from adapters.discord.branches import Branches
from adapters.discord.calendar import Calendar
from adapters.discord.client import Client
from adapters.discord.clips import Clips
from adapters.discord.creators import Creators
from adapters.discord.desk import Desk
from adapters.discord.hall import Hall
from adapters.discord.notices import Notices
from adapters.discord.place import PLATFORM, rate_of
from adapters.discord.player import Player
from adapters.discord.screen import Screen
from adapters.discord.sender import Sender
from adapters.discord.shop import Shop
from adapters.discord.stage import Stage
from adapters.discord.standing import Standings
from adapters.discord.steering import Steering
from adapters.discord.trouble import PASSING
from adapters.discord.voice import Voices
from adapters.discord.watch import Watch
from adapters.shares import Shares
from adapters.studio.door import StudioDoor
from bot.app import App
from bot.clips.shelf import Shelf
from bot.crew import Topic
from bot.crew.news import EVERYTHING
from bot.delivery.delivery import PAUSES, Delivery, Gone
from bot.delivery.pace import Pace, Rate
from bot.delivery.parcel import Note, Parcel
from bot.link import Links
from bot.rooms import Rooms
from bot.store.errors import StoreError

log = structlog.get_logger()

OVERALL = Rate(per_second=40, burst=20)
"""Discord allows 50 requests a second over all routes; answers to interactions are not counted."""

STEADY = 600.0
"""Seconds that a connection held after which it is no sign of lasting trouble that it ended."""

TOKEN_REFUSED = 4004
INTENTS_REFUSED = (4013, 4014)
SHARDS_REFUSED = (4010, 4011)
"""Codes with which the gateway closes for good (Discord, gateway close codes)."""

HELP = {
    TOKEN_REFUSED: "DISCORD_TOKEN is refused; copy it anew from the application's Bot page",
    **dict.fromkeys(INTENTS_REFUSED, "the application may not use the intents it asks for"),
    **dict.fromkeys(SHARDS_REFUSED, "DISCORD_SHARDS does not fit: leave it away, or name more shards in all"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One bot at Discord, as the operator set it up."""

    token: str = field(repr=False)
    secret: bytes = field(repr=False)
    api_url: str
    public_url: str
    shards: tuple[Sequence[int], int] | None = None
    """Those of this process, and of how many; None: all there are."""
    paced: bool = True
    gap: float = GAP
    """Seconds between two edits of a room's card."""

    @property
    def web_url(self) -> str | None:
        """The browser's player, where others than this machine reach it."""
        return self.public_url if self.public_url.startswith("https:") else None


class DiscordAdapter:
    """One bot. What is wrong with Discord is logged, and the rest of the house goes on."""

    capabilities = Capabilities(PLATFORM, pushes=True, keeps_time=False)

    def __init__(
        self, app: App, rooms: Rooms, links: Links, shelf: Shelf, account: Account, now: Callable[[], int],
        studio: StudioDoor | None = None,
    ) -> None:  # fmt: skip
        self._app = app
        self._rooms = rooms
        self._links = links
        self._clips = Clips(shelf, account.web_url)
        self._account = account
        self._now = now
        self._counter = None if studio is None else studio.counter(now)
        self._standings = Standings(app.store)
        self._stage: Stage | None = None
        self._screen: Screen | None = None
        self._board: Board | None = None
        self._working: set[asyncio.Task[None]] = set()
        rooms.listen(self._touched)
        app.crew.news.listen(Topic.WHISPER, self._whispered)
        Route.BASE = account.api_url

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Play while the context lasts."""
        live = asyncio.create_task(self._live())
        try:
            yield
        finally:
            live.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await live
            await asyncio.gather(*self._working, return_exceptions=True)

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        """See the protocol."""
        if self._stage is None:
            raise ConnectionError("Discord is not reached yet")
        try:
            await self._stage.show(address, parcel)
        except Gone:
            # Of a branch that is told something, only the thread may be gone.
            if isinstance(parcel, Parcel) or "/" not in address:
                await self._lose(address)
            raise

    def _touched(self, session: int) -> None:
        if self._board is not None:
            self._board.touch(session)

    def _whispered(self, key: str) -> None:
        """An answer given here may be out of date."""
        if self._screen is not None and key != EVERYTHING:
            self._soon(self._refreshed(self._screen, key))

    async def _refreshed(self, screen: Screen, key: str) -> None:
        try:
            await screen.refresh(key)
        except StoreError as error:
            log.warning("answer_not_refreshed", error=str(error))

    # -- one life of the connection after the other

    async def _live(self) -> None:
        pauses = PAUSES.growing()
        while True:
            begun = time.monotonic()
            client = Client(self._app, self._now, self._account.shards, self._gone, creates=self._counter is not None)
            try:
                try:
                    await self._connected(client)
                finally:
                    if time.monotonic() - begun > STEADY:
                        pauses = PAUSES.growing()
                    pause = next(pauses)
                    await client.close()
            except discord.LoginFailure:
                log.error("discord_stopped", help=HELP[TOKEN_REFUSED])
                return
            except (discord.PrivilegedIntentsRequired, discord.ConnectionClosed) as error:
                code = error.code if isinstance(error, discord.ConnectionClosed) else INTENTS_REFUSED[-1]
                if code in HELP:
                    log.error("discord_stopped", code=code, help=HELP[code])
                    return
                log.warning("discord_closed", code=code, waits=pause)
            except PASSING as error:
                log.warning("discord_unreachable", waits=pause, error=type(error).__name__, url=self._account.api_url)
            except Exception:
                log.exception("discord_failed", waits=pause)
            await asyncio.sleep(pause)

    async def _connected(self, client: Client) -> None:
        """Log in and serve until the connection ends for good. Raises what went wrong."""
        await client.login(self._account.token)
        _, url, _ = await client.http.get_bot_gateway()
        # What a session that cannot be resumed goes back to, and what shards of our own choosing begin with.
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        if client.user is None or client.application_id is None:
            raise discord.ClientException("the login told nothing of the bot")
        log.info("discord_reached", bot=client.user.id)
        voices = Voices(self._account.api_url, client.application_id)
        pace = Pace(rate_of if self._account.paced else _no_rate, OVERALL if self._account.paced else None)
        buttons = Buttons(self._account.secret, PLATFORM, client.application_id)
        sender = Sender(client.http, pace)
        try:
            async with self._app.crew.sharing(PLATFORM) as lanes:
                lanes.listen(lambda: pace.share(lanes.share))
                pace.share(lanes.share)
                shop = Shop(
                    self._app, self._rooms, self._links, buttons, self._clips, sender, self._standings,
                    self._account.web_url, self._now, lanes,
                )  # fmt: skip
                await self._serve(client, shop, voices)
        finally:
            await voices.close()

    async def _serve(self, client: Client, shop: Shop, voices: Voices) -> None:
        """Deliver, and take what comes until the connection ends."""
        board = Board(shop, self._account.gap)
        branches, calendar = Branches(shop), Calendar(client.http, self._app.store)
        hall = Hall(shop, board, branches)
        screen = Screen(shop, voices, Shares(self._app.store))
        watch, steering = Watch(shop, calendar), Steering(shop)
        desk = Desk(shop, voices, watch, Ballots(shop), steering, Player(shop, screen), self._creators(shop))
        stage = Stage(shop, hall, screen, Notices(shop, branches), calendar, client)
        delivery = Delivery(self._app.store, PLATFORM, self.show, passing=PASSING, lanes=shop.lanes)
        self._board, self._stage, self._screen, client.desk = board, stage, screen, desk
        self._app.deliveries[PLATFORM] = delivery
        beside = [asyncio.create_task(delivery.run()), asyncio.create_task(self._put_commands(client))]
        shop.lanes.listen(board.resume)
        board.resume()
        try:
            await client.connect()
        finally:
            self._board = self._stage = self._screen = client.desk = None
            del self._app.deliveries[PLATFORM]
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await board.close()
            await desk.close()

    async def _put_commands(self, client: Client) -> None:
        """However long Discord does not take them, what has begun is played."""
        for pause in PAUSES.growing():
            try:
                await client.put_commands()
            except (*PASSING, StoreError) as error:
                log.warning("commands_not_put", waits=pause, error=type(error).__name__)
            except Exception:
                log.exception("commands_not_put")
                return
            else:
                return
            await asyncio.sleep(pause)

    def _creators(self, shop: Shop) -> Creators | None:
        return None if self._counter is None else Creators(shop, self._counter, Attachments(self._account.api_url))

    # -- what is no more

    def _gone(self, channels: Sequence[int]) -> None:
        """Channels are no more, and what runs there with them; elsewhere everything goes on."""
        self._soon(self._lose_all(channels))

    def _soon(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _lose_all(self, channels: Sequence[int]) -> None:
        for channel in channels:
            await self._lose(str(channel))

    async def _lose(self, address: str) -> None:
        home = address.partition("/")[0]
        try:
            await self._app.store.lose_chat(PLATFORM, home, self._now())
            await self._rooms.abandon(PLATFORM, home, self._now())
        except StoreError as error:
            log.warning("chat_not_lost", error=str(error))
        except Exception:
            # A room there that cannot be read must not keep the others, nor what waits to be sent there.
            log.exception("chat_not_lost")


def _no_rate(address: str) -> None:
    return None
