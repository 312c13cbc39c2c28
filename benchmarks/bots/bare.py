"""The floor: getUpdates in a loop on bare aiohttp, one grouped SQLite commit for each batch, then the same calls.

It acknowledges after the commit, as ours does. It has no outbox, signs no button, and knows neither stories nor
errors.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import uvloop
from aiohttp import ClientSession, TCPConnector

from benchmarks.bots.ledger import Ledger, Place
from benchmarks.bots.tale import FIRST, HELLO, SCENES, Seat, serve

LONG_POLL = 25
JSON = {"content-type": "application/json"}
KEYBOARDS = {
    name: {"inline_keyboard": [[{"text": label, "callback_data": data} for label, data in row] for row in one.keyboard]}
    for name, one in SCENES.items()
}


class Bare:
    """One bot."""

    def __init__(self, seat: Seat, http: ClientSession) -> None:
        self._seat = seat
        self._http = http
        self._ledger = Ledger(seat.folder)
        self._places: dict[int, Place] = self._ledger.places()
        self._calls: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll without end."""
        offset = 0
        while True:
            for update in (updates := await self._call("getUpdates", offset=offset, timeout=LONG_POLL)):
                offset = update["update_id"] + 1
            if taken := [update for update in updates if self._takes(update)]:
                users = [_user(update) for update in taken]
                await asyncio.to_thread(self._ledger.note, [(user, *self._places[user]) for user in users])
            for update in taken:
                task = asyncio.create_task(self._show(update, self._places[_user(update)][0]))
                self._calls.add(task)
                task.add_done_callback(self._calls.discard)

    def _takes(self, update: dict[str, Any]) -> bool:
        """Step the viewer who tapped; False for a tap that does not fit."""
        user = _user(update)
        query = update.get("callback_query")
        if query is None:
            self._places[user] = FIRST, 0
            return bool(update["message"].get("text") == HELLO)
        scene, taps = self._places.get(user, (FIRST, 0))
        if query["data"] not in SCENES[scene].choices:
            return False
        self._places[user] = SCENES[scene].to, taps + 1
        return True

    async def _show(self, update: dict[str, Any], scene: str) -> None:
        query, chat = update.get("callback_query"), _user(update)
        sent = self._call(
            "sendVideo", chat_id=chat, video=self._seat.videos[scene], caption=SCENES[scene].caption,
            parse_mode="HTML", reply_markup=KEYBOARDS[scene],
        )  # fmt: skip
        if query is None:
            await sent
            return
        before = next(one for one in SCENES.values() if query["data"] in one.choices)
        edited = self._call(
            "editMessageCaption", chat_id=chat, message_id=query["message"]["message_id"],
            caption=before.settled(query["data"]), parse_mode="HTML",
        )  # fmt: skip
        await asyncio.gather(sent, edited, self._call("answerCallbackQuery", callback_query_id=query["id"]))

    async def _call(self, method: str, **values: Any) -> Any:
        url = f"{self._seat.url}/bot{self._seat.token}/{method}"
        async with self._http.post(url, data=json.dumps(values), headers=JSON) as response:
            return json.loads(await response.read())["result"]


def _user(update: dict[str, Any]) -> int:
    return int((update.get("callback_query") or update["message"])["from"]["id"])


def play(seat: Seat) -> None:
    """Long polling."""
    uvloop.run(_play(seat))


async def _play(seat: Seat) -> None:
    async with ClientSession(connector=TCPConnector(limit=100)) as http:
        await Bare(seat, http).run()


def counted(seat: Seat) -> int:
    """From the file."""
    return Ledger(seat.folder).taps()


if __name__ == "__main__":
    serve(play, counted)
