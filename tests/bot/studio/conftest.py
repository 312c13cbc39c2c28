"""A studio on real parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.atelier import Atelier, atelier


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Atelier]:
    """A studio in which nothing is sent."""
    async with atelier(tmp_path) as house:
        yield house
