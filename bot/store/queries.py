"""The named statements of a store, read from its .sql file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

NAME = "-- name: "


@dataclass(frozen=True, slots=True)
class Queries:
    """Each statement of the SQLite store, under the name it has in its file: read there what each takes and gives."""

    find_viewer: str
    add_viewer: str
    add_identity: str
    set_language: str
    sessions: str
    session_in: str
    revision: str
    sessions_of: str
    look_before: str
    add_events: str
    seen: str
    add_sessions: str
    move_sessions: str
    clear_agenda: str
    add_dues: str
    add_cards: str
    add_facts: str
    count_choices: str
    drop_due: str
    due: str
    next_due: str
    hold: str
    let_go: str
    held: str
    pending: str
    delivered: str
    attempted: str
    choice_counts: str
    ending_counts: str
    keep_version: str
    version: str
    clip_file: str
    keep_clip_file: str
    set_aside: str
    troubles: str
    add_event: str
    shown: str
    shown_in: str
    keep_shown: str
    lose_chat: str
    lose_cards: str
    lose_dues: str
    chat_lost: str
    find_chat: str
    move_sessions_at: str
    move_cards: str
    move_rooms: str
    move_shown: str
    forget_shown_at: str
    move_lost: str
    forget_lost_at: str
    identities: str
    link: str
    preferences: str
    prefer: str
    prefer_nothing: str
    about_viewer: str
    about_identity: str
    about_preference: str
    about_session: str
    about_agenda: str
    about_outbox: str
    about_shown: str
    about_vote: str
    about_ballot: str
    about_plan: str
    about_link_code: str
    about_purchase: str
    last_fact: str
    facts_between: str
    forget_agenda: str
    forget_outbox: str
    forget_shown: str
    voters: str
    stir_rooms: str
    forget_open_votes: str
    lose_voter: str
    lose_host: str
    forget_plans: str
    forget_votes: str
    forget_ballots: str
    forget_code: str
    forget_room: str
    forget_purchases: str
    forget_preferences: str
    forget_sessions: str
    forget_identities: str
    forget_viewer: str
    add_purchase: str
    purchase: str
    purchases: str
    bought: str
    refund: str
    room: str
    room_by_code: str
    room_at: str
    rooms_in: str
    look_rooms: str
    put_rooms: str
    room_version: str
    clear_dues: str
    look_casts: str
    add_votes: str
    add_ballots: str
    ballots: str
    votes_in: str
    vote_of: str
    votes: str
    tally: str
    add_plan: str
    plans_due: str
    next_plan: str
    plan: str
    plans_at: str
    drop_plan: str
    lose_plans: str
    move_plans: str
    viewers_there: str
    drop_old_codes: str
    add_code: str
    code: str
    drop_code: str
    linked: str
    collisions: str
    session_of_either: str
    give_up_agenda: str
    give_up_outbox: str
    give_up_shown: str
    give_up_votes: str
    give_up_ballots: str
    give_up_room: str
    give_up_session: str
    merge_sessions: str
    merge_identities: str
    merge_purchases: str
    merge_preferences: str
    stir_merged: str
    merge_open_votes: str
    merge_language: str
    events_behind: str
    drop_events: str
    date_events: str
    facts_behind: str
    count_facts: str
    drop_facts: str
    troubles_behind: str
    drop_troubles: str
    cards_behind: str
    miss_platforms: str
    drop_unserved: str
    serve: str
    draft: str
    last_draft: str
    last_upload: str
    add_draft: str
    drop_old_drafts: str
    role_in: str
    roles_in: str
    roles_of: str
    give_role: str
    take_role: str
    owners_in: str
    add_invite: str
    drop_old_invites: str
    invite: str
    drop_invite: str
    add_audit: str
    audit: str
    last_publication: str
    publications: str
    published: str
    add_publication: str
    sessions_in: str
    land_session: str
    sessions_elsewhere: str
    rehearsal: str
    begin_rehearsal: str
    keep_rehearsal: str
    clips_named: str
    drop_drafts: str
    drop_roles: str
    drop_invites: str
    drop_rehearsals: str
    orphans: str
    about_draft: str
    about_role: str
    about_invite: str
    about_audit: str
    about_publication: str
    about_rehearsal: str
    forget_roles: str
    forget_invites: str
    forget_rehearsal: str
    forget_drafts: str
    forget_audit: str
    forget_publications: str
    merge_roles: str
    merge_drafts: str
    merge_invites: str
    merge_audit: str
    merge_publications: str


def read_queries(file: str) -> Queries:
    """The statements of the SQLite store. Raises TypeError when one is missing or not known."""
    return Queries(**read_statements(file))


def read_statements(file: str) -> dict[str, str]:
    """The statements in `queries/<file>` and in the files that continue its name (`sqlite.sql`, `sqlite_rooms.sql`),
    by name.
    """
    stem = file.removesuffix(".sql")
    entries = [
        entry for entry in (files("bot.store") / "queries").iterdir() if entry.name.startswith((file, f"{stem}_"))
    ]
    blocks = [block for entry in entries for block in entry.read_text("utf-8").split(f"\n{NAME}")[1:]]
    named = (block.partition("\n") for block in blocks)
    return {name.strip(): statement.strip() for name, _, statement in named}
