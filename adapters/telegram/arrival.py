"""An update as it arrived: which event it is, from whom, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Chat as TelegramChat
from telegram import Message, Update, User

from adapters.telegram.chat import PLATFORM, Chat
from bot.store.port import EventKey

ANONYMOUS_ADMIN = 1087968824
CHANNEL_POSTER = 136817688
FACELESS = frozenset({ANONYMOUS_ADMIN, CHANNEL_POSTER, 777000})
"""Users who stand for many people: an anonymous admin, a channel's posts, Telegram's own forwards."""

CAPTIONED = ("photo", "video", "animation", "document")
"""Messages whose words are a caption."""


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


@dataclass(frozen=True, slots=True)
class Pressing:
    """A button that was pressed: the query to answer, what the button carries, and the message it stands on."""

    query: str
    data: str
    here: Mapping[str, str]
    """For a page that takes the message's place: its number, and "caption" where its words stand under a picture or a
    file."""


def pressing(update: Mapping[str, Any], bot: int, at: int) -> tuple[Arrival, Pressing]:
    """A press, from an update as it came: every tap is one, and the library takes longer to read it than all the rest.

    Raises KeyError, TypeError and ValueError for what is none.
    """
    query = update["callback_query"]
    user, message = query["from"], query.get("message") or {}
    chat = message.get("chat") or {"id": user["id"]}
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    here: dict[str, str] = {}
    # A message that Telegram no longer shows us has the date 0.
    if message.get("date"):
        here = {"message": str(message["message_id"])}
        if any(kind in message for kind in CAPTIONED):
            here["caption"] = "yes"
    arrived = Arrival(
        EventKey(PLATFORM, f"{bot}:{update['update_id']}"),
        int(user["id"]),
        str(user.get("first_name") or user.get("username") or "…"),
        str(user.get("language_code") or ""),
        Chat(int(chat["id"]), topic),
        at,
    )
    return arrived, Pressing(str(query["id"]), str(query.get("data") or ""), here)


def label_of(update: Mapping[str, Any]) -> str:
    """What stands on the button that was pressed; empty where Telegram no longer shows its message."""
    query = update["callback_query"]
    rows = ((query.get("message") or {}).get("reply_markup") or {}).get("inline_keyboard") or ()
    pressed = (button for row in rows for button in row if button.get("callback_data") == query.get("data"))
    return next((str(button["text"]) for button in pressed), "")


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
