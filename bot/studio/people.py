"""People: who has what role in a story, how they come to it, and what was done with it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hashlib import sha256

from bot.store.drafts import Deed, InviteRow, Role, RoleRow
from bot.store.port import Outcome, Store
from bot.studio.creator import Creator, Denied, Why, must_be

CODE_BYTES = 12
"""Random bytes of an invitation: 96 bits, which nobody guesses; 16 letters, which a link may carry."""

VALID = 3 * 86_400_000
"""Milliseconds for which an invitation is good."""


class People:
    """Raises `Denied` and `StoreError`. Times are Unix ms."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def invite(self, creator: Creator, story: str, role: Role, at: int) -> str:
        """A code that gives whoever enters it that role, once, for three days. Only its digest is kept."""
        must_be(await self._store.role_in(story, creator.viewer), "owner")
        code = secrets.token_urlsafe(CODE_BYTES)
        row = InviteRow(_digest(code), story, role, creator.viewer, at + VALID)
        await self._store.keep_invite(row, Deed(story, at, creator.viewer, "invited", role))
        return code

    async def join(self, creator: Creator, code: str, at: int) -> InviteRow:
        """Take the role that the code gives. Again by the same creator it says the same."""
        invite = await self._store.use_invite(_digest(code.strip()), creator.viewer, at)
        if invite is None:
            raise Denied(Why.INVITE)
        return invite

    async def all_in(self, creator: Creator, story: str) -> Sequence[RoleRow]:
        """Everybody who has a role in it, for one of them."""
        must_be(await self._store.role_in(story, creator.viewer), "tester")
        return await self._store.roles_in(story)

    async def take(self, creator: Creator, story: str, viewer: int, at: int) -> None:
        """Somebody has no role in it any more: whom an owner names, or whoever leaves by themselves."""
        if viewer != creator.viewer:
            must_be(await self._store.role_in(story, creator.viewer), "owner")
        deed = Deed(story, at, creator.viewer, "left" if viewer == creator.viewer else "removed")
        if await self._store.take_role(story, viewer, deed) is not Outcome.COMMITTED:
            there = await self._store.role_in(story, viewer)
            raise Denied(Why.LAST_OWNER if there is not None else Why.UNKNOWN)

    async def audit(self, creator: Creator, story: str, limit: int = 20) -> Sequence[Deed]:
        """What was done with it, the latest first; for its owners."""
        must_be(await self._store.role_in(story, creator.viewer), "owner")
        return await self._store.audit(story, limit)


def _digest(code: str) -> str:
    return sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
