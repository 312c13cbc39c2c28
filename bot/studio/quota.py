"""Quotas: how much one creator may send and keep, so that nobody fills the house."""

from __future__ import annotations

from collections import OrderedDict, deque

from bot.clips.deposit import Deposits
from bot.store.port import Store
from bot.studio.creator import Creator, Denied, Why

HOUR = 3_600_000
GIBIBYTE = 1024 * 1024 * 1024
MOST_CREATORS = 10_000
"""Creators whose uploads of the last hour are remembered."""


class Quota:
    """Of one worker as far as uploads are counted, of all as far as stories are. Raises `Denied`."""

    def __init__(
        self, store: Store, stories: int = 20, uploads: int = 120, clip_bytes: int = GIBIBYTE,
        sent_bytes: int = 2 * GIBIBYTE,
    ) -> None:  # fmt: skip
        """The most stories that one owns, uploads that one sends in an hour and their bytes, and bytes of a story's
        clips."""
        self._store = store
        self._stories = stories
        self._uploads = uploads
        self._clip_bytes = clip_bytes
        self._sent_bytes = sent_bytes
        self._sent: OrderedDict[int, deque[tuple[int, int]]] = OrderedDict()
        """When each creator sent something in the last hour, and how large it was."""

    async def may_begin(self, creator: Creator) -> None:
        """Whether they may own one more story."""
        roles = await self._store.roles_of(creator.viewer)
        if sum(row.role == "owner" for row in roles) >= self._stories:
            raise Denied(Why.MANY_STORIES, str(self._stories))

    def may_send(self, creator: Creator, at: int, size: int = 0) -> None:
        """Count an upload of so many bytes."""
        sent = self._sent.setdefault(creator.viewer, deque())
        self._sent.move_to_end(creator.viewer)
        while sent and sent[0][0] <= at - HOUR:
            sent.popleft()
        if sent and (len(sent) >= self._uploads or sum(one for _, one in sent) + size > self._sent_bytes):
            raise Denied(Why.MANY_UPLOADS, str(max(1, (sent[0][0] + HOUR - at) // 60_000)))
        sent.append((at, size))
        if len(self._sent) > MOST_CREATORS:
            self._sent.popitem(last=False)

    def may_keep(self, clips: Deposits) -> None:
        """Whether a story's clips are not too much together."""
        if sum(clip.size for clip in clips.values()) > self._clip_bytes:
            raise Denied(Why.MUCH, str(self._clip_bytes // 1024 // 1024))
