"""Telegram Stars: who paid for what, what went wrong, what was given back."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.refusal import BadRequest, Body, Violation

STARS = "XTR"
PRE_CHECKOUT_SECONDS = 10
MOST_STARS = 10_000


@dataclass(frozen=True)
class Invoice:
    """What the bot asks for; `payload` is its own note."""

    title: str
    description: str
    payload: str
    amount: int


@dataclass(eq=False)
class Payment:
    """`error` says why nothing was paid; otherwise `charge` names it, once and for all."""

    person: int
    invoice: Invoice
    charge: str = ""
    error: str = ""
    refunded: bool = False
    message: Body = field(default_factory=dict)
    """The service message with successful_payment."""

    @property
    def paid(self) -> bool:
        return bool(self.charge)


class Payments:
    """The bot's ledger."""

    def __init__(self) -> None:
        self.made: dict[str, Payment] = {}
        """By charge, oldest first."""
        self.transactions: list[Body] = []
        """As getStarTransactions gives them."""
        self.links: dict[str, Invoice] = {}
        self._numbers = count(1)

    def link(self, invoice: Invoice) -> str:
        """A link under which anybody can pay."""
        url = f"https://t.me/$invoice{next(self._numbers)}"
        self.links[url] = invoice
        return url

    def pay(self, payment: Payment, payer: Body, date: int) -> None:
        """The Stars change hands."""
        payment.charge = f"stxCharge{payment.person}_{next(self._numbers)}"
        self.made[payment.charge] = payment
        self._note(payment, date, source=_partner(payer, payment))

    def refund(self, person: int, charge: str, payer: Body, date: int) -> Payment:
        """BadRequest when that person did not pay this, or has it back already."""
        payment = self.made.get(charge)
        if payment is None or payment.person != person or payment.refunded:
            raise BadRequest("CHARGE_ALREADY_REFUNDED")
        payment.refunded = True
        self._note(payment, date, receiver=_partner(payer, payment))
        return payment

    def _note(self, payment: Payment, date: int, **partner: Any) -> None:
        self.transactions.append({"id": payment.charge, "amount": payment.invoice.amount, "date": date, **partner})


def read_invoice(parameters: Parameters) -> Invoice:
    """The invoice of a call: Stars only, one price, no provider."""
    if parameters.text("currency") != STARS:
        raise Violation("PAYMENT_PROVIDER_INVALID")
    if parameters.text("provider_token"):
        raise Violation("PAYMENT_PROVIDER_INVALID: Stars take an empty provider_token")
    prices = parameters.structure("prices") or []
    if len(prices) != 1 or not 1 <= int(prices[0]["amount"]) <= MOST_STARS:
        raise Violation("INVOICE_TOTAL_AMOUNT_INVALID: Stars take exactly one price of 1-10000")
    return Invoice(
        parameters.text("title"),
        parameters.text("description"),
        parameters.text("payload"),
        int(prices[0]["amount"]),
    )


def _partner(payer: Body, payment: Payment) -> Body:
    return {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": payer,
        "invoice_payload": payment.invoice.payload,
    }
