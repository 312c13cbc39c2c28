"""An attachment: a file that somebody sent with a command, fetched from where Discord keeps it and nowhere else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import yarl

HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Where Discord keeps what is uploaded (Discord, reference: CDN formatting)."""

OWN_HOST = "discord.com"
"""Discord's REST API; another one serves its uploads itself."""

HTTPS = 443

MOST = 25 * 1024 * 1024
"""Bytes of a file that is fetched."""

SECONDS = 120.0
"""For a whole file."""

AT_ONCE = 4
"""Files on their way at a time: more wait."""

PIECE = 64 * 1024

ELSEWHERE = "That file does not lie with Discord."
LOST = "I could not fetch the file from Discord. Send it again."
TOO_LARGE = "A file may have {most} MB here. Make clips smaller, and send those of a zip one by one."


class Unfetched(Exception):
    """The file is not there; the message says why, to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as an interaction names it. Nothing in it can be trusted but that Discord passed it on."""

    url: str
    name: str
    size: int


class Attachments:
    """Fetches them. `api_url` is the REST API's: one that is not Discord's own is where its uploads are, too."""

    def __init__(self, api_url: str) -> None:
        api = yarl.URL(api_url)
        self._origin = None if api.host == OWN_HOST else api.origin()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, attachment: Attachment, to: Path) -> None:
        """Write it to that file. Raises `Unfetched`."""
        url = self.address(attachment.url)
        if attachment.size > MOST:
            raise _too_large()
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                self._turns,
                aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
                # A redirect could lead anywhere.
                session.get(url, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise Unfetched(LOST)
                await _written(response.content, to)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Unfetched(LOST) from error

    def address(self, written: str) -> yarl.URL:
        """The address, where it is one of Discord's. Raises `Unfetched`."""
        try:
            url = yarl.URL(written)
            discords = url.scheme == "https" and url.host in HOSTS and url.port == HTTPS
            mine = self._origin is not None and url.origin() == self._origin
        except ValueError as error:
            raise Unfetched(ELSEWHERE) from error
        if not (discords or mine) or url.user is not None or url.password is not None:
            raise Unfetched(ELSEWHERE)
        return url


async def _written(content: aiohttp.StreamReader, to: Path) -> None:
    """Whatever size was told, no more than `MOST` is taken."""
    size = 0
    with to.open("wb") as file:
        async for piece in content.iter_chunked(PIECE):
            size += len(piece)
            if size > MOST:
                raise _too_large()
            file.write(piece)


def _too_large() -> Unfetched:
    return Unfetched(TOO_LARGE.format(most=MOST // 1024 // 1024))
