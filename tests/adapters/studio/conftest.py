"""A studio's counter on real parts, with one workshop for all tests of a module: it takes half a second to begin."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.studio.workshop import Workshop
from tests.adapters.studio.visit import Visit
from tests.fakes.atelier import atelier


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workshop() -> AsyncIterator[Workshop]:
    async with Workshop().running() as workshop:
        yield workshop


@pytest_asyncio.fixture(loop_scope="module")
async def visit(tmp_path: Path, workshop: Workshop) -> AsyncIterator[Visit]:
    """Nothing was sent yet."""
    async with atelier(tmp_path, workshop=workshop) as house:
        yield Visit(house)
