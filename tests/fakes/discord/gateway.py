"""The gateway: who may listen, what each shard hears, and how connections end."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aiohttp import WSMsgType, web

from tests.fakes.discord.refusal import Body
from tests.fakes.discord.session import Session, Socket, compressor
from tests.fakes.telegram.bell import PATIENCE, Bell

if TYPE_CHECKING:
    from tests.fakes.discord.guild import Guild
    from tests.fakes.discord.world import World

GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT, SCHEDULED_EVENTS = 1 << 9, 1 << 12, 1 << 15, 1 << 16
ALWAYS = 0
"""Intents: https://discord.com/developers/docs/events/gateway#gateway-intents."""

PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
_KNOWN_INTENTS = (1 << 26) - 1
HEARTBEAT_MS = 41_250
IDENTIFY_SECONDS = 5.0
RESUME_SECONDS = 180.0
"""How long a session waits for its client. Discord does not say."""

LARGEST_PAYLOAD = 4096
MOST_SENDS, SENDS_SECONDS = 120, 60.0


class Closed(Exception):
    """The gateway sends the client away with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Gateway:
    """`shards`, `max_concurrency`: what /gateway/bot recommends. `strict`: whether identifying too fast is refused (one
    per 5 s and slot). `privileged`: the privileged intents that the bot has. `refuses`: the code with which whoever
    identifies is sent away.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.sessions: dict[str, Session] = {}
        self.shards = 1
        self.max_concurrency = 16
        self.strict = False
        self.privileged = 0
        self.refuses: int | None = None
        self.largest_shard = 2500
        """Guilds; more on one shard and sharding is required (4011)."""
        self.heartbeat_ms = HEARTBEAT_MS
        self.identifies: list[tuple[float, int]] = []
        """When, by the server's clock, and which shard."""
        self.resumes = 0
        self.closes: list[int] = []
        """The codes that clients were sent away with."""
        self.changed = Bell()
        self.url = ""

    @property
    def connected(self) -> list[Session]:
        """The sessions that have a client now."""
        return [one for one in self.sessions.values() if one.socket and one.socket.open]

    async def ready(self, clients: int = 1, within: float = PATIENCE) -> None:
        """Waits until so many sessions are connected, and there are commands to call."""

        def so() -> bool | None:
            return (len(self.connected) >= clients and (not clients or any(self._world.commands.values()))) or None

        await self.changed.until(so, within, f"{clients} clients and commands")

    def wanted(self, intent: int) -> bool:
        """Whether any session listens to this."""
        return any(one.intents & intent for one in self.sessions.values())

    def emit(self, event: str, body: Body | str, guild: int | None, intent: int) -> None:
        """Every session of the guild's shard with this intent hears it; shard 0 where there is no guild."""
        text = body if isinstance(body, str) else json.dumps(body)
        for session in self.sessions.values():
            which, of = session.shard
            mine = which == ((guild >> 22) % of if guild else 0)
            if mine and (not intent or session.intents & intent):
                session.dispatch(event, text)

    def of_shard(self, shard: int | None) -> list[Session]:
        """The connected sessions of one shard, or of all."""
        return [one for one in self.connected if shard in (None, one.shard[0])]

    def drop(self, shard: int | None = None, *, lose_session: bool = False, code: int | None = None) -> int:
        """Connections break: without a word, or with a close code. Those that lost their session cannot resume."""
        hit = self.of_shard(shard)
        for session in hit:
            if lose_session:
                self.forget(session)
            if session.socket and code is None:
                session.socket.abort()
            elif session.socket and code is not None:
                session.socket.close(code)
        return len(hit)

    def reconnect(self, shard: int | None = None) -> int:
        """Asks clients to come again (op 7)."""
        return self._tell(shard, {"op": 7, "d": None})

    def invalidate(self, shard: int | None = None, *, resumable: bool = False) -> int:
        """Tells clients that their session is over (op 9), or that they should resume it."""
        for session in [] if resumable else self.of_shard(shard):
            session.alive = False
        return self._tell(shard, {"op": 9, "d": resumable})

    def forget(self, session: Session) -> None:
        """It can no longer be resumed, and hears nothing more."""
        session.alive = False
        self.sessions.pop(session.id, None)

    def _tell(self, shard: int | None, payload: Body) -> int:
        hit = self.of_shard(shard)
        for session in hit:
            if session.socket:
                session.socket.push(json.dumps(payload))
        return len(hit)

    async def handle(self, request: web.BaseRequest, query: str) -> web.StreamResponse:
        """One connection, from hello to its end."""
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        ws = web.WebSocketResponse(compress=False, max_msg_size=1 << 20)
        try:
            compress = compressor(asked.get("compress", ""), not self._world.checks)
        except LookupError as error:
            return web.Response(status=400, text=str(error))
        await ws.prepare(request)
        client = Client(self, self._world, Socket(ws, request, compress))
        socket = client.socket
        socket.push(json.dumps({"op": 10, "d": {"heartbeat_interval": self.heartbeat_ms, "_trace": []}}))
        try:
            if asked.get("v") not in ("9", "10") or asked.get("encoding", "json") != "json":
                raise Closed(4012, "Invalid API version.")
            async for message in ws:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    client.heard(message.data)
        except Closed as closed:
            self.closes.append(closed.code)
            socket.close(closed.code, closed.reason)
        finally:
            client.gone(ws.close_code)
            with contextlib.suppress(ConnectionError):
                await socket.finished()
        return ws

    def tidy(self) -> None:
        """Sessions whose client stayed away too long are forgotten."""
        now = self._world.clock.now()
        for session in list(self.sessions.values()):
            away = session.socket is None or not session.socket.open
            if away and session.left_at and now - session.left_at > RESUME_SECONDS:
                self.forget(session)

    def guilds_of(self, which: int, of: int) -> list[Guild]:
        """The guilds of the bot that belong to a shard."""
        return [one for one in self._world.guilds.values() if one.here and (one.id >> 22) % of == which]


