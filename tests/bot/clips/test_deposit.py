"""Deposits: a story knows which of its clips the vault has, and how long they last."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.clips.deposit import Deposit, deposit_of, read_deposits, with_deposits, write_deposits
from bot.clips.vault.kept import Kept
from tests.bot.story.draft import scenes

GATE = Deposit("a" * 64 + ".mp4", 9_000_000_000, 4.25)
POSTER = Deposit("b" * 64 + ".png", 10)


@pytest.mark.parametrize(
    "deposits", [{}, {"clips/gate.mp4": GATE}, {"clips/gate.mp4": GATE, "wörld/ä \"'.png": POSTER}]
)
def test_what_is_written_is_read_again(deposits: dict[str, Deposit]) -> None:
    assert read_deposits(write_deposits(deposits)) == deposits


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"a": 1}', '{"a": {"name": "x"}}', '{"a": {"name": 1, "size": "x"}}']
)
def test_what_is_damaged_is_not_read(text: str) -> None:
    with pytest.raises(ValidationError):
        read_deposits(text)


def test_a_deposit_is_called_as_the_vault_calls_it() -> None:
    assert deposit_of(Kept("a" * 64, "video/mp4", 9_000_000_000, 4.25, 72, 128)) == GATE
    assert deposit_of(Kept("b" * 64, "image/png", 10)) == POSTER


def test_a_story_has_the_lengths_of_the_clips_that_it_names() -> None:
    story = scenes("""
        gate: {clip: clips/gate.mp4, to: yard}
        yard: {clip: clips/gate.mp4, to: well}
        well: {clip: clips/well.mp4, to: none}
        none: {look: dark, to: end}
        end: {ending: {title: End, kind: open}}
    """)
    told = with_deposits(story, {"clips/gate.mp4": GATE, "poster.png": POSTER, "clips/others.mp4": GATE})
    assert told.seconds == {"gate": 4.25, "yard": 4.25}
    assert told.uploads == {"clips/gate.mp4": GATE.name, "poster.png": POSTER.name, "clips/others.mp4": GATE.name}
    assert (told.version, story.uploads) == (story.version, {})
