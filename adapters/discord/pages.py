"""Pages: what somebody is shown about themselves and the stories, in an answer that only they see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import discord
from discord import ui

from adapters.discord.button import PAGE, Key
from adapters.discord.card import Rows, Sheet, link_button, page_button
from adapters.discord.clips import Media
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.text import CARD, bold, filled, plain
from adapters.discord.voice import File
from adapters.own_names import OWN_NAMES
from adapters.places import state_of
from adapters.text import clean, cut
from adapters.words import LANGUAGES, Words
from bot.app import UnknownSession
from bot.chart.chart import chart_of
from bot.chart.draw import Words as ChartWords
from bot.chart.draw import png
from bot.event import Answer
from bot.play.path import choice_points, scenes_seen
from bot.store.port import Viewer

MENU = 25
"""Entries of a menu (Discord, string select)."""

ENTRY = 100
"""Characters of an entry, its description and its value."""

SYNOPSIS = 600
"""Characters of a synopsis that are shown."""

STORIES = 12
"""Stories whose endings are listed."""

MAP, KEPT = "map.png", "cliffhanger.json"


@dataclass(frozen=True, slots=True)
class Guest:
    """Who a page is for. `about` is what was pressed or asked for."""

    viewer: Viewer
    user: int
    words: Words
    about: str = ""

    @property
    def language(self) -> str:
        """The language that stories are told to them in, where they have it."""
        return self.viewer.language or self.words.language


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown, and a file that is only sent along."""

    sheet: Sheet
    files: tuple[File, ...] = field(default=())

    @property
    def all_files(self) -> tuple[File, ...]:
        media = self.sheet.media
        return (*(() if media is None else media.files), *self.files)


MakePage = Callable[[Shop, Guest], Awaitable[Page]]


def words_page(*texts: str) -> Page:
    """A page of nothing but words."""
    return Page(Sheet(None, texts))


async def catalogue(shop: Shop, guest: Guest) -> Page:
    """The story asked for, else the one played last, else the first; and a menu of all."""
    spoken = guest.language.lower().partition("-")[0]
    stories = sorted(shop.app.library.stories.values(), key=lambda story: spoken not in story.languages)
    if not stories:
        return words_page(plain(guest.words("no_stories")))
    sessions = {session.story: session for session in await shop.app.store.sessions_of(guest.viewer.id)}
    by_id = {story.id: story for story in stories}
    story = next((by_id[id] for id in (guest.about, *sessions) if id in by_id), stories[0])
    session = sessions.get(story.id)
    state = await state_of(shop.app.library, session)
    wording = story.wording(guest.language)
    minutes = max(1, round(sum(story.seconds.values()) / 60))
    found = len(state.ended.intersection(story.endings)) if state is not None else 0
    facts = " · ".join([*map(plain, story.genres[:3]), guest.words("minutes", minutes=minutes)])
    texts = (
        f"### {plain(wording.plain('title'))}\n-# {facts}",
        plain(cut(wording.plain("synopsis"), SYNOPSIS)),
        f"🏁 {guest.words('endings_found', found=found, total=len(story.endings))}",
    )
    poster = await shop.clips.media(story, story.poster, shop.now() / 1000)
    begin = page_button(
        shop.buttons,
        guest.words("play" if session is None else "go_on"),
        "begin",
        story.id,
        discord.ButtonStyle.primary,
    )
    row: list[Key | ui.Button[Any]] = [begin]
    if shop.public_url is not None:
        row.append(link_button(guest.words("room_browser"), f"{shop.public_url}/?story={story.id}"))
    menu = [
        discord.SelectOption(
            label=cut(clean(one.wording(guest.language).plain("title")), ENTRY) or one.id, value=one.id,
            default=one is story,
        )
        for one in stories[:MENU]
    ]  # fmt: skip
    rows: Rows = [row, [_menu(shop, "story", menu)]] if len(stories) > 1 else [row]
    return Page(Sheet(poster, texts, rows, small=True))


async def chart(shop: Shop, guest: Guest) -> Page:
    """A picture of the path and of what is still unseen."""
    answer = await _answer(shop, guest)
    if answer is None:
        return await _nothing(shop, guest)
    story, state, words = answer.story, answer.state, guest.words
    options = [option.id for option in answer.cards[-1].options]
    names = ("path", "here", "seen", "unseen", "ending", "back", "endings", "more")
    legend = ChartWords(**{name: words(f"map_{name}") for name in names})
    picture = await asyncio.to_thread(lambda: png(chart_of(story, state, options), legend))
    title = bold(story.wording(state.language).plain("title"))
    seen = len(scenes_seen(state) & story.scenes.keys())
    text = words("map_caption", title=title, seen=seen, total=len(story.scenes))
    about = str(answer.session.id)
    row = [
        page_button(shop.buttons, words("go_on"), "go", about),
        page_button(shop.buttons, words("back_to_choice"), "rewind", about),
    ]
    return Page(Sheet(Media(f"attachment://{MAP}", (MAP, picture)), (text,), [row]))


