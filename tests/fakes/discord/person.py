"""What people do: commands, presses, choices, forms, messages."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import components, options, posting
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.guild import Role
from tests.fakes.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction
from tests.fakes.discord.invoking import GUILD, Caller, context_of, invoke, open_interaction, owners, resolved, rights
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusal import Body
from tests.fakes.discord.world import World
from tests.fakes.telegram.bell import PATIENCE


class Person:
    """Somebody with an account. `place` is where they are: the channel for commands that name none.

    `slash` and its like wait for the bot's first answer, `send_slash` and its like do not.
    """

    def __init__(self, world: World, body: Body, locale: str) -> None:
        self.world = world
        self.body = body
        self.id = int(body["id"])
        self.locale = locale
        self._place: Channel | None = None
        self.did: list[Interaction] = []

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def voter(self) -> str:
        """As the store names voters."""
        return f"discord:{self.id}"

    @property
    def place(self) -> Channel:
        """The last channel they used or came to; their direct messages with the bot before that."""
        return self._place or self.world.dm(self.id)

    @place.setter
    def place(self, channel: Channel) -> None:
        self._place = channel

    @property
    def dm(self) -> Channel:
        """The direct messages with the bot."""
        return self.world.dm(self.id)

    async def slash(
        self, command: str, where: Channel | None = None, /, within: float = PATIENCE, **given: Any
    ) -> Interaction:
        """A command by name, its subcommands after spaces. A Person, Role, Channel, or a file as
        (name, bytes) or as its JSON may be a value.
        """
        return await self.send_slash(command, where, **given).acknowledged(within)

    def send_slash(self, command: str, where: Channel | None = None, /, **given: Any) -> Interaction:
        """LookupError for a command or an option that the client would not offer there."""
        channel = self._at(where)
        described, way = self._offered(command, channel, options.CHAT_INPUT)
        leaf = way[-1] if way else described
        filled = options.fill(self.world, channel, leaf.get("options", []), given)
        interaction = self._open(COMMAND, channel, f"/{command}")
        return self._invoke(interaction, self._command(described, way, filled, channel))

    async def menu(self, command: str, target: Message | Person, within: float = PATIENCE) -> Interaction:
        """A command of the context menu of a message or a person."""
        is_message = isinstance(target, Message)
        channel = self.world.channels[target.channel_id] if isinstance(target, Message) else self._at(None)
        described, _ = self._offered(command, channel, 3 if is_message else 2)
        chosen = target if isinstance(target, Message) else target.body
        data = self._command(described, [], options.Filled([], [chosen]), channel)
        interaction = self._open(COMMAND, channel, command)
        return await self._invoke(interaction, {**data, "target_id": str(target.id)}).acknowledged(within)

    async def autocomplete(
        self, command: str, option: str, typed: Any = "", where: Channel | None = None, /, **given: Any
    ) -> list[Body]:
        """What the bot offers while `typed` stands in an option: name and value of each."""
        channel = self._at(where)
        described, way = self._offered(command, channel, options.CHAT_INPUT)
        known = (way[-1] if way else described).get("options", [])
        if not any(one["name"] == option and one.get("autocomplete") for one in known):
            raise LookupError(f"option {option!r} of {command!r} does not complete itself")
        filled = options.fill(self.world, channel, known, {**given, option: typed}, option)
        interaction = self._open(AUTOCOMPLETE, channel, f"/{command} {option}")
        await self._invoke(interaction, self._command(described, way, filled, channel)).acknowledged()
        return interaction.choices

    async def press(self, message: Message, which: str | int, within: float = PATIENCE) -> Interaction:
        """A button by custom_id, label or place."""
        return await self.send_press(message, which).acknowledged(within)

    def send_press(self, message: Message, which: str | int) -> Interaction:
        """LookupError for a button that cannot be pressed."""
        button = message.button(which)
        if button.get("disabled") or "custom_id" not in button:
            raise LookupError(f"{which!r} cannot be pressed")
        return self.send_press_id(message, button["custom_id"], button["id"])

    async def press_id(self, message: Message, custom_id: str, within: float = PATIENCE) -> Interaction:
        """A press of whatever custom_id, as a slow client sends it after the buttons changed."""
        return await self.send_press_id(message, custom_id).acknowledged(within)

    def send_press_id(self, message: Message, custom_id: str, part: int = 1) -> Interaction:
        data = {"custom_id": custom_id, "component_type": components.BUTTON, "id": part}
        return self._use(message, custom_id, data)

    async def select(
        self, message: Message, *chosen: str | Person | Role | Channel, menu: str | int = 0, within: float = PATIENCE
    ) -> Interaction:
        """Chooses in a menu: values or labels of options, or people, roles, channels."""
        return await self.send_select(message, *chosen, menu=menu).acknowledged(within)

    def send_select(self, message: Message, *chosen: str | Person | Role | Channel, menu: str | int = 0) -> Interaction:
        part = message.menu(menu)
        if part.get("disabled") or not part["min_values"] <= len(chosen) <= part["max_values"]:
            raise LookupError(f"so much cannot be chosen: {part['min_values']} to {part['max_values']}")
        values = [_option(part, one) if isinstance(one, str) else str(one.id) for one in chosen]
        data: Body = {
            "custom_id": part["custom_id"],
            "component_type": part["type"],
            "id": part["id"],
            "values": values,
        }
        if part["type"] != components.STRING_SELECT:
            things = [one.body if isinstance(one, Person) else one for one in chosen]
            data["resolved"] = resolved(self._caller, self.world.channels[message.channel_id], things)
        return self._use(message, part["custom_id"], data)

    async def submit(self, opened: Interaction, within: float = PATIENCE, /, **typed: Any) -> Interaction:
        """Sends the form that `opened` brought, its fields by custom_id (or by label, with _ for spaces)."""
        return await self.send_submit(opened, **typed).acknowledged(within)

    def send_submit(self, opened: Interaction, /, **typed: Any) -> Interaction:
        """LookupError for fields that are not there, or that the client would not let through."""
        if opened.modal is None:
            raise LookupError(f"{opened.name} opened no form")
        left = dict(typed)
        parts = [_submitted(part, left) for part in opened.modal["components"]]
        if left:
            raise LookupError(f"the form has no fields {sorted(left)}")
        interaction = self._open(MODAL, opened.channel, opened.modal["title"], opened.message)
        return self._invoke(interaction, {"custom_id": opened.modal["custom_id"], "components": parts})

    def say(self, text: str, where: Channel | None = None) -> Message:
        """A message of theirs."""
        channel = self._at(where)
        return posting.post(self.world, channel, {"content": text}, {}, author=self.body)

    def dismiss(self, message: Message) -> None:
        """An ephemeral answer is closed; the bot does not hear of it."""
        self.world.channels[message.channel_id].remove(message)

    def sees(self, channel: Channel) -> list[Message]:
        """What is on their screen: everybody's messages, and the answers that only they see."""
        shown = [one for one in channel.by_id.values() if one.only_for in (None, self.id) and not one.deleted]
        return sorted(shown, key=lambda one: one.id)

    @property
    def _caller(self) -> Caller:
        return Caller(self.body, self.locale)

    def _at(self, where: Channel | None) -> Channel:
        channel = where or self.place
        if channel.guild and not rights(channel, self.id) & Permission.VIEW_CHANNEL:
            raise LookupError(f"{self.body['username']} does not see {channel.name!r}")
        self._place = channel
        return channel

    def _offered(self, command: str, channel: Channel, kind: int) -> tuple[Body, list[Body]]:
        described, way = options.find(self.world, channel.guild_id, command, kind)
        contexts, installs = described.get("contexts"), described.get("integration_types", [0])
        if contexts is None and described.get("dm_permission") is False:
            contexts = [GUILD]
        if contexts is not None and context_of(self.world, channel, self._caller) not in contexts:
            raise LookupError(f"{command!r} is not offered in such a place")
        if not set(owners(self.world, channel, self._caller)) & {str(one) for one in installs}:
            raise LookupError(f"{command!r} is not installed here")
        needed = described["default_member_permissions"]
        has = rights(channel, self.id)
        if needed is not None and channel.guild and has & int(needed) != int(needed):
            raise LookupError(f"{command!r} is not offered to {self.body['username']}")
        return described, way

    def _command(self, described: Body, way: list[Body], filled: options.Filled, channel: Channel) -> Body:
        data: Body = {"id": described["id"], "name": described["name"], "type": described["type"]}
        data["options"] = options.nested(way, filled.options)
        if "guild_id" in described:
            data["guild_id"] = described["guild_id"]
        if filled.chosen:
            data["resolved"] = resolved(self._caller, channel, filled.chosen)
        return data

    def _use(self, message: Message, name: str, data: Body) -> Interaction:
        channel = self._at(self.world.channels[message.channel_id])
        if message.ephemeral and message.only_for != self.id:
            raise LookupError("only one person sees that message")
        return self._invoke(self._open(COMPONENT, channel, name, message), data)

    def _open(self, kind: int, channel: Channel, name: str, message: Message | None = None) -> Interaction:
        return open_interaction(self.world, kind, self._caller, channel, name, message)

    def _invoke(self, interaction: Interaction, data: Body) -> Interaction:
        self.did.append(interaction)
        invoke(self.world, interaction, self._caller, data)
        return interaction


