"""The picture of an evening: a photo for a phone, in any language, with nobody's name, however much was decided."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from fractions import Fraction

import pytest

from adapters.words import LANGUAGES
from adapters.words import words as spoken
from bot.chart.decision import Density
from bot.chart.draw import MOST_AT_ONCE, Names, RecapWords, recap_png
from bot.chart.finale import MOST_CLOSED
from bot.chart.recap import recap_picture
from bot.chart.shape import Label, Picture
from bot.chart.sheet import PHONE_LENGTH
from bot.chart.svg import svg_of
from bot.watch.course import Decided
from bot.watch.recap import Ending, Recap, Stretch
from bot.watch.verdict import Why
from tests.bot.chart.evening import VOTERS, evening
from tests.bot.chart.test_draw import HOSTILE, is_a_photo
from tests.bot.play.dramas import DRAMAS, drama

ENGLISH = Names(drama("last-train-home"), "en")


def texts(picture: Picture) -> list[str]:
    return [shape.text for pane in picture.panes for shape in pane.shapes if isinstance(shape, Label)]


def of(decided: Decided | None = None, **changes: object) -> Recap:
    """An evening with one decision, or none."""
    made = Recap((Stretch(() if decided is None else (decided,)),), None, None, None, (), ())
    return replace(made, **changes)  # type: ignore[arg-type]


def decision(why: Why = Why.MOST, voters: int = 3, scene: str = "whistle", choice: str = "x") -> Decided:
    return Decided(1, scene, choice, why, 67, voters, "another", 33, Fraction(1, 3), ("discord:1",))


@pytest.mark.parametrize("name", DRAMAS)
@pytest.mark.parametrize("decisions", [0, 3, 12, 40])
@pytest.mark.parametrize(("parts_at", "meets"), [(None, True), (2, True), (2, False)])
def test_every_evening_is_a_photo_for_a_phone(name: str, decisions: int, parts_at: int | None, meets: bool) -> None:
    if parts_at is not None and decisions <= 5:
        parts_at, meets = (1, False) if decisions else (None, True)
    story = drama(name)
    made = evening(story, decisions, parts_at, meets=meets)
    language = story.languages[-1]
    width, height = is_a_photo(recap_png(made, Names(story, language)))
    assert 500 <= width <= 1280
    assert height <= width * PHONE_LENGTH + 2


def test_it_tells_the_choices_in_the_groups_language() -> None:
    story = drama("salt-and-sugar")
    made = evening(story, 4, 2, apart=1)
    words = RecapWords(title="一起看", split="分成两路", met="两路会合", unseen="还有 {count} 个结局没看到")
    written = texts(recap_picture(made, Names(story, "zh"), words, "2026年11月22日"))
    wording = story.wording("zh")
    for one in made.stretches[0].decided:
        assert wording.plain(f"scene/{one.scene}/choice/{one.choice}") in written
    assert {"一起看 · 2026年11月22日", wording.plain("title"), "分成两路", "两路会合"} <= set(written)
    assert made.ending is not None
    assert wording.plain(f"scene/{made.ending}/ending") in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_chats_has_its_words(language: str) -> None:
    words = RecapWords(**{one.name: spoken(language)(f"recap_{one.name}") for one in fields(RecapWords)})
    made = evening(drama("salt-and-sugar"), 60, 5)
    written = "".join(texts(recap_picture(made, Names(drama("salt-and-sugar"), language), words)))
    assert "{" not in written
    assert {words.title, words.split, words.met} <= set(texts(recap_picture(made, ENGLISH, words)))


def test_nobody_is_named_and_no_ending_that_was_not_reached() -> None:
    made = evening(drama("last-train-home"), 12, 4)
    assert made.told_you is not None
    written = " ".join(texts(recap_picture(made, ENGLISH)))
    assert not [voter for voter in VOTERS if voter in written]
    unseen = [ending.scene for ending in made.endings if not ending.reached]
    assert unseen
    assert not [scene for scene in unseen if ENGLISH.ending(scene) in written]


@pytest.mark.parametrize(
    ("why", "voters", "said"),
    [
        (Why.MOST, 3, None),
        (Why.ALL, 3, "all agreed"),
        (Why.ALL, 1, None),
        (Why.TIE_HOST, 2, "a tie"),
        (Why.TIE_DICE, 2, "a tie"),
        (Why.DRAWN, 3, "drawn by lot"),
        (Why.HOST, 3, "the host decided"),
        (Why.DEFAULT, 1, "too few votes"),
        (Why.CHANCE, 0, "nobody voted"),
        (Why.SKIPPED, 3, "skipped"),
    ],
)
def test_it_says_what_decided_unless_it_was_the_most_votes(why: Why, voters: int, said: str | None) -> None:
    written = set(texts(recap_picture(of(decision(why, voters)), ENGLISH)))
    remarks = {"all agreed", "a tie", "drawn by lot", "the host decided", "too few votes", "nobody voted", "skipped"}
    assert written & remarks == ({said} if said else set())
    assert ("67%" in written) == (voters > 0)


def test_the_closest_vote_is_marked_where_it_is_one() -> None:
    one, other = decision(choice="one"), decision(choice="other")
    both = (Stretch((one, other)),)
    assert "closest vote" in texts(recap_picture(of(stretches=both, closest=(one,)), ENGLISH))
    assert "closest vote" not in texts(recap_picture(of(stretches=both, closest=(one, other)), ENGLISH))


def test_of_an_evening_too_long_for_a_phone_the_clearest_votes_are_counted() -> None:
    made = evening(drama("airlock-nine"), 150, 30)
    picture = recap_picture(made, Names(drama("airlock-nine"), "en"))
    assert picture.height <= PHONE_LENGTH * picture.width
    written = texts(picture)
    assert "Decisions: 154" in written
    left_out = sum(int(text.rpartition(" ")[2]) for text in written if text.startswith("⋯"))
    cards = sum(not ending.reached for ending in made.endings)
    shown = sum(text.endswith("%") and "  " not in text for text in written) - cards
    nobody = sum(text == "nobody voted" for text in written)
    assert left_out >= 80
    assert left_out + shown + nobody == 154


def test_endings_beyond_the_closed_cards_are_counted_on_the_last() -> None:
    many = tuple(Ending(f"e{number}", False, 1) for number in range(MOST_CLOSED + 5))
    written = texts(recap_picture(of(endings=many), ENGLISH))
    assert written.count("?") == MOST_CLOSED - 1
    assert "+6" in written
    assert texts(recap_picture(of(endings=many[:MOST_CLOSED]), ENGLISH)).count("?") == MOST_CLOSED


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_it(text: str) -> None:
    story = drama("last-train-home")
    made = evening(story, 4, 2, apart=1)
    words = RecapWords(title=text, split=text, met=text, tie=text, share=text.replace("{", ""), close=text)
    assert svg_of(recap_picture(made, Names(story, "en"), words, text))
    is_a_photo(recap_png(made, Names(story, "en"), words, text))


def test_choices_a_newer_version_no_longer_has_are_told_by_their_ids() -> None:
    written = texts(recap_picture(of(decision(scene="gone-scene", choice="jump-over-it")), ENGLISH))
    assert "Jump over it" in written


def test_a_machine_without_fonts_writes_what_it_can() -> None:
    story = drama("salt-and-sugar")
    is_a_photo(recap_png(evening(story, 6, 2), Names(story, "zh"), fonts=()))


def test_long_evenings_are_drawn_tighter() -> None:
    story = drama("last-train-home")
    heights = dict.fromkeys(Density, 0.0)
    for density, decisions in zip(Density, (12, 24), strict=True):
        heights[density] = recap_picture(evening(story, decisions), ENGLISH).height / decisions
    assert heights[Density.TIGHT] < heights[Density.ROOMY]


def test_no_more_than_two_are_drawn_at_once() -> None:
    """Ten threads want a picture; whoever asks for a label is drawing."""
    drawing: list[int] = []
    most: list[int] = []

    class Slow(Names):
        def choice(self, scene: str, choice: str) -> str:
            drawing.append(1)
            most.append(len(drawing))
            time.sleep(0.01)
            drawing.pop()
            return Names.choice(self, scene, choice)

    names = Slow(ENGLISH.story, "en")
    made = of(replace(decision(), runner_up=None))
    with ThreadPoolExecutor(10) as threads:
        pictures = list(threads.map(lambda _: recap_png(made, names), range(10)))
    assert len(set(pictures)) == 1
    assert max(most) <= MOST_AT_ONCE
