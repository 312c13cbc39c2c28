"""Dealing: every worker comes to the same, nobody has much more than another, and little moves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.crew.deal import dealt
from bot.store.lane import LANES

NUMBERS = st.integers(0, 2**62 - 1)
CREWS = st.sets(NUMBERS, min_size=1, max_size=20)


def hands(workers: set[int]) -> dict[int, frozenset[int]]:
    return {worker: dealt(workers, worker) for worker in workers}


@given(CREWS)
def test_every_lane_has_one_worker_and_nobody_many_more_than_another(workers: set[int]) -> None:
    dealt_out = hands(workers)
    assert sorted(lane for lanes in dealt_out.values() for lane in lanes) == list(range(LANES))
    most = -(-LANES // len(workers))
    assert max(map(len, dealt_out.values())) <= most


@given(CREWS, st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_they_are_known(workers: set[int], dice: object) -> None:
    me = min(workers)
    assert dealt(sorted(workers), me) == dealt(sorted(workers, reverse=True), me)


@given(NUMBERS)
def test_one_alone_has_everything(worker: int) -> None:
    assert dealt([worker], worker) == frozenset(range(LANES))


@given(st.sets(NUMBERS, min_size=2, max_size=9), NUMBERS)
def test_who_comes_gets_theirs_and_few_others_move(workers: set[int], newcomer: int) -> None:
    workers -= {newcomer}
    before, after = hands(workers), hands(workers | {newcomer})
    share = -(-LANES // (len(workers) + 1))
    moved = sum(len(before[worker] - after[worker]) for worker in workers)
    stayed_among_themselves = sum(len(after[worker] - before[worker]) for worker in workers)
    assert moved == len(after[newcomer]) + stayed_among_themselves
    # At worst a lane moves on for each that moves; a deal by remainder would move nearly all of them.
    assert moved <= 2 * share + len(workers)