def _option(menu: Body, which: str) -> str:
    found = [one for one in menu["options"] if which in (one["value"], one["label"])]
    if len(found) != 1:
        raise LookupError(f"{len(found)} options are called {which!r}: there are {menu['options']}")
    return str(found[0]["value"])


def _submitted(part: Body, left: Body) -> Body:
    """A part of a form as it comes back, with what was typed taken out of `left`."""
    if part["type"] == components.ROW:
        return {
            "type": components.ROW,
            "id": 1,
            "components": [_field(one, one.get("label", ""), left) for one in part["components"]],
        }
    if part["type"] == components.LABEL:
        return {"type": components.LABEL, "id": 1, "component": _field(part["component"], part["label"], left)}
    return {"type": part["type"], "id": 1}


def _field(part: Body, label: str, left: Body) -> Body:
    names = (part["custom_id"], label.replace(" ", "_"))
    name = next((one for one in names if one in left), None)
    value = left.pop(name) if name else part.get("value") or ""
    told: Body = {"type": part["type"], "custom_id": part["custom_id"], "id": 1}
    if part["type"] in components.SELECTS:
        chosen = [value] if isinstance(value, str) and value else list(value)
        return {**told, "values": [_option(part, one) for one in chosen]}
    least, most = part.get("min_length") or 0, part.get("max_length") or components.MOST_TEXT
    if not value and part.get("required", True):
        raise LookupError(f"the field {label or part['custom_id']!r} is required")
    if value and not least <= len(value) <= most:
        raise LookupError(f"the field {label or part['custom_id']!r} takes {least} to {most} characters")
    return {**told, "value": value}
