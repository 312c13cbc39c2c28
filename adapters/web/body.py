"""What the page sends."""

from __future__ import annotations

import asyncio
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from adapters.web.mini_app import MAX_INIT_DATA
from adapters.web.refusal import Refusal

MAX_BODY = 4096
"""Bytes; a tap is about 100."""

MAX_LOGIN_BODY = 3 * MAX_INIT_DATA
"""Bytes; more than there can be of `initData` as JSON."""

BODY_SECONDS = 10
"""How long a body may take to arrive; a call that never ends would be waited for."""

Id = Annotated[str, Field(min_length=1, max_length=64)]
Revision = Annotated[int, Field(ge=0, le=2**53)]


class Body(BaseModel):
    """`event` is made by the page for each thing a viewer does, and sent again unchanged when it repeats a call."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    event: Id


class OpenBody(Body):
    language: Annotated[str | None, Field(max_length=20)] = None


class MoveBody(Body):
    revision: Revision


class TapBody(MoveBody):
    choice: Id
    text: Annotated[str | None, Field(max_length=400)] = None


class RewindBody(MoveBody):
    to: Annotated[int, Field(ge=0, le=100_000)]


class LanguageBody(MoveBody):
    language: Annotated[str, Field(min_length=2, max_length=20)]


class LinkBody(Body):
    code: Annotated[str, Field(max_length=64)]


class TelegramBody(BaseModel):
    """`initData` as Telegram gave it to the page. To log in twice is to log in, so there is no event."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    init_data: Annotated[str, Field(alias="initData")]


B = TypeVar("B", bound=BaseModel)


async def read(request: Request, model: type[B], most: int = MAX_BODY) -> B:
    """The call's body. Raises `Refusal`. Only JSON is taken, which no other site can make a browser send."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "bad_request", "Send application/json.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            content = await _content(request, most)
    except TimeoutError:
        raise Refusal(408, "bad_request", "The call took too long to arrive.") from None
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise Refusal(400, "bad_request", f"{where}: {first['msg']}.") from None


async def _content(request: Request, most: int) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            raise Refusal(413, "bad_request", f"A call has at most {most} bytes.")
    return bytes(content)