class Client:
    """Whoever is at the other end of one connection."""

    def __init__(self, gateway: Gateway, world: World, socket: Socket) -> None:
        self.socket = socket
        self._gateway = gateway
        self._world = world
        self._session: Session | None = None
        self._sends: deque[float] = deque()

    def heard(self, text: str | bytes) -> None:
        """Does what one payload asks for; Closed when the client has to go."""
        self._pace()
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            raise Closed(4002, "Error while decoding payload.") from None
        if len(text) > LARGEST_PAYLOAD:
            raise Closed(4002, "Error while decoding payload.")
        if op == 1:
            self.socket.push('{"op":11}')
        elif op == 2:
            self._identify(data)
        elif op == 6:
            self._resume(data)
        elif self._session is None:
            raise Closed(4003, "Not authenticated.")
        elif op == 8:
            self._members(data)
        elif op not in (3, 4, 31):
            raise Closed(4001, "Unknown opcode.")

    def gone(self, code: int | None) -> None:
        """The connection ended. The session is over after 1000 and 1001 from the client, 4007 and 4009 from us."""
        session = self._session
        if session and session.socket is self.socket:
            session.socket = None
            session.left_at = self._world.clock.now()
            over = self.socket.closed in (4007, 4009) if self.socket.closed else code in (1000, 1001)
            if over or not session.alive:
                self._gateway.forget(session)
        self._gateway.changed.ring()

    def _pace(self) -> None:
        now = self._world.clock.now()
        self._sends.append(now)
        while self._sends[0] < now - SENDS_SECONDS:
            self._sends.popleft()
        if len(self._sends) > MOST_SENDS:
            raise Closed(4008, "You are being rate limited.")

    def _identify(self, data: Any) -> None:
        world, gateway = self._world, self._gateway
        if self._session:
            raise Closed(4005, "Already authenticated.")
        if data.get("token") != world.token:
            raise Closed(4004, "Authentication failed.")
        if gateway.refuses is not None:
            raise Closed(gateway.refuses, "Not as it is set up.")
        which, of = shard = _shard(data.get("shard"))
        intents = data.get("intents")
        if type(intents) is not int or intents & ~_KNOWN_INTENTS:
            raise Closed(4013, "Invalid intent(s).")
        if intents & PRIVILEGED & ~gateway.privileged:
            raise Closed(4014, "Disallowed intent(s).")
        if len(gateway.guilds_of(which, of)) > gateway.largest_shard:
            raise Closed(4011, "Sharding is required.")
        if self._too_fast(which):
            self.socket.push('{"op":9,"d":false}')
            return
        gateway.identifies.append((world.clock.now(), which))
        gateway.tidy()
        self._begin(Session(f"{world.snowflakes.next():x}", shard, intents, self.socket))

    def _too_fast(self, which: int) -> bool:
        gateway = self._gateway
        slot, since = which % gateway.max_concurrency, self._world.clock.now() - IDENTIFY_SECONDS
        recent = [at for at, shard in gateway.identifies if shard % gateway.max_concurrency == slot and at > since]
        return gateway.strict and bool(recent)

    def _begin(self, session: Session) -> None:
        world, gateway = self._world, self._gateway
        self._session = gateway.sessions[session.id] = session
        guilds = gateway.guilds_of(*session.shard)
        ready: Body = {
            "v": 10,
            "user": {**world.me, "verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": gateway.url,
            "shard": list(session.shard),
            "application": {"id": str(world.id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "presences": [],
        }
        session.dispatch("READY", json.dumps(ready))
        for guild in guilds if session.intents & GUILDS else []:
            session.dispatch("GUILD_CREATE", json.dumps(guild.created(world.id)))
        gateway.changed.ring()

    def _resume(self, data: Any) -> None:
        gateway = self._gateway
        if self._session:
            raise Closed(4005, "Already authenticated.")
        if data.get("token") != self._world.token:
            raise Closed(4004, "Authentication failed.")
        gateway.tidy()
        session = gateway.sessions.get(data.get("session_id"))
        missed = session.missed(int(data.get("seq") or 0)) if session and session.alive else None
        if session is None or missed is None:
            self.socket.push('{"op":9,"d":false}')
            return
        if session.socket:
            session.socket.close(4000, "Resumed elsewhere.")
        self._session, session.socket = session, self.socket
        gateway.resumes += 1
        for frame in missed:
            self.socket.push(frame)
        session.dispatch("RESUMED", '{"_trace":[]}')
        gateway.changed.ring()

    def _members(self, data: Any) -> None:
        """Members by id; by name or all of them only with the members intent."""
        guild = self._world.guilds.get(int(data.get("guild_id", 0)))
        if guild is None or self._session is None:
            return
        asked = data.get("user_ids") or []
        wanted = {int(one) for one in (asked if isinstance(asked, list) else [asked])}
        everybody = bool(self._session.intents & GUILD_MEMBERS)
        found = [one.body for one in guild.members.values() if one.id in wanted or (everybody and not wanted)]
        told: Body = {"guild_id": str(guild.id), "members": found, "chunk_index": 0, "chunk_count": 1}
        told["not_found"] = [str(one) for one in wanted if one not in guild.members]
        if "nonce" in data:
            told["nonce"] = data["nonce"]
        self._session.dispatch("GUILD_MEMBERS_CHUNK", json.dumps(told))


def _shard(said: Any) -> tuple[int, int]:
    if said is None:
        return 0, 1
    if not (isinstance(said, list) and len(said) == 2 and all(type(one) is int for one in said)):
        raise Closed(4010, "Invalid shard.")
    which, of = said
    if not 0 <= which < of:
        raise Closed(4010, "Invalid shard.")
    return which, of
