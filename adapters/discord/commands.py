"""The slash commands, as Discord lists them: names and descriptions in the languages we speak."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from adapters.discord.arrival import Arrival
from adapters.discord.desk import Desk
from adapters.discord.watch import Wanted
from adapters.text import clean, cut
from adapters.words import LANGUAGES, words
from bot.app import App
from bot.watch.rules import MOST_QUORUM, MOST_WEIGHT, Fork, Mode, Rules, Who

NAME, VALUE = 100, 100
"""Characters of what is suggested (Discord, application command option choice)."""

SUGGESTIONS = 25

LEAST_SECONDS, MOST_SECONDS = 5, 86_400
"""Seconds per vote; 0 is for none, the host closes it."""

LOCALES = {
    "es": (discord.Locale.spain_spanish, discord.Locale.latin_american_spanish),
    "zh": (discord.Locale.chinese, discord.Locale.taiwan_chinese),
}
"""Discord's locales for each of our languages but the first, which is what everybody else sees."""

_STAMP = re.compile(r"<t:(\d{9,11})(?::[a-zA-Z])?>")
_SPAN = re.compile(r"(?:(\d{1,3})\s*d)?\s*(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*(?:m|min|′)?)?", re.IGNORECASE)

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
FARTHEST = 60 * DAY
"""Milliseconds ahead that a watch-along may be planned."""

SOONEST = 30_000
"""Milliseconds ahead below which it begins at once."""

SPANS = ("15m", "30m", "1h", "2h", "1d")
"""Starts that are suggested."""

Interaction = discord.Interaction[Any]


class Client(Protocol):
    """The client, as commands know it."""

    @property
    def desk(self) -> Desk | None: ...

    @property
    def app(self) -> App: ...

    def arrived(self, interaction: Interaction) -> Arrival | None: ...

    def now(self) -> int: ...


def text(key: str) -> locale_str:
    """A text of the commands, in every language."""
    return locale_str(words(None)(key), key=key)


class Translator(app_commands.Translator):
    """Reads what Discord is told in other languages from the same files as everything else."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """See the library; None where we have no such language."""
        key = string.extras.get("key")
        language = next((code for code in LANGUAGES[1:] if locale in LOCALES.get(code, ())), None)
        return None if key is None or language is None else words(language)(key)


def begins_at(wanted: str, now: int) -> int | None:
    """When a watch-along is to begin (Unix ms): "90m", "1h 30m", "2d", one of Discord's timestamps, or a date with its
    offset. None for what makes no sense or lies too far.
    """
    wanted = wanted.strip().removeprefix("in ").strip()
    stamp, span = _STAMP.fullmatch(wanted), _SPAN.fullmatch(wanted)
    if stamp is not None:
        at = int(stamp[1]) * 1000
    elif wanted and span is not None and any(span.groups()):
        days, hours, minutes = (int(part or 0) for part in span.groups())
        at = now + days * DAY + hours * HOUR + minutes * MINUTE
    else:
        at = _dated(wanted)
    return at if now + SOONEST <= at <= now + FARTHEST else None


def _dated(wanted: str) -> int:
    """A date and time with its offset from UTC; 0 for anything else."""
    try:
        date = datetime.fromisoformat(wanted)
        # Nobody knows in which zone a bare time is meant.
        return 0 if date.tzinfo is None else int(date.astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def rules_of(
    mode: str | None, seconds: int | None, who: str | None, role: discord.Role | None, weight: int | None,
    quorum: int | None, fork: str | None, fair: bool | None,
) -> Rules:  # fmt: skip
    """The rules that options ask for. Raises `ValueError`, with the reason, when they make no sense."""
    # Who names a role, or says what it weighs, wants that it matters.
    mode = mode or (None if weight is None else Mode.WEIGHTED)
    who = who or (None if role is None or mode == Mode.WEIGHTED else Who.ROLE)
    chosen = Mode(mode or Mode.MAJORITY)
    # The role that everybody has is on nobody's list of roles.
    named = None if role is None or role.is_default() else str(role.id)
    voters = Who(who or Who.EVERYONE)
    if named is None and (chosen is Mode.WEIGHTED or voters is Who.ROLE):
        raise ValueError("role")
    weights = {named: weight or 2} if named is not None and chosen is Mode.WEIGHTED else {}
    return Rules(
        mode=chosen, seconds=_seconds(seconds), who=voters,
        role=named if voters is Who.ROLE else None, weights=weights, quorum=quorum or 1,
        fork=Fork(fork or Fork.NEVER), fair=bool(fair), early=voters is Who.JOINED,
    )  # fmt: skip


def _seconds(wanted: int | None) -> int:
    if wanted is None:
        return Rules().seconds
    return max(wanted, LEAST_SECONDS) if wanted else 0


async def stories(interaction: Interaction, current: str) -> list[Choice[str]]:
    """The stories whose title or id has what was typed so far; those in the person's language first."""
    language = str(interaction.locale)
    typed = current.casefold()
    found = []
    for story in cast(Client, interaction.client).app.library.stories.values():
        title = clean(story.wording(language).plain("title")) or story.id
        if typed in title.casefold() or typed in story.id:
            found.append((language.partition("-")[0] not in story.languages, title, story.id))
    return [Choice(name=cut(title, NAME), value=id) for _, title, id in sorted(found)[:SUGGESTIONS]]