async def endings(shop: Shop, guest: Guest) -> Page:
    """The endings found in every story the viewer began, and how many are still to find."""
    parts: list[str] = []
    for session in (await shop.app.store.sessions_of(guest.viewer.id))[:STORIES]:
        state = await state_of(shop.app.library, session)
        story = shop.app.library.stories.get(session.story)
        if state is None or story is None:
            continue
        wording = story.wording(guest.language)
        found = len(state.ended.intersection(story.endings))
        parts += [bold(wording.plain("title")), guest.words("endings_found", found=found, total=len(story.endings))]
        parts += [
            f"🏁 {plain(wording.plain(f'scene/{scene}/ending'))}"
            if scene in state.ended
            else guest.words("ending_unseen")
            for scene in story.endings
        ]
        if found == len(story.endings):
            parts.append(plain(guest.words("ending_all")))
    # As many as one message holds.
    return words_page(filled(parts, CARD)[0]) if parts else await _nothing(shop, guest)


async def rewind(shop: Shop, guest: Guest) -> Page:
    """The choices made, the latest first, in a menu."""
    answer = await _answer(shop, guest)
    if answer is None:
        return await _nothing(shop, guest)
    story, state = answer.story, answer.state
    wording = story.wording(state.language)
    points = list(enumerate(choice_points(state.path)))[::-1][:MENU]
    if not points:
        return words_page(plain(guest.words("rewind_none")))
    menu = []
    for index, point in points:
        scene = wording.plain(f"scene/{point.scene}") or point.scene.replace("-", " ").capitalize()
        label = wording.texts[f"scene/{point.scene}/choice/{point.choice}"].fill(state.values)
        menu.append(discord.SelectOption(label=cut(clean(f"{scene} · {label}"), ENTRY), value=str(index)))
    about = f"{answer.session.id} {state.revision}"
    title = guest.words("rewind_title", title=bold(wording.plain("title")))
    return Page(Sheet(None, (title,), [[_menu(shop, "back", menu, about)]]))


async def language(shop: Shop, guest: Guest) -> Page:
    """Every language that we or one of the stories speak."""
    codes = dict.fromkeys(LANGUAGES)
    for story in shop.app.library.stories.values():
        codes |= dict.fromkeys(story.languages)
    menu = [discord.SelectOption(label=OWN_NAMES.get(code, code), value=code) for code in [*codes][:MENU]]
    return Page(Sheet(None, (plain(guest.words("language_title")),), [[_menu(shop, "speak", menu)]]))


async def help_page(shop: Shop, guest: Guest) -> Page:
    """What the bot can do."""
    return words_page(guest.words("discord_help"))


async def privacy(shop: Shop, guest: Guest) -> Page:
    """What is kept and why."""
    return words_page(plain(guest.words("discord_privacy")))


async def export(shop: Shop, guest: Guest) -> Page:
    """Everything kept about the viewer, as a file."""
    kept = await shop.app.store.export(guest.viewer.id)
    content = json.dumps(kept, ensure_ascii=False, indent=2, default=str).encode()
    return Page(Sheet(None, (plain(guest.words("export_caption")),), attached=KEPT), ((KEPT, content),))


async def forget(shop: Shop, guest: Guest) -> Page:
    """The question before everything is deleted."""
    row = [
        page_button(shop.buttons, guest.words("forget_yes"), "erase", style=discord.ButtonStyle.danger),
        page_button(shop.buttons, guest.words("forget_no"), "keep"),
    ]
    return Page(Sheet(None, (plain(guest.words("forget_ask")),), [row]))


PAGES: dict[str, MakePage] = {
    "map": chart,
    "endings": endings,
    "rewind": rewind,
    "language": language,
    "help": help_page,
    "privacy": privacy,
    "export": export,
    "forget": forget,
    "play": catalogue,
}
"""By the names of commands and buttons."""


async def _answer(shop: Shop, guest: Guest) -> Answer | None:
    """The session asked for, else the one played last."""
    sessions = await shop.app.store.sessions_of(guest.viewer.id)
    wanted = guest.about or (str(sessions[0].id) if sessions else "")
    if not wanted:
        return None
    try:
        return await shop.app.current(PLATFORM, str(guest.user), int(wanted))
    except UnknownSession:
        return None


async def _nothing(shop: Shop, guest: Guest) -> Page:
    page = await catalogue(shop, Guest(guest.viewer, guest.user, guest.words))
    sheet = page.sheet
    return replace(page, sheet=replace(sheet, texts=(plain(guest.words("no_session")), *sheet.texts)))


def _menu(shop: Shop, page: str, entries: list[discord.SelectOption], about: str = "") -> Key:
    token = shop.buttons.press(page, about)
    return Key(ui.Select(custom_id=f"{PAGE}:{token}", options=entries))
