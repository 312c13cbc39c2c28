"""What comes next is known before the tap, and it is what then comes."""

from __future__ import annotations

import pytest

from bot.play.peek import peek
from tests.bot.play.dramas import DRAMAS, drama, made_up
from tests.bot.play.player import Player
from tests.bot.story.draft import scenes


def agrees(player: Player) -> None:
    ahead = peek(player.story, player.state, player.seed)
    assert list(ahead) == [option.id for option in player.card.options if not option.locked]
    for choice, scene in ahead.items():
        tapped = Player(player.story, seed=player.seed)
        tapped.steps = list(player.steps)
        assert tapped.choose(choice).cards[0].scene == scene


@pytest.mark.parametrize("name", DRAMAS)
def test_what_is_seen_ahead_in_a_drama_comes(name: str) -> None:
    player = Player(drama(name), seed=11)
    for n in range(15):
        agrees(player)
        options = [option.id for option in player.card.options if not option.locked]
        if not options:
            break
        player.choose(options[n % len(options)])


def test_what_is_seen_ahead_in_any_story_comes() -> None:
    for author in range(40):
        agrees(Player(made_up(author), seed=author))


def test_nothing_is_ahead_of_an_ending() -> None:
    player = Player(scenes("a: {ending: {title: E, kind: sad}}"))
    assert peek(player.story, player.state, player.seed) == {}
