"""A writer plays while writing: a real process, real files, and a keyboard that waits."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.adapters.console.desk import Desk
from tests.adapters.console.test_terminal import run

TALE = """\
title: Tale
language: en
variables:
  trust: {type: integer, from: 0, to: 3}
  name: {type: text, length: 8, start: You}
episodes:
  one:
    title: One
    scenes:
      gate:
        lines: [{narrator: "Well, {name}?"}]
        within: 9s
        default: away
        choices:
          ask: {label: Ask, do: trust += 2, to: road}
          say: {label: Say it, ask: name, to: gate}
          away: {label: Away, to: road}
          push: {label: Push, if: trust > 1 and name != 'You', else: locked, to: sea}
      road:
        lines: [{narrator: Dust.}]
        choices:
          roll: {label: Roll, route: [{random: [{to: sea}, {to: gate}]}]}
          on: {label: On, to: sea}
      sea: {ending: {title: The sea, kind: open}}
"""


def folder_of(place: Path, text: str = TALE) -> Path:
    folder = place / "tale"
    folder.mkdir()
    (folder / "story.yaml").write_text(text, "utf-8")
    return folder


def save(folder: Path, text: str) -> None:
    """As editors do that never leave half a file: a new one, put in the old one's place."""
    (folder / "story.yaml~").write_text(text, "utf-8")
    os.replace(folder / "story.yaml~", folder / "story.yaml")


def played(place: Path, *typed: str, options: tuple[str, ...] = (), text: str = TALE) -> str:
    """All that is said to somebody who types these lines."""
    done = run(place, "studio", "play", str(folder_of(place, text)), *options, typed="\n".join([*typed, "q\n"]))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def desks() -> Iterator[list[Desk]]:
    opened: list[Desk] = []
    yield opened
    for desk in opened:
        desk.stop()


def test_the_play_goes_on_in_place_whatever_the_writer_saves(tmp_path: Path, desks: list[Desk]) -> None:
    folder, picture = folder_of(tmp_path), tmp_path / "map.png"
    desk = Desk(tmp_path, str(folder), "--map", str(picture))
    desks.append(desk)
    desk.until("Your choice (9 s) >")
    assert f"The map is in {picture}." in desk.until("Your choice (9 s) >")
    with Image.open(picture) as image:
        assert image.format == "PNG"
    desk.type("ask")
    desk.until("road #1")
    desk.until("trust 0 → 2")

    save(folder, TALE.replace("Dust.", "Dust and heat."))
    assert "Reworded text: road (en)." in desk.until("Goes on here.")
    assert "Dust and heat." in desk.until("Your choice >")
    assert f"The map is in {picture}." in desk.until("Your choice >")

    save(folder, TALE.replace("to: road", "to: raod"))
    broken = desk.until("The version before goes on until this is mended.")
    assert f'{folder}/story.yaml:15:45 STORY012 there is no scene "raod". Did you mean "road"?' in broken
    assert "15 |           ask: {label: Ask, do: trust += 2, to: raod}" in broken
    desk.until("Your choice >")
    desk.type("")
    assert "Dust and heat." in desk.until("Your choice >")

    save(folder, TALE.replace("to: road", "to: lane").replace("road:", "lane:\n        was: road"))
    assert "Renamed scene: road to lane." in desk.until("Goes on here.")
    desk.until("lane #1")

    without = TALE.replace("to: road", "to: sea")
    save(folder, without[: without.index("      road:")] + without[without.index("      sea:") :])
    desk.until("Moved to gate, because lane is gone.")
    desk.until("gate #0")
    desk.until("Your choice (9 s) >")
    assert desk.leave() == 0


def test_the_prompt_never_waits_for_the_map_and_the_newest_save_is_drawn(tmp_path: Path, desks: list[Desk]) -> None:
    folder, picture = folder_of(tmp_path), tmp_path / "map.svg"
    desk = Desk(tmp_path, str(folder), "--map", str(picture))
    desks.append(desk)
    desk.until("The map is in")
    desk.until("Your choice (9 s) >")
    before = picture.read_bytes()

    save(folder, TALE + labyrinth(1200))
    desk.until("Goes on here.")
    desk.until("Your choice (9 s) >")
    desk.type("vars")
    assert "The map is in" not in desk.until("trust 0")
    assert picture.read_bytes() == before

    save(folder, TALE.replace("sea", "ocean"))
    desk.until("Goes on here.")
    # On a machine that is quick or busy the labyrinth may have been drawn before the save was seen; it never is after.
    while "ocean" not in picture.read_text("utf-8"):
        desk.until("The map is in")
    assert "m399" not in picture.read_text("utf-8")

    save(folder, TALE + labyrinth(1200))
    desk.until("Goes on here.")
    assert "The map is in" not in desk.until("Your choice (9 s) >")
    assert desk.leave() == 0
    assert "ocean" in picture.read_text("utf-8")


