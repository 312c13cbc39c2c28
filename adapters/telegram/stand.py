"""How a watch-along stands, as a group sees it under the scene: the tally, the time left, and the buttons."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import InlineKeyboardButton

from adapters.billboard import seconds_left
from adapters.button import Buttons
from adapters.telegram.keyboard import ChoiceButton, Keyboard, Rows, keyboard_of
from adapters.telegram.scene import LABEL, LOCKED, option_rows, page_button
from adapters.text import cut
from adapters.words import Words
from bot.play.card import Option
from bot.rooms.booth import Booth
from bot.watch.ballot import SECOND, Ballot
from bot.watch.tally import Tally

VOTES = "!"
"""Stands before the choice on a button that votes for it: in a private chat, too, where other buttons take it."""

MINUTES_FROM = 120
"""Seconds from which the time left is told in minutes."""


@dataclass(frozen=True, slots=True)
class Stand:
    """`below` stands under the scene's words, in HTML; `tally` is what the buttons say."""

    below: str
    rows: Rows
    tally: Tally | None = None

    @property
    def keyboard(self) -> Keyboard:
        return keyboard_of(self.rows)


def stand_of(booth: Booth, buttons: Buttons, words: Words, now: int) -> Stand:
    """The room as it stands at Unix ms `now`. Of one that was stopped nothing is left to press."""
    ballot = booth.room.ballot
    if ballot is None or not booth.open:
        return Stand(words("watch_stopped") if booth.ended else "", ())
    lines = [words("vote_second_round")] if ballot.run == SECOND else []
    lines.append(_clock(booth, ballot, words, now))
    return Stand("\n".join(lines), _rows(booth, ballot, buttons, words), booth.tally)


def _clock(booth: Booth, ballot: Ballot, words: Words, now: int) -> str:
    voters = booth.tally.voters
    if booth.room.paused:
        return f"{words.count('votes', voters)} · {words('vote_paused_tally')}"
    if ballot.left is not None:
        return words("vote_waiting")
    left = seconds_left(booth, now)
    if left is None:
        return words("vote_no_clock", votes=words.count("votes", voters))
    if left >= MINUTES_FROM:
        return words.count("vote_tally_minutes", voters, minutes=round(left / 60))
    return words.count("vote_tally", voters, seconds=round(left))


def _rows(booth: Booth, ballot: Ballot, buttons: Buttons, words: Words) -> Rows:
    options = [_option(booth, option, buttons) for option in booth.card.options if _shown(ballot, option)]
    return [*option_rows(options), _host_row(booth, buttons, words)]


def _shown(ballot: Ballot, option: Option) -> bool:
    return option.locked if option.id not in ballot.choices else option.id in ballot.contenders


def _option(booth: Booth, option: Option, buttons: Buttons) -> ChoiceButton:
    """A choice with its votes behind it, which a long label never pushes out of sight."""
    votes = booth.tally.of(option.id) if option.id in booth.tally.choices else 0
    behind = f" · {votes}" if votes else ""
    label = (LOCKED if option.locked else "") + option.label
    data = buttons.tap(booth.row.session, booth.row.revision, VOTES + option.id)
    return ChoiceButton(cut(label, LABEL - len(behind)) + behind, data)


def _host_row(booth: Booth, buttons: Buttons, words: Words) -> list[InlineKeyboardButton]:
    """What the host can do; everybody sees it, and everybody else is told that it is the host's."""
    about = f"{booth.row.session} {booth.row.revision}"
    names = ["resume" if booth.room.paused else "pause", "skip", "close", "stop"]
    return [page_button(buttons, words(f"host_{name}"), f"watch-{name}", about) for name in names]
