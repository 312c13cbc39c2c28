"""The slash commands of the studio: one command with a part for each thing that creators do."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

import discord
from discord import app_commands
from discord.app_commands import Choice

from adapters.discord.attachment import Attachment
from adapters.discord.commands import NAME, Client, Interaction, text
from adapters.discord.creators import Creators
from adapters.discord.voice import Voice
from bot.store.drafts import Role
from bot.studio.studio import MOST_PLAYS, PLAYS

LONGEST_CAPTION = 80
"""Characters of a clip's caption: the ids of a story and a scene."""

LONGEST_DEED = 4_000
"""Characters of what is written there: a link to a place may be long."""

ROLES: tuple[Role, ...] = ("writer", "translator", "tester", "owner")

Part = Callable[[Callable[..., Coroutine[Any, Any, None]]], app_commands.Command[Any, ..., None]]
"""Makes a part of the command out of what does it."""

studio = app_commands.Group(
    name=text("command_studio_name"), description=text("command_studio"),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
)  # fmt: skip


def ask(interaction: Interaction, do: Callable[[Creators, Voice], Coroutine[Any, Any, None]]) -> None:
    """Have it done, each in a task of its own."""
    client = cast(Client, interaction.client)
    arrived, desk = client.arrived(interaction), client.desk
    if arrived is not None and desk is not None:
        desk.studio(arrived, do)


async def mine(interaction: Interaction, current: str) -> list[Choice[str]]:
    """The person's own stories."""
    desk = cast(Client, interaction.client).desk
    if desk is None or desk.creators is None:
        return []
    found = await desk.creators.stories(str(interaction.user.id), current)
    return [Choice(name=story, value=story) for story in found]


async def deeds(interaction: Interaction, current: str) -> list[Choice[str]]:
    """What the person can do in their test play."""
    desk = cast(Client, interaction.client).desk
    if desk is None or desk.creators is None:
        return []
    found = await desk.creators.deeds(str(interaction.user.id), current)
    return [Choice(name=deed, value=deed) for deed in found if len(deed) <= NAME]


def part(name: str) -> Part:
    """A part of the command."""
    return cast(
        Part, studio.command(name=text(f"command_studio_{name}_name"), description=text(f"command_studio_{name}"))
    )


def about_a_story(name: str) -> None:
    """A part that takes nothing but a story."""

    @part(name)
    @app_commands.rename(story=text("option_story"))
    @app_commands.describe(story=text("about_mine"))
    @app_commands.autocomplete(story=mine)
    async def command(interaction: Interaction, story: str | None = None) -> None:
        ask(interaction, lambda creators, voice: creators.command(voice, name, story or ""))


@part("stories")
async def stories(interaction: Interaction) -> None:
    """All of one's stories."""
    ask(interaction, lambda creators, voice: creators.command(voice, "studio", ""))


@part("send")
@app_commands.rename(file=text("option_file"), caption=text("option_caption"))
@app_commands.describe(file=text("about_file"), caption=text("about_caption"))
async def send(
    interaction: Interaction,
    file: discord.Attachment,
    caption: app_commands.Range[str, 0, LONGEST_CAPTION] | None = None,
) -> None:
    """A story, or a clip."""
    attachment = Attachment(file.url, file.filename, file.size)
    ask(interaction, lambda creators, voice: creators.send(voice, attachment, caption or ""))


@part("play")
@app_commands.rename(story=text("option_story"))
@app_commands.describe(story=text("about_mine"))
@app_commands.autocomplete(story=mine)
async def play(interaction: Interaction, story: str | None = None) -> None:
    """A test play."""
    ask(interaction, lambda creators, voice: creators.play(voice, story or ""))


@part("do")
@app_commands.rename(what=text("option_what"))
@app_commands.describe(what=text("about_what"))
@app_commands.autocomplete(what=deeds)
async def do(interaction: Interaction, what: app_commands.Range[str, 1, LONGEST_DEED]) -> None:
    """Something in the test play."""
    ask(interaction, lambda creators, voice: creators.deed(voice, what))


about_a_story("check")


@part("test")
@app_commands.rename(story=text("option_story"), plays=text("option_plays"), seed=text("option_seed"))
@app_commands.describe(story=text("about_mine"), plays=text("about_plays"), seed=text("about_seed"))
@app_commands.autocomplete(story=mine)
async def simulate(
    interaction: Interaction,
    story: str | None = None,
    plays: app_commands.Range[int, 1, MOST_PLAYS] | None = None,
    seed: app_commands.Range[int, 1, 9_999_999] | None = None,
) -> None:
    """Random plays."""
    numbers = f"{plays or PLAYS} {seed or 1}"
    ask(interaction, lambda creators, voice: creators.command(voice, "test", f"{story or ''} {numbers}"))


for name in ("map", "publish", "revert"):
    about_a_story(name)


@part("invite")
@app_commands.rename(role=text("option_role"), story=text("option_story"))
@app_commands.describe(role=text("about_studio_role"), story=text("about_mine"))
@app_commands.choices(role=[Choice(name=text(f"choice_studio_role_{role}"), value=role) for role in ROLES])
@app_commands.autocomplete(story=mine)
async def invite(interaction: Interaction, role: str, story: str | None = None) -> None:
    """An invitation."""
    ask(interaction, lambda creators, voice: creators.command(voice, "invite", f"{story or ''} {role}"))


@part("join")
@app_commands.rename(code=text("option_code"))
@app_commands.describe(code=text("about_invitation"))
async def join(interaction: Interaction, code: app_commands.Range[str, 1, LONGEST_CAPTION]) -> None:
    """Enter with an invitation."""
    ask(interaction, lambda creators, voice: creators.command(voice, "join", code))


for name in ("people", "log", "leave", "delete"):
    about_a_story(name)


@part("stop")
@app_commands.rename(story=text("option_story"))
@app_commands.describe(story=text("about_story"))
async def stop(interaction: Interaction, story: str) -> None:
    """For operators."""
    ask(interaction, lambda creators, voice: creators.command(voice, "stop", story))
