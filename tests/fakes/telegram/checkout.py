"""How a person pays: the bot is asked whether it still wants to sell, then it is told that it sold."""

from __future__ import annotations

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.payments import PRE_CHECKOUT_SECONDS, STARS, Invoice, Payment
from tests.fakes.telegram.query import Query
from tests.fakes.telegram.refusal import Body
from tests.fakes.telegram.world import World

TIMED_OUT = "the bot did not answer in time"


class Checkout:
    """One payer's."""

    def __init__(self, world: World, payer: Body) -> None:
        self._world = world
        self._payer = payer

    async def pay(self, invoice: Invoice, chat: Chat, within: float) -> Payment:
        """Fails when the bot says no, or nothing for 10 s of the server's clock. TimeoutError after real seconds."""
        query = self._ask(invoice)
        payment = Payment(query.person, invoice)
        await query.bell.until(lambda: query.answer or self._late(query) or None, within, "the pre-checkout answer")
        if query.answer is None or not query.answer.ok:
            payment.error = query.answer.error if query.answer else TIMED_OUT
            return payment
        self._world.payments.pay(payment, self._payer, self._world.clock.date())
        payment.message = self._told(payment, chat)
        self.tell(payment)
        return payment

    def tell(self, payment: Payment) -> None:
        """The update with the successful payment."""
        self._world.emit("message", payment.message, f"chat {payment.message['chat']['id']}")

    def _late(self, query: Query) -> bool:
        return self._world.clock.now() > query.ends

    def _ask(self, invoice: Invoice) -> Query:
        query = self._world.queries.open("pre_checkout_query", self._payer["id"], PRE_CHECKOUT_SECONDS)
        told = {"id": query.id, "from": self._payer, **_price(invoice)}
        self._world.emit("pre_checkout_query", told, f"checkout {self._payer['id']}")
        return query

    def _told(self, payment: Payment, chat: Chat) -> Body:
        paid = {**_price(payment.invoice), "telegram_payment_charge_id": payment.charge}
        body: Body = {"message_id": chat.next_id(), "date": self._world.clock.date(), "chat": chat.body}
        body |= {"from": self._payer, "successful_payment": {**paid, "provider_payment_charge_id": ""}}
        return chat.add(Message(body)).body


def _price(invoice: Invoice) -> Body:
    return {"currency": STARS, "total_amount": invoice.amount, "invoice_payload": invoice.payload}
