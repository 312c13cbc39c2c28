"""What a viewer likes, what others chose, and where a card stands: kept in the store, remembered for a while."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters import shares as shares_module
from adapters.shares import ENOUGH, Shares
from adapters.telegram import taste as taste_module
from adapters.telegram.chat import Chat
from adapters.telegram.standing import Standing, Standings
from adapters.telegram.taste import DEFAULT, NAMES, Taste, Tastes
from bot.app import App
from tests.fakes.house import START
from tests.fakes.visitor import Visitor

# -- taste


async def test_everybody_begins_with_the_same_taste(app: App) -> None:
    assert await Tastes(app.store).of(1) == DEFAULT == Taste(one_message=False, countdown=True, shares=True)


@pytest.mark.parametrize("name", NAMES)
async def test_each_preference_turns_and_turns_back_for_one_viewer(app: App, name: str) -> None:
    tastes = Tastes(app.store)
    turned = replace(DEFAULT, **{name: not getattr(DEFAULT, name)})
    await tastes.turn(1, name)
    assert await tastes.of(1) == await Tastes(app.store).of(1) == turned
    assert await tastes.of(2) == DEFAULT
    await tastes.turn(1, name)
    assert await tastes.of(1) == await Tastes(app.store).of(1) == DEFAULT


@pytest.mark.parametrize("name", ["", "nonsense", "__class__", "one_message; drop"])
async def test_there_are_no_other_preferences(app: App, name: str) -> None:
    with pytest.raises(KeyError):
        await Tastes(app.store).turn(1, name)


async def test_what_another_process_set_is_not_overwritten(app: App) -> None:
    one, other = Tastes(app.store), Tastes(app.store)
    assert await one.of(1) == DEFAULT
    await other.turn(1, "one_message")
    await one.turn(1, "one_message")
    assert await one.of(1) == DEFAULT


async def test_a_taste_is_remembered_only_for_a_while(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = Tastes(app.store), Tastes(app.store)
    await one.of(1)
    await other.turn(1, "one_message")
    assert await one.of(1) == DEFAULT
    monkeypatch.setattr(taste_module, "SECONDS", 0.0)
    assert (await one.of(1)).one_message


async def test_who_is_forgotten_has_no_taste(app: App) -> None:
    tastes = Tastes(app.store)
    await tastes.turn(1, "one_message")
    await app.store.forget((await app.store.viewer("telegram", "1")).id)
    tastes.forget(1)
    tastes.forget(2)
    assert await tastes.of(1) == DEFAULT


async def test_only_so_many_are_remembered(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taste_module, "MOST", 2)
    tastes = Tastes(app.store)
    for user in range(1, 5):
        await tastes.turn(user, "countdown")
    assert [(await tastes.of(user)).countdown for user in range(1, 5)] == [False] * 4


# -- shares


async def choose(app: App, choices: list[str], first: int = 0) -> None:
    for number, choice in enumerate(choices, first):
        visitor = Visitor(app, f"viewer {number}")
        await visitor.open()
        await visitor.tap(choice)


async def test_nothing_is_said_while_too_few_decided(app: App) -> None:
    shares = Shares(app.store)
    assert await shares.percent("crossroads", "fork", "left") is None
    await choose(app, ["left"] * (ENOUGH - 1))
    assert await shares.percent("crossroads", "fork", "left") is None
    await choose(app, ["right"], ENOUGH)
    assert await shares.percent("crossroads", "fork", "left") == 95
    assert await shares.percent("crossroads", "fork", "right") == 5
    assert await shares.percent("crossroads", "fork", "gate") == 0
    assert await shares.percent("crossroads", "clearing", "on") is None


async def test_counts_are_remembered_for_a_while(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    shares = Shares(app.store)
    await choose(app, ["left"] * ENOUGH)
    assert await shares.percent("crossroads", "fork", "left") == 100
    await choose(app, ["right"] * ENOUGH, ENOUGH)
    assert await shares.percent("crossroads", "fork", "left") == 100
    monkeypatch.setattr(shares_module, "SECONDS", 0.0)
    assert await shares.percent("crossroads", "fork", "left") == 50


# -- standing


async def test_a_standing_is_kept_for_one_chat_and_session(app: App) -> None:
    session = (await Visitor(app, platform="telegram").open()).session.id
    standings = Standings(app.store)
    standing = Standing(3, 77, True, "<b>Ünïcödé</b> 🎬 &amp; \n", True, START + 9, "name")
    assert await standings.of(Chat(1), session) is None
    await standings.keep(Chat(1), session, standing, START)
    await standings.keep(Chat(1, 7), session, replace(standing, message=78), START)
    assert await standings.of(Chat(1), session) == standing
    assert await Standings(app.store).of(Chat(1, 7), session) == replace(standing, message=78)
    assert await standings.of(Chat(2), session) is None


def test_a_settled_message_waits_for_nothing() -> None:
    standing = Standing(3, 77, True, "x", True, START, "name")
    assert standing.settled() == Standing(3, 77, True, "x", False, START)
