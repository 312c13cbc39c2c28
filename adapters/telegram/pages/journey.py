"""What lies behind a viewer: the map, the endings, the choices to go back to."""

from __future__ import annotations

import asyncio

from telegram import InlineKeyboardButton

from adapters.telegram.page import Guest, Page, Rows, Shop
from adapters.telegram.pages.stories import catalogue, state_of
from adapters.telegram.scene import LABEL, page_button
from adapters.telegram.text import bold, cut, joined, plain
from bot.app import UnknownSession
from bot.chart.chart import chart_of
from bot.chart.draw import png
from bot.chart.look import Words as ChartWords
from bot.event import Answer
from bot.play.path import choice_points
from bot.store.port import Session

ROWS = 6
"""Choices of the way back on one page."""

STORIES = 12
"""Stories whose endings are listed."""


async def chart(shop: Shop, guest: Guest) -> Page:
    """A picture of the path and of what is still unseen."""
    answer = await _answer(shop, guest)
    if answer is None:
        return await _nothing(shop, guest)
    story, state = answer.story, answer.state
    options = [option.id for option in answer.cards[-1].options]
    words = guest.words
    legend = ChartWords(
        here=words("map_you"), path=words("map_path"), unseen=words("map_unseen"), ending=words("map_ending")
    )
    picture = await asyncio.to_thread(lambda: png(chart_of(story, state, options), legend))
    title = bold(story.wording(state.language).plain("title"))
    seen = len((state.visits.keys() | state.seen) & story.scenes.keys())
    html = words("map_caption", title=title, seen=seen, total=len(story.scenes))
    about = str(answer.session.id)
    buttons = [
        page_button(shop.buttons, words("go_on"), "go", about),
        page_button(shop.buttons, words("back_to_choice"), "rewind", about),
    ]
    return Page(html, [buttons], picture)


async def endings(shop: Shop, guest: Guest) -> Page:
    """The endings found in every story the viewer began, and how many are still to find."""
    parts = []
    for session in (await shop.app.store.sessions_of(guest.viewer.id))[:STORIES]:
        state = await state_of(shop, session)
        story = shop.app.library.stories.get(session.story)
        if state is None or story is None:
            continue
        wording = story.wording(guest.language)
        found = [
            f"🏁 {plain(wording.plain(f'scene/{scene}/ending'))}"
            if scene in state.ended
            else guest.words("ending_unseen")
            for scene in story.endings
        ]
        parts.append("\n".join([bold(wording.plain("title")), *found]))
        if state.ended.issuperset(story.endings):
            parts.append(plain(guest.words("ending_all")))
    return Page(joined(parts)) if parts else await _nothing(shop, guest)


async def rewind(shop: Shop, guest: Guest) -> Page:
    """The choices made, the latest first; a page of them at a time."""
    answer = await _answer(shop, guest)
    if answer is None:
        return await _nothing(shop, guest)
    story, state = answer.story, answer.state
    wording = story.wording(state.language)
    points = list(enumerate(choice_points(state.path)))[::-1]
    if not points:
        return Page(plain(guest.words("rewind_none")))
    page = min(int(guest.about.get("page", "0")), (len(points) - 1) // ROWS)
    rows: Rows = []
    for index, point in points[page * ROWS : (page + 1) * ROWS]:
        scene = wording.plain(f"scene/{point.scene}") or point.scene.replace("-", " ").capitalize()
        label = wording.texts[f"scene/{point.scene}/choice/{point.choice}"].fill(state.values)
        data = f"{answer.session.id} {state.revision} {index}"
        rows.append([page_button(shop.buttons, cut(f"{scene} · {label}", LABEL), "back", data)])
    rows += _leafing(shop, guest, answer.session, page, len(points))
    return Page(guest.words("rewind_title", title=bold(wording.plain("title"))), rows)


def _leafing(shop: Shop, guest: Guest, session: Session, page: int, count: int) -> Rows:
    row: list[InlineKeyboardButton] = []
    if (page + 1) * ROWS < count:
        row.append(page_button(shop.buttons, guest.words("earlier"), "rewind", f"{session.id} {page + 1}"))
    if page:
        row.append(page_button(shop.buttons, guest.words("later"), "rewind", f"{session.id} {page - 1}"))
    return [row] if row else []


async def _answer(shop: Shop, guest: Guest) -> Answer | None:
    """The session asked for, else the one played last."""
    if "session" in guest.about:
        session = int(guest.about["session"])
    else:
        sessions = await shop.app.store.sessions_of(guest.viewer.id)
        if not sessions:
            return None
        session = sessions[0].id
    try:
        return await shop.app.current("telegram", str(guest.user), session)
    except UnknownSession:
        return None


async def _nothing(shop: Shop, guest: Guest) -> Page:
    about = {**guest.about, "said": "no_session"}
    return await catalogue(shop, Guest(guest.viewer, guest.user, guest.chat, guest.words, about))
