"""A whole story as its creator's map has it: nothing hidden, ways inside an episode apart from those that leave it."""

from __future__ import annotations

from bot.chart.blueprint import UNMARKED, Mark, Standing, blueprint_of
from tests.bot.chart.epic import epic
from tests.bot.story.draft import read

STORY = read(
    """
    title: Two
    language: en
    variables:
      never: {type: flag}
    episodes:
      one:
        title: First
        scenes:
          a:
            choices:
              on: {label: On, to: b}
              too: {label: Too, to: b}
              again: {label: Again, to: a}
              hidden: {label: Hidden, if: never, route: [{if: never, to: c}, {to: a}]}
          b: {to: c}
      two:
        title: Second
        scenes:
          c: {ending: {title: E, kind: open}}
    """
)


def test_hidden_choices_and_routes_are_on_it_and_each_way_once() -> None:
    one, two = blueprint_of(STORY).episodes
    assert (one.title, two.title) == ("First", "Second")
    assert one.ways == (("a", "b"),)
    assert one.leaving == (("a", "c"), ("b", "c"))
    assert [(scene.id, scene.loops, scene.ending) for scene in one.scenes] == [("a", True, False), ("b", False, False)]
    assert [(scene.id, scene.ending) for scene in two.scenes] == [("c", True)]


def test_a_scene_without_a_mark_has_none() -> None:
    mark = Mark(Standing.VISITED, 3, 0.5)
    one, _ = blueprint_of(STORY, {"a": mark}).episodes
    assert [scene.mark for scene in one.scenes] == [mark, UNMARKED]


def test_no_scene_of_a_large_story_is_left_out() -> None:
    story = epic()
    blueprint = blueprint_of(story)
    assert [scene.id for episode in blueprint.episodes for scene in episode.scenes] == list(story.scenes)
