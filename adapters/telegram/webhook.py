"""The webhook: Telegram calls us, and hears "taken" once an update is durable."""

from __future__ import annotations

import asyncio
import hmac
from hashlib import sha256
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import TelegramError

from adapters.telegram.intake import Intake
from adapters.telegram.request import AiohttpRequest
from bot.store.errors import StoreError

log = structlog.get_logger()

HEADER = "x-telegram-bot-api-secret-token"
LOOK = 60.0
"""Seconds between two looks at whom Telegram calls."""

LARGEST = 1_000_000
"""Bytes of an update; the largest ones seen are some 30 KB."""


def secret_of(key: bytes, token: str) -> str:
    """The secret that Telegram is to send along: ours, and another one for each bot."""
    return hmac.digest(key, f"telegram webhook\0{token}".encode(), sha256).hex()


class Webhook:
    """The route at the path of `url`. Until there is an intake, Telegram is asked to come again."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret
        self.intake: Intake | None = None

    async def watch(self, bot: Bot) -> None:
        """Look until cancelled whether Telegram still calls us: another bot with the same token ends that."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                told = await bot.get_webhook_info()
            except TelegramError as error:
                log.info("webhook_unknown", error=type(error).__name__)
                continue
            if told.url != self.url:
                log.warning("telegram_calls_another", help="stop the other bot with this token, then restart this one")

    def route(self) -> Route:
        """For the web server."""
        return Route(urlsplit(self.url).path or "/", self._call, methods=["POST"])

    async def _call(self, request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not self.secret or not hmac.compare_digest(given.encode("utf-8", "replace"), self.secret.encode()):
            return Response(status_code=401)
        try:
            update = await _update(request)
        except ValueError:
            return Response(status_code=400)
        except ClientDisconnect:
            return Response(status_code=499)
        if self.intake is None:
            return Response(status_code=503)
        try:
            await asyncio.shield(self.intake.take(update))
        except StoreError as error:
            log.warning("update_refused", error=str(error))
            return Response(status_code=503)
        return Response(status_code=200)


async def _update(request: Request) -> dict[str, object]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise ValueError("too large")
    try:
        update = AiohttpRequest.parse_json_payload(body)
    except TelegramError:
        raise ValueError("no JSON") from None
    if not isinstance(update, dict):
        raise ValueError("no update")
    return update
