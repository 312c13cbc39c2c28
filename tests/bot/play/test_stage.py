"""Cards made ready in advance are the cards that the moment asks for."""

from __future__ import annotations

from bot.play.stage import stages
from tests.bot.play.player import Player
from tests.bot.story.draft import scenes

HEAD = "variables:\n  n: {type: integer, from: 0, to: 9}\n"


def test_a_stage_is_made_once_per_story_and_language() -> None:
    text = "a: {lines: [narrator: One], choices: {x: {label: X, to: a}}}"
    story, twin = scenes(text), scenes(text)
    assert stages(story, "en") is stages(story, "en")
    assert stages(story, "en") is not stages(twin, "en")


def test_labels_and_lines_follow_the_variables() -> None:
    text = (
        "a: {lines: [narrator: 'Now {n}.'], choices: {x: {label: 'Not {n}', do: n += 1, to: a}, y: {label: Y, to: a}}}"
    )
    player = Player(scenes(text, HEAD))
    for n in range(3):
        assert player.card.lines[0].text == f"Now {n}."
        assert [option.label for option in player.card.options] == [f"Not {n}", "Y"]
        player.choose("x")


def test_every_way_to_show_eight_choices_is_shown_as_it_is() -> None:
    """More ways than are kept ready: hidden, locked and open ones in all their mixtures."""
    choices = ", ".join(
        f"c{n}: {{label: C{n}, if: visits(a) * {n + 3} - {n} > 9 * {n}, {'else: locked, ' if n % 2 else ''}to: a}}"
        for n in range(7)
    )
    player = Player(scenes(f"a: {{choices: {{{choices}, always: {{label: A, to: a}}}}}}"))
    for visits in range(1, 90):
        expected = []
        for n in range(7):
            holds = visits * (n + 3) - n > 9 * n
            if holds or n % 2:
                expected.append(f"c{n}" if holds else f"(c{n})")
        assert player.buttons == [*expected, "always"]
        player.choose("always")


def test_a_wording_falls_back_line_by_line() -> None:
    text = "a: {lines: [{narrator: One, id: one}, {narrator: Two, id: two}], choices: {x: {label: X, to: a}}}"
    story = scenes(text, files={"locales/es.yaml": "scene/a/line/two: Dos"})
    assert [line.text for line in Player(story, "es").card.lines] == ["One", "Dos"]
