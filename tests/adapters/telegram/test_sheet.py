"""Sheets of the studio: every button fits whatever the story is called, and whatever a story says is no markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.button import Buttons
from adapters.studio.ask import Ask
from adapters.studio.door import StudioDoor
from adapters.studio.sheet import PAGE, Key, Sheet, bold, code, line, quiet
from adapters.telegram.pages.sheet import sheet_rows, sheet_texts
from adapters.telegram.text import CAPTION, MESSAGE, units
from bot.app import App
from bot.clips.vault.folder import FolderVault
from bot.story.limits import MAX_ID
from bot.studio.studio import Studio
from tests.fakes.chat_creator import GATE, RENAMED
from tests.fakes.house import Clock, House

ID = "a" * MAX_ID
LARGE = "9" * 7
"""A number as large as an upload's, a publication's or a viewer's may become in many years."""

BUTTONS = Buttons(b"a secret of the tests, 32 bytes..", "telegram", 42)


async def every_sheet(app: App, clock: Clock, folder: Path) -> list[Sheet]:
    """Of a story with the longest name: all that its owner can be shown."""
    door = StudioDoor(Studio(app.store, app.library, FolderVault(folder / "vault"), app.spread), app.store)
    counter, file = door.counter(clock), folder / "sent"
    ann, bob = await door.who("telegram", "1"), await door.who("telegram", "2")
    asks: list[Ask] = []
    proposals: list[Sheet] = []
    async with door.running():
        for story in (GATE, RENAMED):
            file.write_text(story, encoding="utf-8")
            asks.append(await counter.desk.file(ann, file, f"{ID}.yaml"))
            proposals.append(await counter.sheet(ann, await counter.desk.command(ann, "publish", ID)))
            asks.append(await counter.desk.press(ann, proposals[-1].rows[0][0].about))
            asks.append(await counter.desk.press(ann, f"play {ID}"))
        invited = await counter.sheet(ann, await counter.desk.command(ann, "invite", f"{ID} tester"))
        await counter.desk.command(bob, "join", invited.text.partition("/join ")[2].split()[0])
        asks += [await counter.desk.command(ann, name, "") for name in sorted(counter.desk.commands)]
        asks += [await counter.desk.press(ann, f"{name} {ID}") for name in ("heat", "story", "again 0")]
        return [*proposals, *[await counter.sheet(ann, ask) for ask in asks]]


async def test_every_button_of_a_story_with_the_longest_name_fits(house: House, clock: Clock) -> None:
    async with house.running() as app:
        sheets = await every_sheet(app, clock, house.folder)
    abouts = {key.about for sheet in sheets for row in sheet.rows for key in row}
    verbs = {
        "undo",
        "play",
        "map",
        "heat",
        "check",
        "test",
        "ask",
        "story",
        "people",
        "log",
        "inv",
        "out",
        "gone",
        "f",
        "pub",
    }
    assert verbs <= {about.split()[0] for about in abouts}
    for about in abouts:
        longest = " ".join(LARGE if word.isdigit() else word for word in about.split(" "))
        assert BUTTONS.press(PAGE, longest)


def test_words_of_a_story_are_no_markup_and_turn_nothing_around() -> None:
    sheet = Sheet((line("<b>&", bold("</b>"), code("<code>"), quiet("a\u202eb")),))
    assert sheet_texts(sheet, captioned=False) == ["&lt;b&gt;&amp;<b>&lt;/b&gt;</b><code>&lt;code&gt;</code><i>ab</i>"]


@pytest.mark.parametrize("letter", ["x", "<", "🚪", "x "])
@pytest.mark.parametrize("captioned", [True, False])
def test_long_sheets_are_several_messages(letter: str, captioned: bool) -> None:
    sheet = Sheet((*[line(bold("A"), " line")] * 300, line(quiet(letter * 9_000)), line("The end.")))
    first, *others = sheet_texts(sheet, captioned)
    assert units(first) <= (CAPTION if captioned else MESSAGE)
    assert others
    assert all(0 < units(text) <= MESSAGE for text in others)
    assert others[-1].endswith("The end.")


def test_a_link_that_can_be_copied_stays_in_one_piece() -> None:
    link = "/from gate " + ">x yard " * 370
    assert any(f"<code>{link.replace('>', '&gt;')}</code>" in text
               for text in sheet_texts(Sheet((line(bold("Start")), line(code(link)))), captioned=False))  # fmt: skip


def test_a_button_without_words_has_dots_and_a_link_leads_elsewhere() -> None:
    sheet = Sheet((), ((Key(" \u202e", "play gate"), Key("Web", link="https://a.example/")),))
    [[dots, web]] = sheet_rows(sheet, BUTTONS)
    assert (dots.text, web.url) == ("…", "https://a.example/")  # type: ignore[union-attr]
