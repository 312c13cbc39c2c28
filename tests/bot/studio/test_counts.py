"""The table of counts: complete, in the story's order, and read back by the map."""

from __future__ import annotations

import csv
import io

import pytest

from bot.studio.counts import BadCounts, Visits, counts_csv, read_visits
from bot.studio.trials import Trials
from bot.studio.whim import Habits
from tests.bot.play.dramas import drama
from tests.bot.story.draft import scenes

STORY = scenes(
    """
    a:
      within: 5s
      default: on
      choices:
        on: {label: On, to: end}
        back: {label: Back, do: [n += 1, met = true], to: a}
    trap: {look: fog}
    end: {ending: {title: E, kind: open}}
    """,
    "variables:\n  n: {type: integer, from: 0, to: 2}\n  met: {type: flag}\n",
)


def table() -> str:
    return counts_csv(STORY, Trials(STORY, Habits()).play(range(100)))


def test_every_scene_choice_ending_and_value_has_its_row() -> None:
    found = list(csv.DictReader(io.StringIO(table())))
    named = [f"{row['what']} {row['id']}" for row in found if row["what"] not in ("choices", "seconds")]
    assert named == [
        "plays ",
        *("scene a", "choice a.on", "choice a.back", "scene trap", "scene end", "ending end"),
        *("value n=0", "value n=1", "value n=2", "value met=false", "value met=true"),
    ]
    by_name = {f"{row['what']} {row['id']}": row for row in found}
    assert by_name["plays "]["plays"] == by_name["scene a"]["plays"] == by_name["ending end"]["plays"] == "100"
    assert by_name["scene trap"]["plays"] == by_name["scene trap"]["times"] == "0"
    assert 0 < int(by_name["choice a.on"]["late"]) < int(by_name["choice a.on"]["times"]) == 100
    assert sum(int(row["plays"]) for row in found if row["what"] == "choices") == 100


def test_the_same_seed_gives_the_same_table() -> None:
    assert table() == table()


def test_scenes_are_read_back() -> None:
    assert read_visits(table()) == Visits(100, {"a": 100, "trap": 0, "end": 100})
    story = drama("salt-and-sugar")
    tally = Trials(story, Habits()).play(range(100))
    assert read_visits(counts_csv(story, tally)).scenes == {id: tally.scenes.plays[id] for id in story.scenes}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1"),
        ("scene,plays\na,1\n", "line 1"),
        ("what,id,plays,times,late\nplays,,9,,\nscene,a,many,,\n", 'line 3: "many"'),
        ("what,id,plays,times,late\nplays,,9,,\nscene,a,-1,,\n", 'line 3: "-1"'),
        ("what,id,plays,times,late\nscene,a,1,,\n", "`plays` is missing"),
        ("what,id,plays,times,late\nplays,,3,,\nscene,a,4,,\n", "less than a scene"),
    ],
)
def test_what_is_no_such_table_is_refused_with_its_line(text: str, fault: str) -> None:
    with pytest.raises(BadCounts, match=fault):
        read_visits(text)
