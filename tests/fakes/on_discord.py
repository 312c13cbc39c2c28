"""The bot at a local Discord, put together as run_bot.py does it, and evenings short enough to watch to their end."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from adapters.discord.adapter import Account, DiscordAdapter
from adapters.discord.board import GAP
from adapters.discord.place import PLATFORM
from adapters.studio.door import StudioDoor
from bot.agenda import Agenda
from bot.app import App
from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.shelf import Shelf
from bot.clips.vault.folder import FolderVault
from bot.library import Library
from bot.link import Links
from bot.rooms import Rooms
from bot.rooms.booth import Booth
from bot.store.port import RoomRow
from bot.store.sqlite import SQLiteStore
from bot.studio.studio import Studio
from tests.fakes.discord import Channel, DiscordServer, Interaction, Message, Person, components
from tests.fakes.telegram.bell import PATIENCE

STORIES = Path(__file__).parents[2] / "stories"
CLIP = STORIES / "airlock-nine" / "clips" / "knock-again.mp4"
SECRET = b"a secret of the tests, 32 bytes.."
SITE = "https://example.org"
MOMENT = 0.2
"""Seconds between two edits of a card, where no limit is kept."""

MINIMAL = 1 << 0 | 1 << 16
"""The intents for servers and for their calendars: the bot asks for no other ones (Discord, gateway intents)."""

MINUTE = 60
"""Seconds for a vote that the host closes, or that a test jumps over."""

Found = TypeVar("Found")


def now() -> int:
    """Unix ms."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Bot:
    """One life of the bot."""

    app: App
    rooms: Rooms
    links: Links
    studio: StudioDoor | None = None

    async def row(self, channel: Channel) -> RoomRow:
        """The room that runs in a channel, or ran there last."""
        row = await self.app.store.room_at(PLATFORM, str(channel.id))
        assert row is not None
        return row

    async def booth(self, channel: Channel) -> Booth:
        """The same as it stands."""
        booth = await self.rooms.look((await self.row(channel)).session)
        assert booth is not None
        return booth

    async def delivered(self) -> None:
        """Nothing waits in the outbox any more."""

        async def empty() -> bool:
            return not await self.app.store.pending(PLATFORM, 0, 1)

        await until(empty)


@asynccontextmanager
async def bot_at(
    server: DiscordServer,
    folder: Path,
    stories: Path | None = None,
    clock: Callable[[], int] | None = None,
    *,
    owners: frozenset[str] | None = None,
    **changes: object,
) -> AsyncIterator[Bot]:
    """A bot's life: leave and enter again, and it was restarted. Its clock is the server's, which a test may jump. It
    has a studio where `owners` says who may stop anything.
    """
    clock = clock or (lambda: round(server.clock.now() * 1000))
    store = SQLiteStore(folder / "bot.db")
    await store.open()
    try:
        vault = FolderVault(folder / "vault")
        shelf = Shelf(ClipLibrary(stories or STORIES), ClipLinks(SECRET, ""), vault)
        library = Library(stories or STORIES, store, shelf.lengths)
        await library.load(clock())
        app = App(store, library)
        rooms, links = Rooms(app), Links(app)
        settings: dict[str, object] = {
            "token": server.token, "secret": SECRET, "api_url": server.api, "public_url": SITE, "paced": server.limits,
            "gap": GAP if server.limits else MOMENT,
        }  # fmt: skip
        account = Account(**{**settings, **changes})  # type: ignore[arg-type]
        studio = Studio(store, library, vault, app.spread)
        door = None if owners is None else StudioDoor(studio, store, owners)
        adapter = DiscordAdapter(app, rooms, links, shelf, account, clock, door)
        agenda = asyncio.create_task(Agenda(app, rooms, clock).run())
        try:
            async with contextlib.AsyncExitStack() as running:
                if door is not None:
                    await running.enter_async_context(door.running())
                await running.enter_async_context(adapter.running())
                await server.gateway.ready()
                assert {one.intents for one in server.gateway.connected} == {MINIMAL}
                yield Bot(app, rooms, links, door)
        finally:
            agenda.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await agenda
    finally:
        await store.close()


def write(stories: Path, story: str, text: str, *, clips: tuple[str, ...] = (), **tables: str) -> Path:
    """Put a story into a folder of stories, with a real clip under each of these names. The folder of stories."""
    folder = stories / story
    for inner in ("locales", "clips"):
        (folder / inner).mkdir(parents=True, exist_ok=True)
    (folder / "story.yaml").write_text(text, encoding="utf-8")
    for language, table in tables.items():
        (folder / "locales" / f"{language}.yaml").write_text(table, encoding="utf-8")
    for name in clips:
        shutil.copyfile(CLIP, folder / "clips" / f"{name}.mp4")
    return stories


def little(folder: Path) -> Path:
    """A folder with all the little stories of this module."""
    stories = folder / "stories"
    write(stories, "quick", QUICK)
    write(stories, "evening", EVENING, clips=("gate",), es=EVENING_ES)
    return write(stories, "slides", SLIDES)


def gathering(server: DiscordServer, people: list[Person], **options: Any) -> Channel:
    """The channel of a guild with these people, none of whom owns it: an owner may act for any host."""
    server.guild("Movie night", [server.person("Olga the owner"), *people], **options)
    return people[0].place


def crowd(server: DiscordServer, number: int) -> list[Person]:
    """So many people."""
    return [server.person(f"Viewer {each}") for each in range(number)]


async def until(look: Callable[[], Awaitable[Found | None]], within: float = PATIENCE) -> Found:
    """What `look` finds in the store, sooner or later. TimeoutError after `within` seconds."""
    async with asyncio.timeout(within):
        while not (found := await look()):
            await asyncio.sleep(0.01)
        return found


