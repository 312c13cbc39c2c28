"""The host's panel: everything a host can do, in a message that only the host sees."""

from __future__ import annotations

from collections.abc import Callable

import discord
from discord import ui

from adapters.discord.button import PAGE, Key
from adapters.discord.card import Sheet, page_button
from adapters.discord.shop import Shop
from adapters.discord.stand import clock_of
from adapters.discord.text import bold, plain
from adapters.words import Words
from bot.rooms.booth import Booth
from bot.rooms.rooms import Wish
from bot.watch.event import Back, CloseNow, Extend, Pause, Resume, Skip, Split, Stop, Together
from bot.watch.vote import Voter

WISHES: dict[str, Callable[[Voter, int], Wish]] = {
    "pause": lambda by, _: Pause(by),
    "resume": lambda by, _: Resume(by),
    "close": CloseNow,
    "skip": Skip,
    "extend": Extend,
    "back": Back,
    "stop": lambda by, _: Stop(by),
    "split": Split,
    "together": Together,
}
"""What can be wanted of a room, by the names its buttons have."""

DO, HAND_OVER = "room-do", "room-hand"

END = "end"
"""Asks first: it ends the evening for everybody."""


def ending_of(booth: Booth, shop: Shop, words: Words) -> Sheet:
    """The question before a watch-along is stopped."""
    row = [
        _key(booth, shop, words, "stop", discord.ButtonStyle.danger),
        page_button(shop.buttons, words("panel_keep"), "room-panel", str(booth.row.session)),
    ]
    return Sheet(None, (words("panel_end_ask"),), [row])


def guest_of(booth: Booth, shop: Shop, words: Words) -> Sheet:
    """What can be done in a channel that only watches along."""
    title = booth.story.wording(booth.card.language).plain("title")
    row = [page_button(shop.buttons, words("room_leave"), "room-leave", str(booth.row.session))]
    return Sheet(None, (words("room_guest", title=bold(title)),), [row])


def panel_of(booth: Booth, shop: Shop, words: Words, said: str = "") -> Sheet:
    """The panel as the room stands; `said` is what came of the last press."""
    title = booth.story.wording(booth.card.language).plain("title")
    ballot = booth.room.ballot
    if booth.ended or ballot is None:
        return Sheet(None, (said or words("room_over"),))
    waits = booth.room.paused or booth.room.meeting is not None
    primary, danger = discord.ButtonStyle.primary, discord.ButtonStyle.danger
    # No tally: this message changes only when the host presses, and would soon be untrue.
    texts = (
        said,
        words("panel_title", title=plain(title), channel=f"<#{booth.row.address.partition('/')[0]}>"),
        clock_of(booth, ballot, words),
        words("room_code", code=f"`{booth.row.code}`"),
    )
    rows = [
        [
            _key(booth, shop, words, "resume" if waits else "pause"),
            _key(booth, shop, words, "close", primary),
            _key(booth, shop, words, "skip"),
        ],
        [_key(booth, shop, words, name) for name in ("extend", "back")] + [_key(booth, shop, words, "end", danger)],
        [_hand_over(booth, shop, words)],
    ]
    return Sheet(None, texts, rows)


def _key(
    booth: Booth, shop: Shop, words: Words, name: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> Key:
    about = f"{name} {booth.row.session} {booth.row.revision}"
    return page_button(shop.buttons, words(f"panel_{name}"), DO, about, style)


def _hand_over(booth: Booth, shop: Shop, words: Words) -> Key:
    token = shop.buttons.press(HAND_OVER, str(booth.row.session))
    return Key(ui.UserSelect(custom_id=f"{PAGE}:{token}", placeholder=words("panel_hand_over")))
