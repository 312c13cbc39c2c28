"""Reach: what can still come, as the shape of a story tells."""

from __future__ import annotations

from bot.story.reader import read_story
from bot.watch.reach import reachable
from tests.fakes.stories import CROSSROADS

STORY = read_story("crossroads", {"story.yaml": CROSSROADS.encode()}, "crossroads")


def test_all_that_follows_and_the_scene_itself_only_on_a_way_back() -> None:
    everything = {"fork", "hall", "clock", "doze", "clearing", "morning", "dawn"}
    assert reachable(STORY, "fork") == everything
    assert reachable(STORY, "clearing") == everything
    assert reachable(STORY, "morning") == {"dawn"}
    assert reachable(STORY, "dawn") == frozenset()
