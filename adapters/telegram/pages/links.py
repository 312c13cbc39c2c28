"""Going on elsewhere: the code that joins two accounts, and what came of one that was entered."""

from __future__ import annotations

from adapters.telegram.page import Guest, Page, Shop
from adapters.telegram.scene import page_button
from adapters.telegram.text import bold, joined, plain


async def code(shop: Shop, guest: Guest) -> Page:
    """A new code, and how it is used."""
    words = guest.words
    # In its own type a touch copies it.
    shown = words("link_code", code=f"<code>{await shop.links.code(guest.viewer.id, shop.now())}</code>")
    return Page(joined([bold(words("link_title")), shown, plain(words("link_how")), plain(words("link_warn"))]))


async def linked(shop: Shop, guest: Guest) -> Page:
    """That the accounts are joined and where the viewer is now; or why they are not."""
    words, about = guest.words, guest.about
    if "said" in about:
        return Page(plain(words(f"link_{about['said']}")))
    both = words("link_both", titles=", ".join(bold(_title(shop, guest, one)) for one in about.get("both", "").split()))
    if "session" not in about:
        return Page(plain(words("link_done_new")))
    done = words("link_done", title=bold(_title(shop, guest, about["story"])))
    rows = [[page_button(shop.buttons, words("go_on"), "go", about["session"])]]
    return Page(joined([done, both if about.get("both") else ""]), rows)


def _title(shop: Shop, guest: Guest, story: str) -> str:
    told = shop.app.library.stories.get(story)
    return story if told is None else told.wording(guest.language).plain("title")