async def starts(interaction: Interaction, current: str) -> list[Choice[str]]:
    """What was typed, as it was understood; before anything was, what others choose."""
    client, said = cast(Client, interaction.client), words(str(interaction.locale))
    wanted = [current] if current.strip() else SPANS
    now = client.now()
    found = [(span, begins_at(span, now)) for span in wanted]
    return [
        Choice(name=cut(said("start_in", span=_span(at - now)), NAME), value=span[:VALUE])
        for span, at in found
        if at is not None
    ]


def _span(milliseconds: int) -> str:
    minutes = round(milliseconds / MINUTE)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if number]
    return " ".join(parts) or "1 min"


def _choices(option: str, values: list[str]) -> list[Choice[str]]:
    return [Choice(name=text(f"choice_{option}_{value.replace('-', '_')}"), value=value) for value in values]


@app_commands.command(name=text("command_watch_name"), description=text("command_watch"))
@app_commands.rename(
    story=text("option_story"), mode=text("option_mode"), seconds=text("option_seconds"), who=text("option_who"),
    role=text("option_role"), weight=text("option_weight"), quorum=text("option_quorum"), fork=text("option_fork"),
    fair=text("option_fair"), place=text("option_place"), start=text("option_start"),
)  # fmt: skip
@app_commands.describe(
    story=text("about_story"), mode=text("about_mode"), seconds=text("about_seconds"), who=text("about_who"),
    role=text("about_role"), weight=text("about_weight"), quorum=text("about_quorum"), fork=text("about_fork"),
    fair=text("about_fair"), place=text("about_place"), start=text("about_start"),
)  # fmt: skip
@app_commands.choices(
    mode=_choices("mode", [mode.value for mode in Mode]),
    who=_choices("who", [who.value for who in Who]),
    fork=_choices("fork", [fork.value for fork in Fork]),
    place=_choices("place", ["here", "thread"]),
)
@app_commands.autocomplete(story=stories, start=starts)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def watch(
    interaction: Interaction,
    story: str,
    mode: str | None = None,
    seconds: app_commands.Range[int, 0, MOST_SECONDS] | None = None,
    who: str | None = None,
    role: discord.Role | None = None,
    weight: app_commands.Range[int, 2, MOST_WEIGHT] | None = None,
    quorum: app_commands.Range[int, 1, MOST_QUORUM] | None = None,
    fork: str | None = None,
    fair: bool | None = None,
    place: str | None = None,
    start: str | None = None,
) -> None:
    """Begin a watch-along, now or later."""
    client = cast(Client, interaction.client)
    arrived, desk = client.arrived(interaction), client.desk
    if arrived is None or desk is None:
        return
    try:
        rules = rules_of(mode, seconds, who, role, weight, quorum, fork, fair)
    except ValueError:
        desk.refuse(arrived, "watch_needs_role")
        return
    at = None if start is None else begins_at(start, client.now())
    if start is not None and at is None:
        desk.refuse(arrived, "start_unknown")
        return
    desk.watch(arrived, Wanted(story, rules, thread=place == "thread", start=at))


@app_commands.command(name=text("command_play_name"), description=text("command_play"))
@app_commands.rename(story=text("option_story"), where=text("option_where"))
@app_commands.describe(story=text("about_story"), where=text("about_where"))
@app_commands.choices(where=_choices("where", ["here", "direct"]))
@app_commands.autocomplete(story=stories)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def play(interaction: Interaction, story: str | None = None, where: str | None = None) -> None:
    """Play for oneself."""
    client = cast(Client, interaction.client)
    arrived, desk = client.arrived(interaction), client.desk
    if arrived is None or desk is None:
        return
    if story is None:
        desk.command(arrived, "play")
    else:
        desk.play(arrived, story, direct=where == "direct")


@app_commands.command(name=text("command_link_name"), description=text("command_link"))
@app_commands.rename(code=text("option_code"))
@app_commands.describe(code=text("about_code"))
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def link(interaction: Interaction, code: str | None = None) -> None:
    """A code for another platform, or one from there."""
    client = cast(Client, interaction.client)
    arrived, desk = client.arrived(interaction), client.desk
    if arrived is not None and desk is not None:
        desk.command(arrived, "link", code or "")


@app_commands.command(name=text("command_join_name"), description=text("command_join"))
@app_commands.rename(code=text("option_code"))
@app_commands.describe(code=text("about_room_code"))
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def join(interaction: Interaction, code: str) -> None:
    """Watch along in a room that was begun elsewhere."""
    client = cast(Client, interaction.client)
    arrived, desk = client.arrived(interaction), client.desk
    if arrived is not None and desk is not None:
        desk.attend(arrived, code)


SIMPLE = ("continue", "map", "endings", "rewind", "language", "privacy", "export", "forget", "help")
"""Commands without options, by the page they show."""


def simple(page: str) -> app_commands.Command[Any, ..., None]:
    """A command that shows a page."""

    async def command(interaction: Interaction) -> None:
        client = cast(Client, interaction.client)
        arrived, desk = client.arrived(interaction), client.desk
        if arrived is not None and desk is not None:
            desk.command(arrived, page)

    callback = cast(Callable[..., Awaitable[None]], command)
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=text(f"command_{page}_name"), description=text(f"command_{page}"), callback=callback,  # type: ignore[arg-type]
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )  # fmt: skip
    return made


def all_commands() -> list[app_commands.Command[Any, ..., None]]:
    """Every command of the bot."""
    return [watch, join, play, link, *map(simple, SIMPLE)]
