"""What a client makes of a slash command and its options before it sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.attachments import Upload
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.guild import Role
from tests.fakes.discord.refusal import Body
from tests.fakes.discord.world import World

SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 9, 10, 11
CHAT_INPUT = 1


@dataclass
class Filled:
    """`options` as they go out, and the people, roles, channels and files that they mean."""

    options: list[Body] = field(default_factory=list)
    chosen: list[Any] = field(default_factory=list)


def find(world: World, guild: int | None, name: str, kind: int = CHAT_INPUT) -> tuple[Body, list[Body]]:
    """The synced command of this name (subcommands after spaces) and the way down to it. LookupError if none is."""
    first, *rest = name.split(" ") if kind == CHAT_INPUT else [name]
    there = [*world.commands.get(guild, []), *world.commands[None]] if guild else world.commands[None]
    command = next((one for one in there if one["name"] == first and one["type"] == kind), None)
    if command is None:
        raise LookupError(f"no command is called {first!r}: there are {[one['name'] for one in there]}")
    way, at = [], command
    for step in rest:
        inner = [one for one in at.get("options", []) if one["type"] in (SUBCOMMAND, GROUP)]
        found = next((one for one in inner if one["name"] == step), None)
        if found is None:
            raise LookupError(f"{at['name']!r} has no subcommand {step!r}: there are {[one['name'] for one in inner]}")
        way.append(found)
        at = found
    if any(one["type"] in (SUBCOMMAND, GROUP) for one in at.get("options", [])):
        raise LookupError(f"{name!r} is not a whole command: it has subcommands")
    return command, way


def fill(world: World, channel: Channel, described: list[Body], given: Body, focused: str | None = None) -> Filled:
    """Options as the client sends them. LookupError for what the client would not let anybody send."""
    known = {one["name"]: one for one in described}
    if unknown := set(given) - set(known):
        raise LookupError(f"there are no options {sorted(unknown)}: there are {sorted(known)}")
    missing = [one["name"] for one in described if one.get("required") and one["name"] not in given]
    if missing and focused is None:
        raise LookupError(f"options are missing: {missing}")
    filled = Filled()
    for name, value in given.items():
        option = {"name": name, "type": known[name]["type"]}
        if name == focused:
            filled.options.append({**option, "value": value, "focused": True})
        else:
            filled.options.append({**option, "value": _value(world, channel, known[name], value, filled.chosen)})
    return filled


def nested(way: list[Body], options: list[Body]) -> list[Body]:
    """The options inside the subcommands they belong to."""
    for step in reversed(way):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return options


def _value(world: World, channel: Channel, option: Body, value: Any, chosen: list[Any]) -> Any:
    kind = option["type"]
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT):
        thing = _thing(world, channel, kind, value)
        chosen.append(thing)
        return str(thing["id"] if isinstance(thing, dict) else thing.id)
    _check_plain(option, value)
    return value


def _thing(world: World, channel: Channel, kind: int, value: Any) -> Any:
    """Somebody's JSON, a Role, a Channel, or the JSON of a file that goes up with the command."""
    if kind == ATTACHMENT:
        return value if isinstance(value, dict) else world.files.hand(world.id, Upload(*value))
    fits = {CHANNEL: isinstance(value, Channel), ROLE: isinstance(value, Role)}
    if kind in (MENTIONABLE, USER) or fits.get(kind):
        body = getattr(value, "body", None)
        return value if isinstance(value, Role | Channel) else (body if body is not None else value)
    raise LookupError(f"{value!r} does not fit an option of type {kind}")


def _check_plain(option: Body, value: Any) -> None:
    kinds: dict[int, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}
    if type(value) not in kinds[option["type"]]:
        raise LookupError(f"{option['name']}: {value!r} is not of type {option['type']}")
    if option.get("choices") and value not in [one["value"] for one in option["choices"]]:
        raise LookupError(f"{option['name']}: {value!r} is none of {option['choices']}")
    size = len(value) if isinstance(value, str) else value
    unit = "length" if isinstance(value, str) else "value"
    least, most = option.get(f"min_{unit}"), option.get(f"max_{unit}")
    if (least is not None and size < least) or (most is not None and size > most):
        raise LookupError(f"{option['name']}: {value!r} is not within {least} and {most}")
