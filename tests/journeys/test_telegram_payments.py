"""Episodes that are sold: the price known before, paid once, refunded, and never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram.chat import PLATFORM
from bot.app import App
from tests.fakes.on_telegram import OWNER, bot_at
from tests.fakes.priced import TOLLGATE
from tests.fakes.telegram import Chat, Message, Person, TelegramServer
from tests.fakes.viewing import begun, session_of, waits

STORY = "tollgate"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A story with a free episode, one for 50 Stars and one for 70."""
    folder = tmp_path / "stories" / STORY
    folder.mkdir(parents=True)
    folder.joinpath("story.yaml").write_text(TOLLGATE, "utf-8")
    return tmp_path / "stories"


async def billed(person: Person, chat: Chat) -> Message:
    """The invoice at the end of the free episode."""
    first = await begun(person, chat, STORY)
    await person.tap(first, "Knock")
    return await chat.shown(lambda message: message.invoice is not None)


async def bought(app: App, person: Person) -> frozenset[str]:
    viewer = await app.store.viewer(PLATFORM, str(person.id))
    return await app.store.bought(viewer.id, STORY)


async def test_the_prices_are_known_before_the_first_episode(
    server: TelegramServer, tmp_path: Path, stories: Path
) -> None:
    ann = server.person("Ann")
    async with bot_at(server, tmp_path, stories):
        await ann.say("/start")
        booklet = await server.private(ann).shown(lambda message: "Tollgate" in message.text)
    assert "The street · free" in booklet.text
    assert "The house · 50 ⭐" in booklet.text
    assert "together cost 120 ⭐" in booklet.text


async def test_an_episode_is_paid_and_the_story_goes_on(server: TelegramServer, tmp_path: Path, stories: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path, stories) as app:
        invoice = await billed(ann, chat)
        assert invoice.invoice is not None
        assert invoice.invoice.amount == 50
        assert "A lobby" not in "".join(message.text for message in chat.messages)
        payment = await ann.pay(invoice)
        assert payment.paid
        await chat.shown(lambda message: "A lobby" in message.text)
        stairs = await chat.shown(lambda message: "Go up" in message.buttons)
        assert stairs.protected
        assert await bought(app, ann) == {"house"}
        await ann.pay_again(payment)
        await ann.tap(stairs, "Go up")
        vault = await chat.shown(lambda message: message.invoice is not None and message.id > stairs.id)
        assert vault.invoice is not None
        assert vault.invoice.amount == 70
        viewer = await app.store.viewer(PLATFORM, str(ann.id))
        assert len(await app.store.purchases(viewer.id)) == 1
        assert len([message for message in chat.messages if "Thank you" in message.text]) == 1


async def test_all_episodes_at_once(server: TelegramServer, tmp_path: Path, stories: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path, stories) as app:
        invoice = await billed(ann, chat)
        link = next(row[0]["url"] for row in invoice.rows if "url" in row[0])
        payment = await ann.pay_link(link)
        assert payment.invoice.amount == 120
        await chat.shown(lambda message: "Go up" in message.buttons)
        assert await bought(app, ann) == {""}
        again = await ann.pay(invoice)
        assert not again.paid
        assert "have that already" in again.error


async def test_an_offer_that_was_changed_is_not_taken(server: TelegramServer, tmp_path: Path, stories: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path, stories):
        invoice = await billed(ann, chat)
    dearer = (stories / STORY / "story.yaml").read_text("utf-8").replace("price: 50", "price: 60")
    (stories / STORY / "story.yaml").write_text(dearer, "utf-8")
    async with bot_at(server, tmp_path, stories):
        payment = await ann.pay(invoice)
    assert not payment.paid
    assert "not good any more" in payment.error


async def test_the_owner_gives_stars_back(server: TelegramServer, tmp_path: Path, stories: Path) -> None:
    ann, owner, bob = server.person("Ann"), server.person("Owner", id=OWNER), server.person("Bob")
    chat = server.private(ann)
    async with bot_at(server, tmp_path, stories, contact="help@example.org") as app:
        payment = await ann.pay(await billed(ann, chat))
        await chat.shown(lambda message: "Go up" in message.buttons)
        await ann.say("/paysupport")
        help_ = await chat.shown(lambda message: "help@example.org" in message.text)
        assert payment.charge in help_.text
        await bob.say(f"/refund {payment.charge}")
        await server.private(bob).shown(lambda message: "Tap a choice" in message.text)
        assert not server.world.payments.made[payment.charge].refunded
        await owner.say(f"/refund {payment.charge}")
        await server.private(owner).shown(lambda message: "Refunded" in message.text)
        assert server.world.payments.made[payment.charge].refunded
        await chat.shown(lambda message: "50 ⭐ was given back" in message.text)
        assert await bought(app, ann) == frozenset()
        await owner.say(f"/refund {payment.charge}")
        await server.private(owner).shown(lambda message: "given back before" in message.text)


async def test_a_payment_survives_a_restart_in_the_middle(
    server: TelegramServer, tmp_path: Path, stories: Path
) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path, stories):
        payment = await ann.pay(await billed(ann, chat))
        await chat.shown(lambda message: "Go up" in message.buttons)
    await ann.pay_again(payment)
    async with bot_at(server, tmp_path, stories) as app:
        await ann.say("/terms")
        await chat.shown(lambda message: "A paid episode is yours" in message.text)
        assert await bought(app, ann) == {"house"}
        assert (await session_of(app, ann, STORY)).revision >= 2
    assert len([message for message in chat.messages if waits(message)]) == 1
