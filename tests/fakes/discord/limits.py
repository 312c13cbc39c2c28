"""Discord's rate limits: buckets by route and channel, 50 a second overall, and how many answers were no good."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass

from tests.fakes.discord.refusal import Refused
from tests.fakes.telegram.clock import Clock

GLOBAL_A_SECOND = 50
OLD_SECONDS = 3600
OLD_EDITS = 3
"""How often a message older than an hour may be edited within an hour. Discord does not say; it is few."""

INVALID_MOST = 10_000
INVALID_SECONDS = 600
"""So many 401, 403 and 429 in so many seconds and the address is banned."""

_RULES: dict[str, tuple[int, float]] = {
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "POST /channels/{channel_id}/threads": (10, 10.0),
    "POST /channels/{channel_id}/messages/{message_id}/threads": (10, 10.0),
    "POST /webhooks/{webhook_id}/{webhook_token}": (5, 2.0),
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original": (5, 2.0),
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": (5, 2.0),
}
"""(requests, seconds); what is not here is only limited overall."""


@dataclass
class Bucket:
    """What is left of one limit, until `ends` by the server's clock."""

    name: str
    most: int
    seconds: float
    left: int
    ends: float

    def headers(self, now: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.most),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": f"{self.ends:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, self.ends - now):.3f}",
            "X-RateLimit-Bucket": self.name,
        }


class Limited(Refused):
    """429. `scope` is user (a bucket), global or shared (no fault of the caller's)."""

    def __init__(self, retry_after: float, scope: str, bucket: Bucket | None, code: int = 0, message: str = "") -> None:
        words = message or "You are being rate limited."
        super().__init__(429, code, words, retry_after=round(retry_after, 3), **{"global": scope == "global"})
        self.scope = scope
        self.bucket = bucket
        self.retry_after = retry_after

    def headers(self, now: float) -> dict[str, str]:
        """`Via` too: without it discord.py takes the answer for a ban by the network in front of Discord."""
        told = self.bucket.headers(now) if self.bucket else {}
        told |= {
            "Retry-After": str(max(1, round(self.retry_after))),
            "X-RateLimit-Scope": self.scope,
            "Via": "1.1 google",
        }
        return {**told, "X-RateLimit-Global": "true"} if self.scope == "global" else told


class Limits:
    """All buckets. `on` is whether they hold."""

    def __init__(self, clock: Clock) -> None:
        self.on = True
        self.invalid = 0
        """How many answers were 401, 403 or 429 (but not shared) so far."""
        self.floods = 0
        """How many answers were 429."""
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._overall: deque[float] = deque()
        self._recent: deque[float] = deque()

    def take(self, call: str, major: str) -> Bucket | None:
        """One request of a bucket, and of the overall limit; Limited when there is none left."""
        now = self._clock.now()
        if not call.startswith(("POST /interactions", "POST /webhooks", "PATCH /webhooks", "GET /webhooks")):
            self._take_overall(now)
        rule = _RULES.get(call)
        if rule is None:
            return None
        key = call, major
        bucket = self._buckets.get(key)
        if bucket is None or now >= bucket.ends:
            most, seconds = rule
            bucket = self._buckets[key] = Bucket(_named(call), most, seconds, most, now + seconds)
        if bucket.left == 0:
            raise Limited(bucket.ends - now, "user", bucket)
        bucket.left -= 1
        return bucket

    def note(self, status: int, scope: str = "user") -> None:
        """Counts an answer. Those of other people's limits do not count."""
        if status == 429:
            self.floods += 1
        if status in (401, 403, 429) and scope != "shared":
            self.invalid += 1
            self._recent.append(self._clock.now())

    @property
    def banned(self) -> bool:
        """Whether the address would be banned by now."""
        since = self._clock.now() - INVALID_SECONDS
        while self._recent and self._recent[0] < since:
            self._recent.popleft()
        return len(self._recent) >= INVALID_MOST

    def old_edit(self, sent: float, edits: list[float]) -> None:
        """Limited (30046) when a message older than an hour was edited too often."""
        now = self._clock.now()
        if not self.on or now - sent < OLD_SECONDS:
            return
        since = max(now - OLD_SECONDS, sent + OLD_SECONDS)
        recent = [at for at in edits if at >= since]
        if len(recent) >= OLD_EDITS:
            words = "Maximum number of edits to messages older than 1 hour reached. Try again later"
            raise Limited(recent[0] + OLD_SECONDS - now, "user", None, 30046, words)

    def _take_overall(self, now: float) -> None:
        while self._overall and self._overall[0] <= now - 1:
            self._overall.popleft()
        if len(self._overall) >= GLOBAL_A_SECOND:
            raise Limited(self._overall[0] + 1 - now, "global", None)
        self._overall.append(now)


def _named(call: str) -> str:
    return hashlib.md5(call.encode(), usedforsecurity=False).hexdigest()
