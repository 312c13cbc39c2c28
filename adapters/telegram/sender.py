"""Sends to chats: each call in its chat's turn, its errors in delivery's words, clips by the first way that works."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardMarkup, InputFile, InputMediaPhoto, InputMediaVideo, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from adapters.telegram import trouble
from adapters.telegram.cashier import CURRENCY, Offer
from adapters.telegram.chat import Chat
from adapters.telegram.files import Files, Media
from bot.delivery.delivery import Unshowable
from bot.delivery.pace import Pace

Result = TypeVar("Result")
Keyboard = InlineKeyboardMarkup | None


@dataclass(frozen=True, slots=True)
class Look:
    """How a message is dressed."""

    protect: bool = False
    spoiler: bool = False
    effect: str | None = None
    silent: bool = False


PLAIN = Look()


class Sender:
    """One bot's voice. Every method raises `Gone`, `Later`, `Unshowable`, `ChatMigrated`, or what may pass."""

    def __init__(self, bot: Bot, pace: Pace, files: Files) -> None:
        self.bot = bot
        self.pace = pace
        self.files = files

    async def text(
        self, chat: Chat, html: str, markup: Any = None, *, reply: int | None = None, look: Look = PLAIN
    ) -> int:
        """Send a text: the message's number."""
        message = await self.call(chat, lambda: self.bot.send_message(
            chat.id, html, parse_mode=ParseMode.HTML, reply_markup=markup, message_thread_id=chat.topic,
            reply_parameters=_reply(reply), message_effect_id=look.effect, protect_content=look.protect,
            disable_notification=look.silent,
        ))  # fmt: skip
        return message.message_id

    async def video(self, chat: Chat, media: Media, html: str, markup: Keyboard = None, *, look: Look = PLAIN) -> int:
        """Send a clip: the message's number. Raises `Unshowable` when no way works."""

        async def send(way: str | InputFile) -> Message:
            return await self.call(chat, lambda: self.bot.send_video(
                chat.id, way, caption=html, parse_mode=ParseMode.HTML, reply_markup=markup, supports_streaming=True,
                duration=round(media.seconds) or None, message_thread_id=chat.topic, has_spoiler=look.spoiler,
                protect_content=look.protect, message_effect_id=look.effect, disable_notification=look.silent,
            ))  # fmt: skip

        return (await self._by_some_way(media, send)).message_id

    async def photo(self, chat: Chat, media: Media | bytes, html: str, markup: Keyboard = None) -> int:
        """Send a picture: the message's number."""

        async def send(way: str | InputFile) -> Message:
            return await self.call(chat, lambda: self.bot.send_photo(
                chat.id, way, caption=html, parse_mode=ParseMode.HTML, reply_markup=markup, message_thread_id=chat.topic
            ))  # fmt: skip

        if isinstance(media, bytes):
            return (await send(InputFile(media, "picture.png"))).message_id
        return (await self._by_some_way(media, send)).message_id

    async def document(self, chat: Chat, content: bytes, name: str, html: str) -> int:
        """Send a file: the message's number."""
        message = await self.call(chat, lambda: self.bot.send_document(
            chat.id, InputFile(content, name), caption=html, parse_mode=ParseMode.HTML, message_thread_id=chat.topic
        ))  # fmt: skip
        return message.message_id

    async def invoice(self, chat: Chat, offer: Offer, markup: Keyboard = None) -> int:
        """Send an offer to be paid with Stars: the message's number."""
        message = await self.call(chat, lambda: self.bot.send_invoice(
            chat.id, offer.title, offer.description, offer.payload, CURRENCY, offer.prices, provider_token="",
            reply_markup=markup, message_thread_id=chat.topic,
        ))  # fmt: skip
        return message.message_id

    async def invoice_link(self, chat: Chat, offer: Offer) -> str:
        """A link at which an offer can be paid."""
        return await self.call(chat, lambda: self.bot.create_invoice_link(
            offer.title, offer.description, offer.payload, CURRENCY, offer.prices, provider_token=""
        ))  # fmt: skip

    async def edit(self, chat: Chat, message: int, html: str, markup: Keyboard = None, *, caption: bool) -> bool:
        """Change a message's words and buttons: False when there is no such message any more."""
        bot = self.bot

        async def change() -> Any:
            if caption:
                return await bot.edit_message_caption(
                    chat.id, message, caption=html, parse_mode=ParseMode.HTML, reply_markup=markup
                )
            return await bot.edit_message_text(html, chat.id, message, parse_mode=ParseMode.HTML, reply_markup=markup)

        return await self._changed(chat, change)

    async def replace(
        self,
        chat: Chat,
        message: int,
        media: Media,
        html: str,
        markup: Keyboard,
        *,
        photo: bool = False,
        look: Look = PLAIN,
    ) -> bool:
        """Change everything about a message that shows a clip or picture: False when there is none any more."""

        async def send(way: str | InputFile) -> Message | bool:
            kind = _input(way, html, media, look, photo=photo)
            # Stays so where nothing was to be changed.
            changed: Message | bool = True

            async def change() -> None:
                nonlocal changed
                changed = await self.bot.edit_message_media(kind, chat.id, message, reply_markup=markup)

            return await self._changed(chat, change) and changed

        return await self._by_some_way(media, send, attach=True) is not False

    async def delete(self, chat: Chat, message: int) -> None:
        """Take a message away, if it is still there and not too old."""
        await self._changed(chat, lambda: self.bot.delete_message(chat.id, message))

    async def call(self, chat: Chat, call: Callable[[], Awaitable[Result]]) -> Result:
        """Make a call in the chat's turn."""
        await self.pace.turn(chat.address)
        try:
            return await call()
        except TelegramError as error:
            raise trouble.delivery_error(error) from error

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
        self, media: Media, send: Callable[[str | InputFile], Awaitable[Result]], *, attach: bool = False
    ) -> Result:
        """Send by file id, else by link, else by upload; what Telegram then calls the file is kept.

        `attach`: the file is named inside another parameter, as in an edit.
        """
        failure: Unshowable | None = None
        for way in media.ways:
            try:
                sent = await send(way if isinstance(way, str) else await _upload(way, attach=attach))
            except Unshowable as error:
                refused = error.__cause__
                if isinstance(refused, TelegramError) and not trouble.says(refused, *trouble.NO_FILE, *trouble.NO_LINK):
                    raise
                self.files.forget(media)
                failure = error
                continue
            if isinstance(sent, Message) and (file_id := file_of(sent)) is not None:
                await self.files.keep(media, file_id)
            return sent
        raise failure or Unshowable("there is no way to send this file")


def file_of(message: Message) -> str | None:
    """The file id of the video or picture in a message."""
    if message.video is not None:
        return message.video.file_id
    if message.animation is not None:
        # Telegram makes one of a short clip without sound.
        return message.animation.file_id
    return message.photo[-1].file_id if message.photo else None


async def _upload(file: Path, *, attach: bool) -> InputFile:
    """A file to be sent along. Raises `Unshowable` when it is no longer there."""
    try:
        return InputFile(await asyncio.to_thread(file.read_bytes), file.name, attach=attach)
    except OSError as error:
        raise Unshowable(f"{file.name} cannot be read: {type(error).__name__}") from error


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
