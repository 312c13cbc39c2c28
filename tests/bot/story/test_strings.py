"""Every text has a stable key, and every language says what it can: the rest falls back, line by line."""

from __future__ import annotations

from bot.story.story import Story
from tests.bot.story.draft import scenes

HEAD = """
synopsis: Two sisters.
cast:
  mei: {name: Mei}
  lin: {name: Lin}
variables:
  nickname: {type: text, length: 20, start: Sparrow}
"""
STORY = """
gate:
  title: The gate
  lines:
    - {narrator: "Nine. {mei} waits.", id: nine}
    - {mei: "Go, {nickname}.", id: go}
    - {lin: "No, {mei}."}
  choices:
    leave: {label: "Leave, {nickname}", to: end}
    stay: {label: "Stay with {lin}", to: end}
end: {ending: {title: Alone, kind: sad}}
"""
SPANISH = """
title: Uno
cast/mei: Mía
scene/gate/line/go: "Vete, {nickname}."
scene/gate/choice/stay: Quédate con {lin}, {mei}
scene/gate/choice/sleep: Duerme
"""


def story(tables: dict[str, str] | None = None, text: str = STORY) -> Story:
    return scenes(text, HEAD, {f"locales/{code}.yaml": table for code, table in (tables or {}).items()})


def said(of: Story, language: str) -> dict[str, str]:
    return {key: text.fill(["Sparrow"]) for key, text in of.wording(language).texts.items() if "#" not in key}


def line_keys(text: str) -> list[str]:
    return [line.id for line in story(text=text).scenes["gate"].lines]


def test_every_text_has_a_key() -> None:
    third = line_keys(STORY)[2]
    assert said(story(), "en") == {
        "title": "T",
        "synopsis": "Two sisters.",
        "cast/mei": "Mei",
        "cast/lin": "Lin",
        "episode/one": "One",
        "scene/gate": "The gate",
        "scene/gate/line/nine": "Nine. Mei waits.",
        "scene/gate/line/go": "Go, Sparrow.",
        f"scene/gate/line/{third}": "No, Mei.",
        "scene/gate/choice/leave": "Leave, Sparrow",
        "scene/gate/choice/stay": "Stay with Lin",
        "scene/end/ending": "Alone",
    }


def test_what_is_not_translated_falls_back_line_by_line_with_the_names_of_the_language() -> None:
    es = said(story({"es": SPANISH}), "es")
    assert es["title"] == "Uno"
    assert es["synopsis"] == "Two sisters."
    assert es["scene/gate/line/nine"] == "Nine. Mía waits."
    assert es["scene/gate/line/go"] == "Vete, Sparrow."
    assert es["scene/gate/choice/leave"] == "Leave, Sparrow"
    assert es["scene/gate/choice/stay"] == "Quédate con Lin, Mía"


def test_missing_and_stray_keys_are_known() -> None:
    wording = story({"es": SPANISH}).wording("es")
    assert "scene/gate" in wording.missing
    assert "title" not in wording.missing
    assert {key: str(place) for key, place in wording.stray.items()} == {
        "scene/gate/choice/sleep": "locales/es.yaml:6:1"
    }


def test_a_text_that_the_story_itself_leaves_empty_is_not_missing() -> None:
    told = scenes(STORY, HEAD.replace("synopsis: Two sisters.", ""), {"locales/es.yaml": "title: Uno"})
    assert "synopsis" not in told.wording("es").missing


def test_an_empty_table_is_a_language_all_the_same() -> None:
    both = story({"es": "", "fr": "# nothing yet"})
    assert both.languages == ("en", "es", "fr")
    assert said(both, "es") == said(both, "en")
    assert both.wording("es").language == "es"


def test_a_language_is_found_by_its_base_or_else_is_the_storys_own() -> None:
    told = story({"es": SPANISH, "pt-BR": "title: Um"})
    wanted = ["es", "es-MX", "pt-BR", "pt", "de", ""]
    assert [told.wording(code).language for code in wanted] == ["es", "es", "pt-BR", "en", "en", "en"]


# -- line ids

LINES = """
gate:
  lines:
    - mei: One
    - lin: Two
    - mei: One
    - {mei: Three, id: three}
    - mei: One
  to: end
end: {ending: {title: Alone, kind: sad}}
"""


def test_lines_said_alike_have_ids_of_their_own() -> None:
    ids = line_keys(LINES)
    assert len(set(ids)) == 5
    assert ids[2] == f"{ids[0]}-2"
    assert ids[4] == f"{ids[0]}-3"


def test_a_line_keeps_its_id_when_others_come_go_or_move() -> None:
    ids = line_keys(LINES)
    more = line_keys(LINES.replace("    - lin: Two\n", "    - lin: Zero\n    - lin: Two\n"))
    fewer = line_keys(LINES.replace("    - lin: Two\n", ""))
    moved = line_keys(LINES.replace("    - lin: Two\n", "").replace("  to: end", "    - lin: Two\n  to: end"))
    assert [id for id in more if id in ids] == ids
    assert fewer == [id for id in ids if id != ids[1]]
    assert sorted(moved) == sorted(ids)


def test_the_same_words_of_another_speaker_are_another_line() -> None:
    ids = line_keys(LINES.replace("- lin: Two", "- lin: One"))
    assert ids[0] != ids[1]


def test_a_scene_called_choice_is_no_label() -> None:
    """Its ending's key has `/choice/` in it; an ending may be longer than a label."""
    text = f"choice: {{ending: {{title: {'x' * 100}, kind: sad}}}}"
    told = scenes(text, files={"locales/es.yaml": f"scene/choice/ending: {'y' * 100}"})
    assert told.wording("es").plain("scene/choice/ending") == "y" * 100
