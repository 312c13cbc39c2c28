"""All the server knows: the bot, people, guilds, channels, interactions, and what was called."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.attachments import Files
from tests.fakes.discord.channel import DM, Channel
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.mentions import Ping
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import ALL, Permission
from tests.fakes.discord.refusal import Body, missing_access, missing_permissions, unknown
from tests.fakes.discord.snowflake import Snowflakes
from tests.fakes.discord.spec import load_spec
from tests.fakes.telegram.clock import Clock

if TYPE_CHECKING:
    from tests.fakes.discord.gateway import Gateway

APPLICATION = 1_180_000_000_000_000_001
"""The id of the application and of its bot's user."""


@dataclass(frozen=True)
class Call:
    """One call as it came. `route` is the path as the description writes it, `at` the server's clock, `code` Discord's
    error code (0 for none)."""

    method: str
    route: str
    path: str
    body: Any
    at: float
    status: int
    code: int = 0


class World:
    """One bot's side of Discord. `checks=False` skips the official description; `record=False` keeps no calls."""

    gateway: Gateway

    def __init__(self, token: str, *, checks: bool = True, record: bool = True) -> None:
        self.token = token
        self.record = record
        self.checks = checks
        self.spec = load_spec() if checks else None
        self.clock = Clock()
        self.leniency = 0.0
        """Real seconds more than Discord's three that a first answer may take."""
        self.snowflakes = Snowflakes(self.clock)
        self.files = Files(self.snowflakes)
        self.faults = Faults()
        self.limits = Limits(self.clock)
        self.id = APPLICATION
        self.me = user(self.id, "cliffhanger", "Cliffhanger", bot=True)
        self.owner = user(self.snowflakes.next(), "owner", "The Owner")
        self.users: dict[int, Body] = {self.id: self.me}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        """Those that are gone too."""
        self.dms: dict[int, Channel] = {}
        """By the other person's id."""
        self.installed: set[int] = set()
        """Who installed the app for themselves."""
        self.commands: dict[int | None, list[Body]] = {None: []}
        """Synced commands by guild; None is everywhere."""
        self.syncs: Counter[int | None] = Counter()
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.nonces: dict[tuple[int, str], tuple[Message, float]] = {}
        self.pings: list[Ping] = []
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        """How often each "METHOD route" was called, also when calls are not kept."""
        self.violations: list[str] = self.faults.violations
        self.clock.on_jump.append(self._ring)

    def channel(self, number: int) -> Channel:
        """Refused (10003) when there is none, (50001) when the bot may not see it."""
        channel = self.channels.get(number)
        if channel is None or channel.gone:
            raise unknown("Channel")
        if channel.guild and not (channel.guild.here and self.rights(channel) & Permission.VIEW_CHANNEL):
            raise missing_access()
        return channel

    def guild(self, number: int) -> Guild:
        """Refused (10004) for one that the bot is not in."""
        guild = self.guilds.get(number)
        if guild is None or not guild.here:
            raise unknown("Guild")
        return guild

    def message(self, channel: Channel, number: int) -> Message:
        """Refused (10008) for one that is deleted, or that only one person sees."""
        message = channel.by_id.get(number)
        if message is None or message.deleted or message.ephemeral:
            raise unknown("Message")
        return message

    def rights(self, channel: Channel) -> int:
        """What the bot may do in a channel."""
        return channel.guild.permissions(self.id, channel) if channel.guild else ALL & ~Permission.MENTION_EVERYONE

    def need(self, channel: Channel, *permissions: Permission) -> None:
        """Refused (50013) when the bot lacks one of them."""
        rights = self.rights(channel)
        if any(not rights & one for one in permissions):
            raise missing_permissions()

    def dm(self, person: int) -> Channel:
        """The channel of direct messages with somebody, made when first asked for."""
        if person not in self.dms:
            channel = Channel(self.snowflakes.next(), DM, recipient=self.users[person])
            self.dms[person] = self.channels[channel.id] = channel
        return self.dms[person]

    def _ring(self) -> None:
        """Whoever waits for an answer notices that it is too late."""
        for interaction in self.interactions.values():
            if interaction.ack is None:
                interaction.bell.ring()

    def emit(self, event: str, body: Body | str, guild: int | None, intent: int) -> None:
        """An event for all clients of the guild's shard (of shard 0 where there is no guild) that want it."""
        self.gateway.emit(event, body, guild, intent)


def user(number: int, name: str, shown: str, *, bot: bool = False) -> Body:
    """Somebody's JSON."""
    told: Body = {"id": str(number), "username": name, "global_name": shown, "discriminator": "0"}
    told |= {"avatar": None, "avatar_decoration_data": None, "public_flags": 0, "flags": 0, "primary_guild": None}
    return {**told, "discriminator": "0001", "bot": True} if bot else told
