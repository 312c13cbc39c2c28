"""What becomes of a message's body on its way into a channel: checks, attachments, components, pings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.discord import components
from tests.fakes.discord.attachments import Upload
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, MESSAGE_CONTENT
from tests.fakes.discord.mentions import Called, called
from tests.fakes.discord.message import COMPONENTS_V2, EPHEMERAL, LOADING, Message
from tests.fakes.discord.refusal import Body, Violation, bad_request
from tests.fakes.discord.snowflake import iso
from tests.fakes.discord.world import World

MOST_CONTENT = 2000
MOST_EMBED_TEXT = 6000
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
_SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
_HIDDEN: Body = {"content": "", "embeds": [], "attachments": [], "components": []}
REPLY, COMMAND_ANSWER = 19, 20

Files = Mapping[int, Upload]


def post(
    world: World,
    channel: Channel,
    given: Body,
    files: Files,
    *,
    author: Body | None = None,
    only_for: int | None = None,
    more: Body | None = None,
    quiet: bool = False,
) -> Message:
    """A new message, for everybody or `only_for` one. `more` goes into its JSON. `quiet` tells the gateway nothing."""
    number = world.snowflakes.next()
    flags = int(given.get("flags") or 0) & _SETTABLE | (EPHEMERAL if only_for is not None else 0)
    body = _bare(world, channel, number, author or world.me) | (more or {})
    body |= _contents(world, channel, given, files, {**body, "flags": flags})
    if not _says_something(body):
        raise bad_request(50006, "Cannot send an empty message")
    rings = _calls(world, channel, given, author)
    body |= _mentioned(world, rings)
    message = channel.add(Message(body, only_for))
    if only_for is None:
        world.pings += rings.pings(channel.id, number)
        if not quiet:
            tell(world, "MESSAGE_CREATE", channel, message)
    return message


def loading(world: World, channel: Channel, only_for: int | None, more: Body) -> Message:
    """The deferred answer that says "thinking"."""
    body = _bare(world, channel, world.snowflakes.next(), world.me) | more
    body["flags"] = LOADING | (EPHEMERAL if only_for is not None else 0)
    message = channel.add(Message(body, only_for))
    if only_for is None:
        tell(world, "MESSAGE_CREATE", channel, message)
    return message


def edit(world: World, channel: Channel, message: Message, given: Body, files: Files) -> Message:
    """Fields that are not named stay. What was deferred says something from now on, and rings then."""
    asked = int(given.get("flags") or 0) & _SETTABLE
    flags = (message.body["flags"] | asked) & ~LOADING
    changed = _contents(world, channel, given, files, {**message.body, "flags": flags})
    if not _says_something({**message.body, **changed}):
        raise bad_request(50006, "Cannot send an empty message")
    rings = _calls(world, channel, given, None)
    first = message.loading
    message.change(**changed, **_mentioned(world, rings), edited_timestamp=iso(world.clock.now()))
    if first:
        message.body["edited_timestamp"] = None
        if not message.ephemeral:
            world.pings += rings.pings(channel.id, message.id)
    channel.touch(message)
    if not message.ephemeral:
        tell(world, "MESSAGE_UPDATE", channel, message)
    return message


def delete(world: World, channel: Channel, message: Message) -> None:
    """It is gone, for whoever saw it."""
    channel.remove(message)
    if not message.ephemeral:
        told: Body = {"id": str(message.id), "channel_id": str(channel.id)}
        _emit(world, "MESSAGE_DELETE", channel, told)


def tell(world: World, event: str, channel: Channel, message: Message) -> None:
    """The gateway hears of a message."""
    if world.gateway.wanted(GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES):
        guild = channel.guild
        author = guild.members.get(int(message.body["author"]["id"])) if guild else None
        hidden = {} if _readable(world, message.body, guild is not None) else _HIDDEN
        _emit(world, event, channel, {**message.body, **hidden, **({"member": author.bare} if author else {})})


def _readable(world: World, body: Body, in_guild: bool) -> bool:
    """Without the privileged intent the bot reads its own messages, direct ones, and those that mention it."""
    mine = body["author"]["id"] == str(world.id) or any(one["id"] == str(world.id) for one in body["mentions"])
    return mine or not in_guild or bool(world.gateway.privileged & MESSAGE_CONTENT)


def _emit(world: World, event: str, channel: Channel, told: Body) -> None:
    if channel.guild:
        told["guild_id"] = str(channel.guild_id)
    else:
        told["channel_type"] = channel.kind
    world.emit(event, told, channel.guild_id, GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES)


def _bare(world: World, channel: Channel, number: int, author: Body) -> Body:
    return {
        "id": str(number),
        "type": 0,
        "channel_id": str(channel.id),
        "author": author,
        "content": "",
        "embeds": [],
        "attachments": [],
        "components": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "flags": 0,
        "timestamp": iso(world.clock.now()),
        "edited_timestamp": None,
    }


def _contents(world: World, channel: Channel, given: Body, files: Files, old: Body) -> Body:
    """content, embeds, attachments, components and flags after this body; a field that it lacks is as in `old`."""
    content = (given["content"] or "") if "content" in given else old["content"]
    if len(content) > MOST_CONTENT:
        raise Violation("content", f"Must be {MOST_CONTENT} or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    attachments = world.files.settle(channel.id, given, files, old["attachments"])
    new = bool(old["flags"] & COMPONENTS_V2)
    made = {"content": content.strip(), "attachments": attachments, "flags": old["flags"]}
    made["embeds"] = _embeds(world, given, attachments) if "embeds" in given else old["embeds"]
    made["components"] = _components(world, given, attachments, new) if "components" in given else old["components"]
    legacy = made["content"] or made["embeds"] or given.get("poll") or given.get("sticker_ids")
    if new and legacy:
        words = "The 'content', 'embeds', 'stickers' and 'poll' fields cannot be used with IS_COMPONENTS_V2."
        raise Violation("flags", words, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")
    return made


def _embeds(world: World, given: Body, attachments: list[Body]) -> list[Body]:
    shown, total = [], 0
    for place, embed in enumerate(given["embeds"] or []):
        told: Body = {"type": "rich", **{name: value for name, value in embed.items() if value is not None}}
        for kind in ("image", "thumbnail"):
            if kind in told:
                link = world.files.link(f"embeds.{place}.{kind}.url", told[kind]["url"], attachments)
                told[kind] = {"url": link["url"], "proxy_url": link["proxy_url"]}
        told["fields"] = [{"inline": False, **one} for one in told.get("fields", [])]
        total += _length(told)
        shown.append(told)
    if total > MOST_EMBED_TEXT:
        words = f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}"
        raise Violation("embeds", words, "MAX_EMBED_SIZE_EXCEEDED")
    return shown


def _length(embed: Body) -> int:
    texts: list[Any] = [embed.get("title"), embed.get("description"), embed.get("footer", {}).get("text")]
    texts.append(embed.get("author", {}).get("name"))
    texts += [field[part] for field in embed["fields"] for part in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _components(world: World, given: Body, attachments: list[Body], new: bool) -> list[Body]:
    parts = given["components"] or []
    components.check(parts, new)
    return components.shown(parts, lambda where, url: world.files.link(where, url, attachments))


def _says_something(body: Body) -> bool:
    by_components = body["components"] if body["flags"] & COMPONENTS_V2 else []
    return bool(body["content"] or body["embeds"] or by_components or body["attachments"])


def _calls(world: World, channel: Channel, given: Body, author: Body | None) -> Called:
    if author is None or not channel.guild:
        rights = world.rights(channel)
    else:
        rights = channel.guild.permissions(int(author["id"]), channel)
    return called(channel, given, given.get("allowed_mentions"), rights)


def _mentioned(world: World, rings: Called) -> Body:
    return {
        "mentions": [world.users[one] for one in rings.users if one in world.users],
        "mention_roles": [str(one) for one in rings.roles],
        "mention_everyone": rings.everyone,
    }
