"""The bot as its operator runs it at Discord: killed, ended, misconfigured, and on a disk that is full."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.fakes.discord import Channel, DiscordServer, Message, Person
from tests.fakes.discord.remote import RemoteDiscord
from tests.fakes.discord.server import new_token
from tests.fakes.effort import effort
from tests.fakes.entrance import Begin, Running, born, disk, free_port, from_nothing
from tests.fakes.on_discord import begun, carried, choices, crowd, gathering, vote, votes
from tests.fakes.telegram import TelegramServer
from tests.journeys.doors import inside
from tests.journeys.ferry import write_ferry
from tests.journeys.ferry_goer import FerryGoer
from tests.journeys.ferry_process import lines, told_to
from tests.journeys.harbour import until
from tests.journeys.roundabout import Books, Voter, revision_of, scenes_shown, write_round

KILLS = 3
"""Of each seed."""

VOTERS = 6
PRESSES = 25
"""A life ends at one of its first answers."""

LONGEST_WAIT = 0.015
"""Seconds from that to the kill, at the most."""

LONGEST_LIFE = 1.0
"""Seconds that a kill waits for something to be sent."""

SECONDS = 5
"""The shortest vote there is."""

PATIENCE = 60.0


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Its limits are off: presses wait for nobody. Afterwards every call was as the official description has it."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_round(tmp_path / "stories")
    write_ferry(tmp_path / "stories")
    return tmp_path


@asynccontextmanager
async def bot_process(
    server: DiscordServer | RemoteDiscord, folder: Path, begin: Begin = born, /, **settings: object
) -> AsyncIterator[Running]:
    """A bot until the context ends, if it still runs then: it must end cleanly. Inside, it may be killed."""
    given = {"DISCORD_TOKEN": server.token, "DISCORD_API_URL": server.api}
    bot = await asyncio.to_thread(lambda: Running(begin(folder, **{**given, **settings})))
    try:
        yield bot
    finally:
        if bot.process.poll() is None:
            await told_to(bot, signal.SIGTERM)
    assert bot.process.returncode in (0, -signal.SIGKILL), bot.errors
    assert "Traceback" not in "".join(bot.errors), bot.errors


async def opened(host: Person, channel: Channel, seconds: int = SECONDS) -> Message:
    """The first ballot of a watch-along."""
    _, card = await begun(host, channel, "round", seconds=seconds)
    return card


async def close_now_and_then(host: Person, channel: Channel, dice: random.Random, over: asyncio.Event) -> None:
    """The host closes a ballot, if the bot is there to hear of it."""
    while not over.is_set():
        card = await channel.shown(votes)
        with contextlib.suppress(TimeoutError, LookupError):
            panel = await (await host.press(card, "🎛 Host", 1.0)).spoken(1.0)
            # A channel takes a card a second: who closes faster than that is ahead of what there is to see.
            if carried(panel, "🗳 Count now").endswith(f" {revision_of(card.body)}"):
                await asyncio.sleep(dice.uniform(0, 0.5))
                await host.press(panel, "🗳 Count now", 1.0)
            await channel.shown(votes, card, 2.0)


async def some_moment(server: DiscordServer, voters: list[Voter], dice: random.Random) -> None:
    """A vote was answered, the next press made, a card sent or edited, just now or a few milliseconds ago."""
    heard = answered(voters) + dice.randint(1, PRESSES)
    await until(lambda: answered(voters) >= heard, PATIENCE)
    pressed = pressed_by(voters)
    sent = server.counts["POST /channels/{channel_id}/messages"]
    edited = server.counts["PATCH /channels/{channel_id}/messages/{message_id}"]
    moments: list[Callable[[], object]] = [
        lambda: True,
        lambda: pressed_by(voters) > pressed,
        lambda: server.counts["POST /channels/{channel_id}/messages"] > sent,
        lambda: server.counts["PATCH /channels/{channel_id}/messages/{message_id}"] > edited,
    ]
    with contextlib.suppress(TimeoutError):
        # A card comes when its turn comes; a life need not last until then.
        await until(dice.choice(moments), LONGEST_LIFE)
    await asyncio.sleep(dice.choice((0, dice.uniform(0, LONGEST_WAIT))))


def answered(voters: list[Voter]) -> int:
    return sum(voter.acknowledged for voter in voters)


def pressed_by(voters: list[Voter]) -> int:
    return sum(len(wishes) for voter in voters for wishes in voter.wishes.values())


async def tally_of_all(voters: list[Voter], card: Message) -> None:
    """All vote, and the card says so."""
    for voter in voters:
        assert await voter.vote(card)
    await card.changed.until(lambda: True if f"{len(voters)} votes" in card.text else None, PATIENCE, "the tally")


@pytest.mark.parametrize("seed", range(1, effort(3, 5) + 1))
async def test_killed_again_and_again_no_vote_is_lost_and_each_ballot_closes_once(
    server: DiscordServer, folder: Path, seed: int
) -> None:
    dice = random.Random(seed)
    over = asyncio.Event()
    host, *people = crowd(server, VOTERS + 1)
    channel = gathering(server, [host, *people])
    voters = [Voter(person, random.Random(f"{seed} {number}")) for number, person in enumerate(people)]
    working: list[asyncio.Task[None]] = []
    for life in range(KILLS):
        async with bot_process(server, folder) as bot:
            if life == 0:
                await server.gateway.ready()
                await opened(host, channel)
                working = [asyncio.create_task(voter.go_round(channel, over)) for voter in voters]
                working.append(asyncio.create_task(close_now_and_then(host, channel, dice, over)))
            await some_moment(server, voters, dice)
            bot.process.kill()
            await told_to(bot, signal.SIGKILL)
    books = Books(folder / "data" / "bot.db")
    async with bot_process(server, folder):
        await server.gateway.ready()
        over.set()
        await asyncio.gather(*working)
        # The vote's time has run out or soon will: a scene comes that nobody has voted on.
        shown = scenes_shown(channel)
        fresh = await channel.shown(lambda message: votes(message) and scenes_shown(channel) > shown, within=PATIENCE)
        await tally_of_all(voters, fresh)
    assert list(books.faults(voters, channel)) == []
    [(session,)] = books.rows("SELECT session FROM room")
    async with inside(folder / "data", folder / "stories", lambda: 0) as house:
        recounted = await house.rooms.recount(session)
    assert recounted
    assert [announced for _, announced, _ in recounted] == [counted for _, _, counted in recounted]


async def test_a_scene_that_was_sent_when_the_bot_was_killed_is_not_sent_again(
    server: DiscordServer, folder: Path
) -> None:
    host = server.person("Ann")
    channel = gathering(server, [host])
    async with bot_process(server, folder) as bot:
        await server.gateway.ready()
        # Each scene is there at once; that it is, the bot hears only when it has been killed.
        held = server.faults.slow(PATIENCE, call="POST /channels/{channel_id}/messages", times=None)
        host.send_slash("watch", channel, story="round", seconds=600)
        await channel.shown(votes, within=PATIENCE)
        bot.process.kill()
        await told_to(bot, signal.SIGKILL)
    held.lift()
    async with bot_process(server, folder):
        await server.gateway.ready()
        card = await channel.shown(votes)
        assert (await vote(host, card, "Wade")).startswith("Counted")
        await card.changed.until(lambda: True if "1 vote" in card.text else None, PATIENCE, "the tally")
    assert scenes_shown(channel) == 1


async def test_two_processes_serve_a_shard_each_and_one_goes_on_without_the_other(
    server: DiscordServer, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    server.gateway.shards = 2
    hosts = crowd(server, 2)
    here, there = (gathering(server, [host], shard=(shard, 2)) for shard, host in enumerate(hosts))
    other = tmp_path_factory.mktemp("second")
    write_round(other / "stories")
    async with bot_process(server, other, DISCORD_SHARDS="1/2"):
        async with bot_process(server, folder, DISCORD_SHARDS="0/2") as first:
            await server.gateway.ready(2, PATIENCE)
            assert sorted(one.shard for one in server.gateway.connected) == [(0, 2), (1, 2)]
            mine, theirs = await opened(hosts[0], here, 600), await opened(hosts[1], there, 600)
            assert (await vote(hosts[0], mine, "Wade")).startswith("Counted")
            first.process.kill()
            await told_to(first, signal.SIGKILL)
        assert (await vote(hosts[1], theirs, "Wade")).startswith("Counted")
        async with bot_process(server, folder, DISCORD_SHARDS="0/2"):
            await server.gateway.ready(2, PATIENCE)
            assert await vote(hosts[0], mine, "Wade") == "You voted for that already."


@pytest.mark.parametrize("code", [4013, 4014])
async def test_intents_that_are_refused_from_the_start_are_one_line(
    server: DiscordServer, folder: Path, code: int
) -> None:
    server.gateway.refuses = code
    async with bot_process(server, folder) as bot:
        await one_line(bot, "intents")
        await healthy(bot)
    assert server.gateway.connected == []


async def test_told_to_end_it_finishes_what_is_in_hand(folder: Path) -> None:
    async with RemoteDiscord("--no-limits") as server:
        people = [await server.person(name) for name in ("Olga", "Ann", "Ben", "Cleo")]
        channel = await server.guild("Movie night", *people)
        async with bot_process(server, folder, from_nothing) as bot:
            await server.order("ready")
            begun_by = await people[1].slash("watch", channel, story="round", seconds=60)
            await people[1].server.order("spoken", interaction=begun_by["id"])
            card = await channel.shown(votes)
            sent = [await one.press(card, "Wade", within=0) for one in people]
            assert await told_to(bot, signal.SIGTERM) == 0
            assert not any("would not end in time" in line for line in bot.errors)
        outcomes = [await server.order("outcome", interaction=one["id"], within=0) for one in sent]
        counted = [one for one in outcomes if one["messages"]]
        rows = Books(folder / "data" / "bot.db").rows("SELECT voter, ranking FROM vote")
        assert len(rows) >= len(counted)
        # Who got no answer presses again when it is back; nobody counts twice.
        async with bot_process(server, folder):
            await server.order("ready")
            for one in people:
                assert (await one.press(card, "Wade"))["messages"]
            await channel.shown(lambda message: "4 votes" in message.text)
        rows = Books(folder / "data" / "bot.db").rows("SELECT voter, ranking FROM vote")
        assert sorted(rows) == sorted((f"discord:{one.id}", "wade") for one in people)
        assert await server.violations() == []


# -- what an operator can get wrong


async def healthy(bot: Running) -> None:
    """The browser is served."""
    async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as browser:
        assert (await browser.get("/healthz")).status_code == 200
        opened = await browser.post("/api/stories/ferry/open", json={"event": "open"})
        assert opened.json()["revision"] == 0


async def one_line(bot: Running, words: str) -> None:
    """Exactly one line says that Discord has stopped, and what to do."""
    await until(lambda: lines(bot, "discord_stopped"), PATIENCE)
    [line] = lines(bot, "discord_stopped")
    assert words in line


async def test_a_wrong_token_is_one_line_and_telegram_and_the_browser_go_on(
    server: DiscordServer, folder: Path
) -> None:
    wrong = new_token()
    async with TelegramServer() as telegram:
        both = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        async with bot_process(server, folder, DISCORD_TOKEN=wrong, **both) as bot:
            await one_line(bot, "DISCORD_TOKEN")
            await healthy(bot)
            ann = FerryGoer(telegram.person("Ann"))
            await ann.go_on(await ann.begin())
        assert telegram.violations == []
    assert wrong not in "".join(bot.errors)


async def test_a_token_that_is_reset_while_running_is_one_line(server: DiscordServer, folder: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    before = server.token
    async with bot_process(server, folder) as bot:
        await server.gateway.ready()
        card = await opened(ann, channel, 60)
        await vote(ben, card, "Wade")
        server.reset_token()
        await one_line(bot, "DISCORD_TOKEN")
        await healthy(bot)
    assert before not in "".join(bot.errors)
    # With the new one it goes on where it was.
    async with bot_process(server, folder):
        await server.gateway.ready()
        assert await vote(ben, card, "Wade") == "You voted for that already."


async def test_intents_that_are_not_allowed_are_one_line(server: DiscordServer, folder: Path) -> None:
    ann = server.person("Ann")
    channel = gathering(server, [ann])
    async with bot_process(server, folder) as bot:
        await server.gateway.ready()
        await (await ann.slash("help", channel)).spoken()
        server.gateway.drop(lose_session=True, code=4014)
        await one_line(bot, "intents")
        await healthy(bot)


async def test_while_discord_is_not_there_it_waits_and_says_so(folder: Path) -> None:
    port = free_port()
    later = DiscordServer(port)
    url = f"http://127.0.0.1:{port}/api/v10"
    async with bot_process(later, folder, DISCORD_API_URL=url) as bot:
        await until(lambda: lines(bot, "discord_unreachable"))
        await healthy(bot)
        async with later:
            later.limits = False
            await later.gateway.ready(1, PATIENCE)
            ann = later.person("Ann")
            channel = gathering(later, [ann])
            card = await opened(ann, channel, 60)
            assert (await vote(ann, card, "Wade")).startswith("Counted")
            await told_to(bot, signal.SIGTERM)
            assert later.violations == []
    assert later.token not in "".join(bot.errors)


# -- the disk


async def test_what_cannot_be_written_is_not_acknowledged(server: DiscordServer, folder: Path) -> None:
    people = crowd(server, 3)
    channel = gathering(server, people)
    with disk(folder / "data", "size=2m") as data:
        if data is None:
            pytest.skip("no small disk can be mounted here")
        async with bot_process(server, folder) as bot:
            await server.gateway.ready()
            card = await opened(people[0], channel, 600)
            voters = [Voter(person, random.Random(number)) for number, person in enumerate(people)]
            filler = data / "filler"
            fill(filler)
            refused = asyncio.create_task(first_refused(voters, card))
            await until(lambda: lines(bot, "vote_not_stored") or refused.done(), PATIENCE)
            filler.unlink()
            await refused
            for voter in voters:
                assert await voter.vote(card)
        assert list(Books(data / "bot.db").faults(voters, channel)) == []


async def first_refused(voters: list[Voter], card: Message) -> None:
    """All press again and again, until a press is not answered at once: what room the log had left is used up."""
    assert choices(card)
    while all([await voter.vote(card) for voter in voters]):
        pass


def fill(path: Path) -> None:
    """Take all the room that is left."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
