"""A take holds all that a clip is made from, and its digest says when it must be made again."""

from __future__ import annotations

from bot.clips.make.take import take_of
from tests.bot.clips.make.tale import tale


def test_lines_carry_the_speakers_name_in_every_language() -> None:
    take = take_of(tale(), "door")
    assert take.lines[0].texts == {"en": "Mei: Who is there?", "es": "Mei: \u00bfQui\u00e9n es?"}


def test_the_digest_is_stable_and_follows_what_is_seen() -> None:
    digest = take_of(tale(), "door").digest
    assert digest == take_of(tale(), "door").digest
    assert digest != take_of(tale(look="30, green coat"), "door").digest
    assert take_of(tale(), "kept").digest == take_of(tale(look="30, green coat"), "kept").digest


def test_a_new_translation_changes_only_the_subtitles() -> None:
    one, two = take_of(tale(("en",)), "door").digest, take_of(tale(), "door").digest
    assert one.partition(".")[0] == two.partition(".")[0]
    assert one != two
