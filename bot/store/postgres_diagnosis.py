"""From what PostgreSQL or the way to it says to what an operator can act on."""

from __future__ import annotations

import asyncpg

from bot.store.errors import DamagedDatabase, StoreAway, StoreBusy, StoreError, StoreUnwritable, Unstorable

READ_ONLY = "{target} takes no writes now ({said}); point DATABASE_URL at the primary, or wait until it is one."
NO_RIGHTS = "{target} does not let the bot do this ({said}); make its user the owner of the database."
DISK_FULL = "the disk of {target} is full ({said}); free some space, the bot goes on by itself."
NO_MEMORY = "{target} is out of memory ({said}); give the server more, the bot goes on by itself."
CROWDED = "{target} has no connection left ({said}); raise max_connections there, or stop what else uses it."
DAMAGED = "{target} is damaged ({said}); restore a backup."
BUSY = "{target} was held by others for too long ({said}); look for long transactions there."
REFUSED_USER = "{target} does not let the bot in ({said}); correct user and password in DATABASE_URL."
NO_DATABASE = "{target} is not there ({said}); make it with createdb, or correct DATABASE_URL."
STARTING = "{target} is starting or stopping ({said}); the bot goes on by itself when it is ready."
AWAY = (
    "{target} cannot be reached ({said}); start the server or correct DATABASE_URL. A bot that runs goes on by itself."
)
FAILING = "{target} cannot do what was asked ({said}); see the server's log."
REFUSED = "{target} cannot hold what was to be stored ({said}); this is a fault in the bot, please report it."

KNOWN: dict[str, tuple[type[StoreError], str]] = {
    "25006": (StoreUnwritable, READ_ONLY),
    "42501": (StoreUnwritable, NO_RIGHTS),
    "53100": (StoreUnwritable, DISK_FULL),
    "53200": (StoreUnwritable, NO_MEMORY),
    "53300": (StoreAway, CROWDED),
    "40001": (StoreBusy, BUSY),
    "40P01": (StoreBusy, BUSY),
    "55P03": (StoreBusy, BUSY),
    "57014": (StoreBusy, BUSY),
    "57P01": (StoreAway, STARTING),
    "57P02": (StoreAway, STARTING),
    "57P03": (StoreAway, STARTING),
    "3D000": (StoreError, NO_DATABASE),
    "08": (StoreAway, AWAY),
    "28": (StoreError, REFUSED_USER),
    "XX001": (DamagedDatabase, DAMAGED),
    "XX002": (DamagedDatabase, DAMAGED),
}
"""By SQLSTATE, or by its class (the first two signs), see postgresql.org/docs/current/errcodes-appendix.html."""

REFUSALS = ("22", "23", "54")
"""Classes of what a value is to blame for: it is malformed, breaks a constraint, or is too large."""

PASSING = ("40001", "40P01")
"""What another writer caused by being faster: the same may be tried again at once."""


def refused(error: BaseException) -> bool:
    """Whether what was to be written is at fault, and would be again."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "")[:2] in REFUSALS
    return isinstance(error, UnicodeError | OverflowError | Unstorable)


def outrun(error: BaseException) -> bool:
    """Whether another writer was faster, and the same may be tried again."""
    return isinstance(error, asyncpg.PostgresError) and error.sqlstate in PASSING


def cut_off(error: BaseException) -> bool:
    """Whether the connection is gone, and what was under way with it."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "")[:2] in ("08", "57")
    return isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError | OSError)


def diagnose(error: BaseException, target: object) -> StoreError | Unstorable:
    """The error to raise in place of what the driver raised; a new one each time."""
    if isinstance(error, StoreError | Unstorable):
        return type(error)(*error.args)
    kind, words = _diagnosis(error)
    diagnosis = kind(words.format(target=target, said=_said(error)))
    diagnosis.__cause__ = error
    return diagnosis


def _diagnosis(error: BaseException) -> tuple[type[StoreError] | type[Unstorable], str]:
    if refused(error):
        return Unstorable, REFUSED
    if isinstance(error, asyncpg.PostgresError):
        state = str(error.sqlstate or "")
        return KNOWN.get(state) or KNOWN.get(state[:2]) or (StoreError, FAILING)
    if isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError | OSError | TimeoutError):
        return StoreAway, AWAY
    return StoreError, FAILING


def _said(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
        return "the connection was lost"  # the driver speaks of its own states
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
