"""What can go wrong with a store. Each message says on one line what happened, where, and what to do."""

from __future__ import annotations


class StoreError(Exception):
    """The store could not do what was asked; nothing of it was written, or it is unknown whether it was."""


class Unstorable(ValueError):
    """The value is at fault, not the store: trying again will not help. Nothing was written."""


class NewerSchema(StoreError):
    """The database was written by a newer release. It was left as it is."""


class UnfinishedCopy(StoreError):
    """A copy into this database was stopped, or is under way. It serves nobody until one came to its end."""


class NotEmpty(StoreError):
    """There is something where a copy should go, and nobody said that it may go."""


class DamagedDatabase(StoreError):
    """The file is not a database, not ours, or its contents are malformed."""


class StoreUnwritable(StoreError):
    """Nothing can be written: the place is read-only, or the disk is full."""


class StoreAway(StoreError):
    """The database cannot be reached just now, or is not ready; it may be soon."""


class StoreBusy(StoreError):
    """Another process held the database for longer than we wait."""
