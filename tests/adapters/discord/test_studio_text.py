"""The studio's sheets as Markdown: safe, with commands as Discord has them, and never too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.studio_text import fitted, marked, written
from adapters.discord.text import CARD
from adapters.studio.sheet import Line, Span, bold, code, command, line, phrase, quiet

TEXTS = st.text(max_size=60) | st.text("*_`~|<>@#[]()-:. \n1", max_size=60)
SPANS = st.builds(Span, TEXTS, st.sampled_from(["", "bold", "code", "quiet"]))
LINES = st.lists(SPANS, max_size=4).map(lambda spans: tuple(one for span in spans for one in (span, Span(" "))))
LONG = st.builds(lambda text, times: line(text * times), TEXTS, st.integers(1, 80))


@pytest.mark.parametrize(
    ("given_", "typed"),
    [
        ("studio", "/studio stories"), ("revert cave", "/studio revert story:cave"), ("check", "/studio check"),
        ("invite writer", "/studio invite role:writer"), ("join A-1", "/studio join code:A-1"),
        ("send", "/studio send"),
        ("test 100", "/studio test plays:100"), ("set trust 2", "/studio do what:set trust 2"),
        ("back", "/studio do what:back"),
    ],
)  # fmt: skip
def test_a_command_as_it_is_typed(given_: str, typed: str) -> None:
    assert written(given_) == typed


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (line("a ", bold("*b*"), "."), "a **\\*b\\***."),
        (line(bold(" b ")), " **b** "), (line(bold(" ")), " "), (line(bold("Ann: "), "x"), "**Ann\\:** x"),
        (line(code("a*b")), "`a*b`"), (line(code("a`b")), "a\\`b"), (line(code("a\nb")), "`a b`"),
        (line(quiet("a\nb")), "-# a b"), (line(quiet("a"), "b"), "ab"), ((), ""), (line("-# x"), "\\-\\# x"),
        (phrase("See `/revert gate`."), "See `/studio revert story:gate`."),
        (line(Span("Send it", "", "send"), "."), "Send it (`/studio send`)."),
        (line(command("back"), ", ", command("wait"), ", ", command("map")),
         "`/studio do what:back`, `wait`, `/studio map`"),
    ],
)  # fmt: skip
def test_a_line(said: Line, shown: str) -> None:
    assert marked(said) == shown


def test_values_of_a_phrase_are_no_commands() -> None:
    assert marked(phrase("No {name}. `/studio` helps.", name="`/x`")) == "No \\`/x\\`. `/studio stories` helps."


@given(LINES)
def test_nothing_is_a_mention_a_link_or_open_code(said: Line) -> None:
    text = marked(said)
    outside = re.sub(r"\\.|`[^`\n]+`", "", text.removeprefix("-# "), flags=re.DOTALL)
    assert not re.search(r"[`<@\[|~]|(?<!\*)\*(?!\*)", outside)


@given(
    st.lists(st.builds(lambda text, times: line(text * times), TEXTS, st.integers(1, 80)), min_size=1), st.booleans()
)
def test_it_always_fits(lines: list[Line], last: bool) -> None:
    assert len(fitted(lines, last=last)) <= CARD


def test_of_a_long_sheet_the_beginning_stays_and_of_a_long_scene_the_end() -> None:
    lines = [line(f"line {number} " + "x" * 200) for number in range(40)]
    assert fitted(lines, last=False).startswith("line 0 ")
    assert fitted(lines, last=False).endswith("lines are left out")
    scene = fitted(lines, last=True)
    assert scene.startswith("line 0 ")
    assert "lines are left out\nline " in scene
    assert "line 39 " in scene
    told = int(scene.partition("-# … ")[2].partition(" ")[0])
    assert told == 40 - sum(text.startswith("line ") for text in scene.split("\n"))
