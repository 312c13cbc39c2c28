"""What a viewer does: write, tap, search, pay, block."""

from __future__ import annotations

from tests.fakes.telegram.bell import PATIENCE
from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.checkout import Checkout
from tests.fakes.telegram.entities import commands_in
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.methods.answers import CallbackAnswer, InlineAnswer
from tests.fakes.telegram.methods.menu import commands_for, member
from tests.fakes.telegram.parameters import Upload
from tests.fakes.telegram.payments import Payment
from tests.fakes.telegram.query import Query
from tests.fakes.telegram.refusal import Body
from tests.fakes.telegram.updates import CALLBACK_SECONDS, INLINE_SECONDS
from tests.fakes.telegram.world import World

Which = str | int | tuple[int, int]
WEB_APP_SECONDS = 3600


class Person:
    """Somebody with an account. `sender_chat` is the group or channel in whose name they write, if they do."""

    def __init__(self, world: World, body: Body, sender_chat: Chat | None = None) -> None:
        self.world = world
        self.body = body
        self.id = int(body["id"])
        self.sender_chat = sender_chat
        self._checkout = Checkout(world, body)

    @property
    def home(self) -> Chat:
        """The private chat with the bot."""
        return self.world.chats[self.id]

    def commands(self, chat: Chat | None = None) -> list[str]:
        """The commands that the client offers there."""
        return [command["command"] for command in commands_for(self.world, self.body, chat or self.home)]

    async def say(
        self, text: str, chat: Chat | None = None, *, topic: int | None = None, reply_to: Message | None = None
    ) -> Message:
        """A text, in the private chat unless another is named. In groups the bot sees only what is meant for it."""
        entities = commands_in(text)
        content: Body = {"text": text, "entities": entities} if entities else {"text": text}
        return self._post(chat or self.home, content, topic, reply_to)

    async def send(
        self, kind: str, content: bytes, name: str = "file.bin", caption: str = "", chat: Chat | None = None,
        mime: str = "application/octet-stream", album: str = "",
    ) -> Message:  # fmt: skip
        """A photo, video, animation or document; the bot gets it with getFile. Messages of an album have its name."""
        file = self.world.files.add(kind, Upload(name, content, mime), {})
        said: Body = {"caption": caption} if caption else {}
        said |= {"media_group_id": album} if album else {}
        # An animation is a document too, for bots that know no animations.
        said |= {"document": _document(file.shown)} if file.kind == "animation" else {}
        return self._post(chat or self.home, {file.kind: file.shown, **said}, None, None)

    def press(self, message: Message, data: bytes | str) -> Query:
        """A tap that nobody waits for. Clients can send any bytes, whatever the buttons are."""
        query = self.world.queries.open("callback_query", self.id, CALLBACK_SECONDS)
        said = data if isinstance(data, str) else data.decode(errors="replace")
        told: Body = {"id": query.id, "from": self.body, "chat_instance": str(message.chat_id * 7919), "data": said}
        told |= {"inline_message_id": message.inline_id} if message.inline_id else {"message": _accessible(message)}
        self.world.emit("callback_query", told, f"tap {self.id}")
        return query

    async def tap_data(self, message: Message, data: bytes | str, within: float = PATIENCE) -> CallbackAnswer:
        """Waits for what the bot answers."""
        answer: CallbackAnswer = await self.press(message, data).answered(within)
        return answer

    async def tap(
        self, message: Message, which: Which, within: float = PATIENCE, *, stale: bool = False
    ) -> CallbackAnswer:
        """`stale` taps a button as it was before edits took it away, as a slow client would."""
        return await self.tap_data(message, _button(message, which, stale)["callback_data"], within)

    async def inline(
        self, text: str, chat_type: str = "private", offset: str = "", within: float = PATIENCE
    ) -> InlineAnswer:
        """Types the bot's name and this, and waits for the results."""
        query = self.world.queries.open("inline_query", self.id, INLINE_SECONDS)
        told = {"id": query.id, "from": self.body, "query": text, "offset": offset, "chat_type": chat_type}
        self.world.emit("inline_query", told, f"inline {self.id}")
        answer: InlineAnswer = await query.answered(within)
        return answer

    def share(self, answer: InlineAnswer, place: int, chat: Chat) -> Message:
        """Chooses one of the results: it is sent to the chat, and the bot hears of it."""
        result = answer.results[place]
        said = result.get("input_message_content", {}).get(
            "message_text", result.get("caption", result.get("title", ""))
        )
        body = self._body(chat, {"text": said, "via_bot": self.world.me})
        message = Message(body, inline_id=f"inline{next(self.world.numbers)}")
        if "reply_markup" in result:
            body["reply_markup"] = result["reply_markup"]
            self.world.inline[message.inline_id or ""] = message
        told = {"result_id": result["id"], "from": self.body, "query": "", "inline_message_id": message.inline_id}
        self.world.emit("chosen_inline_result", told, f"inline {self.id}")
        return chat.add(message)

    def open_web_app(self) -> Query:
        """The Mini App was opened from a button: `id` is the query_id that answerWebAppQuery takes."""
        return self.world.queries.open("web_app_query", self.id, WEB_APP_SECONDS)

    async def pay(self, message: Message, within: float = PATIENCE) -> Payment:
        """Pays an invoice in a chat; `paid` says whether the bot let it happen in time."""
        if message.invoice is None:
            raise LookupError(f"message {message.id} is no invoice")
        return await self._checkout.pay(message.invoice, self.world.chats[message.chat_id], within)

    async def pay_link(self, url: str, within: float = PATIENCE) -> Payment:
        """Pays an invoice link."""
        return await self._checkout.pay(self.world.payments.links[url], self.home, within)

    async def pay_again(self, payment: Payment) -> None:
        """The same successful payment comes to the bot in a second update."""
        self._checkout.tell(payment)

    def react(self, message: Message, *emoji: str) -> None:
        """The bot hears of it where it asked for such updates and, in groups, is an administrator."""
        old = message.reactions.get(self.id, [])
        new = [{"type": "emoji", "emoji": one} for one in emoji]
        message.reactions[self.id] = new
        chat = self.world.chats[message.chat_id]
        told: Body = {"chat": chat.body, "message_id": message.id, "date": self.world.clock.date()}
        told |= {"user": self.body, "old_reaction": old, "new_reaction": new}
        if chat.private or self.world.is_admin(chat):
            self.world.emit("message_reaction", told, f"chat {chat.id}")

    def block(self) -> None:
        """Stops the bot; it is told."""
        self.home.blocked = True
        self._membership("member", "kicked")

    def unblock(self) -> None:
        self.home.blocked = False
        self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> None:
        told: Body = {"chat": self.home.body, "from": self.body, "date": self.world.clock.date()}
        for name, status in (("old_chat_member", old), ("new_chat_member", new)):
            until = {"until_date": 0} if status == "kicked" else {}
            told[name] = {"status": status, "user": self.world.me, **until}
        self.world.emit("my_chat_member", told, f"chat {self.id}")

    def _post(self, chat: Chat, content: Body, topic: int | None, reply_to: Message | None) -> Message:
        if chat.successor:
            raise LookupError(f"group {chat.id} is the supergroup {chat.successor.id} now")
        body = self._body(chat, content)
        if topic:
            body |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to:
            body["reply_to_message"] = {k: v for k, v in reply_to.body.items() if k != "reply_to_message"}
        message = chat.add(Message(body))
        if chat.private:
            chat.started, chat.blocked = True, False
        if self._bot_sees(chat, content, reply_to):
            self.world.emit("channel_post" if chat.kind == "channel" else "message", body, f"chat {chat.id}")
        return message

    def _body(self, chat: Chat, content: Body) -> Body:
        body: Body = {"message_id": chat.next_id(), "date": self.world.clock.date(), "chat": chat.body}
        if chat.kind == "channel":
            return {**body, "sender_chat": chat.body, **content}
        body["from"] = self.body
        if self.sender_chat:
            body["sender_chat"] = self.sender_chat.body
        return {**body, **content}

    def _bot_sees(self, chat: Chat, content: Body, reply_to: Message | None) -> bool:
        """Privacy mode: https://core.telegram.org/bots/features#privacy-mode."""
        status = chat.members.get(self.world.me["id"], "member" if chat.private else "left")
        if status in ("left", "kicked"):
            return False
        if chat.private or status == "administrator":
            return True
        if reply_to and reply_to.body.get("from", {}).get("id") == self.world.me["id"]:
            return True
        word = content.get("text", "").split(" ")[0] if content.get("entities") else ""
        return word.startswith("/") and word.partition("@")[2] in ("", self.world.me["username"])

    def member(self, chat: Chat) -> Body:
        """What getChatMember tells about this person."""
        return member(self.world, chat, self.id)


def _button(message: Message, which: Which, stale: bool) -> Body:
    for body in reversed(message.was if stale else []):
        try:
            return Message(body).button(which)
        except LookupError:
            continue
    return message.button(which)


def _document(shown: Body) -> Body:
    return {name: value for name, value in shown.items() if name not in ("width", "height", "duration")}


def _accessible(message: Message) -> Body:
    if message.deleted:
        return {"chat": message.body["chat"], "message_id": message.id, "date": 0}
    return message.body
