"""Files on Discord that mean ill, lie elsewhere or get lost, and what everybody else notices of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adapters.discord.attachment import MOST
from tests.bot.studio.hostile import uploads
from tests.fakes.discord import DiscordServer, Message, Person
from tests.fakes.discord.attachments import Upload
from tests.fakes.on_discord import bot_at, crowd, gathering, little, read
from tests.fakes.on_discord_studio import CAVE, NOBODY, asked, played, pressed, says, sent

HOSTILE = list(uploads())[:60]
SHARES = 6
"""Tests that the hostile uploads are dealt to."""

SOON = 2.0
"""Seconds in which somebody else's press is acknowledged meanwhile; Discord gives three."""


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Every call is held against the official description; nobody's device ever rings."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@pytest.fixture
async def people(server: DiscordServer, tmp_path: Path) -> AsyncIterator[tuple[Person, Person]]:
    """Two at a bot that has a studio."""
    ann, ben = crowd(server, 2)
    gathering(server, [ann, ben])
    async with bot_at(server, tmp_path, little(tmp_path), owners=NOBODY):
        yield ann, ben


async def press_on(person: Person, scene: Message, until: asyncio.Event) -> list[float]:
    """Press after press in a test play: how long each waited."""
    waits = []
    while not until.is_set():
        for label in ("Go in", "↶ Back"):
            press = await person.press(scene, label)
            assert press.answer == "update"
            waits.append(press.ack_seconds)
    return waits


@pytest.mark.parametrize("share", range(SHARES))
async def test_each_hostile_upload_is_answered_and_others_play_on(people: tuple[Person, Person], share: int) -> None:
    ann, ben = people
    await sent(ben, CAVE, "bens-cave.yaml")
    scene, over = await played(ben, story="bens-cave"), asyncio.Event()
    pressing = asyncio.create_task(press_on(ben, scene, over))
    for hostile in HOSTILE[share::SHARES]:
        answer = await sent(ann, hostile.content(), hostile.called)
        assert says(answer, "❌", "so nothing has changed", hostile.code)
        assert len(answer.text) < 2_000
    over.set()
    waits = await pressing
    assert len(waits) > 5
    assert max(waits) < SOON
    assert says(await asked(ann, "stories"), "You have no stories here yet.")


# -- files that are not where they should be


@dataclass
class Elsewhere:
    """Another server. `asked` is what was asked of it."""

    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(request.path)
        return web.Response(body=CAVE.encode())


@asynccontextmanager
async def elsewhere() -> AsyncIterator[Elsewhere]:
    """It runs meanwhile, on this machine as the local Discord does."""
    other = Elsewhere()
    runner = web.ServerRunner(web.Server(other.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    other.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield other
    finally:
        await runner.cleanup()


def file_at(server: DiscordServer, url: str, size: int = 100) -> dict[str, Any]:
    """A file as an interaction names it, that lies there."""
    number = str(server.world.snowflakes.next())
    return {"id": number, "filename": "cave.yaml", "size": size, "url": url, "proxy_url": url, "ephemeral": True}


async def test_no_other_host_is_ever_asked(server: DiscordServer, people: tuple[Person, Person]) -> None:
    ann, _ = people
    async with elsewhere() as other:
        host = other.url.removeprefix("http://")
        for url in (
            f"{other.url}/ephemeral-attachments/1/2/cave.yaml",
            f"http://cdn.discordapp.com@{host}/cave.yaml",
            f"{server.url.replace('127.0.0.1', 'localhost')}/attachments/1/2/cave.yaml",
            f"{server.url.replace('://', '://a:b@')}/attachments/1/2/cave.yaml",
            f"http://{host}/?cdn.discordapp.com",
        ):
            assert says(await asked(ann, "send", file=file_at(server, url)), "That file does not lie with Discord.")
        assert other.asked == []
    assert says(await asked(ann, "stories"), "You have no stories here yet.")


async def test_a_file_that_is_gone_or_too_large_is_told(server: DiscordServer, people: tuple[Person, Person]) -> None:
    ann, _ = people
    gone = file_at(server, f"{server.url}/ephemeral-attachments/1/2/cave.yaml")
    assert says(await asked(ann, "send", file=gone), "I could not fetch the file from Discord. Send it again.")
    assert says(await sent(ann, b"#" * (MOST + 1)), "A file may have 25 MB here.")
    # Whatever size is told, no more is taken.
    lying = server.world.files.hand(1, Upload("cave.yaml", b"#" * (MOST + 1)))
    assert says(await asked(ann, "send", file={**lying, "size": 100}), "A file may have 25 MB here.")
    assert says(await sent(ann), "✅ cave · draft 1")


async def test_names_and_texts_are_never_markup(people: tuple[Person, Person]) -> None:
    ann, _ = people
    hostile = "<@1> @everyone `x` [y](https://example.org) # z"
    story = CAVE.replace('"*Dark*, {name}?"', f'"{hostile}"').replace("label: Go in", f'label: "{hostile}"')
    await sent(ann, story)
    scene = await played(ann)
    assert hostile in read(scene)
    assert "<@1>" not in scene.text
    assert " @everyone" not in scene.text
    assert "](" not in scene.text
    answer = await sent(ann, "title: [", f"{hostile}.yaml")
    assert "<@1>" not in answer.text
    assert says(await pressed(ann, scene, scene.buttons[0]), "A lake.")
