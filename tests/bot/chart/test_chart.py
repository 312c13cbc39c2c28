"""What a viewer's map tells, and above all what it does not."""

from __future__ import annotations

from bot.chart.chart import Chart, Tone, Way, chart_of
from bot.story.reader import read_story
from tests.bot.play.player import Player
from tests.fakes.stories import CROSSROADS

SECRETS = """\
title: Secrets
synopsis: A hidden door.
genres: [test]
rating: all
language: en
variables:
  key: {type: flag}
episodes:
  one:
    title: One
    scenes:
      hall:
        title: The hall
        lines: [{narrator: A hall., id: a}]
        choices:
          look: {label: Look around, do: [key = true], to: hall}
          door: {label: The hidden door, if: key, to: vault}
          out: {label: Go out, to: street}
      vault:
        title: The vault
        lines: [{narrator: Gold., id: a}]
        ending: {title: Rich, kind: secret}
      street:
        title: The street
        lines: [{narrator: Rain., id: a}]
        ending: {title: Wet, kind: sad}
"""


def player(text: str) -> Player:
    return Player(read_story("tale", {"story.yaml": text.encode()}))


def chart(viewer: Player) -> Chart:
    return chart_of(viewer.story, viewer.state, {option.id for option in viewer.card.options})


def known(drawn: Chart) -> dict[str, str]:
    return {scene.id: scene.title for scene in drawn.scenes}


def test_seen_scenes_have_their_titles_and_the_next_ones_none() -> None:
    drawn = chart(player(CROSSROADS))
    assert known(drawn) == {"fork": "The fork", "hall": "", "clearing": "", "dawn": ""}
    assert [scene.id for scene in drawn.scenes if scene.here] == ["fork"]
    assert {scene.tone for scene in drawn.scenes if not scene.title} == {Tone.AHEAD}
    assert (drawn.title, drawn.endings_found, drawn.endings) == ("Crossroads", 0, 1)


def test_an_episode_is_told_once_one_of_its_scenes_was_seen() -> None:
    viewer = player(CROSSROADS)
    assert [episode.id for episode in chart(viewer).episodes] == ["one"]
    viewer.choose("right", "on")
    assert [episode.title for episode in chart(viewer).episodes] == ["The first mile", "The second mile"]


def test_what_was_walked_is_marked_and_a_restart_keeps_what_was_seen() -> None:
    viewer = player(CROSSROADS).choose("right", "on")
    ended = chart(viewer)
    assert [(way.start, way.to) for way in ended.ways if way.walked] == [
        ("fork", "clearing"),
        ("clearing", "morning"),
        ("morning", "dawn"),
    ]
    assert [(scene.ending_title, scene.ending) for scene in ended.scenes if scene.ending] == [("The butler", "happy")]
    again = chart(viewer.restart())
    assert not any(way.walked for way in again.ways)
    assert known(again) == known(ended)
    assert again.endings_found == 1


def test_a_hidden_choice_is_not_given_away_by_a_question_mark() -> None:
    assert known(chart(player(SECRETS))) == {"hall": "The hall", "street": ""}


def test_a_hidden_choice_shows_while_it_is_on_show_and_after_it_was_taken() -> None:
    viewer = player(SECRETS).choose("look")
    door = Way("hall", "vault", "door", "The hidden door")
    assert door in chart(viewer).ways
    assert door not in chart_of(viewer.story, viewer.state).ways
    viewer.choose("door")
    assert [way.label for way in chart(viewer).ways if way.walked] == ["Look around", "The hidden door"]
    assert chart(viewer).endings_found == 1


def test_a_hidden_way_to_a_scene_seen_otherwise_has_no_words() -> None:
    viewer = player(SECRETS).choose("look", "door").restart()
    assert Way("hall", "vault", "door", "") in chart(viewer).ways
