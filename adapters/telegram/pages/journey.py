"""What lies behind a viewer: the map, the endings, the choices to go back to."""

from __future__ import annotations

import asyncio

from telegram import InlineKeyboardButton

from adapters.places import state_of
from adapters.telegram.page import Guest, Page, Rows, Shop
from adapters.telegram.pages.stories import catalogue
from adapters.telegram.scene import LABEL, page_button
from adapters.telegram.text import MESSAGE, bold, filled, plain
from adapters.text import cut
from bot.app import UnknownSession
from bot.chart.chart import chart_of
from bot.chart.draw import Words as ChartWords
from bot.chart.draw import png
from bot.event import Answer
from bot.play.path import choice_points, scenes_seen
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
    names = ("path", "here", "seen", "unseen", "ending", "back", "endings", "more")
    legend = ChartWords(**{name: words(f"map_{name}") for name in names})
    picture = await asyncio.to_thread(lambda: png(chart_of(story, state, options), legend))
    title = bold(story.wording(state.language).plain("title"))
    seen = len(scenes_seen(state) & story.scenes.keys())
    html = words("map_caption", title=title, seen=seen, total=len(story.scenes))
    about = str(answer.session.id)
    moment = shop.buttons.share(answer.session.id, len(choice_points(state.path)))
    buttons = [
        page_button(shop.buttons, words("go_on"), "go", about),
        page_button(shop.buttons, words("back_to_choice"), "rewind", about),
    ]
    share = InlineKeyboardButton(words("share_moment"), switch_inline_query=moment)
    return Page(html, [buttons, [share]], picture)


async def endings(shop: Shop, guest: Guest) -> Page:
    """The endings found in every story the viewer began, and how many are still to find."""
    parts: list[str] = []
    for session in (await shop.app.store.sessions_of(guest.viewer.id))[:STORIES]:
        state = await state_of(shop.app.library, session)
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
        count = guest.words(
            "endings_found", found=len(state.ended.intersection(story.endings)), total=len(story.endings)
        )
        parts += ["", bold(wording.plain("title")), count, *found]
        if state.ended.issuperset(story.endings):
            parts.append(plain(guest.words("ending_all")))
    # As many as one message holds.
    return Page(filled(parts[1:], MESSAGE)[0]) if parts else await _nothing(shop, guest)


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


async def joining(shop: Shop, guest: Guest) -> Page:
    """A moment that somebody shared, in a story where the viewer has a place of their own."""
    story = shop.app.library.stories.get(guest.about["story"])
    title = story.wording(guest.language).plain("title") if story is not None else guest.about["story"]
    rows = [
        [page_button(shop.buttons, guest.words("share_stay"), "play", guest.about["story"])],
        [page_button(shop.buttons, guest.words("share_join"), "join", guest.about["moment"])],
    ]
    return Page(guest.words("share_ask", title=bold(title)), rows)


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
