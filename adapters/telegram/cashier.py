"""Payments with Stars: an offer, the check before it is paid, the purchase, and giving the Stars back."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import structlog
from telegram import Bot, LabeledPrice, PreCheckoutQuery, SuccessfulPayment
from telegram.error import BadRequest

from adapters.telegram import trouble
from adapters.telegram.chat import PLATFORM, Chat
from adapters.text import cut
from adapters.words import Words
from bot.app import App
from bot.delivery.parcel import Note, wrap_note
from bot.library import UnknownStory
from bot.store.port import EventKey, OutboxCard, Purchase, Trouble
from bot.story.story import Story

log = structlog.get_logger()

CURRENCY = "XTR"
TITLE, DESCRIPTION = 32, 255
"""UTF-16 units of an invoice's title and description (Bot API, sendInvoice)."""

MOST_STARS = 10_000
"""Stars that one invoice may ask for."""

SIGNATURE = 24
"""Hexadecimal digits of the signature in a payload of at most 128 bytes."""

WHOLE = ""
REFUNDED_BEFORE = "already_refunded"


@dataclass(frozen=True, slots=True)
class Offer:
    """An episode, or with `episode` "" all that are left of a story, for so many Stars."""

    story: str
    episode: str
    stars: int
    title: str
    description: str
    payload: str

    @property
    def prices(self) -> list[LabeledPrice]:
        """Stars have no fractions and exactly one price."""
        return [LabeledPrice(self.title, self.stars)]


class Cashier:
    """One bot's."""

    def __init__(self, app: App, bot: Bot, secret: bytes, now: Callable[[], int]) -> None:
        self._app = app
        self._bot = bot
        self._key = hmac.digest(secret, b"telegram invoice", sha256)
        self._now = now

    async def offers(self, story: Story, episode: str, user: int, words: Words) -> list[Offer]:
        """The episode, and all that are left where that is more and one invoice can ask for it."""
        wording = story.wording(words.language)
        name = wording.plain("title")
        title = wording.plain(f"episode/{episode}")
        price = story.episodes[episode].price
        found = [self._offer(story, episode, price, title, words("invoice_one", story=name))]
        left = await self._left(story, user)
        if len(left) > 1 and sum(left.values()) <= MOST_STARS:
            found.append(self._offer(story, WHOLE, sum(left.values()), name, words("invoice_all", story=name)))
        return found

    async def refusal(self, query: PreCheckoutQuery) -> str | None:
        """Why an offer can no longer be paid (a key of `Words`); None when it can. Raises `StoreError`."""
        offered = self._read(query.invoice_payload)
        if offered is None or query.currency != CURRENCY:
            return "pay_stale"
        story_id, episode, stars = offered
        story = self._app.library.stories.get(story_id)
        if story is None or (episode and episode not in story.episodes):
            return "pay_stale"
        left = await self._left(story, query.from_user.id)
        price = left.get(episode, 0) if episode else sum(left.values())
        if not price:
            return "pay_bought"
        return None if price == stars == query.total_amount else "pay_stale"

    async def take(self, key: EventKey, chat: Chat, user: int, payment: SuccessfulPayment, language: str) -> None:
        """The Stars are ours: grant what they were for, once, and let the viewer in. Raises `StoreError`."""
        offered = self._read(payment.invoice_payload)
        if offered is None:
            charge = payment.telegram_payment_charge_id
            log.error("payment_unknown", charge=charge)
            await self._app.store.set_aside(Trouble(key, f"paid, but for nothing we offer: {charge}", self._now()))
            return
        story, episode, _ = offered
        viewer = await self._app.store.viewer(PLATFORM, str(user))
        purchase = Purchase(
            payment.telegram_payment_charge_id, PLATFORM, str(user), viewer.id, story, episode, payment.total_amount,
            self._now(),
        )  # fmt: skip
        thanks = wrap_note(Note("paid", str(user), {"language": language}))
        await self._app.store.buy(key, purchase, [OutboxCard(PLATFORM, chat.address, 0, 0, thanks)])
        await self._admit(key, user, story)

    async def refund(self, charge: str) -> Purchase | None:
        """Give Stars back: the purchase, or None when there is no such or it was given back before."""
        purchase = await self._app.store.purchase(charge)
        if purchase is None or purchase.refunded is not None or not purchase.user:
            return None
        try:
            await self._bot.refund_star_payment(int(purchase.user), charge)
        except BadRequest as error:
            if not trouble.says(error, REFUNDED_BEFORE):
                log.error("refund_refused", charge=charge, reason=error.message)
                return None
        await self.refunded(charge)
        return purchase

    async def refunded(self, charge: str) -> None:
        """The Stars are back with whom they came from: what they were for is closed again."""
        purchase = await self._app.store.purchase(charge)
        if purchase is None or not purchase.user:
            return
        # Marked before already, the rest may still be missing: a crash came between. It happens once for its key.
        await self._app.store.refund(charge, self._now())
        note = wrap_note(Note("refunded", purchase.user, {"stars": str(purchase.stars)}))
        key = EventKey(PLATFORM, f"refund:{charge}")
        await self._app.post(key, [OutboxCard(PLATFORM, purchase.user, 0, 0, note)])
        await self._admit(key, int(purchase.user), purchase.story)

    async def _admit(self, key: EventKey, user: int, story: str) -> None:
        try:
            await self._app.admit(key, PLATFORM, str(user), story, self._now())
        except UnknownStory:
            log.warning("paid_story_gone", story=story)

    async def _left(self, story: Story, user: int) -> dict[str, int]:
        """The prices of the episodes that this person has not bought."""
        viewer = await self._app.store.viewer(PLATFORM, str(user))
        bought = await self._app.store.bought(viewer.id, story.id)
        if WHOLE in bought:
            return {}
        return {one.id: one.price for one in story.episodes.values() if one.price and one.id not in bought}

    def _offer(self, story: Story, episode: str, stars: int, title: str, description: str) -> Offer:
        body = f"{story.id}:{episode}:{stars}"
        payload = f"{self._sign(body)}{body}"
        return Offer(story.id, episode, stars, cut(title, TITLE), cut(description, DESCRIPTION), payload)

    def _read(self, payload: str) -> tuple[str, str, int] | None:
        signature, body = payload[:SIGNATURE], payload[SIGNATURE:]
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._sign(body).encode()):
            return None
        story, episode, stars = body.split(":")
        return story, episode, int(stars)

    def _sign(self, body: str) -> str:
        return hmac.digest(self._key, body.encode("utf-8", "surrogatepass"), sha256).hex()[:SIGNATURE]
