"""The bot's answers to what people ask with taps, inline queries, Mini Apps and payments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.fakes.telegram import limits
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.refusal import BadRequest, Body, Violation
from tests.fakes.telegram.world import Answer, World

PREPARED_SECONDS = 24 * 3600
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class CallbackAnswer:
    """What a person sees after a tap: nothing, a passing notice, or an alert to close."""

    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(frozen=True)
class InlineAnswer:
    """What a person can choose from."""

    results: list[Body] = field(default_factory=list)
    button: Body | None = None
    cache_seconds: int = 300
    personal: bool = False
    next_offset: str = ""


@dataclass(frozen=True)
class CheckoutAnswer:
    """Whether the bot still wants to sell; `error` says why not."""

    ok: bool
    error: str = ""


async def answer_callback(world: World, parameters: Parameters) -> bool:
    text = parameters.text("text")
    if len(text) > limits.CALLBACK_ANSWER:
        raise Violation("MESSAGE_TOO_LONG: a callback answer holds 200 characters")
    answer = CallbackAnswer(text, parameters.flag("show_alert"), parameters.text("url"))
    world.queries.answer("callback_query", parameters.text("callback_query_id"), answer)
    return True


async def answer_inline(world: World, parameters: Parameters) -> bool:
    results: list[Body] = parameters.structure("results") or []
    if len(results) > limits.INLINE_RESULTS:
        raise Violation("RESULTS_TOO_MUCH")
    ids = [str(result["id"]) for result in results]
    if len(set(ids)) != len(ids):
        raise Violation("RESULT_ID_DUPLICATE")
    for result in results:
        check_result(result)
    button = parameters.structure("button")
    if button and "start_parameter" in button and not _START.fullmatch(button["start_parameter"]):
        raise Violation("START_PARAM_INVALID")
    answer = InlineAnswer(
        results,
        button,
        parameters.integer("cache_time", 300),
        parameters.flag("is_personal"),
        parameters.text("next_offset"),
    )
    world.queries.answer("inline_query", parameters.text("inline_query_id"), answer)
    return True


def check_result(result: Body) -> None:
    """The limits of one inline result, and of the message it would become."""
    if not 1 <= len(str(result["id"]).encode()) <= limits.CALLBACK_DATA:
        raise Violation("RESULT_ID_INVALID")
    limits.keyboard(result.get("reply_markup"), private=False)
    content = result.get("input_message_content")
    if content and "message_text" in content:
        said = {**content, "text": content["message_text"]}
        limits.message_text(
            Parameters({name: said[name] for name in ("text", "parse_mode", "entities") if name in said})
        )
    limits.message_caption(result, result.get("caption_entities"))


async def answer_web_app(world: World, parameters: Parameters) -> Body:
    result = parameters.structure("result")
    check_result(result)
    world.queries.answer("web_app_query", parameters.text("web_app_query_id"), result)
    return {"inline_message_id": f"webapp{next(world.numbers)}"}


async def save_prepared(world: World, parameters: Parameters) -> Body:
    if parameters.integer("user_id") not in world.people:
        raise BadRequest("USER_ID_INVALID")
    result = parameters.structure("result")
    check_result(result)
    prepared = f"prepared{next(world.numbers)}"
    world.prepared[prepared] = result
    return {"id": prepared, "expiration_date": world.clock.date() + PREPARED_SECONDS}


async def answer_pre_checkout(world: World, parameters: Parameters) -> bool:
    ok, error = parameters.flag("ok"), parameters.text("error_message")
    if not ok and not error:
        raise Violation("error_message is required when ok is false")
    query_id = parameters.text("pre_checkout_query_id")
    world.queries.answer("pre_checkout_query", query_id, CheckoutAnswer(ok, error))
    return True


async def refund(world: World, parameters: Parameters) -> bool:
    person = parameters.integer("user_id")
    payer = world.people.get(person)
    if payer is None:
        raise BadRequest("USER_ID_INVALID")
    charge = parameters.text("telegram_payment_charge_id")
    payment = world.payments.refund(person, charge, payer, world.clock.date())
    told = {
        "currency": "XTR",
        "total_amount": payment.invoice.amount,
        "invoice_payload": payment.invoice.payload,
        "telegram_payment_charge_id": charge,
    }
    message = {**payment.message, "date": world.clock.date(), "refunded_payment": told}
    message.pop("successful_payment", None)
    message["message_id"] = world.chats[message["chat"]["id"]].next_id()
    world.emit("message", message, f"chat {message['chat']['id']}")
    return True


async def transactions(world: World, parameters: Parameters) -> Body:
    first, limit = parameters.integer("offset"), parameters.integer("limit", 100)
    if not 1 <= limit <= 100:
        raise Violation("limit must be 1-100")
    return {"transactions": world.payments.transactions[first : first + limit]}


METHODS: dict[str, Answer] = {
    "answerCallbackQuery": answer_callback,
    "answerInlineQuery": answer_inline,
    "answerWebAppQuery": answer_web_app,
    "savePreparedInlineMessage": save_prepared,
    "answerPreCheckoutQuery": answer_pre_checkout,
    "refundStarPayment": refund,
    "getStarTransactions": transactions,
}
