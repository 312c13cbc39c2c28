"""Cards: the longest story there may be fits into Discord's messages, with nothing of it lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.card import Sheet, fitted
from adapters.discord.text import CARD
from tests.fakes.discord import DiscordServer, Message
from tests.fakes.on_discord import ballot, bot_at, choices, crowd, gathering, read, write

LINES, CHOICES, LABEL = 24, 8, 64
LONG = [f"{number:02d} " + "*_[x](y) <@1> " * 142 for number in range(LINES)]
"""What a scene may hold at most, and every letter of it is markup: 24 lines of 2,000 characters."""

PARTS = 40
"""Components of a message (Discord, component reference)."""


def longest() -> str:
    """A story whose first scene is as long as a story allows."""
    assert all(1980 < len(line) <= 2000 for line in LONG)
    lines = "\n".join(f'          - {{narrator: "{line}"}}' for line in LONG)
    labels = [f"{number} " + "@" * (LABEL - 2) for number in range(CHOICES)]
    offered = "\n".join(f'          c{number}: {{label: "{label}", to: end}}' for number, label in enumerate(labels))
    return f"""\
title: "{"T" * 80}"
synopsis: "{"S" * 500}"
genres: [test]
rating: all
language: en
episodes:
  one:
    title: One
    scenes:
      start:
        clip: clips/start.mp4
        lines:
{lines}
        choices:
{offered}
      end: {{lines: [{{narrator: Over.}}], ending: {{title: "{"E" * 60}", kind: open}}}}
"""


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """It refuses what is longer than Discord takes."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


def bare(text: str) -> str:
    """Without what may be where a line was taken to pieces: white space, and the ends of italics."""
    return "".join(text.replace("*", "").split())


def assert_whole(messages: list[Message]) -> None:
    """Everything is there, in order; no message has more than it may."""
    said = "".join(bare(read(one)) for one in messages)
    at = 0
    for line in LONG:
        at = said.index(bare(line), at) + 1
    for one in messages:
        assert sum(map(len, one.texts)) <= CARD
        assert len(one.parts) <= PARTS


async def test_the_longest_scene_in_a_channel_and_alone(server: DiscordServer, tmp_path: Path) -> None:
    stories = write(tmp_path / "stories", "longest", longest(), clips=("start",))
    [ann] = crowd(server, 1)
    channel = gathering(server, [ann])
    async with bot_at(server, tmp_path, stories):
        await (await ann.slash("watch", channel, story="longest", mode="ranked")).spoken()
        card = await ballot(channel)
        assert len(choices(card)) == CHOICES
        assert len(card.media) == 1
        assert_whole(channel.messages)
        played = await ann.slash("play", story="longest")
        await played.bell.until(lambda: True if any(one.buttons for one in played.ephemeral) else None)
        assert_whole(played.ephemeral)
        await ann.slash("play", ann.dm, story="longest")
        await ann.dm.shown(lambda message: len(message.buttons) == CHOICES)
        assert_whole([one for one in ann.dm.messages if not one.ephemeral])


def test_cards_fill_messages_in_their_order() -> None:
    sheets = [Sheet(None, ("x" * size,)) for size in (1500, 2000, 600, 10, 10, 10, 4000)]
    stacks = fitted(sheets, 3)
    assert [sheet for stack in stacks for sheet in stack] == sheets
    assert [len(stack) for stack in stacks] == [2, 3, 1, 1]
