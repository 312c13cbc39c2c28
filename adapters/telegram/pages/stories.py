"""The catalogue: one message with a poster, leafed through like a booklet."""

from __future__ import annotations

from telegram import InlineKeyboardButton, WebAppInfo

from adapters.places import state_of
from adapters.telegram.page import Guest, Page, Rows, Shop
from adapters.telegram.scene import page_button
from adapters.telegram.text import CAPTION, bold, joined, plain, units
from adapters.text import cut
from bot.play.state import BranchState
from bot.store.port import Session
from bot.story.story import Story, Wording

SYNOPSIS = 600
"""UTF-16 units of a synopsis that are shown where greeting, facts and prices leave room for them."""

EPISODE = 24
"""Units of an episode's title in the list of prices."""

EPISODES = 12
"""Episodes in the list of prices."""

TITLE, GENRE = 120, 30
"""Units of a story's title and of a genre."""


BLANKS = 6
"""Units of the blank lines between greeting, title, synopsis and prices."""


async def catalogue(shop: Shop, guest: Guest) -> Page:
    """The story asked for by id or by its place in the row; else the one played last, else the first."""
    spoken = guest.language.lower().partition("-")[0]
    # Those that speak the viewer's language come first.
    stories = sorted(shop.app.library.stories.values(), key=lambda story: spoken not in story.languages)
    if not stories:
        return Page(plain(guest.words("no_stories")))
    sessions = {session.story: session for session in await shop.app.store.sessions_of(guest.viewer.id)}
    at = _asked(stories, guest.about.get("story"), sessions)
    story = stories[at]
    session = sessions.get(story.id)
    opening = _opening(shop, guest, sessions)
    html = joined([opening, _told(guest, story, await state_of(shop.app.library, session), CAPTION - units(opening))])
    poster = await shop.files.media(story, story.poster, shop.now() / 1000)
    return Page(html, _rows(shop, guest, story, session, at, len(stories)), poster)


def _asked(stories: list[Story], wanted: str | None, sessions: dict[str, Session]) -> int:
    ids = [story.id for story in stories]
    for id in (wanted, *sessions):
        if id in ids:
            return ids.index(id)
    return int(wanted) % len(ids) if wanted is not None and wanted.isascii() and wanted.isdigit() else 0


def _opening(shop: Shop, guest: Guest, sessions: dict[str, Session]) -> str:
    """The line above the story: a greeting, or why the catalogue is shown."""
    if said := guest.about.get("said"):
        return plain(guest.words(said))
    if "greet" in guest.about:
        return plain(guest.words("welcome_back" if sessions else "greeting"))
    return ""


def _told(guest: Guest, story: Story, state: BranchState | None, room: int) -> str:
    """Title, facts, synopsis and prices; the synopsis takes what the others leave of the room, in UTF-16 units."""
    wording = story.wording(guest.language)
    minutes = max(1, round(sum(story.seconds.values()) / 60))
    facts = [
        *(plain(cut(genre, GENRE)) for genre in story.genres[:3]),
        plain(story.rating) if story.rating != "all" else "",
        guest.words("minutes", minutes=minutes),
        guest.words.count("episodes", len(story.episodes)),
    ]
    found = len(state.ended.intersection(story.endings)) if state is not None else 0
    head = f"{bold(cut(wording.plain('title'), TITLE))}\n{' · '.join(fact for fact in facts if fact)}"
    ends = f"🏁 {guest.words('endings_found', found=found, total=len(story.endings))}"
    foot = "\n".join([ends, *_prices(guest, story)])
    left = room - units(head) - units(foot) - BLANKS
    return joined([head, plain(cut(wording.plain("synopsis"), min(SYNOPSIS, left))), foot])


def _prices(guest: Guest, story: Story) -> list[str]:
    """What each episode costs, and all together, before the first is begun."""
    if not story.priced:
        return []
    wording = story.wording(guest.language)
    free = guest.words("price_free")
    rows = [
        f"{plain(_short(wording, episode.id))} · {f'{episode.price} ⭐' if episode.price else free}"
        for episode in story.episodes.values()
    ]
    total = sum(episode.price for episode in story.episodes.values())
    return [*rows[:EPISODES], guest.words("price_total", total=total)]


def _short(wording: Wording, episode: str) -> str:
    return cut(wording.plain(f"episode/{episode}"), EPISODE)


def _rows(shop: Shop, guest: Guest, story: Story, session: Session | None, at: int, count: int) -> Rows:
    words, buttons = guest.words, shop.buttons
    play = page_button(buttons, words("play" if session is None else "go_on"), "play", story.id)
    rows = [[play], [InlineKeyboardButton(words("share"), switch_inline_query=story.id)]]
    if shop.bot.player is not None and guest.chat.private:
        player = WebAppInfo(f"{shop.bot.player}?story={story.id}")
        rows[1].insert(0, InlineKeyboardButton(words("open_player"), web_app=player))
    if count > 1:
        rows.append(
            [
                page_button(buttons, "◀", "stories", str((at - 1) % count)),
                page_button(buttons, words("page_of", number=at + 1, total=count), "stories", str(at)),
                page_button(buttons, "▶", "stories", str((at + 1) % count)),
            ]
        )
    return rows
