"""All the server knows: its bot, people, chats, queues, and what was called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.faults import Faults, migrated
from tests.fakes.telegram.files import Files
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.payments import Payments
from tests.fakes.telegram.query import Queries
from tests.fakes.telegram.reach import Reach
from tests.fakes.telegram.refusal import BadRequest, Body, Forbidden
from tests.fakes.telegram.spec import load_spec
from tests.fakes.telegram.updates import Update, Updates
from tests.fakes.telegram.webhook import Webhook

Answer = Callable[["World", Parameters], Awaitable[Any]]
"""One method of the API: its result, or Refused."""

FIRST_PERSON = 7_000_000_001
FIRST_GROUP = 4_500_001
FIRST_SUPERGROUP = 1_002_000_000_001
"""A supergroup's or channel's id is minus this and more."""


@dataclass(frozen=True)
class Call:
    """One call as it came: `chat` is its chat_id, `at` the server's clock, `error` what was answered instead of ok."""

    method: str
    params: Body
    chat: int | None
    at: float
    error: str = ""


class World:
    """One bot's side of Telegram. `checks=False` skips the official description; `record=False` keeps no calls."""

    def __init__(self, token: str, username: str, *, checks: bool = True, record: bool = True) -> None:
        self.token = token
        self.record = record
        self.spec = load_spec() if checks else None
        self.me: Body = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Cliffhanger",
            "username": username,
        }
        self.clock = Clock()
        self.reach = Reach()
        self.files = Files(self.me["id"], self.reach)
        self.updates = Updates(self.clock)
        self.webhook = Webhook(self.clock, self.updates, self.reach)
        self.queries = Queries(self.clock)
        self.payments = Payments()
        self.faults = Faults()
        self.flood: Flood | None = None
        self.revoked = False
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        """How often each method was called, also when calls are not kept."""
        self.violations: list[str] = []
        self.people: dict[int, Body] = {}
        self.chats: dict[int, Chat] = {}
        self.inline: dict[str, Message] = {}
        """Messages sent through inline mode, by inline_message_id."""
        self.commands: dict[tuple[Any, ...], list[Body]] = {}
        """By scope and language: `methods.menu` knows how."""
        self.texts: dict[tuple[str, str], str] = {}
        """Name, description and short_description by language."""
        self.menu_button: Body = {"type": "commands"}
        self.prepared: dict[str, Body] = {}
        """Inline results made ready with savePreparedInlineMessage."""
        self.numbers = count(1)

    def add_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def chat(self, parameters: Parameters, name: str = "chat_id") -> Chat:
        """The chat that a call means, by id or @username; BadRequest when there is none, or when it moved."""
        said = parameters.values.get(name)
        if said is None or said == "":
            raise BadRequest("chat_id is empty")
        if isinstance(said, str) and said.startswith("@"):
            chat = next((chat for chat in self.chats.values() if chat.body.get("username") == said[1:]), None)
        else:
            chat = self.chats.get(parameters.integer(name))
        if chat is None:
            raise BadRequest("chat not found")
        if chat.successor:
            raise migrated(chat.successor.id)
        return chat

    def writable(self, chat: Chat) -> None:
        """Forbidden when the bot may not write there."""
        if chat.private:
            if chat.blocked:
                raise Forbidden("bot was blocked by the user")
            if not chat.started:
                raise Forbidden("bot can't initiate conversation with a user")
            return
        status = chat.members.get(self.me["id"], "left")
        if status == "kicked":
            raise Forbidden(f"bot was kicked from the {'group' if chat.kind == 'group' else chat.kind} chat")
        if status == "left":
            raise Forbidden(f"bot is not a member of the {chat.kind} chat")
        if chat.kind == "channel" and status != "administrator":
            raise BadRequest("need administrator rights in the channel chat")

    def is_admin(self, chat: Chat) -> bool:
        """Whether the bot is one there."""
        return chat.members.get(self.me["id"]) == "administrator"

    def emit(self, kind: str, content: Body, queue: str) -> Update | None:
        """An update for the bot; None when it does not want this kind."""
        return self.updates.add(kind, content, queue)
