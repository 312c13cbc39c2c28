"""The people and chats around one bot, and what befalls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.person import Person
from tests.fakes.telegram.refusal import Body
from tests.fakes.telegram.updates import Update
from tests.fakes.telegram.world import FIRST_GROUP, FIRST_PERSON, FIRST_SUPERGROUP, World

ANONYMOUS: Body = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
"""Who every anonymous administrator is."""

CHANNEL: Body = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
"""Who everybody is who writes in a channel's name."""


class Town:
    """What a test orders, in the process of the server; `Town(server.new_bot("other_bot"))` is another bot's."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.token = world.token
        self.clock = world.clock
        self.faults = world.faults
        self.calls = world.calls
        self.violations = world.violations
        self.updates = world.updates
        self.files = world.files
        self.payments = world.payments
        self.reach = world.reach
        self._people = count(FIRST_PERSON)
        self._groups = count(FIRST_GROUP)
        self._supergroups = count(FIRST_SUPERGROUP)

    @property
    def flood(self) -> bool:
        """Whether the real send limits hold."""
        return self.world.flood is not None

    @flood.setter
    def flood(self, on: bool) -> None:
        self.world.flood = Flood(self.clock) if on else None

    def called(self, method: str, chat: int | None = None) -> list[Body]:
        """The parameters of every call of a method, in a chat or in any."""
        return [call.params for call in self.calls if call.method == method and chat in (None, call.chat)]

    def person(self, name: str, language: str = "en", username: str = "", **more: Any) -> Person:
        """Somebody new. `more` goes into the User as it is."""
        body: Body = {"id": next(self._people), "is_bot": False, "first_name": name, "language_code": language, **more}
        if username:
            body["username"] = username
        self.world.people[body["id"]] = body
        person = Person(self.world, body)
        self.private(person)
        return person

    def private(self, person: Person) -> Chat:
        """The person's chat with the bot, which they have to start."""
        if person.id in self.world.chats:
            return self.world.chats[person.id]
        names = {name: person.body[name] for name in ("first_name", "last_name", "username") if name in person.body}
        return self.world.add_chat(Chat(person.id, "private", **names))

    def group(
        self,
        title: str,
        members: Iterable[Person] = (),
        *,
        topics: bool = False,
        supergroup: bool = False,
        admin: bool = False,
    ) -> Chat:
        """The first member created it and adds the bot, as an administrator if `admin`. Topics make it a supergroup."""
        if topics or supergroup:
            forum = {"is_forum": True} if topics else {}
            chat = Chat(-next(self._supergroups), "supergroup", title=title, **forum)
        else:
            chat = Chat(-next(self._groups), "group", title=title)
        for place, person in enumerate(members):
            chat.members[person.id] = "member" if place else "creator"
        self.world.add_chat(chat)
        self.bot_becomes(chat, "administrator" if admin else "member")
        return chat

    def channel(self, title: str, username: str = "") -> Chat:
        """A channel whose administrator the bot is."""
        named = {"username": username} if username else {}
        chat = self.world.add_chat(Chat(-next(self._supergroups), "channel", title=title, **named))
        self.bot_becomes(chat, "administrator")
        return chat

    def bot_becomes(self, chat: Chat, status: str) -> None:
        """member, administrator, left or kicked; the bot is told."""
        me = self.world.me
        old = chat.members.get(me["id"], "left")
        chat.members[me["id"]] = status
        creator = next((user for user, one in chat.members.items() if one == "creator"), None)
        told: Body = {"chat": chat.body, "from": self.world.people.get(creator or 0, me), "date": self.clock.date()}
        told["old_chat_member"] = _membership(me, old)
        told["new_chat_member"] = _membership(me, status)
        self.world.emit("my_chat_member", told, f"chat {chat.id}")

    def anonymous(self, group: Chat) -> Person:
        """An administrator of the group who hides."""
        return Person(self.world, ANONYMOUS, group)

    def in_the_name_of(self, channel: Chat) -> Person:
        """Somebody who writes into groups as a channel."""
        return Person(self.world, CHANNEL, channel)

    def migrate(self, group: Chat) -> Chat:
        """The group becomes a supergroup with another id; both chats tell so."""
        shown = {name: value for name, value in group.body.items() if name not in ("id", "type")}
        heir = self.world.add_chat(Chat(-next(self._supergroups), "supergroup", **shown))
        heir.members = group.members
        for chat, service in ((group, {"migrate_to_chat_id": heir.id}), (heir, {"migrate_from_chat_id": group.id})):
            body: Body = {"message_id": chat.next_id(), "date": self.clock.date(), "chat": chat.body}
            body |= {"from": ANONYMOUS, "sender_chat": chat.body, **service}
            self.world.emit("message", chat.add(Message(body)).body, f"chat {chat.id}")
        group.successor = heir
        return heir

    def revoke(self) -> None:
        """The token is worth nothing any more: 401 to every call."""
        self.world.revoked = True

    def redeliver(self, update: Update) -> None:
        """The very same update once more, though it was confirmed."""
        self.updates.redeliver(update)

    def hold(self) -> None:
        """Updates gather and are not delivered until `release`."""
        self.updates.hold()

    def release(self, order: Iterable[int] | Callable[[list[Update]], Iterable[Update]] | None = None) -> None:
        """Delivers what was held: in this order of places, or as a function such as `reversed` puts it."""
        self.updates.release(order)


def _membership(user: Body, status: str) -> Body:
    rights = ("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members")
    more = ("can_promote_members", "can_change_info", "can_invite_users", "can_be_edited", "is_anonymous")
    told: Body = {"status": status, "user": user}
    if status == "administrator":
        stories = ("can_post_stories", "can_edit_stories", "can_delete_stories")
        told |= dict.fromkeys((*rights, *more, *stories), False)
    return {**told, "until_date": 0} if status == "kicked" else told
