"""Linking: somebody who plays on several platforms is one viewer, with all their places, by a code they enter once."""

from __future__ import annotations

import secrets
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

import structlog

from bot.app import App, SetAside
from bot.event import Event, Tell
from bot.library import UnknownStory
from bot.play.event import Learn
from bot.play.path import scenes_seen
from bot.play.state import BadState, unpack
from bot.play.step import Reason
from bot.store.errors import Unstorable
from bot.store.port import EventKey, Identity, Outcome, Session

log = structlog.get_logger()

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None of them is taken for another one when it is read from a screen."""

LENGTH = 8
"""Letters of a code: 40 random bits."""

VALID = 10 * 60_000
"""Milliseconds for which a code is good."""

MINUTE = 60_000
GUESSES = 5
"""Codes that one identity may enter in a minute; the one that is right is not counted."""

GUESSES_OF_ALL = 1_000
"""Codes that all together may: a browser becomes a new identity as often as it likes."""

MOST = 10_000
"""Identities whose guesses are remembered."""

TRIES = 5
"""Looks at a session that keeps moving while it is to learn something."""


class Unlinked(Enum):
    """Why a code joined nobody."""

    WRONG = "wrong"
    """Nobody's, used, or too old."""
    OWN = "own"
    """The viewer's own: those two are one already."""
    MANY = "many"
    """Too many guesses; in a minute they may go on."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The two are one. `both` are the stories in which each had a place; of those, the one played last was kept."""

    viewer: int
    both: tuple[str, ...]
    last: Session | None
    """The session played last, of all; None where there is none."""


class Links:
    """Of one adapter's viewers with those of all. Times are Unix ms."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._store = app.store
        self._guesses = Guesses()

    async def code(self, viewer: int, at: int) -> str:
        """A code for the viewer, as it is shown, in place of their last one: good for ten minutes, once.

        Raises `StoreError`, and `Unstorable` where there is no such viewer.
        """
        for _ in range(TRIES):
            code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            if await self._store.code_of(code, at) is None:
                break
        await self._store.keep_code(code, viewer, at, at + VALID)
        return shown(code)

    async def enter(self, platform: str, user: str, text: str, at: int) -> Linked | Unlinked:
        """Who enters somebody's code is that viewer from now on, with all their other identities. Raises `StoreError`:
        then the code may still be good.
        """
        code = read(text)
        if code is None:
            return Unlinked.WRONG
        me = Identity(platform, user)
        if not self._guesses.may(me, at):
            return Unlinked.MANY
        entered = await self._enter(me, code, at)
        if entered is not Unlinked.WRONG:
            self._guesses.forgive(me)
        return entered

    async def _enter(self, me: Identity, code: str, at: int) -> Linked | Unlinked:
        into = await self._store.code_of(code, at)
        key = _key(me, code)
        if await self._store.seen(key):
            return await self._linked(me, ())  # by who did not get the answer
        if into is None:
            return Unlinked.WRONG
        source = (await self._store.viewer(me.platform, me.user)).id
        if source == into:
            return Unlinked.OWN
        pairs = _pairs(await self._store.sessions_of(source), await self._store.sessions_of(into))
        for stays, goes in pairs:
            # First, and for itself: after a crash here nothing is lost, and the code is still good.
            owner = me if stays.viewer == source else (await self._store.identities(into))[0]
            await self._learn(stays, goes, owner, key, at)
        try:
            outcome = await self._app.merge(key, source, into, [goes.id for _, goes in pairs], code)
        except Unstorable:
            return Unlinked.WRONG  # one of the two was forgotten, or joined somebody else, just now
        if outcome is Outcome.CONFLICT:
            return Unlinked.WRONG
        return await self._linked(me, tuple(stays.story for stays, _ in pairs))

    async def _linked(self, me: Identity, both: tuple[str, ...]) -> Linked:
        viewer = await self._store.viewer(me.platform, me.user)
        return Linked(viewer.id, both, next(iter(await self._store.sessions_of(viewer.id)), None))

    async def _learn(self, stays: Session, goes: Session, owner: Identity, key: EventKey, at: int) -> None:
        """The endings found and the scenes seen where the viewer will not go on count where they will."""
        try:
            state = unpack(await self._app.library.version(goes.story, goes.version), goes.state)
            seen = frozenset(scenes_seen(state))
            for _ in range(TRIES):
                answer = await self._app.current(owner.platform, owner.user, stays.id)
                told = Tell(stays.id, Learn(answer.session.revision, state.ended, seen))
                learned = EventKey(owner.platform, f"{key.id}:{stays.id}")
                event = Event(learned, owner.user, told, at, keeps_time=stays.address is None)
                if (await self._app.handle(event)).notice is not Reason.MOVED_ON:
                    return
        except (BadState, UnknownStory, SetAside, LookupError) as error:
            # The story is gone or broken: people are joined all the same.
            log.warning("endings_not_joined", story=goes.story, error=type(error).__name__)


class Guesses:
    """The codes entered in the last minute, by who entered them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._by: OrderedDict[Identity, deque[int]] = OrderedDict()
        self._all: deque[int] = deque(maxlen=GUESSES_OF_ALL)

    def may(self, who: Identity, at: int) -> bool:
        """Whether they may enter one more; then it counts."""
        mine = self._by.setdefault(who, deque(maxlen=GUESSES))
        self._by.move_to_end(who)
        if len(self._by) > self._most:
            self._by.popitem(last=False)
        if _full(mine, at) or _full(self._all, at):
            return False
        mine.append(at)
        self._all.append(at)
        return True

    def forgive(self, who: Identity) -> None:
        """The last one was right, and does not count."""
        if mine := self._by.get(who):
            mine.pop()


def read(text: str) -> str | None:
    """The code in a text, however it is written: capitals, dashes, spaces, full-width letters. None where none is."""
    letters = "".join(one for one in unicodedata.normalize("NFKC", text).lower() if one.isalnum())
    return letters if len(letters) == LENGTH and set(letters) <= set(LETTERS) else None


def shown(code: str) -> str:
    """The code as people read it: ABCD-EFGH."""
    half = LENGTH // 2
    return f"{code[:half]}-{code[half:]}".upper()


def _key(me: Identity, code: str) -> EventKey:
    """Of the join: the same however often it is tried. Keys are kept and logged, so it names neither of the two."""
    return EventKey(me.platform, f"link:{sha256(f'{code}:{me.user}'.encode()).hexdigest()[:32]}")


def _full(times: deque[int], at: int) -> bool:
    return len(times) == times.maxlen and at - times[0] < MINUTE


def _pairs(mine: Sequence[Session], theirs: Sequence[Session]) -> list[tuple[Session, Session]]:
    """(the session that stays, the one that goes) for every story in which both have one: played last, stays."""
    by_story = {session.story: session for session in theirs}
    pairs = [(by_story[session.story], session) for session in mine if session.story in by_story]
    return [(goes, stays) if goes.updated > stays.updated else (stays, goes) for stays, goes in pairs]
