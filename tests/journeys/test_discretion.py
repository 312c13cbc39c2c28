"""The log of a bot that is played, voted in, mistreated and broken says of nobody who it was or what they typed."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes import on_discord
from tests.fakes.browser import Browser
from tests.fakes.discord import DiscordServer
from tests.fakes.entrance import Running, from_nothing
from tests.fakes.house import House
from tests.fakes.telegram import Message, Person, TelegramServer
from tests.journeys.ferry_process import told_to

SECRET = "a-secret-of-the-bot-that-nobody-may-read"
METRICS = "a-word-for-who-reads-the-figures"
FIRST, LAST, USERNAME = "Zephyrine", "Quillfeather", "zephyrine_writes"
GROUP = "Friends of Zephyrine"
TYPED, TYPED_IN_BROWSER = "Ottoline", "Marmaduke"
RUINED = "no-such-place"


@asynccontextmanager
async def life(folder: Path, log: list[str], **settings: object) -> AsyncIterator[Running]:
    """A bot that logs all it can; what it said comes into the log at its end."""
    given = {"LOG_LEVEL": "DEBUG", "SECRET_KEY": SECRET, "METRICS_TOKEN": METRICS, **settings}
    bot = await asyncio.to_thread(lambda: Running(from_nothing(folder, **given)))
    try:
        yield bot
    finally:
        assert await told_to(bot, signal.SIGTERM) == 0
        log += bot.errors


def ruin(folder: Path) -> None:
    """Every place becomes one that cannot be read, with what was typed still in it."""
    connection = sqlite3.connect(folder / "data" / "bot.db")
    with connection:
        changed = connection.execute(
            "UPDATE session SET state = CAST(replace(CAST(state AS TEXT), 'clearing', ?) AS BLOB)", (RUINED,)
        )
        assert changed.rowcount > 0
    connection.close()


def assert_discreet(log: Iterable[str], *personal: object) -> None:
    """Every line is JSON and holds nothing of that."""
    for line in log:
        json.loads(line)
        for one in personal:
            assert str(one) not in line


def told_of(log: Iterable[str]) -> set[str]:
    return {json.loads(line)["event"] for line in log}


async def press(person: Person, message: Message, label: str) -> None:
    await person.tap(message, next(button for button in message.buttons if label in button))


async def signed(person: Person) -> Message:
    """A story begun, forged buttons pressed, a name typed: the scene that follows."""
    await person.say("/play crossroads")
    fork = await person.home.shown(lambda message: "Sign your name" in message.buttons)
    await person.tap_data(fork, b"\xff" + FIRST.encode())
    await press(person, fork, "Sign your name")
    await person.home.shown(lambda message: "Write your answer" in message.text)
    await person.say(TYPED)
    return await person.home.shown(lambda message: "Go on" in message.buttons)


async def in_browser(address: str) -> Browser:
    """The same in a browser, with calls that nobody should make."""
    browser = Browser(address)
    await browser.open()
    await browser.tap("sign", text=TYPED_IN_BROWSER)
    for body in (b"", b"{", json.dumps({"event": TYPED_IN_BROWSER, "revision": TYPED_IN_BROWSER}).encode()):
        answer = await browser.http.post(f"{browser.here}/tap", content=body)
        assert answer.status_code >= 400
    assert (await browser.http.get(f"/clips/{TYPED_IN_BROWSER}/x.mp4?signature={TYPED_IN_BROWSER}")).status_code == 403
    return browser


async def test_at_telegram_and_in_the_browser(tmp_path: Path) -> None:
    house, log = House(tmp_path), list[str]()
    async with TelegramServer() as server:
        person = server.person(FIRST, username=USERNAME, last_name=LAST)
        owner, friend = server.person("Owner"), server.person("Friend")
        group = server.group(GROUP, members=[person, friend])
        settings = {
            "TELEGRAM_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "OWNERS": f"telegram:{owner.id}",
        }
        async with life(house.folder, log, **settings) as bot:
            clearing = await signed(person)
            browser = await in_browser(bot.address)
            cookies = list(browser.http.cookies.values())
            await person.say("/watch crossroads 60", group)
            ballot = await group.shown(lambda message: any("🗳" in label for label in message.buttons))
            await press(friend, ballot, "Go left")
            server.faults.broken(method="sendMessage", chat=person.id)
            server.faults.reset(method="sendMessage", chat=person.id)
            server.faults.chat_not_found(method="sendMessage", chat=group.id, times=1)
            await press(person, clearing, "Go back")
            fork = await person.home.shown(lambda message: "Go right" in message.buttons, clearing)
            await press(person, fork, "Go right")
            clearing = await person.home.shown(lambda message: "Go on" in message.buttons, fork)
        ruin(house.folder)
        async with life(house.folder, log, **settings) as bot:
            await press(person, clearing, "Go on")
            browser.http.base_url = bot.address
            assert (await browser.post(f"{browser.here}/tap", revision=1, choice="on")).status_code == 500
            friend.block()
        await browser.http.aclose()
    assert {"telegram_reached", "delivery_failed", "event_failed"} <= told_of(log)
    assert_discreet(log, FIRST, LAST, USERNAME, TYPED, TYPED_IN_BROWSER, *cookies)
    assert_discreet(log, person.id, friend.id, owner.id, group.id, server.token, SECRET, METRICS)


async def test_on_discord(tmp_path: Path) -> None:
    house, log = House(tmp_path), list[str]()
    async with DiscordServer() as server:
        server.limits = False
        host, friend = server.person(FIRST), server.person("Friend")
        channel = on_discord.gathering(server, [host, friend])
        async with life(house.folder, log, DISCORD_TOKEN=server.token, DISCORD_API_URL=server.api):
            await server.gateway.ready()
            _, card = await on_discord.begun(host, channel, "crossroads")
            await on_discord.vote(friend, card, "Go right")
            await on_discord.steer(host, await on_discord.afresh(host, card), "🗳 Count now")
            clearing = await on_discord.ballot(channel, card)
        ruin(house.folder)
        async with life(house.folder, log, DISCORD_TOKEN=server.token, DISCORD_API_URL=server.api):
            await server.gateway.ready()
            await on_discord.vote(friend, clearing, "Go on")
    assert "discord_reached" in told_of(log)
    assert_discreet(log, FIRST, host.id, friend.id, channel.id, server.token, SECRET, METRICS)
