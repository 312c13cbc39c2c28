"""The floor: the gateway and REST on bare aiohttp; the votes that wait are written together, then each is answered.

It signs no button, asks nobody's right to vote, and knows neither stories nor errors; a lost connection ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from typing import Any

import uvloop
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector

from benchmarks.polls import urn
from benchmarks.polls.tale import COUNTED, GAP, LABELS, LINE, Seat, seat

JSON = {"content-type": "application/json"}
COMMAND = {
    "name": "watch", "description": "Begins a vote", "type": 1,
    "options": [
        {"type": 3, "name": "story", "description": "Which", "required": True},
        {"type": 4, "name": "seconds", "description": "How long", "required": True},
    ],
}  # fmt: skip
EPHEMERAL = 64
ANSWERS = {
    choice: json.dumps({"type": 4, "data": {"content": f"{COUNTED[0]}{label}", "flags": EPHEMERAL}})
    for choice, label in LABELS.items()
}
BEGUN = json.dumps({"type": 4, "data": {"content": "Here we go.", "flags": EPHEMERAL}})

Interaction = dict[str, Any]


class Bare:
    """One bot."""

    def __init__(self, given: Seat, http: ClientSession) -> None:
        self._api = given.api
        self._token = given.token
        self._http = http
        self._urn = urn.urn(given.folder)
        self._waiting: list[Interaction] = []
        self._came = asyncio.Event()
        self._cards: dict[int, str] = {}
        self._writing: dict[int, asyncio.Task[None]] = {}
        self._changed: set[int] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self) -> None:
        """Until the connection ends."""
        me = await self._call("GET", "/users/@me")
        await self._call("PUT", f"/applications/{me['id']}/commands", [COMMAND])
        gateway = await self._call("GET", "/gateway/bot")
        self._soon(self._count())
        async with self._http.ws_connect(f"{gateway['url']}?v=10&encoding=json", max_msg_size=0) as socket:
            await self._listen(socket)

    async def _listen(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            told = json.loads(message.data)
            if told["op"] == 10:
                about = {"token": self._token, "intents": 1, "properties": {}}
                await socket.send_str(json.dumps({"op": 2, "d": about}))
                self._soon(self._beat(socket, told["d"]["heartbeat_interval"] / 1000))
            elif told.get("t") == "INTERACTION_CREATE":
                self._take(told["d"])

    async def _beat(self, socket: ClientWebSocketResponse, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await socket.send_str('{"op":1,"d":null}')

    def _take(self, interaction: Interaction) -> None:
        if interaction["type"] == 2:
            self._soon(self._begin(interaction))
        else:
            self._waiting.append(interaction)
            self._came.set()

    async def _begin(self, interaction: Interaction) -> None:
        room = int(interaction["channel_id"])
        await self._answer(interaction, BEGUN)
        row = [
            {"type": 2, "style": 1, "label": label, "custom_id": f"vote:{room}:{choice}"}
            for choice, label in LABELS.items()
        ]
        body = {"content": LINE, "components": [{"type": 1, "components": row}]}
        card = await self._call("POST", f"/channels/{room}/messages", body)
        self._cards[room] = card["id"]

    async def _count(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            taken, self._waiting = self._waiting, []
            await asyncio.to_thread(_note, self._urn, [_vote(one) for one in taken])
            for interaction in taken:
                room, _, choice = _vote(interaction)
                self._soon(self._answer(interaction, ANSWERS[choice]))
                self._changed.add(room)
                if room not in self._writing:
                    self._writing[room] = asyncio.create_task(self._write(room))

    async def _answer(self, interaction: Interaction, body: str) -> None:
        url = f"{self._api}/interactions/{interaction['id']}/{interaction['token']}/callback"
        async with self._http.post(url, data=body, headers=JSON):
            pass

    async def _write(self, room: int) -> None:
        while room in self._changed:
            self._changed.discard(room)
            counts = dict(self._urn.execute(urn.TALLY, (room,)))
            lines = [f"{label}: {counts.get(choice, 0)}" for choice, label in LABELS.items()]
            body = {"content": "\n".join((LINE, *lines))}
            await self._call("PATCH", f"/channels/{room}/messages/{self._cards[room]}", body)
            await asyncio.sleep(GAP)
        del self._writing[room]

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        given = {"headers": {"authorization": f"Bot {self._token}"}, "json": body}
        async with self._http.request(method, self._api + path, **given) as response:
            return await response.json()

    def _soon(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _vote(interaction: Interaction) -> tuple[int, int, str]:
    _, room, choice = interaction["data"]["custom_id"].split(":")
    return int(room), int(interaction["member"]["user"]["id"]), choice


def _note(connection: sqlite3.Connection, votes: list[tuple[int, int, str]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(urn.VOTE, votes)
    connection.execute("COMMIT")


async def _play(given: Seat) -> None:
    async with ClientSession(connector=TCPConnector(limit=100)) as http:
        with contextlib.suppress(asyncio.CancelledError):
            await Bare(given, http).run()


if __name__ == "__main__":
    uvloop.run(_play(seat()))
