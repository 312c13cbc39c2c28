"""Sends to chats: each call in its chat's turn, its errors in delivery's words, clips by the first way that works."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from adapters.telegram import trouble
from adapters.telegram.api import Api
from adapters.telegram.cashier import CURRENCY, Offer
from adapters.telegram.chat import Chat
from adapters.telegram.files import Files, Media, Vaulted
from adapters.telegram.keyboard import Keyboard, markup, ready
from bot.delivery.couriers import look_back
from bot.delivery.delivery import Unshowable
from bot.delivery.pace import Pace

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Look:
    """How a message is dressed."""

    protect: bool = False
    spoiler: bool = False
    effect: str | None = None
    silent: bool = False


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that stands in a chat now, and what Telegram calls the video or picture in it."""

    message: int
    file_id: str | None = None


Way = TypeVar("Way", Sent, Sent | None)


class Sender:
    """One bot's voice. Every method raises `Gone`, `Later`, `Unshowable`, `ChatMigrated`, or what may pass."""

    def __init__(self, bot: Bot, pace: Pace, files: Files) -> None:
        self.bot = bot
        self._api = Api(bot)
        self.pace = pace
        self.files = files

    async def text(
        self,
        chat: Chat,
        html: str,
        keyboard: Keyboard | ForceReply = None,
        *,
        reply: int | None = None,
        look: Look = PLAIN,
    ) -> int:
        """Send a text: the message's number."""
        message = await self.call(chat, lambda: self.bot.send_message(
            chat.id, html, parse_mode=ParseMode.HTML, reply_markup=_any(keyboard), message_thread_id=chat.topic,
            reply_parameters=_reply(reply), message_effect_id=look.effect, protect_content=look.protect,
            disable_notification=look.silent,
        ))  # fmt: skip
        return message.message_id

    async def video(self, chat: Chat, media: Media, html: str, keyboard: Keyboard = None, *, look: Look = PLAIN) -> int:
        """Send a clip: the message's number. Raises `Unshowable` when no way works."""

        seconds = round(media.seconds) or None

        async def send(way: str | InputFile) -> Sent:
            if isinstance(way, str):
                return sent_from(await self.call(chat, lambda: self._api.call(
                    "sendVideo", chat_id=chat.id, video=way, caption=html, parse_mode=ParseMode.HTML,
                    reply_markup=ready(keyboard), supports_streaming=True, duration=seconds,
                    message_thread_id=chat.topic, has_spoiler=look.spoiler, protect_content=look.protect,
                    message_effect_id=look.effect, disable_notification=look.silent,
                )))  # fmt: skip
            return sent_as(await self.call(chat, lambda: self.bot.send_video(
                chat.id, way, caption=html, parse_mode=ParseMode.HTML, reply_markup=markup(keyboard),
                supports_streaming=True, duration=seconds, message_thread_id=chat.topic, has_spoiler=look.spoiler,
                protect_content=look.protect, message_effect_id=look.effect, disable_notification=look.silent,
            )))  # fmt: skip

        return (await self._by_some_way(media, send)).message

    async def photo(self, chat: Chat, media: Media | bytes, html: str, keyboard: Keyboard = None) -> int:
        """Send a picture: the message's number."""

        async def send(way: str | InputFile) -> Sent:
            return sent_as(await self.call(chat, lambda: self.bot.send_photo(
                chat.id, way, caption=html, parse_mode=ParseMode.HTML, reply_markup=markup(keyboard),
                message_thread_id=chat.topic,
            )))  # fmt: skip

        if isinstance(media, bytes):
            return (await send(InputFile(media, "picture.png"))).message
        return (await self._by_some_way(media, send)).message

    async def document(self, chat: Chat, content: bytes, name: str, html: str, keyboard: Keyboard = None) -> int:
        """Send a file: the message's number."""
        message = await self.call(chat, lambda: self.bot.send_document(
            chat.id, InputFile(content, name), caption=html, parse_mode=ParseMode.HTML, reply_markup=markup(keyboard),
            message_thread_id=chat.topic,
        ))  # fmt: skip
        return message.message_id

    async def invoice(self, chat: Chat, offer: Offer, keyboard: Keyboard = None) -> int:
        """Send an offer to be paid with Stars: the message's number."""
        message = await self.call(chat, lambda: self.bot.send_invoice(
            chat.id, offer.title, offer.description, offer.payload, CURRENCY, offer.prices, provider_token="",
            reply_markup=markup(keyboard), message_thread_id=chat.topic,
        ))  # fmt: skip
        return message.message_id

    async def invoice_link(self, chat: Chat, offer: Offer) -> str:
        """A link at which an offer can be paid."""
        return await self.call(chat, lambda: self.bot.create_invoice_link(
            offer.title, offer.description, offer.payload, CURRENCY, offer.prices, provider_token=""
        ))  # fmt: skip

    async def edit(self, chat: Chat, message: int, html: str, keyboard: Keyboard = None, *, caption: bool) -> bool:
        """Change a message's words and buttons: False when there is no such message any more."""
        method, words = ("editMessageCaption", "caption") if caption else ("editMessageText", "text")
        return await self._changed(chat, lambda: self._api.call(
            method, chat_id=chat.id, message_id=message, parse_mode=ParseMode.HTML, reply_markup=ready(keyboard),
            **{words: html},
        ))  # fmt: skip

    async def replace(
        self,
        chat: Chat,
        message: int,
        media: Media,
        html: str,
        keyboard: Keyboard,
        *,
        photo: bool = False,
        look: Look = PLAIN,
    ) -> bool:
        """Change everything about a message that shows a clip or picture: False when there is none any more."""

        async def send(way: str | InputFile) -> Sent | None:
            kind = _input(way, html, media, look, photo=photo)
            # Stays so where nothing was to be changed.
            changed = Sent(message)

            async def change() -> None:
                nonlocal changed
                edited = await self.bot.edit_message_media(kind, chat.id, message, reply_markup=markup(keyboard))
                changed = sent_as(edited) if isinstance(edited, Message) else changed

            return changed if await self._changed(chat, change) else None

        return await self._by_some_way(media, send, attach=True) is not None

    async def delete(self, chat: Chat, message: int) -> None:
        """Take a message away, if it is still there and not too old."""
        await self._changed(chat, lambda: self.bot.delete_message(chat.id, message))

    async def call(self, chat: Chat, call: Callable[[], Awaitable[Result]]) -> Result:
        """Make a call in the chat's turn."""
        await self.pace.turn(chat.address)
        await look_back()
        try:
            return await call()
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self.pace.hold(chat.address, trouble.seconds(error))
            wrong = trouble.delivery_error(error)
            if wrong is error:
                raise
            raise wrong from error

    async def _changed(self, chat: Chat, change: Callable[[], Awaitable[Any]]) -> bool:
        try:
            await self.call(chat, change)
        except Unshowable as error:
            refused = error.__cause__
            if isinstance(refused, BadRequest) and trouble.says(refused, trouble.UNCHANGED):
                return True
            if isinstance(refused, BadRequest) and trouble.says(refused, *trouble.NO_MESSAGE):
                return False
            raise
        return True

    async def _by_some_way(
        self, media: Media, send: Callable[[str | InputFile], Awaitable[Way]], *, attach: bool = False
    ) -> Way:
        """Send by file id, else by link, else by upload; what Telegram then calls the file is kept.

        `attach`: the file is named inside another parameter, as in an edit.
        """
        failure: Unshowable | None = None
        for way in media.ways:
            try:
                sent = await send(way if isinstance(way, str) else await self._upload(way, attach=attach))
            except Unshowable as error:
                refused = error.__cause__
                if isinstance(refused, TelegramError) and not trouble.says(refused, *trouble.NO_FILE, *trouble.NO_LINK):
                    raise
                self.files.forget(media)
                failure = error
                continue
            if sent is not None and sent.file_id is not None:
                await self.files.keep(media, sent.file_id)
            return sent
        raise failure or Unshowable("there is no way to send this file")

    async def _upload(self, file: Path | Vaulted, *, attach: bool) -> InputFile:
        return InputFile(await self.files.content(file), file.name, attach=attach)


