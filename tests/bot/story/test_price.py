"""What an episode costs, what may be passed on, and what is covered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.story.limits import MAX_PRICE
from tests.bot.story.draft import FACTS, faults, read
from tests.fakes.priced import TOLLGATE

EPISODES = """\
episodes:
  one: {title: One, scenes: {a: {to: b}}}
  two: {title: Two, PRICE, scenes: {b: {ending: {title: E, kind: open}}}}
"""


def priced(written: str) -> str:
    return FACTS + EPISODES.replace("PRICE", written)


def test_prices_and_their_total() -> None:
    story = read(TOLLGATE)
    assert {episode.id: episode.price for episode in story.episodes.values()} == {"street": 0, "house": 50, "bank": 70}
    assert (story.priced, story.total, story.protect) == (True, 120, True)
    assert replace(story, seconds={"corner": 4.0}).priced


def test_a_story_without_prices_is_free() -> None:
    story = read(priced("start: b"))
    assert (story.priced, story.total, story.protect) == (False, 0, False)


@pytest.mark.parametrize("price", [1, 50, MAX_PRICE])
def test_a_price_is_a_number_of_whole_stars(price: int) -> None:
    assert read(priced(f"price: {price}")).total == price


@pytest.mark.parametrize("price", ["0", "-5", "1.5", "10001", "free", "50 XTR", "[5]"])
def test_any_other_price_is_refused_at_its_place(price: str) -> None:
    (problem,) = faults(priced(f"price: {price}"))
    assert problem.code == "STORY023"
    assert (problem.place.line, problem.place.column) == (5, 21)


def test_the_first_episode_is_free_also_in_a_file_of_its_own() -> None:
    main = f"{FACTS}episodes: {{one: episodes/one.yaml}}"
    file = "title: One\nprice: 50\nscenes: {a: {ending: {title: E, kind: open}}}\n"
    (problem,) = faults(main, {"episodes/one.yaml": file})
    assert str(problem).startswith("episodes/one.yaml:2:1 STORY027 the first episode must be free")


@pytest.mark.parametrize(
    ("rating", "covered"), [("all", False), ("6+", False), ("12+", False), ("16+", True), ("18+", True)]
)
def test_stories_for_the_grown_are_covered(rating: str, *, covered: bool) -> None:
    assert read(f"rating: {rating}\n{priced('price: 5')}").covered is covered
