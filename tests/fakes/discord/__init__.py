"""The project's own Discord: stands in for discord.com in tests and benchmarks, over real HTTP and a real gateway.

    async with DiscordServer() as server:            # a bot uses server.api, server.gateway_url and server.token
        ann, ben = server.person("Ann", "es-ES"), server.person("Ben")
        guild = server.guild("Movie night", [ann, ben])
        channel = ann.place                                           # its channel "general"
        await server.gateway.ready()                                  # the bot has connected
        reply = await ann.slash("watch", story="the-last-train-home") # waits for the first answer
        assert reply.answer == "defer" and (await reply.spoken()).ephemeral
        card = await channel.shown(lambda m: "Get on the train" in m.buttons)
        pressed = await ben.press(card, "Get on the train")           # label, custom_id or place
        assert pressed.answer == "defer update" and pressed.ephemeral[0].text == "You chose..."
        server.faults.flood(2.0, call="POST /channels", channel=channel.id)
        server.clock.jump(4)                                          # too late to answer what is open
        assert server.violations == [] and server.pings == []

With discord.py: `discord.http.Route.BASE = server.api`, `DiscordWebSocket.DEFAULT_GATEWAY = URL(server.gateway_url)`.
Calls and our own answers are checked against the official description where that is at hand (`server.world.spec` is
None where not) and against Discord's rules; what breaks them is refused with 400 and 50035 and kept in
`server.violations` (the same as iterating `server.faults`). What is wrong only because of how things stand (a message
that is gone, a token too old) is refused and not kept there.
Rate limits hold unless `server.limits = False`; `server.clock.jump` passes them, as it does the 3 s and 15 min of
interactions. `server.gateway` drops, reconnects and invalidates shards, and says how many are wanted.

`server.crowd(1000)` are voters who press without anybody looking at each. `fixtures` has what test modules share.
`python -m tests.fakes.discord --port 0` is the same in a process of its own (`--unchecked` for benchmarks);
`remote.RemoteDiscord` starts one and gives the same orders over /control.

Not done: voice, reactions, webhooks of channels, polls, forums, stickers, entitlements; such calls get a 404 and are
kept in `violations`.
"""

from __future__ import annotations

from tests.fakes.discord.channel import Channel
from tests.fakes.discord.guild import Guild, Role
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import DiscordServer

__all__ = ["Channel", "DiscordServer", "Guild", "Interaction", "Message", "Permission", "Person", "Role"]
