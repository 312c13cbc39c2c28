"""Every promise is kept, whatever happens: the third of the parts in which the seeds are tried."""

from __future__ import annotations

import pytest

from tests.simulation.seeds import check, part


@pytest.mark.parametrize("first", part(2))
def test_every_promise_is_kept(first: int) -> None:
    check(first)
