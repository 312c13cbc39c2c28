"""Telegram, put together: from the first call to the API to the last acknowledgement."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from starlette.routing import BaseRoute
from telegram import Bot
from telegram.error import ChatMigrated, InvalidToken, TelegramError

from adapters.base import Capabilities
from adapters.button import Buttons
from adapters.shares import Shares
from adapters.studio.door import StudioDoor
from adapters.studio.sheet import PAGE
from adapters.telegram import page
from adapters.telegram.background import Background
from adapters.telegram.billboard import GAP
from adapters.telegram.cashier import Cashier
from adapters.telegram.chat import PLATFORM, Chat, chat_at, rate_of
from adapters.telegram.desk import Desk
from adapters.telegram.errand import FILE, PRESS, Errands
from adapters.telegram.files import Files
from adapters.telegram.inline import Inline
from adapters.telegram.intake import KINDS, Intake
from adapters.telegram.menu import put_menu
from adapters.telegram.player import Player
from adapters.telegram.polling import PAUSES, Polling
from adapters.telegram.poster import Poster
from adapters.telegram.request import AiohttpRequest
from adapters.telegram.screen import Screen
from adapters.telegram.sender import Sender
from adapters.telegram.sheets import Sheets
from adapters.telegram.standing import Standings
from adapters.telegram.studio import INVITED, Studio
from adapters.telegram.taste import Tastes
from adapters.telegram.ticker import Ticker
from adapters.telegram.warmer import Warmer
from adapters.telegram.watch import Watch
from adapters.telegram.webhook import Webhook, secret_of
from bot.app import App
from bot.clips.shelf import Shelf
from bot.crew import Lanes
from bot.delivery.delivery import Delivery, Gone, Unshowable
from bot.delivery.pace import Pace, Rate
from bot.delivery.parcel import Note, Parcel
from bot.library import UnknownStory
from bot.link import Links
from bot.rooms import Rooms

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Account:
    """One bot at Telegram, as the operator set it up."""

    token: str = field(repr=False)
    secret: bytes = field(repr=False)
    api_url: str
    public_url: str
    webhook_url: str | None = None
    owners: tuple[int, ...] = ()
    clips_chat: int | None = None
    contact: str | None = None
    sends_per_second: float | None = 30.0
    """Over all chats; None: no limit."""
    gap: float = GAP
    """Seconds between two edits of a room's card."""

    @property
    def bot(self) -> int:
        """The bot's id, with which its token begins."""
        return int(self.token.partition(":")[0])

    @property
    def player_url(self) -> str | None:
        """The web player for a Mini App, which Telegram opens over https only."""
        return self.public_url + "/" if self.public_url.startswith("https:") else None


