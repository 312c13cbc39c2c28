"""A card as Telegram shows it: within every limit for the largest scene that the language allows."""

from __future__ import annotations

import pytest
from telegram import InlineKeyboardButton

from adapters.button import Buttons, Press, Tap
from adapters.telegram.keyboard import Button
from adapters.telegram.scene import ASKS, LABEL, LOCKED, RESERVE, Scene, option_rows, scene_of
from adapters.telegram.text import CAPTION, MESSAGE, bold, plain, units
from adapters.text import cut
from adapters.words import LANGUAGES, words
from bot.delivery.parcel import Parcel
from bot.play.card import Card, Option, Spoken
from bot.story import limits
from bot.story.story import Story
from tests.bot.story.draft import scenes
from tests.fakes.telegram import entities

BUTTONS = Buttons(b"a secret", "telegram", 42)
SAID = words("en")
LONGEST_NAME = "🎭" * limits.MAX_NAME
LONGEST_TEXT = "🎬" * limits.MAX_TEXT
HTML_TEXT = ("<&> " * limits.MAX_TEXT)[: limits.MAX_TEXT]
STORY = scenes("""
    start:
      lines: [{narrator: Hello.}]
      choices: {on: {label: Go on, to: end}}
    end:
      ending: {title: "The <End>", kind: happy}
""")


def parcel(card: Card) -> Parcel:
    return Parcel(STORY.id, STORY.version, 7, 3, card)


def shown(card: Card, story: Story = STORY) -> Scene:
    return scene_of(story, parcel(card), BUTTONS, SAID)


def seen(html: str) -> str:
    return entities.parse(html, "HTML").text


def choosing(*options: Option, lines: tuple[Spoken, ...] = ()) -> Card:
    return Card("start", "en", lines, options)


def read(button: Button) -> Tap | Press:
    assert isinstance(button.callback_data, str)
    return BUTTONS.read(button.callback_data)


# -- words


@pytest.mark.parametrize(
    "text", [LONGEST_TEXT, HTML_TEXT, "word " * 400, "é" * limits.MAX_TEXT, "中" * limits.MAX_TEXT]
)
@pytest.mark.parametrize("name", ["", LONGEST_NAME])
@pytest.mark.parametrize("lines", [1, 2, limits.MAX_LINES])
def test_the_largest_scene_keeps_to_the_limits_and_loses_nothing(text: str, name: str, lines: int) -> None:
    scene = shown(choosing(Option("on", "Go on"), lines=(Spoken(None, name, text),) * lines))
    first, *others = scene.texts
    assert entities.units(seen(first)) <= CAPTION - RESERVE
    assert all(0 < entities.units(seen(other)) <= MESSAGE - RESERVE for other in others)
    said = "".join(map(seen, scene.texts)).replace("\n", "")
    assert said == (f"{name}: {text}" if name else text) * lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_room_below_for_choice_and_countdown_together(language: str) -> None:
    said = words(language)
    label = bold(cut("🎬" * limits.MAX_LABEL, LABEL))
    chosen = max(units(said("chosen_share", label=label, percent=100)), units(said("timed_out", label=label)))
    countdown = units(said("countdown", seconds=999))
    assert chosen + len("\n\n") + countdown + len("\n\n") <= RESERVE


def test_a_speaker_is_named_and_the_narrator_is_not() -> None:
    scene = shown(choosing(lines=(Spoken("mei", "Mei <3", "Hi & bye"), Spoken(None, "", "Night <b>falls</b>."))))
    assert scene.texts == ("<b>Mei &lt;3</b>: Hi &amp; bye\n<i>Night &lt;b&gt;falls&lt;/b&gt;.</i>",)


def test_a_line_that_says_nothing_is_left_out() -> None:
    scene = shown(choosing(Option("on", "Go on"), lines=(Spoken(None, "", "\u200b "), Spoken(None, "", ""))))
    assert scene.texts == ("",)


def test_a_new_ending_is_told_from_one_that_was_found_before() -> None:
    [new] = shown(Card("end", "en", ending="happy", new=True)).texts
    [again] = shown(Card("end", "en", ending="happy")).texts
    assert seen(new) == "✨ New ending: The <End>"
    assert seen(again) == "🏁 The end: The <End>"


# -- buttons


def test_a_button_says_what_it_says_and_does_what_it_says() -> None:
    scene = shown(choosing(Option("on", "Go on, and don't look back"), Option("stay", "Stay", locked=True)))
    [[on], [stay]] = scene.rows
    assert (on.text, read(on)) == ("Go on, and don't look back", Tap(7, 3, "on"))
    assert (stay.text, read(stay)) == (f"{LOCKED}Stay", Tap(7, 3, "stay"))


def test_a_choice_that_asks_for_a_text_says_so_to_the_bot_only() -> None:
    [[name]] = shown(choosing(Option("name", "Say your name", ask=12))).rows
    assert (name.text, read(name)) == ("Say your name", Tap(7, 3, f"{ASKS}name"))


@pytest.mark.parametrize("letter", ["🎬", "é", "x", "<"])
def test_the_longest_labels_are_cut(letter: str) -> None:
    options = [Option(f"{n}" * limits.MAX_ID, letter * limits.MAX_LABEL, locked=n > 3) for n in range(8)]
    rows = shown(choosing(*options)).rows
    assert [len(row) for row in rows] == [1] * 8
    assert all(entities.units(button.text) <= LABEL for row in rows for button in row)


@pytest.mark.parametrize("label", ["", " ", "\u200b", "\u202e\u2066"])
def test_a_label_that_a_variable_left_empty_can_be_pressed_still(label: str) -> None:
    [[on]] = shown(choosing(Option("on", label))).rows
    assert on.text == "…"


def test_short_labels_stand_in_pairs_and_one_long_one_parts_them() -> None:
    short = [InlineKeyboardButton(f"Choice {n}", callback_data="x") for n in range(3)]
    long = InlineKeyboardButton("Rather a long choice", callback_data="x")
    assert [len(row) for row in option_rows(short)] == [2, 1]
    assert [len(row) for row in option_rows([*short, long])] == [1, 1, 1, 1]
    assert [len(row) for row in option_rows([short[0]])] == [1]


def test_at_an_ending_there_is_a_way_on() -> None:
    scene = shown(Card("end", "en", ending="happy"))
    pressed = [read(button) for row in scene.rows for button in row if button.callback_data]
    assert pressed == [Press("again", "7 3"), Press("rewind", "7"), Press("map", "7"), Press("stories")]
    shared = [button for row in scene.rows for button in row if not button.callback_data]
    assert [getattr(button, "switch_inline_query", None) for button in shared] == ["tale"]


def test_a_gap_in_the_story_is_admitted_and_leads_back() -> None:
    scene = shown(Card("start", "en", stuck=True))
    assert scene.texts == (plain(SAID("stuck")),)
    assert [[read(button) for button in row] for row in scene.rows] == [[Press("rewind", "7")]]


def test_a_card_that_waits_for_nothing_has_no_keyboard() -> None:
    assert shown(Card("start", "en", (Spoken(None, "", "Hm."),))).keyboard is None
