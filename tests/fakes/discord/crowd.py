"""Thousands who press through the gateway: the load of a benchmark, inside the server's process."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.fakes.discord.guild import Member
from tests.fakes.discord.interaction import COMPONENT, Interaction
from tests.fakes.discord.invoking import Caller, place
from tests.fakes.discord.message import Message
from tests.fakes.discord.refusal import Body
from tests.fakes.discord.snowflake import iso
from tests.fakes.discord.world import World, user
from tests.fakes.telegram.bell import Bell

_SLOT = '"%SLOT%"'
KEPT = 20_000
"""Answered presses whose tokens still work when nothing is recorded: older ones are forgotten, to spare memory."""


@dataclass(eq=False, slots=True)
class Press(Interaction):
    """One press of a crowd: like anybody's, and timed by the machine's clock."""

    crowd: Crowd | None = None
    pressed: float = 0.0

    def acked(self, callback: int) -> None:
        self.ack = callback
        self.acked_at = self.clock.now()
        if self.crowd:
            self.crowd.answered(self)


@dataclass(eq=False)
class Crowd:
    """`size` members of the message's guild, with JSON made beforehand. Each `press` goes out at once; `storm` keeps
    `open_at_once` presses unanswered until `presses` were made. `waits` are the real seconds to each first answer."""

    world: World
    size: int
    seed: int = 0
    voters: list[Body] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    presses: int = 0
    acked: int = 0
    bell: Bell = field(default_factory=Bell)
    _left: int = 0
    _next: int = 0
    _began: float = 0.0
    _ended: float = 0.0
    _bodies: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    _texts: list[str] = field(default_factory=list)
    _aim: tuple[Message, Sequence[str]] | None = None
    _old: list[Press] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        joined = iso(self.world.clock.now())
        for number in range(self.size):
            body = user(self.world.snowflakes.next(), f"voter{number}", f"Voter {number}")
            self.world.users[int(body["id"])] = body
            self.voters.append(body)
            self._texts.append(json.dumps({**Member(body, joined).body, "permissions": "0"}))

    def press(self, message: Message, which: str, voter: int) -> Press:
        """One of them presses a custom_id; nobody waits for it."""
        world = self.world
        number = world.snowflakes.next()
        token = f"Y3Jvd2Q{number:x}"
        body = self.voters[voter]
        channel = world.channels[message.channel_id]
        made = Press(number, token, COMPONENT, int(body["id"]), channel, world.clock.now(), world.clock, message)
        made.leniency = world.leniency
        made.crowd, made.name, made.pressed = self, which, time.perf_counter()
        guild = channel.guild_id
        made.owners = {"0": str(guild)} if guild else {"0": "0"}
        world.interactions[number] = world.by_token[token] = made
        self.presses += 1
        before, after = self._around(message)
        told = (
            f'{{"id":"{number}","token":"{token}","data":{{"component_type":2,"id":1,"custom_id":{json.dumps(which)}}},'
            f"{before}{self._texts[voter] if guild else json.dumps(body)}{after}"
        )
        world.gateway.emit("INTERACTION_CREATE", told, guild, 0)
        return made

    def everybody(self, message: Message, choices: Sequence[str]) -> list[Press]:
        """All press once, each one of these custom_ids."""
        self._begin()
        return [self.press(message, self._dice.choice(choices), voter) for voter in range(self.size)]

    def storm(self, message: Message, choices: Sequence[str], presses: int, open_at_once: int) -> None:
        """Begins one: every answer brings the next press, voter by voter."""
        self._begin()
        self._aim = message, list(choices)
        self._left = presses
        for _ in range(min(open_at_once, presses)):
            self._one_more()

    async def settled(self, within: float = 60.0) -> None:
        """Waits until all that was pressed is answered."""
        await self.bell.until(lambda: (self.acked >= self.presses and not self._left) or None, within, "all answers")

    def answered(self, press: Press) -> None:
        """A press got its first answer."""
        self._ended = time.perf_counter()
        self.waits.append(self._ended - press.pressed)
        self.acked += 1
        if not self.world.record:
            self._forget(press)
        if self._left:
            self._one_more()
        elif self.acked >= self.presses:
            self.bell.ring()

    def result(self) -> Body:
        """presses, acked, seconds from the first press to the last answer, presses a second, waits p50/p99/most."""
        waits = sorted(self.waits)
        seconds = self._ended - self._began
        return {
            "presses": self.presses,
            "acked": self.acked,
            "seconds": seconds,
            "per_second": self.acked / seconds if seconds > 0 else None,
            "p50": waits[len(waits) // 2] if waits else None,
            "p99": waits[len(waits) * 99 // 100] if waits else None,
            "most": waits[-1] if waits else None,
        }

    def _begin(self) -> None:
        self._began = self._ended = time.perf_counter()
        self.presses = self.acked = 0
        self.waits = []

    def _one_more(self) -> None:
        if self._aim is None:
            return
        self._left -= 1
        message, choices = self._aim
        voter, self._next = self._next, (self._next + 1) % self.size
        self.press(message, self._dice.choice(choices), voter)

    def _forget(self, press: Press) -> None:
        self._old.append(press)
        if len(self._old) >= 2 * KEPT:
            for one in self._old[:KEPT]:
                self.world.interactions.pop(one.id, None)
                self.world.by_token.pop(one.token, None)
            del self._old[:KEPT]

    def _around(self, message: Message) -> tuple[str, str]:
        """The JSON before and after the presser, made once for each state of the message."""
        key = message.id, len(message.was)
        if key not in self._bodies:
            channel = self.world.channels[message.channel_id]
            caller = self.voters[0]
            if channel.guild:
                channel.guild.members.update(
                    {int(one["id"]): Member(one, iso(self.world.clock.now())) for one in self.voters}
                )
            told = place(self.world, channel, Caller(caller, "en-US"))
            told |= {"version": 1, "type": COMPONENT, "application_id": str(self.world.id), "message": message.body}
            told["member" if channel.guild else "user"] = _SLOT.strip('"')
            before, _, after = json.dumps(told)[1:].partition(_SLOT)
            self._bodies = {key: (before, after)}
        return self._bodies[key]
