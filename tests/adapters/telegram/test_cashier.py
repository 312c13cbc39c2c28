"""Payments: an offer that cannot be changed, a price that is right when it is paid, and each Star counted once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from telegram import PreCheckoutQuery, SuccessfulPayment, User

from adapters.telegram.cashier import CURRENCY, DESCRIPTION, MOST_STARS, TITLE, Cashier, Offer
from adapters.telegram.chat import Chat
from adapters.words import LANGUAGES, words
from bot.delivery.parcel import Note, unwrap
from bot.store.port import EventKey
from bot.story.limits import MAX_ID
from bot.story.story import Story
from tests.adapters.telegram.conftest import Parts
from tests.bot.story.draft import read
from tests.fakes.house import START, House
from tests.fakes.priced import TOLLGATE
from tests.fakes.telegram import Person, TelegramServer
from tests.fakes.telegram.refusal import BadRequest
from tests.fakes.visitor import Visitor

PAYLOAD = 128
"""Bytes of an invoice's payload (Bot API, sendInvoice)."""

SAID = words("en")


@pytest.fixture
async def story(parts: Parts, house: House) -> Story:
    house.write("tollgate", TOLLGATE)
    await parts.app.library.load(START)
    return parts.app.library.stories["tollgate"]


async def offers(parts: Parts, story: Story, user: int = 5) -> list[Offer]:
    return await parts.cashier.offers(story, "house", user, SAID)


def asked(offer: Offer, user: int = 5, **changes: object) -> PreCheckoutQuery:
    details: dict[str, object] = {"currency": CURRENCY, "total_amount": offer.stars, "invoice_payload": offer.payload}
    return PreCheckoutQuery("1", User(user, "Ann", is_bot=False), **{**details, **changes})  # type: ignore[arg-type]


def paid(offer: Offer, charge: str = "charge") -> SuccessfulPayment:
    return SuccessfulPayment(CURRENCY, offer.stars, offer.payload, charge, "")


async def take(parts: Parts, offer: Offer, user: int = 5, charge: str = "charge", event: str = "1") -> None:
    await parts.cashier.take(EventKey("telegram", event), Chat(user), user, paid(offer, charge), "en")


async def bought(parts: Parts, user: int = 5) -> frozenset[str]:
    viewer = await parts.app.store.viewer("telegram", str(user))
    return await parts.app.store.bought(viewer.id, "tollgate")


async def notes(parts: Parts) -> list[str]:
    unwrapped = [unwrap(card.body) for card in await parts.app.store.pending("telegram", 0, 100)]
    return [one.note for one in unwrapped if isinstance(one, Note)]


# -- the offer


async def test_an_episode_and_all_that_are_left_are_offered(parts: Parts, story: Story) -> None:
    one, all_left = await offers(parts, story)
    assert (one.episode, one.stars, one.title) == ("house", 50, "The house")
    assert (all_left.episode, all_left.stars, all_left.title) == ("", 120, "Tollgate")
    assert [(price.label, price.amount) for price in all_left.prices] == [("Tollgate", 120)]
    await take(parts, one)
    [bank] = await parts.cashier.offers(story, "bank", 5, SAID)
    assert (bank.episode, bank.stars) == ("bank", 70)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_longest_offer_fits_into_an_invoice(parts: Parts, language: str) -> None:
    letters, name = "t" * MAX_ID, "🎭" * 120
    text = f"""
        title: {name}
        language: en
        episodes:
          free: {{title: F, scenes: {{s: {{choices: {{on: {{label: On, to: t}}}}}}}}}}
          {letters}: {{title: {name}, price: 5000, scenes: {{t: {{choices: {{on: {{label: On, to: u}}}}}}}}}}
          last: {{title: {name}, price: 5000, scenes: {{u: {{ending: {{title: End, kind: open}}}}}}}}
    """
    story = replace(read(text), id="s" * MAX_ID)
    found = await parts.cashier.offers(story, letters, 5, words(language))
    assert len(found) == 2
    for offer in found:
        assert await parts.sender.invoice_link(Chat(5), offer)
        assert len(offer.payload.encode()) <= PAYLOAD
        assert 1 <= len(offer.title.encode("utf-16-le")) // 2 <= TITLE
        assert 1 <= len(offer.description.encode("utf-16-le")) // 2 <= DESCRIPTION


