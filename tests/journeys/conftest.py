"""A real bot, a real browser, and one tab after another in it. One of each serves all journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from tests.journeys.bot_process import BotProcess
from tests.journeys.little_story import make_clips, write_stories

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext

    from tests.journeys.screen import Screen

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
PATIENCE = 60_000
"""Milliseconds that a thing may take to appear; a busy machine is no fault of the page."""

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB", "reduced_motion": "reduce"}
"""How a tab is unless a test says otherwise. Without motion a button can be tapped as soon as it is there."""

Visit = Callable[..., Awaitable["Screen"]]


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """Runs while the journeys last, and ends cleanly after them."""
    ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="the extra `clips` is not installed: no ffmpeg")
    folder = tmp_path_factory.mktemp("journeys")
    clips = make_clips(folder, ffmpeg.get_ffmpeg_exe())
    write_stories(folder / "stories", clips)
    bot = BotProcess(folder / "stories", folder / "data")
    try:
        bot.start()
        yield bot
        assert bot.stop() == 0
    finally:
        bot.kill()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium, which plays H.264."""
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM} to play in")
    api = pytest.importorskip("playwright.async_api", reason="the extra `dev` is not installed: no playwright")
    async with api.async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(bot: BotProcess, browser: Browser) -> AsyncIterator[Visit]:
    """Call it for a tab: of a new viewer, or beside a tab that is there (`beside=`). Takes what `new_context` takes.

    After the test no tab may have had an error, broken the page's security policy or spoken to anyone but the bot.
    """
    from tests.journeys.screen import TELL_VIOLATIONS, Screen

    screens: list[Screen] = []
    contexts: list[BrowserContext] = []

    async def visit(beside: Screen | None = None, **options: Any) -> Screen:
        if beside is not None:
            context = beside.page.context
        else:
            context = await browser.new_context(**{**PHONE, **options})
            context.set_default_timeout(PATIENCE)
            await context.add_init_script(TELL_VIOLATIONS)
            contexts.append(context)
        screens.append(Screen(await context.new_page(), bot.address))
        return screens[-1]

    yield visit
    for context in contexts:
        await context.close()
    assert [fault for screen in screens for fault in screen.faults] == []
    assert [url for screen in screens for url in screen.strangers] == []