class TelegramAdapter:
    """One bot. Its web routes are there at once; everything else once the API is reached."""

    capabilities = Capabilities(PLATFORM, pushes=True, keeps_time=False)

    def __init__(
        self, app: App, rooms: Rooms, shelf: Shelf, account: Account, now: Callable[[], int],
        studio: StudioDoor | None = None,
    ) -> None:  # fmt: skip
        self._app = app
        self._account = account
        self._now = now
        self._request = AiohttpRequest()
        self._bot = _bot_of(account, self._request)
        by_link = account.public_url if account.public_url.startswith("https:") else None
        self._files = Files(app.store, shelf, account.bot, by_link)
        overall = Rate(account.sends_per_second, 30) if account.sends_per_second else None
        chats = rate_of if overall else _no_rate
        self._sender = Sender(self._bot, Pace(chats, overall), self._files)
        self._buttons = Buttons(account.secret, PLATFORM, account.bot)
        self._tastes = Tastes(app.store)
        self._standings = Standings(app.store)
        self._ticker = Ticker(now)
        self._background = Background()
        clips_chat = account.clips_chat or next(iter(account.owners), None)
        self._warmer = Warmer(self._sender, app.library, None if clips_chat is None else Chat(clips_chat), now)
        self._cashier = Cashier(app, self._bot, account.secret, now)
        self._screen = Screen(
            self._sender,
            self._standings,
            self._buttons,
            self._tastes,
            Shares(app.store),
            self._ticker,
            self._cashier,
            self._warmer,
            self._background,
            now,
            self._wanted,
        )
        self._rooms = rooms
        self._links = Links(app)
        self._lanes = Lanes(PLATFORM, frozenset())
        self._door = studio
        self._sheets: Sheets | None = None
        self._errands: Errands | None = None
        self._poster: Poster | None = None
        self._watch: Watch | None = None
        self._webhook: Webhook | None = None
        if account.webhook_url is not None:
            self._webhook = Webhook(account.webhook_url, secret_of(account.secret, account.token))

    @property
    def routes(self) -> list[BaseRoute]:
        """For the web server: the webhook, where there is one."""
        return [] if self._webhook is None else [self._webhook.route()]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Play while the context lasts. What is wrong with Telegram is logged, and the rest of the house goes on."""
        live = asyncio.create_task(self._live())
        try:
            yield
        finally:
            live.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await live

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        """Show what lies in the outbox; a group that became a supergroup is followed there."""
        chat = chat_at(address)
        try:
            try:
                await self._show(chat, parcel)
            except ChatMigrated as moved:
                await self._app.move_chat(PLATFORM, str(chat.id), str(moved.new_chat_id))
                chat = Chat(moved.new_chat_id, chat.topic)
                await self._show(chat, parcel)
        except Gone:
            await self._app.store.lose_chat(PLATFORM, chat.address, self._now())
            raise

    def _mine(self, chat: Chat) -> bool:
        """Whether this worker speaks in that chat."""
        return self._lanes.has(chat.address)

    def _wanted(self, chat: Chat, parcel: Parcel) -> bool:
        delivery = self._app.deliveries.get(PLATFORM)
        return delivery is not None and delivery.owes_more(chat.address, parcel)

    async def _show(self, chat: Chat, parcel: Parcel | Note) -> None:
        if self._poster is None or self._watch is None:
            raise RuntimeError("nothing is shown before the bot is known")
        if isinstance(parcel, Note):
            await self._note(chat, parcel)
            return
        try:
            story = await self._app.library.version(parcel.story, parcel.version)
        except UnknownStory as error:
            raise Unshowable(str(error)) from error
        if parcel.room or not chat.private:
            await self._watch.show(chat, story, parcel)
        else:
            await self._screen.show(chat, story, parcel)

    async def _note(self, chat: Chat, note: Note) -> None:
        if note.note == PAGE and self._sheets is not None:
            await self._sheets.show(chat, note)
        elif note.note in (FILE, PRESS) and self._errands is not None:
            await self._errands.run(chat, note)
        elif self._poster is not None:
            await self._poster.show(chat, note)

    # -- a bot's life

    async def _live(self) -> None:
        try:
            await self._reach()
            desk = self._furnish()
            intake = Intake(desk, self._bot, self._app.store, self._now)
            await self._serve(intake)
        except InvalidToken:
            log.error("telegram_token_refused", help="check TELEGRAM_TOKEN with @BotFather; the rest goes on")
        except Exception:
            log.exception("telegram_ended", help="restart the bot to play there again; the rest goes on")
        finally:
            await self._close()

    async def _reach(self) -> None:
        """Wait until the API answers. Raises `InvalidToken`."""
        for pause in PAUSES.growing():
            try:
                await self._bot.initialize()
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("telegram_unreachable", waits=pause, error=type(error).__name__, url=self._account.api_url)
                await asyncio.sleep(pause)
            else:
                log.info("telegram_reached", bot=self._bot.username)
                return

    def _furnish(self) -> Desk:
        """What needs the bot's name."""
        account, app = self._account, self._app
        about = page.Bot(account.bot, self._bot.username, account.player_url, account.contact, account.owners)
        shop = page.Shop(
            app, about, self._buttons, self._files, self._tastes, self._cashier, self._rooms, self._links, self._now
        )
        self._poster = Poster(shop, self._sender, self._standings)
        player = Player(shop, self._standings)
        self._watch = Watch(
            shop, self._rooms, self._sender, self._standings, self._background, self._mine, self._account.gap
        )
        inline = Inline(shop, self._background)
        return Desk(
            app, self._bot, self._buttons, player, self._watch, self._cashier, inline, self._background, self._now,
            self._furnish_studio(about),
        )  # fmt: skip

    def _furnish_studio(self, about: page.Bot) -> Studio | None:
        """The studio, where the house has one."""
        if self._door is None:
            return None
        counter = self._door.counter(self._now, lambda invitation: about.link(INVITED + invitation))
        self._sheets = Sheets(counter, self._sender, self._standings, self._buttons, self._background, self._now)
        self._errands = Errands(counter, self._app, self._bot)
        return Studio(counter, self._app)

    async def _serve(self, intake: Intake) -> None:
        """Deliver, send ahead, and take updates until cancelled."""
        async with self._app.crew.sharing(PLATFORM) as lanes:
            await self._serve_lanes(intake, lanes)

    async def _serve_lanes(self, intake: Intake, lanes: Lanes) -> None:
        delivery = self._app.deliveries[PLATFORM] = Delivery(
            self._app.store, PLATFORM, self.show, passing=(TelegramError,), lanes=lanes
        )
        self._lanes = lanes
        lanes.listen(self._dealt)
        self._dealt()
        self._background.soon(put_menu(self._bot, self._account.player_url))
        helpers = [asyncio.create_task(delivery.run()), asyncio.create_task(self._warmer.run())]
        try:
            if self._webhook is not None:
                await self._called(self._webhook, intake)
            else:
                await self._poll(intake)
        finally:
            del self._app.deliveries[PLATFORM]
            for task in helpers:
                task.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    def _dealt(self) -> None:
        """Other chats are this worker's than before: what runs under a scene runs in theirs."""
        self._sender.pace.share(self._lanes.share)
        self._ticker.keep(lambda chat: self._lanes.has(chat.address))
        if self._watch is not None:
            self._watch.resume()

    async def _poll(self, intake: Intake) -> None:
        await self._app.crew.alone_at(f"{PLATFORM} polling {self._account.bot}", lambda: self._polling(intake))

    async def _polling(self, intake: Intake) -> None:
        polling = Polling(self._bot, intake)
        await self._told(lambda: self._bot.delete_webhook(drop_pending_updates=False))
        try:
            await polling.run()
        finally:
            await polling.say_goodbye()

    async def _called(self, webhook: Webhook, intake: Intake) -> None:
        webhook.intake = intake
        try:
            await self._told(
                lambda: self._bot.set_webhook(
                    webhook.url, secret_token=webhook.secret, allowed_updates=list(KINDS), drop_pending_updates=False
                )
            )
            await self._app.crew.alone_at(f"{PLATFORM} webhook {self._account.bot}", lambda: webhook.watch(self._bot))
        finally:
            webhook.intake = None

    async def _told(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that must succeed before anything else, however long it takes."""
        for pause in PAUSES.growing():
            try:
                await call()
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("telegram_refuses", waits=pause, error=type(error).__name__, reason=error.message)
                await asyncio.sleep(pause)
            else:
                return

    async def _close(self) -> None:
        await self._ticker.close()
        if self._watch is not None:
            await self._watch.close()
        await self._background.close()
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()
        # The library forgets a connection that was opened in the very moment in which the bot was told to end.
        await self._request.shutdown()


def _no_rate(address: str) -> None:
    return None


def _bot_of(account: Account, request: AiohttpRequest) -> Bot:
    """The library's bot, whose calls all take one road."""
    return Bot(
        account.token,
        base_url=f"{account.api_url}/bot",
        base_file_url=f"{account.api_url}/file/bot",
        request=request,
        get_updates_request=request,
    )
