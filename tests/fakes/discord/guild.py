"""A guild: its roles, members, channels and scheduled events, as the bot sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.permissions import ALL, MEMBER, within
from tests.fakes.discord.refusal import Body, unknown
from tests.fakes.discord.snowflake import iso, made_at

if TYPE_CHECKING:
    from tests.fakes.discord.channel import Channel

_NOTHING = [
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
]
_ZERO = [
    "system_channel_flags",
    "verification_level",
    "default_message_notifications",
    "mfa_level",
    "explicit_content_filter",
    "premium_tier",
    "premium_subscription_count",
    "nsfw_level",
]
_LARGEST_MEMBERSHIP = 500_000


@dataclass(eq=False)
class Role:
    """`permissions` are bits; @everyone has the id of its guild."""

    id: int
    name: str
    permissions: int = 0
    position: int = 1
    mentionable: bool = False
    managed: bool = False

    @property
    def body(self) -> Body:
        """Its JSON."""
        colors: Body = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": colors,
            "hoist": False,
            "managed": self.managed,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(eq=False)
class Member:
    """Somebody in a guild: `user` is their JSON, `roles` the ids of their roles besides @everyone."""

    user: Body
    joined: str
    roles: list[int] = field(default_factory=list)
    nick: str | None = None

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def bare(self) -> Body:
        """Its JSON without the user."""
        return {
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
            "flags": 0,
            "joined_at": self.joined,
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": [str(role) for role in self.roles],
            "mute": False,
            "deaf": False,
        }

    @property
    def body(self) -> Body:
        """Its JSON."""
        return {**self.bare, "user": self.user}


@dataclass(eq=False)
class Guild:
    """`here` is whether the bot is a member; `locale` goes out as guild_locale."""

    id: int
    name: str
    owner: int
    locale: str = "en-US"
    here: bool = True
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    """Threads too."""
    events: dict[int, Body] = field(default_factory=dict)
    """Scheduled events by id."""

    def __post_init__(self) -> None:
        self.roles[self.id] = Role(self.id, "@everyone", MEMBER, 0)

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    def member(self, user: int) -> Member:
        """Refused (10007) for those who are not here."""
        if user not in self.members:
            raise unknown("Member")
        return self.members[user]

    def permissions(self, user: int, channel: Channel | None = None) -> int:
        """What somebody may do, in the guild or in one of its channels."""
        member = self.members.get(user)
        if member is None:
            return 0
        if user == self.owner:
            return ALL
        base = self.everyone.permissions
        for role in member.roles:
            base |= self.roles[role].permissions
        over = (channel.parent or channel).overwrites if channel else {}
        return within(base, self.id, member.roles, user, over)

    @property
    def body(self) -> Body:
        """Its JSON as GET answers it."""
        counts = {"approximate_member_count": len(self.members), "approximate_presence_count": len(self.members)}
        return {
            **dict.fromkeys(_NOTHING),
            **dict.fromkeys(_ZERO, 0),
            **counts,
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner),
            "features": [],
            "region": "deprecated",
            "afk_timeout": 300,
            "widget_enabled": False,
            "roles": [role.body for role in self.roles.values()],
            "max_members": _LARGEST_MEMBERSHIP,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "preferred_locale": self.locale,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "emojis": [],
            "stickers": [],
        }

    def created(self, bot: int) -> Body:
        """GUILD_CREATE. Of the members only the bot itself is told, as without the members intent."""
        channels = [channel for channel in self.channels.values() if not channel.is_thread]
        threads = [channel for channel in self.channels.values() if channel.is_thread and not channel.archived]
        return {
            **self.body,
            "joined_at": self.members[bot].joined if bot in self.members else iso(made_at(self.id)),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "voice_states": [],
            "members": [self.members[bot].body] if bot in self.members else [],
            "channels": [channel.body for channel in channels],
            "threads": [thread.body for thread in threads],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": list(self.events.values()),
            "soundboard_sounds": [],
        }
