"""A small bot of discord.py, with one command of each kind and an answer of each kind: for the server's own tests."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui


class Card(ui.LayoutView):
    """A clip with a button, as the bot sends it."""

    def __init__(self, label: str = "Get on", media: str = "https://clips.example/whistle.mp4") -> None:
        super().__init__(timeout=None)
        self.button: ui.Button[Card] = ui.Button(label=label, custom_id="vote:7:1:on")
        self.menu: ui.Select[Card] = ui.Select(
            custom_id="menu:7", placeholder="Language", options=[discord.SelectOption(label="English", value="en")]
        )
        self.roles: ui.RoleSelect[Card] = ui.RoleSelect(custom_id="role:7", placeholder="Host")
        self.form: ui.Button[Card] = ui.Button(label="Write", custom_id="form:7")
        gallery = ui.MediaGallery[Card](discord.MediaGalleryItem(media))
        rows = (ui.ActionRow(self.button, self.form), ui.ActionRow(self.menu), ui.ActionRow(self.roles))
        self.add_item(ui.Container(ui.TextDisplay("**Mei**: go"), gallery, *rows, accent_color=0xAA0000))


class Form(ui.Modal, title="Your line"):
    """Two fields, in the new form and with a bound."""

    line: ui.Label[Form] = ui.Label(text="What do you say", component=ui.TextInput(custom_id="line", max_length=50))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.line.component, ui.TextInput)
        await interaction.response.send_message(f"You said {self.line.component.value}", ephemeral=True)


class Bot(discord.AutoShardedClient):
    """One command of each kind, and an answer of each kind."""

    def __init__(self, **more: Any) -> None:
        intents = discord.Intents(guilds=True)
        more = {"chunk_guilds_at_startup": False, "max_messages": None, "guild_ready_timeout": 0.05, **more}
        super().__init__(intents=intents, **more)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[discord.Interaction] = []
        self.heard: list[str] = []
        watch = self.tree.command(name="watch", description="Begins one")(self.watch)
        watch.autocomplete("story")(complete)
        self.tree.command(name="all", description="Every option")(self.every)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library would wait 5 s for each further shard."""

    async def on_resumed(self) -> None:
        self.heard.append("resumed")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.heard.append(f"removed {guild.name}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.heard.append(f"deleted {channel.name}")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Components by hand: what they are is the test's own business."""
        self.seen.append(interaction)
        data: dict[str, Any] = dict(interaction.data or {})
        custom_id = data.get("custom_id")
        if interaction.type is not discord.InteractionType.component:
            return
        if custom_id == "vote:7:1:on":
            await interaction.response.defer()
            await interaction.followup.send("You chose: Get on", ephemeral=True)
        elif custom_id == "form:7":
            await interaction.response.send_modal(Form())
        else:
            await interaction.response.edit_message(view=Card(f"Chosen {data.get('values')}"))

    async def watch(self, interaction: discord.Interaction, story: str, late: int = 0) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"{story} begins in {late}")
        assert isinstance(interaction.channel, discord.abc.Messageable)
        await interaction.channel.send(view=Card(), nonce="7:1")

    async def every(
        self,
        interaction: discord.Interaction,
        who: discord.User,
        where: discord.TextChannel,
        role: discord.Role,
        file: discord.Attachment,
        sure: bool,
        share: app_commands.Range[float, 0.0, 1.0],
    ) -> None:
        told = f"{who.display_name} {where.name} {role.name} {(await file.read()).decode()} {sure} {share}"
        await interaction.response.send_message(told)


async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """As a bot offers stories while a name is typed."""
    return [app_commands.Choice(name=f"{current}…", value="the-last-train-home")]
