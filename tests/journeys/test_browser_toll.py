"""A viewer in a real browser comes to an episode that must be bought, and goes back to one that is free."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.fakes.house import House
from tests.fakes.priced import TOLLGATE
from tests.fakes.web import serving
from tests.journeys.conftest import PATIENCE, PHONE

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def shop(house: House) -> AsyncIterator[str]:
    """The address of a house that sells a story by the episode."""
    house.write("tollgate", TOLLGATE)
    async with house.running() as app, serving(house, app) as server:
        yield f"http://127.0.0.1:{server.port}"


async def test_the_price_and_the_total_are_told_and_one_can_go_back(shop: str, browser: Browser) -> None:
    context = await browser.new_context(**PHONE)
    context.set_default_timeout(PATIENCE)
    try:
        page = await context.new_page()
        await page.goto(f"{shop}/play/tollgate")
        await page.get_by_test_id("choice-tunnel").click()
        toll = page.get_by_test_id("toll")
        await toll.filter(has_text="The house").wait_for()
        words = await toll.text_content() or ""
        assert "50 Stars" in words
        assert "120 Stars" in words
        assert "Telegram" in words
        await page.reload()
        await toll.wait_for()
        await toll.get_by_test_id("rewind-last").click()
        await toll.wait_for(state="detached")
        await page.get_by_test_id("choice-walk").click()
        await page.get_by_test_id("choice-turn").wait_for()
    finally:
        await context.close()
