"""The intake: in order for each chat, nothing acknowledged before it is durable, nothing held up by a bad update."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.telegram.intake import Intake
from adapters.telegram.polling import Polling
from bot.delivery.parcel import Note, unwrap
from bot.store.errors import StoreError
from tests.adapters.telegram.conftest import Parts, taking
from tests.fakes.house import Clock
from tests.fakes.telegram import Person, TelegramServer

GARBAGE: list[dict[str, Any]] = [
    {},
    {"message": None},
    {"message": "text"},
    {"message": {}},
    {"message": {"chat": {"id": "no number"}, "from": 5}},
    {"message": {"message_id": 1, "date": 0, "chat": {}, "from": {}}},
    {"callback_query": {}},
    {"callback_query": None},
    {"callback_query": {"id": "1", "from": {"id": 5}, "message": []}},
    {"callback_query": {"id": "1", "from": {"id": 5, "first_name": "A", "is_bot": False}, "data": 7}},
    {"pre_checkout_query": {"from": {"id": 5}}},
    {"inline_query": {"id": "1"}},
    {"my_chat_member": {"chat": {"id": 1}}},
    {"poll": {"id": "1"}},
    {"of_tomorrow": {"id": "1"}},
]


@pytest.fixture
async def intake(parts: Parts, clock: Clock) -> AsyncIterator[Intake]:
    async with taking(parts, clock) as intake:
        yield intake


def said(number: int, user: int, text: str) -> dict[str, Any]:
    """A text as Telegram tells of it."""
    who = {"id": user, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    chat = {"id": user, "type": "private", "first_name": "Ann"}
    return {"update_id": number, "message": {"message_id": number, "date": 0, "chat": chat, "from": who, "text": text}}


async def outbox(parts: Parts, user: int) -> list[str]:
    """What waits to be shown to somebody: pages by name, cards by scene."""
    cards = await parts.app.store.pending("telegram", 0, 1000)
    found = [unwrap(card.body) for card in cards if card.address == str(user)]
    return [one.note if isinstance(one, Note) else one.card.scene for one in found]


def pressed(number: int, user: int, data: str) -> dict[str, Any]:
    """A press as Telegram tells of it."""
    who = {"id": user, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    message = {"message_id": 1, "date": 1, "chat": {"id": user, "type": "private"}, "text": "?"}
    return {"update_id": number, "callback_query": {"id": "1", "from": who, "message": message, "data": data}}


async def test_the_way_back_is_leafed_through_by_its_buttons(parts: Parts, intake: Intake) -> None:
    await intake.take(said(1, 1, "/play crossroads"))
    viewer = await parts.app.store.viewer("telegram", "1")
    session = (await parts.app.store.sessions_of(viewer.id))[0].id
    await intake.take(pressed(2, 1, parts.buttons.press("rewind", f"{session} 1")))
    assert await outbox(parts, 1) == ["fork", "rewind"]
    assert await troubles(parts) == []


async def troubles(parts: Parts) -> list[str]:
    return [trouble.event.id for trouble in await parts.app.store.troubles(100)]


async def test_each_chat_keeps_its_order(parts: Parts, intake: Intake) -> None:
    texts = ["/help", "/play crossroads", "go right", "go back", "/privacy", "/terms"]
    batch = [said(10 * number + user, user, text) for number, text in enumerate(texts) for user in (1, 2, 3)]
    await intake.take_all(batch)
    for user in (1, 2, 3):
        assert await outbox(parts, user) == ["help", "fork", "clearing", "fork", "privacy", "terms"]


async def test_an_update_that_comes_again_changes_nothing(parts: Parts, intake: Intake) -> None:
    batch = [said(1, 1, "/play crossroads"), said(2, 1, "go right"), said(3, 1, "/help")]
    for _ in range(3):
        await intake.take_all(batch)
    assert await outbox(parts, 1) == ["fork", "clearing", "help"]
    assert await troubles(parts) == []


@pytest.mark.parametrize("bad", GARBAGE, ids=str)
async def test_an_update_that_cannot_be_read_holds_up_nothing(
    parts: Parts, intake: Intake, bad: dict[str, Any]
) -> None:
    await intake.take_all([said(1, 1, "/help"), {"update_id": 2, **bad}, said(3, 1, "/terms")])
    assert await outbox(parts, 1) == ["help", "terms"]
    assert set(await troubles(parts)) <= {f"{parts.bot.id}:2"}


async def test_what_our_own_code_fails_on_is_set_aside_under_its_id(parts: Parts, intake: Intake) -> None:
    await intake.take({"update_id": 7, "callback_query": {}})
    [trouble] = await parts.app.store.troubles(10)
    assert trouble.event.id == f"{parts.bot.id}:7"
    assert trouble.error.startswith("KeyError")


async def test_a_store_at_fault_is_waited_for(parts: Parts, intake: Intake) -> None:
    parts.store.failures = Counter(commit=5)
    await intake.take_all([said(1, 1, "/play crossroads"), said(2, 1, "go right"), said(3, 2, "/help")])
    assert await outbox(parts, 1) == ["fork", "clearing"]
    assert await outbox(parts, 2) == ["help"]
    assert await troubles(parts) == []
    assert parts.store.failures["commit"] == 0


async def test_one_update_alone_is_refused_while_the_store_is_at_fault(parts: Parts, intake: Intake) -> None:
    parts.store.failures = Counter(commit=1)
    with pytest.raises(StoreError):
        await intake.take(said(1, 1, "/play crossroads"))
    await intake.take(said(1, 1, "/play crossroads"))
    assert await outbox(parts, 1) == ["fork"]


# -- polling


async def until_shown(parts: Parts, user: int, wanted: list[str]) -> None:
    while await outbox(parts, user) != wanted:
        await asyncio.sleep(0.002)


async def test_an_update_is_acknowledged_only_when_it_is_durable(
    parts: Parts, intake: Intake, ann: Person, server: TelegramServer
) -> None:
    parts.store.failures = Counter(commit=10_000)
    polling = Polling(parts.bot, intake)
    running = asyncio.create_task(polling.run())
    await ann.say("/play crossroads")
    while parts.store.failures["commit"] > 9_990:
        await asyncio.sleep(0.002)
    assert server.updates.pending
    assert "offset" not in server.called("getUpdates")[-1]
    parts.store.failures = Counter()
    await until_shown(parts, ann.id, ["start", "fork"])
    while server.updates.pending:
        await asyncio.sleep(0.002)
    await ended(running)
    assert await troubles(parts) == []


async def ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_bot_that_ends_acknowledges_what_it_took_and_nothing_else(
    parts: Parts, intake: Intake, ann: Person, server: TelegramServer
) -> None:
    polling = Polling(parts.bot, intake)
    await polling.say_goodbye()
    assert server.called("getUpdates") == []
    running = asyncio.create_task(polling.run())
    await until_shown(parts, ann.id, ["start"])
    await asyncio.sleep(0.01)
    await ended(running)
    await polling.say_goodbye()
    assert not server.updates.pending
    await ann.say("/help")
    assert len(server.updates.pending) == 1


async def test_polling_outlives_what_may_pass(
    parts: Parts, intake: Intake, ann: Person, server: TelegramServer
) -> None:
    server.faults.flood(0, method="getUpdates")
    server.faults.reset(method="getUpdates")
    running = asyncio.create_task(Polling(parts.bot, intake).run())
    await until_shown(parts, ann.id, ["start"])
    await ended(running)


async def test_only_the_kinds_we_read_are_asked_for(
    parts: Parts, intake: Intake, ann: Person, server: TelegramServer
) -> None:
    running = asyncio.create_task(Polling(parts.bot, intake).run())
    await until_shown(parts, ann.id, ["start"])
    await ended(running)
    asked = server.called("getUpdates")[0]
    assert set(asked["allowed_updates"]) == {
        "message", "callback_query", "inline_query", "pre_checkout_query", "my_chat_member",
    }  # fmt: skip
