"""Sheets: short enough for every chat, written and read again whole, and true to what they tell."""

from __future__ import annotations

from collections import Counter

import pytest

from adapters.studio.ask import Ask, made, ready
from adapters.studio.publications import proposal_sheet, published_sheet
from adapters.studio.reports import report_sheet
from adapters.studio.scenes import play_sheet, reasons_sheet, values_sheet
from adapters.studio.sheet import (
    PAGE,
    Key,
    Sheet,
    bold,
    code,
    few,
    in_rows,
    line,
    quiet,
    read_sheet,
    write_sheet,
)
from adapters.studio.stories import log_sheet, people_sheet, stories_sheet, story_sheet, tag_of
from bot.play.landing import Fate
from bot.store.drafts import Deed, DraftRow, PublicationRow, RehearsalRow, RoleRow
from bot.story.changes import changes
from bot.story.limits import MAX_ID
from bot.story.place import Place
from bot.story.problem import Problem
from bot.studio.impact import impact
from bot.studio.playing import Play
from bot.studio.portfolio import Mine
from bot.studio.publishing import Proposal, Published
from bot.studio.rehearsal import Rehearsal
from bot.studio.report import Report
from bot.studio.sending import Sent
from tests.bot.story.draft import read, scenes
from tests.fakes.atelier import NO_YARD, TALE

LONG = "a" * MAX_ID
MOST_ABOUT = 48
"""Bytes that a key may carry: see `Key`."""
FAR = 2**62


def told(sheet: Sheet) -> list[str]:
    return sheet.text.splitlines()


def mine(text: str = TALE, role: str = "owner", live: str | None = None) -> Mine:
    story = read(text)
    publication = None if live is None else PublicationRow("tale", 1, live, "live", 1, 0, "{}")
    return Mine(RoleRow("tale", 1, role, 0), DraftRow("tale", 3, 1, 0, "{}", "{}"), story, publication)  # type: ignore[arg-type]


def playing(text: str = TALE, revision: int = 7) -> Play:
    return Play(Rehearsal(read(text)), RehearsalRow(1, "tale", 3, revision, "", 0))


def row(number: int = 2) -> PublicationRow:
    return PublicationRow(LONG, number, "v2", "live", 1, 0, "{}")


# -- a sheet itself


def test_a_sheet_is_read_as_it_was_written() -> None:
    sheet = Sheet(
        (line("plain ", bold("bold"), code("`code`"), quiet("<quiet>")), ()),
        ((Key("One", "story gate"), Key("Two", link="https://example.org")), ()),
        question=True,
        scene=("gate", 3, "yard"),
    )
    assert read_sheet(write_sheet(sheet)) == sheet
    assert made(ready(sheet)) == sheet
    assert made(Ask("stories")) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"lines": 1}', '{"lines": [[{"text": "x", "style": "red"}]]}'])
def test_one_that_is_damaged_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"Sheet|lines"):
        read_sheet(text)


def test_words_without_text_are_left_out_and_keys_stand_side_by_side() -> None:
    assert line("", "a", "") == line("a")
    assert [len(one) for one in in_rows((Key(str(number)) for number in range(7)), 3)] == [3, 3, 1]
    assert few(["a", "b", "c"], 2) == "a, b and 1 more"
    assert few(["a", "b"], 2) == "a, b"


def test_every_key_fits_into_a_button_however_long_the_id() -> None:
    role = RoleRow(LONG, FAR, "owner", 0)
    others = (role, RoleRow(LONG, FAR - 1, "tester", 0))
    story = read(TALE)
    sheets = (
        report_sheet(Sent(Report(LONG, "x", ()), DraftRow(LONG, 99_999, 1, 0, "", ""), {})),
        people_sheet(LONG, others, {FAR: "you", FAR - 1: "no. 2"}, FAR),
        proposal_sheet(Proposal(row(99_999), story, impact((), Counter()), 99_999)),
        proposal_sheet(Proposal(row(99_999), story, impact((), Counter())), revert=True),
        stories_sheet([Mine(role, DraftRow(LONG, 9, 1, 0, "", ""), story, None)]),
        play_sheet(playing(revision=10**9)),
    )
    keys = [key for sheet in sheets for line in sheet.rows for key in line]
    assert len(keys) > 20
    for key in keys:
        assert len(key.about.encode()) <= MOST_ABOUT, key
        assert len(f"{PAGE} {key.label}") < 80
        assert key.label


