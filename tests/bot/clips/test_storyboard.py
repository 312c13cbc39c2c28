"""A scene without a clip still has a picture: safe, readable, the same every time."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clips.sketch import HEIGHT, MOODS, WIDTH, palette_of
from bot.clips.storyboard import storyboard

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "style", "defs", "linearGradient", "stop", "rect", "circle", "ellipse", "path", "g", "text"}


def rows(card: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(card).iter(f"{SVG}text"))


def test_title_speakers_and_words_are_on_it() -> None:
    card = storyboard("The whistle", [("", "11:49 p.m."), ("Mei", "Stay.")], "platform, night, rain, mei left, tense")
    assert [(row.get("class"), row.text) for row in rows(card)] == [
        ("title", "The whistle"),
        ("told", "11:49 p.m."),
        ("name", "Mei"),
        ("said", "Stay."),
    ]
    assert card == storyboard(
        "The whistle", [("", "11:49 p.m."), ("Mei", "Stay.")], "platform, night, rain, mei left, tense"
    )


def test_a_scene_about_which_nothing_is_known() -> None:
    assert rows(storyboard("", [], "")) == []


@pytest.mark.parametrize("mood", MOODS)
def test_the_mood_gives_the_colours(mood: str) -> None:
    assert palette_of(f"kitchen, {mood.upper()} ") is MOODS[mood]
    assert MOODS[mood].accent in storyboard("t", [("a", "b")], f"kitchen, {mood}")


def test_the_picture_changes_with_the_look() -> None:
    looks = [
        "river, dawn, fog",
        "cabin, day, snow",
        "airlock, night",
        "street, storm",
        "street, mei left",
        "street, mei right",
    ]
    assert len({storyboard("t", [], look) for look in looks}) == len(looks)


def test_very_much_text_stays_on_the_card() -> None:
    card = storyboard("word " * 50, [("Mei", "很长的台词" * 60), ("Lin", "x" * 900)] * 5, "")
    heights = [float(row.get("y", "")) for row in rows(card)]
    assert heights == sorted(heights)
    assert heights[-1] < HEIGHT - 30
    assert rows(card)[-1].text == "…"


text = st.text(st.characters(), max_size=60)


@given(
    text,
    st.lists(st.tuples(text, text), max_size=4),
    text | st.sampled_from(["night, rain, a left", "day, close on x"]),
)
def test_no_text_gets_out_of_its_place(title: str, lines: list[tuple[str, str]], look: str) -> None:
    card = ElementTree.fromstring(storyboard(title, lines, look))
    assert (card.get("width"), card.get("height")) == (str(WIDTH), str(HEIGHT))
    assert {element.tag.removeprefix(SVG) for element in card.iter()} <= DRAWN
    assert not any(name.startswith("on") or "href" in name for element in card.iter() for name in element.attrib)
    assert not set("".join(card.itertext())) & set("\u202e\u2066\u200b\0")
