"""The same orders from another process: POST /control/<order> with a JSON object, answered with {"result": ...}."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.channel import Channel
from tests.fakes.discord.crowd import Crowd
from tests.fakes.discord.faults import Fault
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.message import Message
from tests.fakes.discord.refusal import Body
from tests.fakes.telegram.bell import PATIENCE

if TYPE_CHECKING:
    from tests.fakes.discord.guild import Guild
    from tests.fakes.discord.town import Town


class Control:
    """Each order is a method of the same name; its parameters are the JSON's fields. LookupError, TimeoutError: 400.

    People, guilds, channels and messages go by their ids.
    """

    def __init__(self, town: Town) -> None:
        self._town = town
        self._faults: list[Fault] = []
        self._crowds: list[Crowd] = []

    async def obey(self, order: str, body: bytes) -> Any:
        """The result of the order with this name."""
        orders = [name for name in vars(Control) if not name.startswith("_") and name != "obey"]
        if order not in orders:
            raise LookupError(f"there is no order {order!r}: {', '.join(orders)}")
        return await getattr(self, order)(**json.loads(body or b"{}"))

    async def person(self, name: str, locale: str = "en-US", installed: bool = False) -> int:
        """The id of somebody new."""
        return self._town.person(name, locale, installed=installed).id

    async def guild(
        self, name: str, members: Sequence[int] = (), shard: Sequence[int] | None = None, **more: Any
    ) -> Body:
        """Its id and that of its channel "general"."""
        which = (shard[0], shard[1]) if shard else None
        guild = self._town.guild(name, [self._town.people[one] for one in members], shard=which, **more)
        return {"id": guild.id, "channel": next(iter(guild.channels))}

    async def channel(self, guild: int, name: str) -> int:
        return self._town.channel(self._guild(guild), name).id

    async def thread(self, channel: int, name: str, person: int) -> int:
        return self._town.thread(self._channel(channel), name, self._town.people[person]).id

    async def dm(self, person: int) -> int:
        """The channel of somebody's direct messages with the bot."""
        return self._town.people[person].dm.id

    async def join(self, person: int, guild: int) -> None:
        self._town.join(self._town.people[person], self._guild(guild))

    async def leave(self, person: int, guild: int) -> None:
        self._town.leave(self._town.people[person], self._guild(guild))

    async def remove_bot(self, guild: int) -> None:
        self._town.remove_bot(self._guild(guild))

    async def add_bot(self, guild: int) -> None:
        self._town.add_bot(self._guild(guild))

    async def delete_channel(self, channel: int) -> None:
        self._town.delete_channel(self._channel(channel))

    async def reset_token(self) -> None:
        self._town.reset_token()

    async def slash(
        self, person: int, command: str, channel: int | None = None, given: Body | None = None, within: float = PATIENCE
    ) -> Body:
        """A command and what came of it; within 0 nobody waits."""
        where = self._channel(channel) if channel else None
        sent = self._town.people[person].send_slash(command, where, **(given or {}))
        return await _outcome(sent, within)

    async def autocomplete(self, person: int, command: str, option: str, typed: Any = "") -> list[Body]:
        return await self._town.people[person].autocomplete(command, option, typed)

    async def press(self, person: int, channel: int, message: int, which: str | int, within: float = PATIENCE) -> Body:
        """A button by custom_id, label or place."""
        sent = self._town.people[person].send_press(self._message(channel, message), which)
        return await _outcome(sent, within)

    async def press_id(self, person: int, channel: int, message: int, custom_id: str, within: float = PATIENCE) -> Body:
        """Whatever custom_id."""
        sent = self._town.people[person].send_press_id(self._message(channel, message), custom_id)
        return await _outcome(sent, within)

    async def select(
        self, person: int, channel: int, message: int, chosen: list[str], menu: str | int = 0, within: float = PATIENCE
    ) -> Body:
        sent = self._town.people[person].send_select(self._message(channel, message), *chosen, menu=menu)
        return await _outcome(sent, within)

    async def submit(self, person: int, interaction: int, typed: Body, within: float = PATIENCE) -> Body:
        """The form that an interaction opened."""
        sent = self._town.people[person].send_submit(self._town.world.interactions[interaction], **typed)
        return await _outcome(sent, within)

    async def outcome(self, interaction: int, within: float = PATIENCE) -> Body:
        """What came of an interaction so far; waits for the first answer."""
        return await _outcome(self._town.world.interactions[interaction], within)

    async def spoken(self, interaction: int, within: float = PATIENCE) -> Body:
        """Waits until an answer says something."""
        return _seen(await self._town.world.interactions[interaction].spoken(within))

    async def say(self, person: int, text: str, channel: int | None = None) -> Body:
        where = self._channel(channel) if channel else None
        return _seen(self._town.people[person].say(text, where))

    async def messages(self, channel: int, after: int = 0, person: int | None = None) -> list[Body]:
        """What can be read in a channel (by one person), oldest first, after the message with this id."""
        there = self._channel(channel)
        shown = there.messages if person is None else self._town.people[person].sees(there)
        return [_seen(message) for message in shown if message.id > after]

    async def wait(self, channel: int, within: float) -> bool:
        """Until something changes in a channel; False when nothing did."""
        return await self._channel(channel).changed.rung(within)

    async def ready(self, clients: int = 1, within: float = PATIENCE) -> None:
        """Until so many shards are connected."""
        await self._town.gateway.ready(clients, within)

    async def gateway(self, **settings: int | bool) -> Body:
        """Sets shards, max_concurrency, strict, privileged, largest_shard, heartbeat_ms; tells how it stands."""
        for name, value in settings.items():
            if name not in ("shards", "max_concurrency", "strict", "privileged", "largest_shard", "heartbeat_ms"):
                raise LookupError(f"the gateway has no setting {name!r}")
            setattr(self._town.gateway, name, value)
        gateway = self._town.gateway
        told: Body = {"connected": [list(one.shard) for one in gateway.connected], "closes": gateway.closes}
        return {**told, "identifies": len(gateway.identifies), "resumes": gateway.resumes}

    async def drop(self, shard: int | None = None, lose_session: bool = False, code: int | None = None) -> int:
        return self._town.gateway.drop(shard, lose_session=lose_session, code=code)

    async def reconnect(self, shard: int | None = None) -> int:
        return self._town.gateway.reconnect(shard)

    async def invalidate(self, shard: int | None = None, resumable: bool = False) -> int:
        return self._town.gateway.invalidate(shard, resumable=resumable)

    async def calls(self, first: int = 0) -> list[Body]:
        """The calls from this place on."""
        return [asdict(call) for call in self._town.calls[first:]]

    async def counts(self) -> dict[str, int]:
        """How often each "METHOD route" was called."""
        return dict(self._town.counts)

    async def figures(self) -> dict[str, int]:
        """invalid answers, floods, syncs."""
        return {"invalid": self._town.invalid_answers, "floods": self._town.floods, "syncs": self._town.syncs}

    async def violations(self) -> list[str]:
        return self._town.violations

    async def pings(self) -> list[Body]:
        return [asdict(ping) for ping in self._town.pings]

    async def commands(self) -> list[Body]:
        return self._town.commands

    async def fault(self, kind: str, **how: Any) -> int:
        """Orders a fault by the name of a method of `Faults`: the place under which `lift` finds it."""
        self._faults.append(getattr(self._town.faults, kind)(**how))
        return len(self._faults) - 1

    async def lift(self, place: int | None = None) -> None:
        """One fault, or all."""
        if place is None:
            self._town.faults.lift()
        else:
            self._faults[place].lift()

    async def jump(self, seconds: float) -> None:
        self._town.clock.jump(seconds)

    async def limits(self, on: bool) -> None:
        self._town.limits = on

    async def crowd(self, size: int, seed: int = 0) -> int:
        """A crowd gathers, as in `Crowd`: its place among all."""
        self._crowds.append(self._town.crowd(size, seed))
        return len(self._crowds) - 1

    async def crowd_votes(self, channel: int, message: int, choices: list[str], place: int = -1) -> None:
        """All press once."""
        self._crowds[place].everybody(self._message(channel, message), choices)

    async def crowd_storm(
        self, channel: int, message: int, choices: list[str], presses: int, open_at_once: int, place: int = -1
    ) -> None:
        """Press after press, so many unanswered at once."""
        self._crowds[place].storm(self._message(channel, message), choices, presses, open_at_once)

    async def crowd_result(self, place: int = -1, within: float = 0.0) -> Body:
        """What came of it, after waiting so long at most for all answers."""
        if within:
            await self._crowds[place].settled(within)
        return self._crowds[place].result()

    def _guild(self, number: int) -> Guild:
        return self._town.world.guilds[number]

    def _channel(self, number: int) -> Channel:
        return self._town.world.channels[number]

    def _message(self, channel: int, number: int) -> Message:
        return self._channel(channel).by_id[number]


def _seen(message: Message) -> Body:
    """A message in a form that `Message` can be made of again."""
    return {"body": message.body, "was": message.was, "only_for": message.only_for, "deleted": message.deleted}


async def _outcome(interaction: Interaction, within: float) -> Body:
    """What the person saw of it so far; waits for the first answer unless `within` is 0."""
    if within:
        await interaction.acknowledged(within)
    return {
        "id": interaction.id,
        "answer": interaction.answer,
        "ack_seconds": interaction.ack_seconds if interaction.ack else None,
        "messages": [_seen(one) for one in interaction.messages],
        "modal": interaction.modal,
        "errors": interaction.errors,
    }
