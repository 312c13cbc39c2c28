"""A clip of the vault over HTTP, in pieces: a player's wish never brings a whole clip into memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.clips.part import Part, has_it, wanted, whole
from bot.clips.vault.kept import Kept
from bot.clips.vault.port import Vault


async def answer(vault: Vault, kept: Kept, request: Request, headers: Mapping[str, str]) -> Response:
    """200, 206, 304 or 416, with these headers too. Raises `VaultError` while there is still time to say so."""
    etag = f'"{kept.digest}"'
    about = {"etag": etag, "accept-ranges": "bytes", **headers}
    if has_it(request.headers, etag):
        return Response(status_code=304, headers=about)
    part = wanted(request.headers, kept.size, etag) if request.method == "GET" else whole(kept.size)
    if part.behind:
        return Response(status_code=416, headers={**about, "content-range": part.content_range})
    about["content-length"] = str(part.stop - part.start)
    if request.method == "HEAD":
        return Response(headers=about, media_type=kept.type)
    return await _streamed(vault, kept, part, about)


async def _streamed(vault: Vault, kept: Kept, part: Part, about: Mapping[str, str]) -> Response:
    pieces = vault.read(kept, part.start, part.stop)
    # Read before the answer begins, for once it has, a vault that is away can only cut it off.
    first = await anext(pieces)
    if not part.asked:
        return StreamingResponse(_joined(first, pieces), headers=about, media_type=kept.type)
    ranged = {**about, "content-range": part.content_range}
    return StreamingResponse(_joined(first, pieces), 206, ranged, kept.type)


async def _joined(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece
