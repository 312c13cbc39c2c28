"""The named statements of a store, read from its .sql file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

NAME = "-- name: "


@dataclass(frozen=True, slots=True)
class Queries:
    """Each statement of a store, under the name it has in its file: read there what each takes and gives."""

    find_viewer: str
    add_viewer: str
    add_identity: str
    set_language: str
    sessions: str
    session_in: str
    sessions_of: str
    look_before: str
    add_events: str
    seen: str
    add_sessions: str
    move_sessions: str
    clear_agenda: str
    drop_dues: str
    add_dues: str
    add_cards: str
    add_facts: str
    count_choices: str
    drop_due: str
    due: str
    next_due: str
    pending: str
    delivered: str
    attempted: str
    choice_counts: str
    keep_version: str
    version: str
    clip_file: str
    keep_clip_file: str
    set_aside: str
    troubles: str


def read_queries(file: str) -> Queries:
    """The statements in `queries/<file>`. Raises TypeError when one is missing or not known."""
    text = (files("bot.store") / "queries" / file).read_text("utf-8")
    blocks = text.split(f"\n{NAME}")[1:]
    named = (block.partition("\n") for block in blocks)
    return Queries(**{name.strip(): statement.strip() for name, _, statement in named})
