"""One room, all doors: voted on from Discord, Telegram and browsers at once, and everybody sees the same evening."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes import telegram
from tests.fakes.discord import Channel, DiscordServer, Message, Person
from tests.fakes.on_discord import Bot, afresh, ballot, begun, crowd, gathering, little, until, vote
from tests.fakes.room_goer import RoomGoer
from tests.fakes.telegram import TelegramServer
from tests.journeys.doors import at_discord, at_telegram, clock_of, in_browsers, inside

PATIENCE = 60.0


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordServer]:
    """Its limits are off. Afterwards every call was as the official description has it."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@pytest.fixture
async def telegram_server() -> AsyncIterator[TelegramServer]:
    """The same for Telegram."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


@dataclass
class Town:
    """Everybody who watches: two servers at Discord, a group and a private chat at Telegram, and browsers."""

    discord: DiscordServer
    telegram: TelegramServer
    folder: Path

    def __post_init__(self) -> None:
        self.stories = little(self.folder)
        self.host, *self.here = crowd(self.discord, 5)
        self.there = crowd(self.discord, 3)
        self.home = gathering(self.discord, [self.host, *self.here])
        self.other = gathering(self.discord, self.there)
        self.friends = [self.telegram.person(f"Friend {number}") for number in range(3)]
        self.group = self.telegram.group("Friends", members=self.friends)
        self.alone = self.telegram.person("Alone")
        self.private = self.telegram.private(self.alone)

    @asynccontextmanager
    async def life(self, code: str = "") -> AsyncIterator[tuple[Bot, RoomGoer]]:
        """The bot's life at all doors, and somebody at the page of the room with that code."""
        async with (
            inside(self.folder, self.stories, clock_of(self.discord)) as house,
            at_discord(house, self.discord) as bot,
            at_telegram(house, self.telegram),
            in_browsers(house) as new_browser,
        ):
            yield bot, RoomGoer(new_browser(), code)

    async def join(self, code: str) -> Cards:
        """Every other chat joins the room."""
        await (await self.there[0].slash("join", self.other, code=f"{code[:4]}-{code[4:]}".upper())).spoken()
        await self.friends[0].say(f"/join {code}", self.group)
        await self.alone.say(f"/join {code}", self.private)
        return await self.cards()

    async def cards(self, after: Cards | None = None) -> Cards:
        """The scene that is voted on, in every chat."""
        before = after or Cards(None, None, None, None)
        return Cards(
            await ballot(self.home, before.home),
            await ballot(self.other, before.other),
            await self.group.shown(voted_on, before.group, PATIENCE),
            await self.private.shown(voted_on, before.private, PATIENCE),
        )

    async def close(self, card: Message | None) -> None:
        """The host closes the vote."""
        assert card
        await self.host.press(await afresh(self.host, card), "🗳 Count now")


@dataclass(frozen=True)
class Cards:
    """The card of a scene in each chat."""

    home: Message | None
    other: Message | None
    group: telegram.Message | None
    private: telegram.Message | None


def voted_on(message: telegram.Message) -> bool:
    """Whether a scene is voted on in that message at Telegram."""
    return any(label.startswith("🗳") for label in message.buttons)


async def tap(person: telegram.Person, card: telegram.Message | None, label: str) -> str:
    """A vote at Telegram: the answer."""
    assert card
    which = next(each for each in card.buttons if label in each)
    return (await person.tap(card, which)).text or ""


async def everybody_votes(town: Town, cards: Cards, goers: list[RoomGoer], labels: tuple[str, str], id: str) -> None:
    """Fourteen votes, all at once: five from the home server and one from elsewhere are for the second."""
    first, second = labels
    assert cards.home
    assert cards.other
    for goer in goers:
        await goer.look()
    answers = await asyncio.gather(
        *(vote(one, cards.home, second) for one in (town.host, *town.here)),
        *(vote(one, cards.other, first) for one in town.there),
        *(tap(one, cards.group, first) for one in town.friends),
        tap(town.alone, cards.private, second),
        *(goer.vote(id) for goer in goers),
    )
    assert all(answer.lower().startswith("counted") for answer in answers), answers


async def all_see(town: Town, cards: Cards, text: str) -> None:
    """Every chat's card says it."""
    wanted = ((town.home, cards.home), (town.other, cards.other))
    for channel, card in wanted:
        assert card
        await channel.shown(lambda message, card=card: message.id == card.id and text in message.text, None, PATIENCE)  # type: ignore[misc]
    for chat, shown in ((town.group, cards.group), (town.private, cards.private)):
        assert shown
        await chat.shown(lambda message, shown=shown: message.id == shown.id and text in message.text, None, PATIENCE)  # type: ignore[misc]


async def code_of(bot: Bot, channel: Channel) -> str:
    return (await bot.row(channel)).code


@pytest.fixture
def town(discord_server: DiscordServer, telegram_server: TelegramServer, tmp_path: Path) -> Town:
    return Town(discord_server, telegram_server, tmp_path)


