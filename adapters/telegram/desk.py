"""The desk: reads an update and does what it asks for. When it returns, that is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from telegram import Bot, ChatMemberUpdated, Message, PreCheckoutQuery, Update
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, TelegramError

from adapters.button import Buttons, Forged, Press, Tap
from adapters.studio.sheet import PAGE
from adapters.telegram.api import Api
from adapters.telegram.arrival import Arrival, arrival, label_of, pressing
from adapters.telegram.attachment import attachment_of
from adapters.telegram.background import Background
from adapters.telegram.cashier import Cashier
from adapters.telegram.chat import PLATFORM
from adapters.telegram.command import Command, command_of
from adapters.telegram.inline import Inline
from adapters.telegram.player import Player
from adapters.telegram.stand import VOTES
from adapters.telegram.studio import Studio
from adapters.telegram.watch import Watch
from adapters.words import words
from bot.app import App
from bot.delivery.delivery import PAUSES

log = structlog.get_logger()

CHECKOUT_SECONDS = 9.0
"""Telegram gives up on a payment after 10 seconds without an answer (Bot API, PreCheckoutQuery)."""

ANSWER = 200
"""Characters of an answer to a press (Bot API, answerCallbackQuery)."""


class Desk:
    """One bot's. Raises `StoreError` when the update must come again; anything else is our own fault."""

    def __init__(
        self,
        app: App,
        bot: Bot,
        buttons: Buttons,
        player: Player,
        watch: Watch,
        cashier: Cashier,
        inline: Inline,
        background: Background,
        now: Callable[[], int],
        studio: Studio | None = None,
    ) -> None:
        self._app = app
        self._bot = bot
        self._api = Api(bot)
        self._buttons = buttons
        self._player = player
        self._watch = watch
        self._cashier = cashier
        self._inline = inline
        self._background = background
        self._now = now
        self._studio = studio

    async def take(self, update: Update) -> None:
        """Do what the update asks for; one of a kind we know nothing of is left alone."""
        arrived = arrival(update, self._bot.id, self._now())
        if arrived is None:
            return
        if update.pre_checkout_query is not None:
            await self._checked_out(arrived, update.pre_checkout_query)
        elif update.inline_query is not None:
            await self._inline.answer(update.inline_query)
        elif update.my_chat_member is not None:
            await self._membership(arrived, update.my_chat_member)
        elif update.message is not None:
            await self._said(arrived, update.message)

    # -- messages

    async def _said(self, arrived: Arrival, message: Message) -> None:
        if message.migrate_to_chat_id is not None:
            await self._app.move_chat(PLATFORM, str(arrived.chat.id), str(message.migrate_to_chat_id))
        elif message.successful_payment is not None:
            payment = message.successful_payment
            await self._cashier.take(arrived.key, arrived.chat, arrived.user, payment, arrived.language)
            self._player.called()
        elif message.refunded_payment is not None:
            await self._cashier.refunded(message.refunded_payment.telegram_payment_charge_id)
        elif message.text:
            await self._wrote(arrived, message.text)
        elif arrived.chat.private and self._studio is not None and (found := attachment_of(message)) is not None:
            await self._studio.sent(arrived, found)

    async def _wrote(self, arrived: Arrival, text: str) -> None:
        command = command_of(text, self._bot.username)
        if arrived.chat.private and self._studio is not None and await self._studio.wrote(arrived, command, text):
            return
        if arrived.chat.private and command is None:
            await self._player.text(arrived, text)
        elif arrived.chat.private and command is not None and not self._watch.takes(command):
            await self._player.command(arrived, command)
        elif command is not None and not await self._watch.command(arrived, command):
            await self._elsewhere(arrived, command)

    async def _elsewhere(self, arrived: Arrival, command: Command) -> None:
        """A command in a group that is for private chats."""
        if command.name in self._player.commands or (self._studio and command.name in self._studio.commands):
            await self._player.note(arrived, "private-only")

    # -- presses

    async def press(self, update: Mapping[str, Any]) -> None:
        """Do what a button asks for, from an update as it came."""
        arrived, pressed = pressing(update, self._bot.id, self._now())
        try:
            button = self._buttons.read(pressed.data)
        except Forged:
            said: str | None = words(arrived.language)("forged")
        else:
            said = await self._press(arrived, button, pressed.here, update)
        self._background.soon(self._api.answer(pressed.query, said[:ANSWER] if said else None))

    def sorry(self, update: Mapping[str, Any]) -> None:
        """Answer a press that was given up, so that its button does not wait for ever."""
        arrived, pressed = pressing(update, self._bot.id, self._now())
        self._background.soon(self._api.answer(pressed.query, words(arrived.language)("trouble")))

    async def _press(
        self, arrived: Arrival, pressed: Tap | Press, here: Mapping[str, str], update: Mapping[str, Any]
    ) -> str | None:
        """Do what the button does: a few words to answer with, where there is something to say."""
        if isinstance(pressed, Tap):
            if pressed.choice.startswith(VOTES):
                return await self._watch.vote(arrived, Tap(pressed.session, pressed.revision, pressed.choice[1:]))
            return await self._player.tap(arrived, pressed)
        if pressed.page == PAGE and self._studio is not None:
            await self._studio.press(arrived, pressed.about, label_of(update), here)
            return None
        if pressed.page.startswith("watch"):
            return await self._watch.press(arrived, pressed)
        return await self._player.press(arrived, pressed, here)

    # -- the rest

    async def _checked_out(self, arrived: Arrival, query: PreCheckoutQuery) -> None:
        """Answered at once and in any case: a payment that nobody answers is refused by Telegram without a reason."""
        refusal: str | None = "pay_later"
        try:
            async with asyncio.timeout(CHECKOUT_SECONDS / 2):
                refusal = await self._cashier.refusal(query)
        except Exception as error:
            log.error("checkout_unchecked", error=type(error).__name__)
        await self._answered(query, None if refusal is None else words(arrived.language)(refusal))

    async def _answered(self, query: PreCheckoutQuery, reason: str | None) -> None:
        """Tell Telegram, again and again while it still waits to hear it: without an answer nothing can be paid."""
        try:
            async with asyncio.timeout(CHECKOUT_SECONDS / 2):
                for pause in PAUSES.growing():
                    try:
                        await query.answer(ok=reason is None, error_message=reason)
                    except BadRequest:
                        # Nobody waits for it any more.
                        return
                    except TelegramError:
                        await asyncio.sleep(pause)
                    else:
                        return
        except TimeoutError:
            log.error("checkout_unanswered")

    async def _membership(self, arrived: Arrival, change: ChatMemberUpdated) -> None:
        """The bot was blocked, unblocked, put into a group, or thrown out."""
        gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
        if gone:
            await self._app.store.lose_chat(PLATFORM, arrived.chat.address, arrived.at)
            return
        await self._app.store.find_chat(PLATFORM, arrived.chat.address)
        was_out = change.old_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
        if was_out and not arrived.chat.private:
            await self._player.note(arrived, "help")
