"""The client: one bot's connection to Discord, with as few intents and as little memory as a watch-along needs."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.shard import Shard
from pydantic_core import to_json

from adapters.discord.arrival import Arrival, arrival, chosen
from adapters.discord.button import PAGE, TAP, VOTE, Key
from adapters.discord.commands import Translator, all_commands
from adapters.discord.desk import Desk
from adapters.discord.place import PLATFORM
from adapters.discord.player import ANSWER
from adapters.discord.studio_commands import studio
from bot.app import App
from bot.store.port import Shown

log = structlog.get_logger()

COMPONENT, FORM = 3, 5
"""Types of interactions that are no commands (Discord, interaction type)."""

MOST = 10_000
"""Interactions remembered on their way through the library, and the latest ones, which may come a second time."""

RATE_LIMIT_SECONDS = 30.0
"""The longest that the library waits in a rate limit by itself."""

COMMANDS = "commands"
"""The address under which it is kept which commands Discord has."""

# Nobody is to be heard or seen: the library need not say what it lacks for that.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

_QUICK = discord.utils._from_json
"""How the library reads what the gateway sends."""

RESET = 54
"""The number by which the library knows a connection that was reset; it is another one on Linux."""

RESET_PAUSE = 0.25
"""Seconds before such a connection is resumed: it may be reset again at once."""

INTENTS = discord.Intents(guilds=True, guild_scheduled_events=True)
"""Which servers and channels there are and what is in their calendars, and that is all: no members, no presences, no
messages."""


class Client(discord.AutoShardedClient):
    """One life of the connection; after an error a new one is made."""

    def __init__(
        self, app: App, now: Callable[[], int], shards: tuple[Sequence[int], int] | None,
        gone: Callable[[Sequence[int]], None], *, creates: bool = False,
    ) -> None:  # fmt: skip
        """`shards`: those of this process, and of how many. `gone` is told of channels that are no more. `creates` says
        whether there is a studio.
        """
        chosen: dict[str, Any] = {} if shards is None else {"shard_ids": list(shards[0]), "shard_count": shards[1]}
        super().__init__(
            intents=INTENTS,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=RATE_LIMIT_SECONDS,
            **chosen,
        )
        self.app = app
        self.desk: Desk | None = None
        self.now = now
        self.tree = app_commands.CommandTree(self)
        self._gone = gone
        self._creates = creates
        self._known: OrderedDict[int, Arrival] = OrderedDict()
        discord.utils._from_json = _readable
        self._read = self._connection.parsers["INTERACTION_CREATE"]
        self._connection.parsers["INTERACTION_CREATE"] = self._interaction

    async def setup_hook(self) -> None:
        """Everything that is pressed goes through one class; commands are told to Discord only where they changed."""
        self.add_dynamic_items(Key)
        for command in (*all_commands(), *((studio,) if self._creates else ())):
            self.tree.add_command(command)
        await self.tree.set_translator(Translator())

    async def put_commands(self) -> None:
        """Tell Discord of the commands, unless it has them just so. Raises what may pass."""
        translator = self.tree.translator
        application = self.application_id
        if translator is None or application is None:
            raise discord.ClientException("log in first")
        commands = [await one.get_translated_payload(self.tree, translator) for one in self.tree.get_commands()]
        digest = hashlib.sha256(to_json([application, commands])).digest()
        shown = await self.app.store.shown(PLATFORM, COMMANDS, 0)
        if shown is not None and shown.body == digest:
            return
        await self.http.bulk_upsert_global_commands(application, payload=commands)
        await self.app.store.keep_shown(Shown(PLATFORM, COMMANDS, 0, 0, digest, self.now()))
        log.info("commands_put", commands=len(commands))

    # -- what comes in

    def _interaction(self, data: Mapping[str, Any]) -> None:
        """An interaction, before the library makes its objects of it: that takes longer than to count a vote.

        Never fails: what is raised here would end the connection, and with it everybody's evening.
        """
        try:
            self._take(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("interaction_unreadable", error=type(error).__name__)
        except Exception:
            log.exception("interaction_unreadable")

    def _take(self, data: Mapping[str, Any]) -> None:
        arrived = arrival(data, self.now())
        if self.desk is None:
            return
        if data["type"] == COMPONENT and (token := data["data"]["custom_id"]).startswith(f"{VOTE}:"):
            self.desk.vote(arrived, token.removeprefix(f"{VOTE}:"))
        elif data["type"] == FORM:
            self._form(arrived, data["data"])
        elif not self._is_new(arrived):
            return
        elif data["type"] == COMPONENT and not _stands(data["message"]["components"], data["data"]["custom_id"]):
            # The message changed while it was pressed: the library would not even answer.
            role, _, token = data["data"]["custom_id"].partition(":")
            self.desk.press(arrived, role, token, chosen(data["data"]))
        else:
            self._read(data)

    def _is_new(self, arrived: Arrival) -> bool:
        """Whether it came for the first time: after a dropped connection Discord sends some again. Votes are told apart
        by the store.
        """
        if arrived.id in self._known:
            return False
        self._known[arrived.id] = arrived
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return True

    def _form(self, arrived: Arrival, data: Mapping[str, Any]) -> None:
        """A question was answered."""
        role, _, token = data["custom_id"].partition(":")
        fields = [field for row in data["components"] for field in row.get("components", [row.get("component", {})])]
        text = next((field["value"] for field in fields if field.get("custom_id") == ANSWER), "")
        if self.desk is not None and role in (TAP, PAGE) and self._is_new(arrived):
            self.desk.typed(arrived, token, text)

    def arrived(self, interaction: discord.Interaction[Any]) -> Arrival | None:
        """What came with an interaction of the library's; None for one that did not come through us."""
        return self._known.get(interaction.id)

    async def pressed(self, interaction: discord.Interaction[Any], role: str, token: str) -> None:
        """A button or menu other than a vote."""
        arrived = self.arrived(interaction)
        if arrived is not None and self.desk is not None:
            said: Any = interaction.data or {}
            self.desk.press(arrived, role, token, chosen(said))

    # -- the calendar

    async def on_scheduled_event_update(self, _: discord.ScheduledEvent, event: discord.ScheduledEvent) -> None:
        """An event of a server's calendar was changed: perhaps called off."""
        if event.status is discord.EventStatus.cancelled:
            self._struck(event)

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """An event was deleted."""
        self._struck(event)

    def _struck(self, event: discord.ScheduledEvent) -> None:
        if self.desk is not None and event.location is not None:
            self.desk.struck(event.location, event.id)

    # -- what is no more

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was put out of a server, with everything that runs there."""
        self._gone([channel.id for channel in (*guild.channels, *guild.threads)])

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted."""
        self._gone([channel.id])

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted."""
        self._gone([thread.thread_id])


def _readable(text: Any) -> Any:
    """What the gateway sent. The quick reader refuses half characters, and with that would end everybody's connection
    for what one person sent.
    """
    try:
        return _QUICK(text)
    except ValueError:
        return json.loads(text)


def _stands(components: Sequence[Mapping[str, Any]], custom_id: str) -> bool:
    """Whether a button or menu is among these parts of a message, or inside one of them."""
    return any(one.get("custom_id") == custom_id or _stands(one.get("components", ()), custom_id) for one in components)


_disconnected = Shard._handle_disconnect


async def _resumed(shard: Shard, error: Exception) -> None:
    """A connection that was reset is resumed, with all that was pressed meanwhile: the library would begin anew."""
    if isinstance(error, OSError) and error.errno == errno.ECONNRESET:
        await asyncio.sleep(RESET_PAUSE)
        error = OSError(RESET, "connection reset")
    await _disconnected(shard, error)


Shard._handle_disconnect = _resumed  # type: ignore[assignment]
