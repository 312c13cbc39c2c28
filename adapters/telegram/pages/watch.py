"""What a group is told that wants to watch together, or cannot just now."""

from __future__ import annotations

from adapters.telegram.page import Guest, Page, Rows, Shop
from adapters.telegram.scene import LABEL, page_button
from adapters.telegram.text import joined, plain
from adapters.text import cut

STORIES = 12
"""Stories with a button of their own."""

ALONE = frozenset({"watch_running", "watch_anonymous", "room_unknown", "room_full"})
"""What is said without offering stories: pressing one would lead nowhere."""


async def usage(shop: Shop, guest: Guest) -> Page:
    """How a watch-along begins, with the stories to choose from; `said` names the reason why it did not."""
    said = guest.about.get("said", "")
    reason = plain(guest.words(said)) if said else ""
    stories = list(shop.app.library.stories.values())[:STORIES]
    if said in ALONE:
        return Page(reason)
    if not stories:
        return Page(plain(guest.words("no_stories")))
    rows: Rows = [
        [page_button(shop.buttons, cut(story.wording(guest.language).plain("title"), LABEL), "watch-begin", story.id)]
        for story in stories
    ]
    return Page(joined([reason, guest.words("watch_usage", story=plain(stories[0].id))]), rows)
