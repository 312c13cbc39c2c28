"""What an edit would do is counted, not remembered: by where people stood, and what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import permutations

from bot.play.landing import Fate, Landing, land
from bot.story.changes import Change, changes
from bot.story.changes import Kind as Changed
from bot.studio.impact import Impact, Kind, Stand, impact, kind_of
from tests.bot.play.player import Player
from tests.bot.story.draft import scenes

TALE = """
gate: {choices: {in: {label: In, to: yard}, away: {label: Away, to: road}}}
yard: {choices: {ring: {label: Ring, to: hall}}}
road: {choices: {on: {label: On, to: hall}}}
hall: {ending: {title: The hall, kind: happy}}
"""
OLD = scenes(TALE)
NEW = scenes(
    TALE.replace("road: {choices: {on: {label: On, to: hall}}}", "")
    .replace("to: road", "to: hall")
    .replace("label: Ring", "label: Knock")
)


def landings(*plays: tuple[str, ...]) -> list[tuple[str, Landing]]:
    states = [Player(OLD).choose(*play).state for play in plays]
    return [(state.scene, land(OLD, state, NEW)) for state in states]


def counted(found: Iterable[tuple[str, Landing]]) -> Counter[Kind]:
    return Counter(kind_of(scene, landing) for scene, landing in found)


def test_everybody_is_counted_where_they_stood() -> None:
    told = changes(OLD, NEW)
    found = impact(told, counted(landings((), ("away",), ("in",), ("in",), ("in", "ring"), ("away",), ("away",))))
    assert found == Impact(
        told,
        (
            Stand("road", Fate.MOVED, True, "gate", 3),
            Stand("yard", Fate.CONTINUES, True, "yard", 2),
            Stand("gate", Fate.CONTINUES, False, "gate", 1),
            Stand("hall", Fate.CONTINUES, False, "hall", 1),
        ),
        7,
    )
    assert (found.continues, found.moved, found.restarts, found.refreshed) == (4, 3, 0, 5)
    assert Change(Changed.REMOVED, "scene", "road") in found.changes


def test_the_order_in_which_people_are_found_is_of_no_matter() -> None:
    every = landings((), ("away",), ("in",), ("in", "ring"))
    assert len({impact((), counted(order)).stands for order in permutations(every)}) == 1


def test_where_nobody_is_nothing_happens() -> None:
    assert impact((), Counter()) == Impact((), (), 0)
    assert impact((), Counter()).refreshed == 0