def labyrinth(scenes: int) -> str:
    """More scenes, which take seconds to draw."""
    return "".join(
        f"      m{n}: {{choices: {{a: {{label: A, to: m{(n * 7 + 1) % scenes}}}, b: {{label: B, to: m{n // 2}}}}}}}\n"
        for n in range(scenes)
    )


def test_a_story_that_is_broken_from_the_start_is_waited_for(tmp_path: Path, desks: list[Desk]) -> None:
    folder = folder_of(tmp_path, "title: [Tale\n")
    desk = Desk(tmp_path, str(folder))
    desks.append(desk)
    assert "STORY003" in desk.until("Waiting for the story to be mended; q leaves >")
    (folder / "story.yaml").write_text(TALE, "utf-8")
    desk.until("gate #0")
    assert desk.leave() == 0


def test_a_writer_sees_why_and_what_would_happen(tmp_path: Path) -> None:
    told = played(
        tmp_path, "4", "why", "set trust 3", "say", "Ana", "push", text=TALE.replace("trust > 1", "trust > 2")
    )
    assert "1 Ask  → road  trust 0 → 2" in told
    assert "3 Away  → road  taken when time is up" in told
    needs = 'needs trust > 2 and name != "You" (trust is 0, name is "You")'
    assert f"4 🔒 Push  {needs}" in told
    assert f"That way is locked. It {needs}." in told
    assert "4 push locked\n      if trust > 2 and name != 'You'  fails" in told
    assert 'trust 3, name "You" → "Ana"' in told
    assert told.count("* The sea *") == 1


def test_of_many_variables_only_those_that_moved_are_beside_the_card(tmp_path: Path) -> None:
    many = "variables:\n" + "".join(f"  flag_{n}: {{type: flag}}\n" for n in range(20))
    told = played(tmp_path, "set flag_7 true", "vars", text=TALE.replace("variables:\n", many))
    assert "flag_7 false → true, 21 as they began" in told
    assert "\n  flag_19 false\n" in told


def test_a_gap_shows_what_is_hidden_there_and_why(tmp_path: Path) -> None:
    gap = TALE.replace("roll: {label: Roll, ", "roll: {label: Roll, once: true, if: trust > 2, ")
    told = played(tmp_path, "ask", text=gap.replace("          on: {label: On, to: sea}\n", ""))
    assert "- roll is hidden: needs trust > 2 (trust is 2)" in told
    assert "The story has a gap here" in told


def test_dice_time_and_jumps_obey(tmp_path: Path) -> None:
    told = played(tmp_path, "wait", "dice 2", "roll", "back", "dice 1", "roll", "again", "jump sea", "vars")
    headings = [line.split()[-2:] for line in told.splitlines() if "#" in line]
    assert headings == [
        ["gate", "#0"], ["road", "#1"], ["road", "#1"], ["gate", "#2"], ["road", "#1"], ["road", "#1"], ["sea", "#2"],
        ["gate", "#0"], ["sea", "#0"],
    ]  # fmt: skip
    assert "Time is up." in told
    assert "dice 2 of 2" in told
    assert "endings found: sea" in told


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("bakc", 'Did you mean "back"?'),
        ("7", "there is no choice 7 here: it has 4"),
        ("back", "There is nothing to do there."),
        ("jump raod", 'there is no scene "raod". Did you mean "road"?'),
        ("jump", "jump to a scene by its id: jump gate"),
        ("set trust 9", '"trust" cannot be "9": it takes whole numbers from 0 to 3'),
        ("set trsut 1", 'Did you mean "trust"?'),
        ("set", "set a variable like this"),
        ("dice six", "lay down dice like this"),
        ("in xx", "en"),
        ("[red]", '"[red]" means nothing here.'),
        ("help", "how to start here again"),
        ("problems", "no problems"),
    ],
)
def test_whatever_is_typed_gets_a_kind_answer(tmp_path: Path, typed: str, answer: str) -> None:
    assert answer in played(tmp_path, typed)


def test_a_link_starts_there_again(tmp_path: Path) -> None:
    told = played(tmp_path, "set trust 1", "say", "O' B", "ask", "link")
    [command] = [line for line in told.splitlines() if "--from" in line]
    again = run(tmp_path, *shlex.split(command[command.index("studio") :]), typed="q\n")
    assert "road #2" in again.stdout
    assert 'trust 3, name "O\' B"' in again.stdout


def test_a_link_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "studio", "play", str(folder_of(tmp_path)), "--from", "gate >fly")
    assert done.returncode == 1
    assert "the link does not fit tale as it is now" in done.stdout
