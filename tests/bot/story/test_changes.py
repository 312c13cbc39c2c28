"""What a writer changed is told as they would tell it, and nothing else is."""

from __future__ import annotations

import pytest

from bot.story.changes import Change, Kind, changes
from bot.story.reader import read_story
from bot.story.story import Story
from tests.bot.play.dramas import made_up
from tests.bot.play.editor import edited
from tests.bot.story.draft import scenes

HEAD = """
cast: {mei: {name: Mei}}
variables:
  coins: {type: integer, from: 0, to: 5}
  name: {type: text, length: 8, start: You}
routes:
  on: [{if: coins > 1, to: sea}, {to: road}]
"""
TALE = """
gate:
  title: The gate
  lines: [{mei: "Well, {name}?", id: well}, {narrator: It rains.}]
  choices: {in: {label: In, if: coins > 2, to: yard}, away: {label: Away, do: coins += 1, route: on}}
yard: {choices: {ring: {label: Ring, to: hall}, wait: {label: Wait, to: yard}}}
road: {choices: {back: {label: Back, to: gate}, on: {label: On, to: sea}}}
hall: {ending: {title: The hall, kind: happy}}
sea: {ending: {title: The sea, kind: open}}
"""
SPANISH = "scene/gate: La puerta\n"


def tale(*replacements: tuple[str, str], es: str = SPANISH) -> Story:
    head, text = HEAD, TALE
    for before, after in replacements:
        assert before in head + text
        head, text = head.replace(before, after), text.replace(before, after)
    return scenes(text, head, {"locales/es.yaml": es})


def told(*replacements: tuple[str, str], es: str = SPANISH, before: Story | None = None) -> list[str]:
    found = changes(before or tale(), tale(*replacements, es=es))
    return [f"{one.kind.value} {one.what} {one.id}" + (f" was {one.was}" if one.was else "") for one in found]


def test_nothing_is_told_where_nothing_changed() -> None:
    assert told() == []
    assert told(("if: coins > 2", 'if: "coins  >  (2)"'), ("do: coins += 1", "do: [coins = coins + 1]")) == []


def test_scenes_come_and_go() -> None:
    assert told(("sea: {ending", "bay: {ending: {title: The bay, kind: sad}}\nsea: {ending")) == ["added scene bay"]
    gone = told(("ring: {label: Ring, to: hall}, ", ""), ("hall: {ending: {title: The hall, kind: happy}}\n", ""))
    assert gone == ["removed scene hall", "removed choice yard.ring"]


def test_what_was_renamed_is_no_change_for_those_that_name_it() -> None:
    renamed = (
        ("road: {", "lane: {was: road, "), ("to: road", "to: lane"), ("on: {label", "along: {was: on, label"),
        ("coins: {type", "money: {was: coins, type"), ("coins", "money"), ("was: money", "was: coins"),
    )  # fmt: skip
    assert told(*renamed) == [
        "renamed scene lane was road", "renamed choice lane.along was road.on", "renamed variable money was coins",
    ]  # fmt: skip
    assert told(*renamed, before=tale(*renamed)) == []
    # And the version before brought back, which has no `was`.
    assert told(before=tale(*renamed)) == [
        "renamed scene road was lane", "renamed choice road.on was lane.along", "renamed variable coins was money",
    ]  # fmt: skip


def test_without_was_a_new_name_is_another_thing() -> None:
    assert told(("ring:", "knock:")) == ["added choice yard.knock", "removed choice yard.ring"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("coins > 2", "coins > 3", ["changed choice gate.in"]),
        ("in: {label: In, if: coins > 2", "in: {label: In, else: locked, if: coins > 2", ["changed choice gate.in"]),
        ("coins > 1, to: sea", "coins > 1, to: hall", ["changed choice gate.away"]),
        ("sea: {ending: {title: The sea, kind: open}}", "sea: {ending: {title: The sea, kind: sad}}",
         ["changed scene sea"]),
        ("yard: {", "yard: {within: 5s, default: wait, ", ["changed scene yard"]),
        ("to: 5}", "to: 6}", ["changed variable coins"]),
        ("title: One\n", "title: One\n    start: yard\n", ["changed episode one"]),
        ("language: en\n", "language: en\nrating: 12+\n", ["changed story tale"]),
        ("label: Ring", "label: Ring the bell", ["reworded text en scene/yard/choice/ring"]),
        ("title: The sea", "title: All of the sea", ["reworded text en scene/sea/ending"]),
        ("Well, {name}", "So, {name}", ["reworded text en scene/gate/line/well"]),
        ("{mei: \"Well", "{narrator: \"Well", ["reworded text en scene/gate/line/well"]),
        ("{name: Mei}", "{name: Mei Lin}", ["reworded text en cast/mei"]),
    ],
)  # fmt: skip
def test_each_change_is_told_once(before: str, after: str, expected: list[str]) -> None:
    whole = tale().sources["story.yaml"]
    assert before in whole
    files = {"story.yaml": whole.replace(before, after).encode(), "locales/es.yaml": SPANISH.encode()}
    found = changes(tale(), read_story("tale", files))
    assert [f"{one.kind.value} {one.what} {one.id}" for one in found] == expected


def test_a_line_without_an_id_is_reworded_and_not_exchanged() -> None:
    [one] = told(("It rains.", "It pours."))
    assert one.startswith("reworded text en scene/gate/line/")
    [one] = told(("{narrator: It rains.}", "{narrator: It rains.}, {mei: Hm.}"))
    assert one.startswith("added text en scene/gate/line/")
    [one] = told((", {narrator: It rains.}", ""))
    assert one.startswith("removed text en scene/gate/line/")


def test_translations_are_told_apart() -> None:
    assert told(es="scene/gate: El portón\n") == ["reworded text es scene/gate"]
    assert told(es=SPANISH + "scene/sea/ending: El mar\n") == ["added text es scene/sea/ending"]
    assert told(("title: The gate", "title: A gate")) == ["reworded text en scene/gate"]


@pytest.mark.parametrize("seed", range(30))
def test_any_story_is_the_same_as_itself_and_not_as_what_an_editor_made_of_it(seed: int) -> None:
    story = made_up(seed)
    assert changes(story, read_story("tale", {name: text.encode() for name, text in story.sources.items()})) == ()
    new = edited(story, seed)
    if new is not None:
        found = changes(story, new)
        assert len(set(found)) == len(found)
        added = {one.id for one in found if (one.kind, one.what) in ((Kind.ADDED, "scene"), (Kind.RENAMED, "scene"))}
        assert added == new.scenes.keys() - story.scenes.keys()
        assert Change(Kind.CHANGED, "story", "tale") not in found
