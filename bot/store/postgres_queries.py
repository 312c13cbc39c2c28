"""The named statements of the store on PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.queries import read_statements


@dataclass(frozen=True, slots=True)
class PostgresQueries:
    """Each statement, under the name it has in its file: read there what each takes and gives."""

    find_viewer: str
    meet: str
    set_language: str
    sessions: str
    session_in: str
    sessions_of: str
    write_group: str
    seen: str
    drop_due: str
    due: str
    claim_due: str
    next_due: str
    tell: str
    hold: str
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
    hold_viewer: str
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
    about_fact: str
    sessions_to_forget: str
    voters: str
    stir_rooms: str
    forget_open_votes: str
    lose_voter: str
    lose_host: str
    forget_plans: str
    forget_code: str
    forget_purchases: str
    forget_preferences: str
    forget_identities: str
    forget_viewer: str
    hold_viewers: str
    add_event: str
    drop_old_codes: str
    add_code: str
    code: str
    drop_code: str
    linked: str
    given_up: str
    hold_sessions: str
    give_up_agenda: str
    give_up_outbox: str
    give_up_shown: str
    give_up_votes: str
    give_up_ballots: str
    give_up_codes: str
    give_up_rooms: str
    give_up_places: str
    give_up_sessions: str
    merge_sessions: str
    merge_places: str
    merge_identities: str
    merge_purchases: str
    merge_preferences: str
    merge_open_votes: str
    merge_language: str
    room: str
    room_by_code: str
    room_at: str
    rooms_in: str
    keep_room: str
    ballots: str
    votes_in: str
    vote_of: str
    votes: str
    tally: str
    keep_plan: str
    plans_due: str
    next_plan: str
    plan: str
    plans_at: str
    drop_plan: str
    lose_plans: str
    move_plans: str
    buy: str
    purchase: str
    purchases: str
    bought: str
    refund: str
    trim_events: str
    trim_facts: str
    trim_troubles: str
    trim_cards: str
    serve: str


def read_postgres_queries() -> PostgresQueries:
    """The statements in `queries/postgres*.sql`. Raises TypeError when one is missing or not known."""
    return PostgresQueries(**read_statements("postgres.sql"))
