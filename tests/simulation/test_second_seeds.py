"""Every promise is kept, whatever happens: the second of the parts in which the seeds are tried."""

from __future__ import annotations

import pytest

from tests.simulation.seeds import check, part


@pytest.mark.parametrize("first", part(1))
def test_every_promise_is_kept(first: int) -> None:
    check(first)
