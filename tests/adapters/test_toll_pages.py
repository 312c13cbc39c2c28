"""How the page and the terminal tell of an episode that must be bought: kindly, and without a picture of it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console.page import render, words_for
from adapters.web.catalogue import catalogue
from adapters.web.view import view
from bot.app import App
from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.shelf import Shelf
from bot.event import Answer
from bot.play import event as play
from bot.store.port import EventKey, Purchase
from tests.fakes.house import START, House
from tests.fakes.priced import TOLLGATE, TOLLGATE_ES
from tests.fakes.visitor import Visitor

NOW = START / 1000
SCRIPTS = Path(__file__).parents[2] / "adapters" / "web" / "page" / "script"


@pytest.fixture
def shelf(house: House) -> Shelf:
    clips = house.stories / "tollgate" / "clips"
    house.write("tollgate", TOLLGATE.replace("to: cellar}", "to: lobby}"), es=TOLLGATE_ES)
    clips.mkdir()
    (clips / "lobby.mp4").write_bytes(b"not a clip, but a file")
    return Shelf(ClipLibrary(house.stories), ClipLinks(b"k" * 32, ""))


@pytest.fixture
async def ann(house: House, shelf: Shelf) -> AsyncIterator[Visitor]:
    async with house.running() as app:
        shelf.lengths(house.stories / "tollgate", app.library.stories["tollgate"])
        yield Visitor(app)


async def buy(app: App, episode: str) -> None:
    viewer = await app.store.viewer("web", "ann")
    bought = Purchase(episode, "web", "ann", viewer.id, "tollgate", episode, 50, START)
    await app.store.buy(EventKey("web", f"bought {episode}"), bought)


async def test_the_page_is_told_title_price_and_total_and_nothing_of_the_scene(ann: Visitor, shelf: Shelf) -> None:
    await ann.open("tollgate")
    told = view(await ann.tap("knock"), shelf, NOW)
    porch, card = told["cards"]
    assert porch["toll"] is None
    assert card["toll"] == {"episode": "house", "title": "The house", "price": 50, "total": 120}
    assert (card["clip"], card["lines"], card["choices"], card["next"], card["within"]) == (None, [], [], [], None)
    assert card["storyboard"].startswith("/storyboard/tollgate/corner.svg")
    assert (card["ending"], card["stuck"], told["story"]["episode"]["id"]) == (None, False, "house")
    assert set(card) == set(porch)
    spanish = view(await ann.tell(play.Speak(1, "es")), shelf, NOW)
    assert spanish["cards"][0]["toll"]["title"] == "La casa"


async def test_a_clip_that_is_not_paid_for_is_not_fetched_ahead(ann: Visitor, shelf: Shelf) -> None:
    before = view(await ann.open("tollgate"), shelf, NOW)
    assert before["cards"][0]["next"] == []
    await buy(ann.app, "house")
    after = view(await ann.open("tollgate"), shelf, NOW)
    assert any("lobby.mp4" in link for link in after["cards"][0]["next"])


async def test_the_catalogue_counts_only_what_was_seen(ann: Visitor, shelf: Shelf) -> None:
    answer = await ann.open("tollgate")
    await ann.tap("steal")
    sessions = await ann.app.store.sessions_of(answer.session.viewer)
    told = await catalogue(ann.app.library, shelf, sessions, "en", NOW)
    [entry] = [story for story in told["stories"] if story["id"] == "tollgate"]
    assert (entry["scenes"]["seen"], entry["endings"]["found"], entry["session"]["ended"]) == (1, 0, False)


def printed(answer: Answer, shelf: Shelf) -> str:
    paper = StringIO()
    render(Console(file=paper, width=200), answer, shelf, "")
    return paper.getvalue()


async def test_the_terminal_says_it_in_one_line(ann: Visitor, shelf: Shelf) -> None:
    await ann.open("tollgate")
    answer = await ann.tap("knock")
    said = printed(answer, shelf)
    assert "“The house” costs 50 Stars (all episodes together 120) and is sold in Telegram." in said
    assert "lobby" not in said.lower()
    assert words_for(answer).prompt(answer.cards[-1]) == ">"
    assert "not been bought yet" in printed(await ann.tap("up"), shelf)


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_page_has_the_words_in_all_its_languages(language: str) -> None:
    text = (SCRIPTS / f"words-{language}.js").read_text("utf-8")
    said = dict(re.findall(r"^  (\w+): (.+),$", text, flags=re.MULTILINE))
    assert {"toll_kicker", "toll_price", "toll_text", "notice_unpaid"} <= set(said)
    assert "{total}" in json.loads(said["toll_text"])
    assert "{count}" in said["toll_price"]