def sent_as(message: Message) -> Sent:
    """What was sent, from a message of the library's."""
    if message.photo:
        return Sent(message.message_id, message.photo[-1].file_id)
    # Telegram makes an animation of a short clip without sound.
    shown = message.video or message.animation
    return Sent(message.message_id, None if shown is None else shown.file_id)


def sent_from(message: dict[str, Any]) -> Sent:
    """What was sent, from an answer as it came."""
    shown = message.get("video") or message.get("animation") or {}
    return Sent(message["message_id"], shown.get("file_id"))


def _any(keyboard: Keyboard | ForceReply) -> InlineKeyboardMarkup | ForceReply | None:
    return keyboard if isinstance(keyboard, ForceReply) else markup(keyboard)


def _input(
    way: str | InputFile, html: str, media: Media, look: Look, *, photo: bool
) -> InputMediaPhoto | InputMediaVideo:
    if photo:
        return InputMediaPhoto(way, html, ParseMode.HTML)
    seconds = round(media.seconds) or None
    return InputMediaVideo(
        way, html, parse_mode=ParseMode.HTML, supports_streaming=True, has_spoiler=look.spoiler, duration=seconds
    )


def _reply(message: int | None) -> ReplyParameters | None:
    return None if message is None else ReplyParameters(message, allow_sending_without_reply=True)
