"""The host's panel: everything a host can do, in a message that only the host sees."""

from __future__ import annotations

from collections.abc import Callable

import discord
from discord import ui

from adapters.discord.button import PAGE, Key
from adapters.discord.card import Sheet, page_button
from adapters.discord.shop import Shop
from adapters.discord.stand import stand_of
from adapters.discord.text import bold
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


def panel_of(booth: Booth, shop: Shop, words: Words, said: str = "") -> Sheet:
    """The panel as the room stands; `said` is what came of the last press."""
    title = booth.story.wording(booth.card.language).plain("title")
    stand = stand_of(booth, shop, words)
    code = words("room_code", code=f"`{booth.row.code}`")
    texts = (said, words("panel_title", title=bold(title)), stand.below, code)
    if booth.ended:
        return Sheet(None, texts)
    waits = booth.room.paused or booth.room.meeting is not None
    first = ("resume" if waits else "pause", "close", "skip", "extend")
    return Sheet(
        None,
        texts,
        [
            [_key(booth, shop, words, name) for name in first],
            [_key(booth, shop, words, "back"), _key(booth, shop, words, "stop", discord.ButtonStyle.danger)],
            [_hand_over(booth, shop, words)],
        ],
    )


def _key(
    booth: Booth, shop: Shop, words: Words, name: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> Key:
    about = f"{name} {booth.row.session} {booth.row.revision}"
    return page_button(shop.buttons, words(f"host_{name}"), DO, about, style)


def _hand_over(booth: Booth, shop: Shop, words: Words) -> Key:
    token = shop.buttons.press(HAND_OVER, str(booth.row.session))
    return Key(ui.UserSelect(custom_id=f"{PAGE}:{token}", placeholder=words("host_hand_over")))
