"""A vault in a bucket: S3 of Amazon's, or of any server that speaks the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
import structlog
from anyio import to_thread
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from bot.clips.vault.kept import LONGEST_FACTS, Kept, VaultError, is_digest, look, read, written
from bot.clips.vault.port import FACTS, place

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

PIECE = 1024 * 1024
"""Bytes asked for at a time: what a player costs in memory, and so little that no slow viewer keeps a call open."""

PART = 5 * 1024 * 1024
"""Bytes of one part of an upload; S3 takes no smaller ones."""

PARTS = 2
"""Parts of one upload on their way at once, each of them in memory."""

CONNECT, CALL, PATIENCE = timedelta(seconds=3), timedelta(seconds=20), timedelta(seconds=30)
"""How long a connection and a call may take; and after how long a failed call is not repeated any more."""

RETRIES = 3

log = structlog.get_logger()


@dataclass(frozen=True)
class Bucket:
    """Where a bucket is and how it lets us in. What is None comes from the environment, as AWS's own tools read it."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    key_id: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")


class BucketVault:
    """Clips in a bucket. Nothing is asked of it before the first call, so it may be away when the bot starts."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._store = _store(bucket)

    async def put(self, clip: bytes | Path) -> Kept:
        """Raises `Unfit` and `VaultError`; in the bucket when it returns."""
        kept = await to_thread.run_sync(look, clip)
        if await self.find(kept.digest) is None or await self._size(kept.digest) != kept.size:
            with self._minding():
                await self._put(place(kept.digest), clip, kept.type)
                await self._put(place(kept.digest) + FACTS, written(kept), "application/json")
        return kept

    async def find(self, digest: str) -> Kept | None:
        """What is known of a clip; None when it is not here."""
        if not is_digest(digest):
            return None
        with self._minding():
            try:
                got = await obstore.get_range_async(self._store, place(digest) + FACTS, start=0, end=LONGEST_FACTS)
            except FileNotFoundError:
                return None
        return read(digest, bytes(got))

    async def read(self, kept: Kept, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Its bytes; each piece is a call of its own, repeated when it fails."""
        end = kept.size if stop is None else stop
        for at in range(start, end, PIECE):
            until = min(at + PIECE, end)
            with self._minding():
                piece = await obstore.get_range_async(self._store, place(kept.digest), start=at, end=until)
            if len(piece) != until - at:
                raise VaultError(f"{self._bucket}: {kept.digest} is shorter than it was; put that clip anew")
            yield bytes(piece)

    async def drop(self, digest: str) -> None:
        """Forget a clip, if it is here."""
        if is_digest(digest):
            # The facts first: without them the clip is not here, even if this ends in between.
            for path in (place(digest) + FACTS, place(digest)):
                with self._minding():
                    await obstore.delete_async(self._store, path)

    async def kept(self) -> AsyncIterator[Kept]:
        """Every clip that is whole. Each costs a call."""
        pages = obstore.list(self._store)
        while True:
            with self._minding():
                page = await anext(pages, None)
            if page is None:
                return
            for one in page:
                kept = await self.find(Path(one["path"]).stem) if one["path"].endswith(FACTS) else None
                if kept is not None:
                    yield kept

    async def _put(self, path: str, content: bytes | Path, kind: str) -> None:
        attributes = {"Content-Type": kind}
        await obstore.put_async(
            self._store, path, content, attributes=attributes, chunk_size=PART, max_concurrency=PARTS
        )

    async def _size(self, digest: str) -> int | None:
        with self._minding():
            try:
                return (await obstore.head_async(self._store, place(digest)))["size"]
            except FileNotFoundError:
                return None

    @contextmanager
    def _minding(self) -> Iterator[None]:
        """The library's errors in ours. None of its words: they have addresses, keys' names and the server's answer."""
        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError):
            raise VaultError(
                f"CLIPS_URL: {self._bucket} does not let the bot in; its key must allow get, put, delete and list"
            ) from None
        except FileNotFoundError:
            raise VaultError(
                f"CLIPS_URL: {self._bucket} lacks what was asked for, or there is no such bucket"
            ) from None
        except (BaseError, OSError, ValueError) as error:
            raise VaultError(
                f"CLIPS_URL: {self._bucket} cannot be reached ({type(error).__name__}); "
                "look at CLIPS_S3_ENDPOINT and CLIPS_S3_REGION, and whether the server is up"
            ) from None


def _store(bucket: Bucket) -> S3Store:
    given: S3Config = {"bucket": bucket.name}
    if bucket.endpoint is not None:
        given["endpoint"] = bucket.endpoint
    if bucket.region is not None:
        given["region"] = bucket.region
    if bucket.key_id is not None and bucket.key is not None:
        given["access_key_id"] = bucket.key_id
        given["secret_access_key"] = bucket.key
    plain = (bucket.endpoint or "").startswith("http://")
    client: ClientConfig = {"allow_http": plain, "connect_timeout": CONNECT, "timeout": CALL}
    retries: RetryConfig = {"max_retries": RETRIES, "retry_timeout": PATIENCE}
    return S3Store(prefix=bucket.prefix or None, config=given, client_options=client, retry_config=retries)
