"""When everybody sees what: from the ballot's clock alone, so that it is the same after a restart."""

from __future__ import annotations

from dataclasses import replace

from adapters.web.room_time import LEAD, RoomTime, time_of
from bot.watch.ballot import Ballot, halted, longer, second_round, started
from bot.watch.room import IDLE_MOST, Room
from bot.watch.rules import Rules

SINCE = 1_000_000
CLIPS = 12_000
RULES = Rules(seconds=30)
FRESH = Ballot(3, ("left", "right"), SINCE, RULES, "web:ann", left=42_000)
RUNNING = started(FRESH, SINCE)


def seen(ballot: Ballot | None, **room: object) -> RoomTime:
    return time_of(replace(Room("web:ann", RULES, ballot), **room), 3, SINCE, CLIPS)  # type: ignore[arg-type]


def test_a_scene_is_seen_a_moment_after_it_was_written() -> None:
    assert seen(RUNNING) == RoomTime(SINCE + LEAD)


def test_a_pause_holds_the_picture_and_moves_what_follows() -> None:
    paused = halted(RUNNING, SINCE + 5_000)
    assert seen(paused, paused=True) == RoomTime(SINCE + LEAD, 5_000 - LEAD)
    assert seen(started(paused, SINCE + 65_000)) == RoomTime(SINCE + 60_000 + LEAD)


def test_a_scene_that_came_in_a_pause_waits_before_its_first_picture() -> None:
    assert seen(FRESH, paused=True) == RoomTime(SINCE + LEAD, -LEAD)


def test_a_branch_that_waits_for_the_other_stands_before_its_first_picture() -> None:
    assert seen(FRESH, meeting=SINCE + 180_000) == RoomTime(SINCE + LEAD, -LEAD)


def test_what_sets_the_clock_anew_after_the_clips_does_not_play_them_again() -> None:
    again = second_round(RUNNING, ("left", "right"), SINCE + 42_000)
    extended = replace(longer(RUNNING, SINCE + 42_000), extended=True)
    for ballot in (again, extended):
        assert seen(ballot) == RoomTime(SINCE + LEAD)


def test_a_clock_that_waits_for_the_first_vote_holds_no_clip() -> None:
    assert seen(FRESH, idle=IDLE_MOST) == RoomTime(SINCE + LEAD)
    assert seen(started(FRESH, SINCE + 90_000), idle=IDLE_MOST) == RoomTime(SINCE + LEAD)


def test_where_there_is_no_clock_or_no_ballot_only_the_step_tells_the_time() -> None:
    timeless = Ballot(3, ("left", "right"), SINCE, Rules(seconds=0), None)
    older = replace(RUNNING, revision=2, closed=True)
    for ballot in (timeless, older, None):
        assert seen(ballot) == RoomTime(SINCE + LEAD)