async def test_one_evening_from_all_doors_with_a_restart_and_a_chat_that_goes(town: Town) -> None:
    async with town.life() as (bot, goer):
        await begun(town.host, town.home, "evening")
        session, goer.code = (await bot.row(town.home)).session, await code_of(bot, town.home)
        cards = await town.join(goer.code)
        await everybody_votes(town, cards, [goer], ("The wood", "The river"), "wood")
        assert await bot.app.store.tally(session, 0) == {"wood": 7, "river": 6}
        await all_see(town, cards, "13 votes")
        assert (await goer.look())["moment"]["voters"] == 13
        await town.close(cards.home)
        await all_see(town, cards, "54%")
        cards = await town.cards(cards)
        room = await goer.look()
        assert room["revision"] == 1
        assert room["decided"]["percent"] == 54
        await vote(town.here[0], must(cards.home), "Dig")
        assert (await tap(town.friends[0], cards.group, "Rest")).startswith("Counted")
        await at_rest(bot)
    async with town.life(goer.code) as (bot, again):
        # The same votes are still there, and the others come to them from every door.
        assert await vote(town.here[0], must(cards.home), "Dig") == "You voted for that already."
        assert (await tap(town.alone, cards.private, "Rest")).startswith("Counted")
        assert (await vote(town.there[0], must(cards.other), "Rest")).startswith("Counted")
        assert (await again.look())["revision"] == 1
        assert await again.vote("rest") == "counted"
        assert await bot.app.store.tally(session, 1) == {"dig": 1, "rest": 4}
        await all_see(town, cards, "5 votes")
        # One chat goes for good: the evening is elsewhere.
        town.discord.delete_channel(town.other)
        await town.close(cards.home)
        gate = await ballot(town.home, cards.home)
        assert "Here we are." in gate.text
        in_group = await town.group.shown(voted_on, cards.group, PATIENCE)
        in_private = await town.private.shown(voted_on, cards.private, PATIENCE)
        await vote(town.here[0], gate, "Knock")
        await tap(town.friends[1], in_group, "Knock")
        await tap(town.alone, in_private, "Knock")
        assert (await again.look())["revision"] == 2
        assert await again.vote("knock") == "counted"
        await town.close(gate)
        await town.home.shown(lambda message: "It is warm." in message.text)
        await town.group.shown(lambda message: "It is warm." in message.text, None, PATIENCE)
        await town.private.shown(lambda message: "It is warm." in message.text, None, PATIENCE)
        room = await again.look()
        assert room["moment"]["state"] == "over"
        assert [announced for _, announced, _ in await bot.rooms.recount(session)] == ["wood", "rest", "knock"]
        assert [counted for _, _, counted in await bot.rooms.recount(session)] == ["wood", "rest", "knock"]
        recap = await bot.rooms.recap(session)
        assert recap
        assert [one.voters for stretch in recap.stretches for one in stretch.everything] == [13, 5, 4]
        assert list(await bot.app.store.troubles(10)) == []


def must(card: Message | None) -> Message:
    assert card
    return card


async def at_rest(bot: Bot) -> None:
    """Until everything was shown everywhere."""

    async def so() -> bool:
        store = bot.app.store
        return not (await store.pending("discord", 0, 1) or await store.pending("telegram", 0, 1))

    await until(so)


async def test_whoever_is_linked_has_one_vote_and_leads_from_everywhere(town: Town) -> None:
    friend, host = town.friends[0], town.host
    async with town.life() as (bot, goer):
        await begun(host, town.home)
        session, goer.code = (await bot.row(town.home)).session, await code_of(bot, town.home)
        cards = await town.join(goer.code)
        await linked(host, friend, town)
        assert (await vote(host, must(cards.home), "Left")).startswith("Counted")
        assert (await tap(friend, cards.group, "Right")).startswith("Changed")
        assert await bot.app.store.tally(session, 0) == {"right": 1}
        await all_see(town, cards, "1 vote")
        # Who is no host steers nowhere; the host does so from Telegram too.
        assert "host" in await tap(town.friends[1], cards.group, "🗳")
        await goer.look()
        assert await goer.want("close") == "not_host"
        await tap(friend, cards.group, "🗳")
        await town.home.shown(lambda message: "You went right." in message.text)
        assert [row.voter for row in await bot.app.store.votes_in(session)] != []
        assert len(await bot.app.store.votes_in(session)) == 1


async def linked(one: Person, other: telegram.Person, town: Town) -> None:
    """A code from Discord, entered at Telegram."""
    shown = await (await one.slash("link", one.dm)).spoken()
    code = shown.text.partition("`")[2].partition("`")[0]
    await other.say(f"/link {code}")
    await town.telegram.world.chats[other.id].shown(lambda message: "/link" not in message.text, None, PATIENCE)


async def test_a_room_of_a_browser_is_watched_in_chats_and_ends_for_all(town: Town) -> None:
    async with town.life() as (_, goer):
        await goer.gather(story="quick", seconds=60)
        await (await town.there[0].slash("join", town.other, code=goer.code)).spoken()
        await town.friends[0].say(f"/join {goer.code}", town.group)
        card = await ballot(town.other)
        shown = await town.group.shown(voted_on, None, PATIENCE)
        await goer.look()
        assert (await vote(town.there[0], card, "Straight on")).startswith("Counted")
        assert (await tap(town.friends[0], shown, "Straight on")).startswith("Counted")
        assert await goer.vote("left") == "counted"
        assert await goer.want("close") == "done"
        wall = await ballot(town.other, card)
        await town.group.shown(voted_on, shown, PATIENCE)
        # The group goes; the server and the page stay.
        town.telegram.bot_becomes(town.group, "kicked")
        await goer.look()
        assert (await vote(town.there[1], wall, "Climb")).startswith("Counted")
        assert await goer.want("close") == "done"
        await town.other.shown(lambda message: "You see far." in message.text)
        assert (await goer.look())["moment"]["state"] == "over"


async def test_a_wrong_code_joins_nothing_anywhere(town: Town) -> None:
    async with town.life() as (bot, goer):
        for code in ("", "abcdefgh", "../../etc", "\x00", "x" * 200):
            await town.friends[0].say(f"/join {code}", town.group)
            if code:
                reply = await (await town.there[0].slash("join", town.other, code=code)).spoken()
                assert reply.text
        assert town.other.messages == []
        goer.code = "abcdefgh"
        assert (await goer.send("vote", choice="left")).status_code == 404
        await begun(town.host, town.home)
        assert (await bot.booth(town.home)).room.chats == ()
