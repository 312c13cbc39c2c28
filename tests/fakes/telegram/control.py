"""The same orders from another process: POST /control/<order> with a JSON object, answered with {"result": ...}."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.crowd import Crowd
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.person import Person
from tests.fakes.telegram.refusal import Body

if TYPE_CHECKING:
    from tests.fakes.telegram.town import Town


class Control:
    """Each order is a method of the same name; its parameters are the JSON's fields. LookupError, TimeoutError: 400."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._people: dict[int, Person] = {}
        self._faults: list[Fault] = []
        self._crowds: list[Crowd] = []

    async def obey(self, order: str, body: bytes) -> Any:
        """The result of the order with this name."""
        orders = [name for name in vars(Control) if not name.startswith("_") and name != "obey"]
        if order not in orders:
            raise LookupError(f"there is no order {order!r}: {', '.join(orders)}")
        return await getattr(self, order)(**json.loads(body or b"{}"))

    async def person(self, name: str, language: str = "en", **more: Any) -> int:
        """The id of somebody new, who is the id of their private chat too."""
        person = self._town.person(name, language, **more)
        self._town.private(person)
        self._people[person.id] = person
        return person.id

    async def say(self, person: int, text: str, chat: int | None = None, topic: int | None = None) -> Body:
        where = self._town.world.chats[chat or person]
        return _seen(await self._people[person].say(text, where, topic=topic))

    async def press(self, person: int, chat: int, message: int, data: str) -> str:
        """A tap nobody waits for: its callback_query_id."""
        return self._people[person].press(self._message(chat, message), data).id

    async def tap(self, person: int, chat: int, message: int, data: str, within: float) -> Body:
        answer = await self._people[person].tap_data(self._message(chat, message), data, within)
        return {"text": answer.text, "alert": answer.alert, "url": answer.url}

    async def inline(self, person: int, text: str, within: float) -> list[Body]:
        return (await self._people[person].inline(text, within=within)).results

    async def messages(self, chat: int, after: int = 0) -> list[Body]:
        """What can be read in a chat, oldest first, after the message with this id."""
        return [_seen(message) for message in self._town.world.chats[chat].messages if message.id > after]

    async def wait(self, chat: int, within: float) -> bool:
        """Until something changes in a chat; False when nothing did."""
        return await self._town.world.chats[chat].changed.rung(within)

    async def calls(self, first: int = 0) -> list[Body]:
        """The calls from this place on."""
        return [
            {
                "method": call.method,
                "params": _plain(call.params),
                "chat": call.chat,
                "at": call.at,
                "error": call.error,
            }
            for call in self._town.calls[first:]
        ]

    async def counts(self) -> dict[str, int]:
        return dict(self._town.world.counts)

    async def violations(self) -> list[str]:
        return self._town.violations

    async def lost(self) -> int:
        """How many updates grew too old."""
        return len(self._town.updates.lost)

    async def fault(self, kind: str, **how: Any) -> int:
        """Orders a fault by the name of a method of `Faults`: the place under which `lift` finds it."""
        self._faults.append(getattr(self._town.faults, kind)(**how))
        return len(self._faults) - 1

    async def lift(self, place: int | None = None) -> None:
        if place is None:
            self._town.faults.lift()
        else:
            self._faults[place].lift()

    async def pay(self, person: int, chat: int, message: int, within: float) -> Body:
        payment = await self._people[person].pay(self._message(chat, message), within)
        return {"paid": payment.paid, "charge": payment.charge, "error": payment.error}

    async def pay_again(self, charge: str) -> None:
        payment = self._town.payments.made[charge]
        await self._people[payment.person].pay_again(payment)

    async def payments(self) -> list[Body]:
        return [
            {"person": one.person, "charge": one.charge, "amount": one.invoice.amount, "refunded": one.refunded}
            for one in self._town.payments.made.values()
        ]

    async def block(self, person: int) -> None:
        self._people[person].block()

    async def unblock(self, person: int) -> None:
        self._people[person].unblock()

    async def group(self, title: str, members: list[int], **more: bool) -> int:
        return self._town.group(title, [self._people[person] for person in members], **more).id

    async def topic(self, chat: int, name: str) -> int:
        return self._town.world.chats[chat].topic(name)

    async def migrate(self, chat: int) -> int:
        """The id of the supergroup."""
        return self._town.migrate(self._town.world.chats[chat]).id

    async def jump(self, seconds: float) -> None:
        self._town.clock.jump(seconds)

    async def hold(self) -> None:
        self._town.hold()

    async def release(self, order: list[int] | None = None) -> None:
        self._town.release(order)

    async def redeliver(self, update: int) -> None:
        """Once more what was confirmed, by update_id."""
        found = {one.id: one for one in self._town.updates.seen}
        self._town.redeliver(found[update])

    async def revoke(self) -> None:
        self._town.revoke()

    async def flood(self, on: bool) -> None:
        self._town.flood = on

    async def webhook(self) -> Body:
        return self._town.world.webhook.info()

    async def reach(self, public: str, local: str) -> None:
        self._town.reach.lead(public, local)

    async def crowd(self, people: int, taps: int, **more: Any) -> int:
        """A crowd begins, as in `Crowd`: its place among all."""
        self._crowds.append(Crowd(self._town, people, taps, **more))
        await self._crowds[-1].begin()
        return len(self._crowds) - 1

    async def crowd_result(self, place: int = -1) -> Body:
        return self._crowds[place].result()

    async def crowd_again(self, place: int = -1) -> None:
        """Those who wait tap once more."""
        self._crowds[place].again()

    def _message(self, chat: int, message: int) -> Message:
        return self._town.world.chats[chat].by_id[message]


def _seen(message: Message) -> Body:
    """A message in a form that `Message` can be made of again."""
    return {"body": message.body, "was": message.was, "pinned": message.pinned, "keyboard": message.keyboard}


def _plain(params: Body) -> Body:
    return {name: value if _is_json(value) else repr(value)[:80] for name, value in params.items()}


def _is_json(value: Any) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | None)
