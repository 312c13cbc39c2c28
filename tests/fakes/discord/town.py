"""The people and guilds around the bot, and what befalls them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from tests.fakes.discord.channel import DM, PUBLIC_THREAD, TEXT, Channel
from tests.fakes.discord.crowd import Crowd
from tests.fakes.discord.gateway import GUILD_MEMBERS, GUILDS, SCHEDULED_EVENTS
from tests.fakes.discord.guild import Guild, Member, Role
from tests.fakes.discord.mentions import Ping
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import BOT
from tests.fakes.discord.person import Person
from tests.fakes.discord.refusal import Body
from tests.fakes.discord.routes.channels import remove
from tests.fakes.discord.routes.events import CANCELED
from tests.fakes.discord.snowflake import iso
from tests.fakes.discord.world import Call, World, user


class Town:
    """What a test orders, in the process of the server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = world.clock
        self.faults = world.faults
        self.calls = world.calls
        self.counts = world.counts
        self.violations = world.violations
        self.gateway = world.gateway
        self.people: dict[int, Person] = {}
        self._names = count(1)

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def pings(self) -> list[Ping]:
        """Whose devices rang, in order."""
        return self.world.pings

    @property
    def limits(self) -> bool:
        """Whether rate limits hold."""
        return self.world.limits.on

    @limits.setter
    def limits(self, on: bool) -> None:
        self.world.limits.on = on

    @property
    def invalid_answers(self) -> int:
        """How many answers were 401, 403 or 429: 10,000 in 10 minutes would ban the address."""
        return self.world.limits.invalid

    @property
    def floods(self) -> int:
        """How many answers were 429."""
        return self.world.limits.floods

    @property
    def commands(self) -> list[Body]:
        """The commands that are synced everywhere."""
        return self.world.commands[None]

    @property
    def syncs(self) -> int:
        """How often commands were replaced, everywhere or in a guild."""
        return sum(self.world.syncs.values())

    def called(self, call: str, channel: Channel | None = None) -> list[Call]:
        """The calls whose "METHOD route" contains this, in a channel or in any."""
        found = [one for one in self.calls if call in f"{one.method} {one.route}"]
        return [one for one in found if channel is None or f"/channels/{channel.id}/" in f"{one.path}/"]

    def person(self, name: str, locale: str = "en-US", *, installed: bool = False) -> Person:
        """Somebody new. `installed` is whether they have the app for themselves."""
        number = self.world.snowflakes.next()
        body = user(number, f"{name.lower().replace(' ', '_')[:24]}{next(self._names)}", name)
        self.world.users[number] = body
        if installed:
            self.world.installed.add(number)
        person = self.people[number] = Person(self.world, body, locale)
        return person

    def guild(
        self,
        name: str,
        members: Iterable[Person] = (),
        *,
        locale: str = "en-US",
        shard: tuple[int, int] | None = None,
        here: bool = True,
        rights: int = BOT,
    ) -> Guild:
        """A guild with a channel "general"; its first member owns it.

        `shard` is (which, of how many) it shall belong to, `here` whether the bot is in it, `rights` what the bot's
        role adds to what everybody may.
        """
        numbers = self.world.snowflakes
        number = numbers.for_shard(*shard) if shard else numbers.next()
        people = list(members)
        owner = people[0].id if people else int(self.world.owner["id"])
        guild = self.world.guilds[number] = Guild(number, name, owner, locale, here=False)
        self.channel(guild, "general", quiet=True)
        for person in people:
            self.join(person, guild, quiet=True)
        if here:
            self.add_bot(guild, rights)
        return guild

    def add_bot(self, guild: Guild, rights: int = BOT) -> None:
        """The bot comes into a guild, with a role of its own."""
        world = self.world
        role = Role(world.snowflakes.next(), "Cliffhanger", rights, 1, managed=True)
        guild.roles[role.id] = role
        guild.members[world.id] = Member(world.me, iso(self.clock.now()), [role.id])
        guild.here = True
        world.emit("GUILD_CREATE", guild.created(world.id), guild.id, GUILDS)

    def remove_bot(self, guild: Guild) -> None:
        """The bot is thrown out, and told so."""
        self.world.emit("GUILD_DELETE", {"id": str(guild.id)}, guild.id, GUILDS)
        guild.here = False
        guild.members.pop(self.world.id, None)

    def outage(self, guild: Guild) -> None:
        """The guild is unavailable for a while; the bot is still in it."""
        self.world.emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id, GUILDS)

    def recover(self, guild: Guild) -> None:
        """An outage is over."""
        self.world.emit("GUILD_CREATE", guild.created(self.world.id), guild.id, GUILDS)

    def channel(self, guild: Guild, name: str, kind: int = TEXT, *, quiet: bool = False) -> Channel:
        """A channel of a guild."""
        channel = Channel(self.world.snowflakes.next(), kind, name, guild, position=len(guild.channels))
        guild.channels[channel.id] = self.world.channels[channel.id] = channel
        if not quiet:
            self.world.emit("CHANNEL_CREATE", channel.body, guild.id, GUILDS)
        return channel

    def thread(self, parent: Channel, name: str, owner: Person, kind: int = PUBLIC_THREAD) -> Channel:
        """A thread that somebody begins."""
        thread = Channel(self.world.snowflakes.next(), kind, name, parent.guild, parent, owner=owner.id)
        thread.thread_members.add(owner.id)
        self.world.channels[thread.id] = thread
        if parent.guild:
            parent.guild.channels[thread.id] = thread
        self.world.emit("THREAD_CREATE", {**thread.body, "newly_created": True}, parent.guild_id, GUILDS)
        return thread

    def private_channel(self, *people: Person) -> Channel:
        """Direct messages between people, where the bot only is by somebody's installation."""
        channel = Channel(self.world.snowflakes.next(), DM, recipient=people[0].body, gone=False)
        self.world.channels[channel.id] = channel
        return channel

    def delete_channel(self, channel: Channel) -> None:
        """Somebody deletes it, with its threads; the bot is told."""
        remove(self.world, channel)

    def strike(self, guild: Guild, event: int, *, deleted: bool = False) -> None:
        """Somebody calls an event of the calendar off, or deletes it; the bot is told."""
        body, name = (
            guild.events.pop(event),
            "GUILD_SCHEDULED_EVENT_DELETE" if deleted else "GUILD_SCHEDULED_EVENT_UPDATE",
        )
        self.world.emit(name, body if deleted else {**body, "status": CANCELED}, guild.id, SCHEDULED_EVENTS)

    def role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """A role of a guild."""
        role = Role(self.world.snowflakes.next(), name, permissions, len(guild.roles), mentionable)
        guild.roles[role.id] = role
        told = {"guild_id": str(guild.id), "role": role.body}
        self.world.emit("GUILD_ROLE_CREATE", told, guild.id, GUILDS)
        return role

    def permit(self, guild: Guild, role: Role, permissions: int) -> None:
        """A role has exactly these permissions from now on."""
        role.permissions = permissions
        told = {"guild_id": str(guild.id), "role": role.body}
        self.world.emit("GUILD_ROLE_UPDATE", told, guild.id, GUILDS)

    def overwrite(self, channel: Channel, whom: Role | Person | int, allow: int = 0, deny: int = 0) -> None:
        """What a channel allows and denies a role or a member (the bot by its id)."""
        channel.overwrites[whom if isinstance(whom, int) else whom.id] = allow, deny
        self.world.emit("CHANNEL_UPDATE", channel.body, channel.guild_id, GUILDS)

    def join(self, person: Person, guild: Guild, *roles: Role, nick: str | None = None, quiet: bool = False) -> Member:
        """Somebody comes into a guild and looks at its first channel."""
        joined = iso(self.clock.now())
        member = guild.members[person.id] = Member(person.body, joined, [role.id for role in roles], nick)
        person.place = next(iter(guild.channels.values()))
        if not quiet:
            told = {**member.body, "guild_id": str(guild.id)}
            self.world.emit("GUILD_MEMBER_ADD", told, guild.id, GUILD_MEMBERS)
        return member

    def leave(self, person: Person, guild: Guild) -> None:
        """Somebody goes. The bot only hears of it with the members intent."""
        guild.members.pop(person.id, None)
        told = {"guild_id": str(guild.id), "user": person.body}
        self.world.emit("GUILD_MEMBER_REMOVE", told, guild.id, GUILD_MEMBERS)

    def install(self, person: Person, installed: bool = True) -> None:
        """Somebody gets the app for themselves, or gives it up."""
        (self.world.installed.add if installed else self.world.installed.discard)(person.id)

    def reset_token(self) -> None:
        """The token is worth nothing any more: 401 to every call, 4004 to every client."""
        self.world.token = f"{self.world.token}-reset"
        self.gateway.drop(lose_session=True, code=4004)

    def crowd(self, size: int, seed: int = 0) -> Crowd:
        """So many voters who press without anybody looking at each."""
        return Crowd(self.world, size, seed)

    def message(self, number: int) -> Message:
        """Any message by id."""
        return next(channel.by_id[number] for channel in self.world.channels.values() if number in channel.by_id)