# -- stories and people


def test_a_story_says_how_it_stands() -> None:
    story = read(TALE)
    assert "not public" in story_sheet(mine(), playing=False).text
    assert "live as it is" in story_sheet(mine(live=story.version), playing=False).text
    assert "live in an earlier version" in story_sheet(mine(live="another"), playing=False).text
    assert "You are its tester." in story_sheet(mine(role="tester"), playing=False).text
    assert story_sheet(mine(), playing=True).rows[0][0].about == "now"


def test_of_many_stories_all_are_named_and_some_have_a_button() -> None:
    sheet = stories_sheet([mine()] * 20)
    assert sheet.text.count("tale") == 20
    assert len(sheet.rows) == 13


def test_people_have_numbers_and_days() -> None:
    rows = (RoleRow("tale", FAR, "owner", 0), RoleRow("tale", 2, "writer", 86_400_000))
    sheet = people_sheet("tale", rows, {FAR: "you", 2: "no. 2"}, FAR)
    assert told(sheet) == ["👥 tale", "you: owner · since 1970-01-01 00:00", "no. 2: writer · since 1970-01-02 00:00"]
    assert sheet.rows[0][0].about == f"out tale {tag_of(rows[1])}"
    assert str(FAR) not in write_sheet(sheet)
    log = log_sheet("tale", [Deed("tale", 0, 2, "sent", "4"), Deed("tale", 0, 9, "left")], {2: "no. 2"})
    assert told(log)[1:] == ["1970-01-01 00:00 no. 2: sent 4", "1970-01-01 00:00 somebody gone: left"]


# -- a test play


def test_a_scene_shows_what_a_writer_wants_to_see() -> None:
    sheet = play_sheet(playing(), "Look:")
    assert told(sheet)[0] == "Look:"
    assert "Here is the gate." in sheet.text
    assert "🔒 locked: needs trust >= 3 (trust is 0)" in sheet.text
    assert [key.label for row in sheet.rows[:3] for key in row] == ["In", "✎ Sign", "🔒 Locked"]
    assert (sheet.scene, {key.about.split()[1] for line in sheet.rows[:3] for key in line}) == (
        ("tale", 3, "gate"),
        {"7"},
    )


def test_of_however_many_lines_and_labels_a_scene_stays_short() -> None:
    said = ", ".join(f"{{narrator: line {number}, id: l{number}}}" for number in range(24))
    label = "long " * 12
    rehearsal = Rehearsal(
        scenes(f"""
        a: {{lines: [{said}], to: b}}
        b: {{lines: [{said}], to: c}}
        c: {{lines: [{said}], choices: {{on: {{label: {label}, to: end}}}}}}
        end: {{ending: {{title: End, kind: open}}}}
    """)
    )
    sheet = play_sheet(Play(rehearsal, RehearsalRow(1, "tale", 1, 0, "", 0)))
    assert told(sheet)[-1] == "line 23"
    assert len(sheet.lines) == 40
    assert all(len(key.label) <= 40 for line in sheet.rows for key in line)


def test_reasons_and_values_are_those_of_the_scene() -> None:
    rehearsal = Rehearsal(read(TALE))
    assert told(reasons_sheet(rehearsal)) == [
        "gate", "🔓 in: → yard, trust 0 → 1", "🔓 sign: → yard", "🔒 locked: needs trust >= 3 (trust is 0)",
    ]  # fmt: skip
    rehearsal.choose("in")
    assert "trust 0 → 1" in told(values_sheet(rehearsal))
    rehearsal.jump("hall")
    assert "Nothing can be chosen here." in reasons_sheet(rehearsal).text


