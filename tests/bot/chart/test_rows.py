"""Rows always lead down and never hold too much."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chart.rows import GAP, rows_of, ways_back

SCENES = [f"s{number}" for number in range(12)]
PAIRS = st.sets(
    st.tuples(st.sampled_from(SCENES), st.sampled_from(SCENES)).filter(lambda pair: pair[0] != pair[1]), max_size=40
)


@given(PAIRS)
def test_without_the_ways_back_there_is_no_circle_and_every_way_leads_down(pairs: set[tuple[str, str]]) -> None:
    ordered = sorted(pairs)
    forward = [pair for pair in ordered if pair not in ways_back(SCENES, ordered)]
    rows = rows_of(SCENES, forward, dict.fromkeys(SCENES, 100.0), 336)
    assert set(rows) == set(SCENES)
    assert all(rows[start] < rows[to] for start, to in forward)
    assert max(list(rows.values()).count(row) for row in rows.values()) <= 3


def test_a_row_that_is_too_wide_goes_on_in_the_next() -> None:
    leaves = SCENES[1:8]
    rows = rows_of(SCENES[:8], [("s0", leaf) for leaf in leaves], dict.fromkeys(SCENES, 100.0), 3 * 100 + 2 * GAP)
    assert [list(rows.values()).count(row) for row in range(4)] == [1, 3, 3, 1]


def test_one_that_is_wider_than_all_room_still_has_a_row() -> None:
    assert rows_of(["a", "b"], [("a", "b")], {"a": 500.0, "b": 500.0}, 100) == {"a": 0, "b": 1}
