"""What is copied: tables as both kinds of database know them.

What one kind makes for itself is not copied (the home of an event, the lanes of a count, who leads to what), nor are
leases: they are the word of a process about what it has in hand.
"""

from __future__ import annotations

from dataclasses import dataclass

BATCH = 1_000
"""Rows in memory at a time."""

FEW = 8
"""The same for rows of which one may be megabytes."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns, in the order in which a row passes."""

    name: str
    columns: tuple[str, ...]
    batch: int = BATCH


TABLES = (
    Table("viewer", ("id", "language")),
    Table("identity", ("platform", "user", "viewer")),
    Table("preference", ("viewer", "name", "value")),
    Table("link_code", ("code", "viewer", "until")),
    Table(
        "session",
        ("id", "viewer", "story", "version", "seed", "revision", "state", "address", "updated"),
    ),
    Table("event", ("platform", "id", "at")),
    Table("outbox", ("id", "platform", "address", "session", "revision", "body", "attempts", "error")),
    Table("agenda", ("session", "revision", "kind", "at", "payload")),
    Table("fact", ("session", "revision", "number", "story", "version", "kind", "scene", "choice", "at", "took")),
    Table("fact_day", ("story", "day", "version", "kind", "scene", "choice", "times", "timed", "took")),
    Table("choice_count", ("story", "scene", "choice", "times")),
    Table("story_version", ("story", "version", "sources", "at"), FEW),
    Table("clip_file", ("bot", "clip", "file_id")),
    Table("trouble", ("platform", "id", "error", "at")),
    Table("shown", ("platform", "address", "session", "revision", "body", "at")),
    Table("lost_chat", ("platform", "address", "at")),
    Table("purchase", ("charge", "platform", "user", "viewer", "story", "episode", "stars", "at", "refunded")),
    Table(
        "room",
        ("number", "session", "code", "platform", "address", "revision", "open", "body", "version", "ended"),
    ),
    Table("vote", ("session", "revision", "voter", "ranking", "weight", "at")),
    Table("ballot", ("session", "revision", "host", "body", "winner", "at")),
    Table("plan", ("id", "platform", "address", "host", "at", "body")),
    Table("served", ("platform", "at")),
    Table("draft", ("story", "upload", "viewer", "at", "sources", "clips"), FEW),
    Table("role", ("story", "viewer", "role", "at")),
    Table("invite", ("code", "story", "role", "viewer", "until")),
    Table("audit", ("id", "story", "at", "viewer", "deed", "detail")),
    Table("publication", ("story", "number", "version", "state", "viewer", "at", "clips")),
    Table("rehearsal", ("viewer", "story", "upload", "revision", "body", "at")),
)
