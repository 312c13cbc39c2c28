"""A chat for the pictures: a shipped drama played at the local Bot API server through the real adapter."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from docs.chat_page import Picture, page
from tests.fakes.on_telegram import bot_at
from tests.fakes.telegram import Chat, Message, Person, TelegramServer
from tests.fakes.viewing import begun, waits

STORY = "last-train-home"
FIRST = "Hold out the ticket"
CROWD = {FIRST: 18, "Close your hand on it": 12}
"""What others choose before our viewer does: enough of them that the bot tells how many."""

ONWARD = ("Walk up to him",)
"""On from the second scene, so that the map has something to show."""

SHOWN_AT = 0.45
"""The part of a clip that has run where it is pictured."""

SECONDS = 60.0
"""For the next scene; a crowd is on its way."""


def chats() -> dict[str, str]:
    """Pages to be photographed, by the picture's name: a chat in mid-scene, and its map a while later."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_played(Path(folder)))


async def _played(folder: Path) -> dict[str, str]:
    async with TelegramServer() as server:
        async with bot_at(server, folder):
            await _crowd(server)
        # Started anew, the bot counts them anew, and not as it did when there were just enough.
        async with bot_at(server, folder):
            drawn = await _drawn(server, folder)
        if server.violations:
            raise ValueError(f"what the picture shows is not what Telegram would take: {server.violations}")
        return drawn


async def _drawn(server: TelegramServer, folder: Path) -> dict[str, str]:
    ann = server.person("Ann")
    chat = server.private(ann)
    first = await begun(ann, chat, STORY)
    second = await _tapped(ann, chat, first, FIRST)
    await chat.shown(lambda one: one.id == first.id and "chose this" in one.text, within=SECONDS)
    drawn = {"telegram": _page(server, chat, folder)}
    for label in ONWARD:
        second = await _tapped(ann, chat, second, label)
    await ann.say("/map")
    await chat.shown(lambda one: one.kind == "photo" and one.id > second.id, within=SECONDS)
    drawn["telegram-map"] = _page(server, chat, folder)
    return drawn


async def _crowd(server: TelegramServer) -> None:
    for label, viewers in CROWD.items():
        for number in range(viewers):
            person = server.person(f"Viewer {number}")
            chat = server.private(person)
            await _tapped(person, chat, await begun(person, chat, STORY), label)


async def _tapped(person: Person, chat: Chat, scene: Message, label: str) -> Message:
    """The next scene that waits for a choice."""
    await person.tap(scene, label)
    return await chat.shown(lambda one: waits(one) and one.kind == "video", after=scene, within=SECONDS)


def _page(server: TelegramServer, chat: Chat, folder: Path) -> str:
    def look(message: Message) -> Picture | None:
        if message.kind == "photo":
            return Picture(server.files.known(message.file_id).content, "image/png")
        if message.kind == "video":
            clip = server.files.known(message.file_id).content
            return Picture(frame(clip, int(message.body["video"]["duration"]) * SHOWN_AT, folder), "image/jpeg")
        return None

    return page(str(server.world.me["first_name"]), chat.messages[-3:], look)


def frame(clip: bytes, at: float, folder: Path) -> bytes:
    """One picture of a clip, `at` seconds after its start."""
    source, target = folder / "clip.mp4", folder / "frame.jpg"
    source.write_bytes(clip)
    command = [get_ffmpeg_exe(), "-loglevel", "error", "-y", "-ss", f"{at:.2f}", "-i", str(source)]
    subprocess.run([*command, "-frames:v", "1", "-q:v", "2", str(target)], check=True)  # noqa: S603
    return target.read_bytes()