# -- what is seen and done in a channel


def read(message: Message) -> str:
    """What a message says to who reads it: without the backslashes before what would be markup."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", message.text)


def votes(message: Message) -> bool:
    """Whether a scene is voted on in that message, or its vote waits."""
    return "🎛 Host" in message.buttons


def choices(message: Message) -> list[str]:
    """The labels of its choices."""
    return [label for label in message.buttons if label not in ("🎛 Host", "🌐 In the browser", "🙋 Join")]


async def ballot(channel: Channel, after: Message | None = None) -> Message:
    """The next scene that is voted on in the channel."""
    return await channel.shown(votes, after, PATIENCE)


async def settled(channel: Channel, card: Message) -> Message:
    """The card once its vote is decided and its buttons are gone."""
    return await channel.shown(lambda message: message.id == card.id and not message.buttons, within=PATIENCE)


async def begun(host: Person, channel: Channel, story: str = "quick", **options: Any) -> tuple[Message, Message]:
    """A watch-along: the host's panel and the first ballot."""
    reply = await host.slash("watch", channel, story=story, **{"seconds": MINUTE, **options})
    panel = await reply.spoken()
    assert panel.menus, panel.text
    return panel, await ballot(channel)


async def vote(person: Person, card: Message, label: str) -> str:
    """What somebody is told who votes: at once, or a little later where the machine is busy."""
    pressed = await person.press(card, label)
    await pressed.spoken()
    [answer] = pressed.ephemeral
    return answer.text


async def all_vote(people: Sequence[Person], card: Message, *labels: str) -> None:
    """Each votes for the label in the same place, one after the other; all are counted."""
    for person, label in zip(people, labels, strict=True):
        said = await vote(person, card, label)
        assert said.startswith(("Counted", "Changed", "Your order")), said


def told(pressed: Interaction) -> str:
    """What the only answer to a press says, which nobody else sees."""
    assert pressed.answer == "message"
    [answer] = pressed.ephemeral
    return answer.text


def carried(card: Message, label: str) -> str:
    """What the button of a choice carries, or carried before it went."""
    rows = [part for body in reversed([*card]) for part in components.walk(body["components"])]
    return next(str(part["custom_id"]) for part in rows if part.get("label") == label)


async def steer(host: Person, panel: Message, label: str) -> Interaction:
    """The host presses something on the panel; done when the panel shows what came of it."""
    before = len(panel.was)
    pressed = await host.press(panel, label)
    await panel.changed.until(lambda: True if len(panel.was) > before else None, PATIENCE, f"the panel after {label}")
    return pressed


async def stop(person: Person, panel: Message) -> None:
    """End the room: the panel asks first."""
    await steer(person, panel, "⏹ Stop")
    await steer(person, panel, "⏹ Yes, end it for everybody")


async def afresh(host: Person, card: Message) -> Message:
    """The host's panel, asked for under a card."""
    return await (await host.press(card, "🎛 Host")).spoken()


QUICK = """\
title: Quick
synopsis: Left, right or straight on.
genres: [test]
rating: all
language: en
episodes:
  one:
    title: One
    scenes:
      fork:
        lines: [{narrator: A fork.}]
        default: right
        within: 9s
        choices:
          left: {label: Left, to: lefthand}
          right: {label: Right, to: righthand}
          straight: {label: Straight on, to: ahead}
      lefthand: {lines: [{narrator: You went left.}], ending: {title: The left, kind: happy}}
      righthand: {lines: [{narrator: You went right.}], ending: {title: The right, kind: open}}
      ahead:
        lines: [{narrator: A wall.}]
        choices:
          climb: {label: Climb, to: top}
          turn: {label: Turn back, to: fork}
      top: {lines: [{narrator: You see far.}], ending: {title: The top, kind: secret}}
"""
"""One choice of three, two endings next to it and one behind another choice. No clips."""

EVENING = """\
title: The Gate
synopsis: Two ways to a gate.
genres: [test]
rating: all
language: en
cast:
  ann: {name: Ann, voice: low, look: "30, red coat"}
variables:
  key: {type: flag}
episodes:
  one:
    title: The road
    scenes:
      road:
        clip: clips/gate.mp4
        lines: [{ann: "The wood, or the river?", id: ask}]
        choices:
          wood: {label: The wood, to: trees}
          river: {label: The river, to: water}
      trees:
        lines: [{narrator: Trees., id: trees}]
        choices:
          dig: {label: Dig, do: [key = true], to: gate}
          rest: {label: Rest, to: gate}
      water:
        lines: [{narrator: Water., id: water}]
        choices:
          swim: {label: Swim, to: gate}
          float: {label: Float, to: gate}
      gate:
        clip: clips/gate.mp4
        lines: [{ann: Here we are., id: here}]
        choices:
          knock: {label: Knock, to: inside}
          leave: {label: Leave, to: outside}
          unlock: {label: Unlock, if: key, else: locked, to: inside}
      inside: {lines: [{narrator: It is warm., id: warm}], ending: {title: Inside, kind: happy}}
      outside: {lines: [{narrator: It is cold., id: cold}], ending: {title: Outside, kind: sad}}
"""
"""Three votes whatever is chosen: two ways that meet at a gate, a locked choice, two endings, two real clips."""

EVENING_ES = """\
title: La puerta
scene/road/line/ask: "¿El bosque o el río?"
scene/road/choice/wood: El bosque
scene/road/choice/river: El río
"""

SLIDES = """\
title: Slides
synopsis: Nothing to choose.
genres: [test]
rating: all
language: en
episodes:
  one:
    title: One
    scenes:
      first: {lines: [{narrator: One.}], to: last}
      last: {lines: [{narrator: Two.}], ending: {title: The last one, kind: open}}
"""
