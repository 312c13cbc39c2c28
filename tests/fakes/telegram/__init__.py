"""The project's own Bot API server: stands in for api.telegram.org in tests and benchmarks, over real HTTP.

    async with TelegramServer() as server:          # a bot uses server.url and server.token
        ann = server.person("Ann", language="en")
        chat = server.private(ann)
        await ann.say("/start")
        message = await chat.shown(lambda m: m.kind == "video" and "Get on the train" in m.buttons)
        answer = await ann.tap(message, "Get on the train")        # what the bot answered to the tap
        server.faults.flood(retry_after=3, method="sendVideo", chat=chat.id)
        server.clock.jump(151)                                      # queries are too old now
        assert server.violations == []

With python-telegram-bot: `Bot(server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")`.
Every call is checked against the official description where that is at hand (`server.world.spec` is None where not) and
against Telegram's limits; what breaks them is refused with a 400 and kept in `server.violations`. What is wrong only
because of how things stand (a message that is gone, a query too old) is refused and not kept there.

`fixtures` has what test modules share. URLs with public names (a webhook's, a clip's) are looked for on this machine
after `server.reach.lead("https://bot.example", "http://127.0.0.1:8080")`; nothing else is ever fetched.
`crowd.Crowd` is the load of a benchmark: viewers who tap whatever they see, and how long each next scene took.

`python -m tests.fakes.telegram --port 0` is the same in a process of its own; `remote.RemoteTelegram` starts one and
gives the same orders over /control. Not done: Markdown, polls, stickers, business accounts; such methods get a 501.
"""

from __future__ import annotations

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.person import Person
from tests.fakes.telegram.server import TelegramServer

__all__ = ["Chat", "Message", "Person", "TelegramServer"]