async def test_more_than_one_invoice_may_ask_for_is_not_offered_at_once(parts: Parts, house: House) -> None:
    house.write("tollgate", TOLLGATE.replace("price: 50", f"price: {MOST_STARS}"))
    await parts.app.library.load(START)
    assert len(await offers(parts, parts.app.library.stories["tollgate"])) == 1


# -- the check before it is paid


async def test_an_offer_that_is_good_is_not_refused(parts: Parts, story: Story) -> None:
    for offer in await offers(parts, story):
        assert await parts.cashier.refusal(asked(offer)) is None


async def test_an_offer_with_another_price_or_currency_is_stale(parts: Parts, story: Story) -> None:
    one, _ = await offers(parts, story)
    assert await parts.cashier.refusal(asked(one, total_amount=1)) == "pay_stale"
    assert await parts.cashier.refusal(asked(one, currency="EUR")) == "pay_stale"


async def test_a_price_that_has_changed_since_is_stale(parts: Parts, house: House, story: Story) -> None:
    one, all_left = await offers(parts, story)
    house.write("tollgate", TOLLGATE.replace("price: 50", "price: 60"))
    await parts.app.library.load(START)
    assert [await parts.cashier.refusal(asked(offer)) for offer in (one, all_left)] == ["pay_stale", "pay_stale"]


async def test_what_one_has_is_not_paid_again(parts: Parts, story: Story) -> None:
    one, all_left = await offers(parts, story)
    await take(parts, one)
    assert await parts.cashier.refusal(asked(one)) == "pay_bought"
    # The offer of all was made when there was more left to buy.
    assert await parts.cashier.refusal(asked(all_left)) == "pay_stale"
    assert await parts.cashier.refusal(asked(one, user=6)) is None
    await take(parts, all_left, charge="all", event="2")
    assert await parts.cashier.refusal(asked(all_left)) == "pay_bought"


async def test_an_episode_that_is_gone_is_stale(parts: Parts, story: Story) -> None:
    one, _ = await offers(parts, story)
    del parts.app.library.stories["tollgate"]
    assert await parts.cashier.refusal(asked(one)) == "pay_stale"


async def test_an_offer_that_was_changed_is_stale(parts: Parts, story: Story) -> None:
    one, _ = await offers(parts, story)
    cheaper = one.payload.replace(":50", ":1")
    assert cheaper != one.payload
    assert await parts.cashier.refusal(asked(one, invoice_payload=cheaper, total_amount=1)) == "pay_stale"
    others = Cashier(parts.app, parts.bot, b"another secret", lambda: START)
    assert await others.refusal(asked(one)) == "pay_stale"


@pytest.mark.parametrize(
    "payload", ["", "x" * 128, "a:b:c", "é" * 24 + "tollgate:house:50", "\ud800" * 30, ":::", "0" * 24]
)
async def test_any_other_payload_is_stale(parts: Parts, story: Story, payload: str) -> None:
    one, _ = await offers(parts, story)
    assert await parts.cashier.refusal(asked(one, invoice_payload=payload)) == "pay_stale"
    await parts.cashier.take(
        EventKey("telegram", "1"), Chat(5), 5, SuccessfulPayment(CURRENCY, 50, payload, "charge", ""), "en"
    )
    assert await parts.app.store.purchase("charge") is None


# -- the purchase


async def test_a_payment_counts_once_however_often_it_comes(parts: Parts, story: Story) -> None:
    one, _ = await offers(parts, story)
    for event in ("1", "1", "2"):
        await take(parts, one, event=event)
    assert await bought(parts) == {"house"}
    assert await notes(parts) == ["paid"]


