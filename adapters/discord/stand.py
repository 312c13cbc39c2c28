"""How a watch-along stands, as a channel sees it under the scene: the tally, the time left, and the buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from adapters.discord.button import VOTE, Key, button
from adapters.discord.card import LOCKED, Rows, link_button, option_rows, page_button
from adapters.discord.shop import Shop
from adapters.discord.text import LABEL, bold, plain, when
from adapters.text import cut
from adapters.words import Words
from bot.play.card import Option
from bot.rooms.booth import Booth
from bot.watch.ballot import SECOND, Ballot
from bot.watch.rules import Mode, Who
from bot.watch.tally import Tally

BAR = 8
"""Squares of a bar."""

FULL, EMPTY = "▰", "▱"


@dataclass(frozen=True, slots=True)
class Stand:
    """`below` stands under the scene's words; `tally` and `state` are what an edit is worth."""

    below: str
    rows: Rows
    tally: Tally | None = None
    state: tuple[object, ...] = ()


NOTHING = Stand("", ())


def stand_of(booth: Booth, shop: Shop, words: Words) -> Stand:
    """The room as it stands. Of one that was stopped nothing is left to press."""
    room, ballot = booth.room, booth.room.ballot
    if booth.ended:
        met = bool(room.parted) and room.parted[-1].met is not None and not room.parted[-1].main
        # Of a branch that has met the other one, a message of its own says where it goes on.
        return Stand("" if met else plain(words("watch_stopped")), ())
    if ballot is None:
        return NOTHING
    state = (booth.open, room.paused, room.meeting, room.parting, ballot.closes, ballot.left, ballot.run, room.host)
    if room.parting is not None:
        return _asking(booth, shop, words, state)
    if not booth.open and room.meeting is None and not room.paused:
        # Closed and being counted: the next scene is on its way.
        return Stand(_tally(booth, ballot), (), booth.tally, state)
    if room.meeting is not None:
        return Stand(clock_of(booth, ballot, words), [_below(booth, shop, words)], booth.tally, state)
    lines = [words("vote_second_round")] if ballot.run == SECOND else []
    lines += [_mode(ballot, words), _tally(booth, ballot), "", clock_of(booth, ballot, words)]
    return Stand("\n".join(lines).strip(), _rows(booth, ballot, shop, words), booth.tally, state)


def worth_it(says: Stand | None, stand: Stand) -> bool:
    """Whether anybody would see a difference that is worth an edit."""
    if says is None or says.tally is None or stand.tally is None or says.state != stand.state:
        return says is None or (says.below, says.state) != (stand.below, stand.state)
    return stand.tally.worth_showing(says.tally)


def _mode(ballot: Ballot, words: Words) -> str:
    """How the votes decide, where it is not simply by the most."""
    mode, rules = ballot.rules.mode, ballot.rules
    parts = [] if mode is Mode.MAJORITY else [words(f"mode_{mode.name.lower()}")]
    parts += [words("room_fair")] if rules.fair else []
    parts += [words("room_quorum", number=rules.quorum)] if rules.quorum > 1 else []
    return f"-# {' · '.join(parts)}" if parts else ""


def _tally(booth: Booth, ballot: Ballot) -> str:
    """A bar for each choice."""
    tally = booth.tally
    shares = dict(zip(tally.choices, tally.percent(), strict=True))
    leaders = tally.leaders()
    lines = []
    for choice in ballot.contenders:
        percent = shares.get(choice, 0)
        squares = round(percent * BAR / 100)
        name = cut(booth.label(choice), LABEL)
        label = bold(name) if choice in leaders else plain(name)
        lines.append(f"`{FULL * squares}{EMPTY * (BAR - squares)} {percent:>3}%` {label}")
    return "\n".join(lines)


def clock_of(booth: Booth, ballot: Ballot, words: Words) -> str:
    """How many have voted, and how long there is to vote."""
    votes = words.count("votes", booth.tally.voters)
    if booth.room.meeting is not None:
        return words("room_meeting", when=when(booth.room.meeting))
    if booth.room.paused:
        return f"{votes} · {words('vote_paused_tally')}"
    if ballot.left is not None:
        return words("vote_waiting")
    if ballot.closes is None:
        return words("vote_no_clock", votes=votes)
    return words("room_closes", votes=votes, when=when(ballot.closes))


def _asking(booth: Booth, shop: Shop, words: Words, state: tuple[object, ...]) -> Stand:
    """A near tie that the host may split the group on."""
    parting = booth.room.parting
    if parting is None or parting.decided:
        return Stand(words("room_splitting"), (), booth.tally, state)
    about = f"{booth.row.session} {booth.row.revision}"
    row = [
        page_button(shop.buttons, words("room_split"), "room-split", about, discord.ButtonStyle.primary),
        page_button(shop.buttons, words("room_together"), "room-together", about),
    ]
    labels = {"one": bold(booth.label(parting.choice)), "other": bold(booth.label(parting.other))}
    return Stand(words("room_near_tie", **labels, when=when(parting.until)), [row], booth.tally, state)


def _rows(booth: Booth, ballot: Ballot, shop: Shop, words: Words) -> Rows:
    options = [_option(booth, option, shop) for option in booth.card.options if _shown(ballot, option)]
    return [*option_rows(options), _below(booth, shop, words)]


def _shown(ballot: Ballot, option: Option) -> bool:
    return option.locked if option.id not in ballot.choices else option.id in ballot.contenders


def _option(booth: Booth, option: Option, shop: Shop) -> Key:
    token = shop.buttons.tap(booth.row.session, booth.row.revision, option.id)
    style = discord.ButtonStyle.secondary if option.locked else discord.ButtonStyle.primary
    emoji, closed = (LOCKED, True) if option.locked else (None, booth.room.paused)
    return button(VOTE, token, option.label, style, emoji=emoji, disabled=closed)


def _below(booth: Booth, shop: Shop, words: Words) -> list[Key | ui.Button[Any]]:
    """What the host can do, how one joins, and the room in the browser."""
    about = str(booth.row.session)
    row: list[Key | ui.Button[Any]] = [page_button(shop.buttons, words("room_host"), "room-host", about)]
    if booth.room.rules.who is Who.JOINED:
        row.insert(0, page_button(shop.buttons, words("room_join"), "room-join", about, discord.ButtonStyle.success))
    url = shop.room_url(booth.row.code)
    if url is not None:
        row.append(link_button(words("room_browser"), url))
    return row