# -- reports


def test_a_report_stays_short_however_much_is_wrong() -> None:
    problems = tuple(Problem("STORY001", "is wrong", Place("story.yaml", number, 1)) for number in range(30))
    sheet = report_sheet(Sent(Report("tale", "tale.yaml", problems), None, {}))
    assert told(sheet)[0] == "❌ tale.yaml: 30 errors, so nothing has changed"
    assert len(sheet.lines) == 11
    assert "and 22 more" in sheet.text
    assert sheet.rows == ()


def test_a_report_says_what_is_different_and_what_is_missing() -> None:
    old, new = read(TALE), read(NO_YARD)
    report = Report(
        "tale", "tale.yaml", (), changes=changes(old, new), scenes=2, endings=1, missing=("clips/gate.mp4",)
    )
    sheet = report_sheet(Sent(report, DraftRow("tale", 2, 1, 0, "", ""), {"clips/x.mp4": "is no clip"}))
    assert "Since the draft before:" in sheet.text
    assert "yard" in sheet.text
    assert "clips/x.mp4 is no clip: is no clip" in sheet.text
    assert "(as it was)" in report_sheet(Sent(report, DraftRow("tale", 2, 1, 0, "", ""), {}, same=True)).text


def test_a_report_on_a_file_that_came_alone_names_the_files_that_stayed() -> None:
    problem = Problem("STORY040", "is wrong", Place("tale.yaml/locales/es.yaml", 3, 1), "warning")
    report = Report("tale", "tale.yaml", (), (problem,), scenes=2, endings=1, stayed=("locales/es.yaml",))
    sheet = report_sheet(Sent(report, DraftRow("tale", 2, 1, 0, "", ""), {}))
    assert "As they were: locales/es.yaml. A zip takes the place of all files." in sheet.text
    assert "⚠️ locales/es.yaml:3:1 STORY040 is wrong" in sheet.text


# -- publications


def test_a_proposal_counts_everybody_and_tells_the_most_first() -> None:
    counted = Counter({
        ("gate", Fate.CONTINUES, False, "gate"): 1_000, ("yard", Fate.MOVED, True, "gate"): 20,
        ("gate", Fate.CONTINUES, True, "gate"): 5, ("old", Fate.CONTINUES, True, "new"): 4,
        ("hall", Fate.RESTARTS, True, "gate"): 3,
    })  # fmt: skip
    sheet = proposal_sheet(Proposal(row(), read(TALE), impact((), counted), 4))
    assert told(sheet)[1:] == [
        "1,032 viewers are in the middle of it. "
        "Go on where they are: 1,009, moved to an earlier choice: 20, begin again: 3.",
        "20 × yard → back to gate", "5 × gate: stay, with other buttons", "4 × old → new",
        "3 × hall → from the beginning, with an apology",
        "Watch-alongs that are running end in the version they began with.",
    ]  # fmt: skip
    many = Counter({(f"s{number}", Fate.MOVED, True, "gate"): number for number in range(1, 31)})
    assert f"and {sum(range(1, 21))} more" in proposal_sheet(Proposal(row(), read(TALE), impact((), many), 4)).text
    assert "Nobody is in the middle of it." in proposal_sheet(Proposal(row(), read(TALE), impact((), Counter()))).text


def test_what_was_published_says_how_everybody_fared() -> None:
    sheet = published_sheet(Published(row(), {Fate.CONTINUES: 7, Fate.MOVED: 2, Fate.RESTARTS: 1}, 3))
    assert told(sheet)[1:] == [
        "Went on where they were: 7, taken back to an earlier choice: 2, began again: 1.",
        "Told in their chat: 3. Others see it when they come back.", f"/revert {LONG} takes it back.",
    ]  # fmt: skip
    assert "Went on" not in published_sheet(Published(row(), {}, 0)).text
