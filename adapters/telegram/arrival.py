"""An update as it arrived: which event it is, from whom, and where."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Chat as TelegramChat
from telegram import Message, Update, User

from adapters.telegram.chat import PLATFORM, Chat
from bot.store.port import EventKey

ANONYMOUS_ADMIN = 1087968824
CHANNEL_POSTER = 136817688
FACELESS = frozenset({ANONYMOUS_ADMIN, CHANNEL_POSTER, 777000})
"""Users who stand for many people: an anonymous admin, a channel's posts, Telegram's own forwards."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """`key` is the same however often the update comes, and no other bot's."""

    key: EventKey
    user: int
    name: str
    language: str
    chat: Chat
    at: int

    @property
    def person(self) -> str:
        """The user as an identity has it."""
        return str(self.user)

    @property
    def address(self) -> str:
        """The chat as a session has it."""
        return f"{PLATFORM}:{self.chat.address}"

    @property
    def faceless(self) -> bool:
        """Whether many people look like this one."""
        return self.user in FACELESS


def arrival(update: Update, bot: int, at: int) -> Arrival | None:
    """Who sent the update and where; None for one without a person or a chat."""
    user, chat = update.effective_user, update.effective_chat
    if user is None:
        return None
    where = Chat(user.id) if chat is None else chat_of(chat, update.effective_message)
    key = EventKey(PLATFORM, f"{bot}:{update.update_id}")
    return Arrival(key, user.id, name_of(user), user.language_code or "", where, at)


def chat_of(chat: TelegramChat, message: object) -> Chat:
    """The chat, and the topic where it is a forum."""
    if isinstance(message, Message) and message.is_topic_message:
        return Chat(chat.id, message.message_thread_id)
    return Chat(chat.id)


def name_of(user: User) -> str:
    """What a person is called; shown in their own group, kept nowhere."""
    return user.first_name or user.username or "…"