async def test_stars_are_given_back_once_and_the_episode_closes(
    parts: Parts, story: Story, ann: Person, server: TelegramServer
) -> None:
    visitor = Visitor(parts.app, str(ann.id), "telegram", address=f"telegram:{ann.id}")
    await visitor.open("tollgate")
    await visitor.tap("knock")
    one, _ = await offers(parts, story, ann.id)
    await take(parts, one, ann.id)
    assert (await parts.app.current("telegram", str(ann.id), visitor.session)).state.held is None
    await parts.cashier.refunded("charge")
    await parts.cashier.refunded("charge")
    assert (await parts.app.current("telegram", str(ann.id), visitor.session)).state.held is not None
    assert await bought(parts, ann.id) == frozenset()
    assert (await notes(parts)).count("refunded") == 1
    # By then it is refunded already: Telegram is not asked.
    assert await parts.cashier.refund("charge") is None
    assert server.called("refundStarPayment") == []


async def test_an_owner_refunds_a_real_payment_even_if_telegram_did_it_before(
    parts: Parts, story: Story, ann: Person, server: TelegramServer
) -> None:
    one, _ = await offers(parts, story, ann.id)
    server.updates.set_allowed(["message", "pre_checkout_query"])
    payment = await paying(parts, ann, one)
    await take(parts, one, ann.id, payment)
    await parts.bot.refund_star_payment(ann.id, payment)
    purchase = await parts.cashier.refund(payment)
    assert purchase is not None
    assert purchase.stars == 50
    assert await bought(parts, ann.id) == frozenset()


async def paying(parts: Parts, ann: Person, offer: Offer) -> str:
    """Ann pays, and the bot lets it happen: the charge."""
    await parts.sender.invoice(Chat(ann.id), offer)
    waiting = asyncio.create_task(ann.pay(ann.home.last))
    while not (found := [one for one in await parts.bot.get_updates(timeout=1) if one.pre_checkout_query]):
        pass
    query = found[0].pre_checkout_query
    assert query is not None
    assert await parts.cashier.refusal(query) is None
    await query.answer(ok=True)
    return (await waiting).charge


async def test_what_is_unknown_cannot_be_refunded(parts: Parts) -> None:
    assert await parts.cashier.refund("nothing") is None
    await parts.cashier.refunded("nothing")
    assert await notes(parts) == []


async def test_a_payment_for_a_story_that_is_gone_is_kept(parts: Parts, story: Story) -> None:
    one, _ = await offers(parts, story)
    del parts.app.library.stories["tollgate"]
    await take(parts, one)
    assert await bought(parts) == {"house"}


async def test_a_refund_that_a_crash_cut_short_is_told_all_the_same(parts: Parts, story: Story) -> None:
    one, _ = await offers(parts, story)
    await take(parts, one)
    await parts.app.store.refund("charge", START)
    await parts.cashier.refunded("charge")
    await parts.cashier.refunded("charge")
    assert await notes(parts) == ["paid", "refunded"]


async def test_a_refund_that_telegram_refuses_changes_nothing(
    parts: Parts, story: Story, ann: Person, server: TelegramServer
) -> None:
    server.faults.refuse(BadRequest("CHARGE_ID_INVALID"), method="refundStarPayment", times=None)
    one, _ = await offers(parts, story, ann.id)
    await take(parts, one, ann.id, "never-paid")
    assert await parts.cashier.refund("never-paid") is None
    assert await bought(parts, ann.id) == {"house"}


async def test_a_payment_for_nothing_we_offer_is_set_aside_with_its_number(parts: Parts, story: Story) -> None:
    one, _ = await offers(parts, story)
    await take(parts, replace(one, payload="forged"), charge="odd")
    [trouble] = await parts.app.store.troubles(10)
    assert "odd" in trouble.error
    assert await bought(parts) == frozenset()
