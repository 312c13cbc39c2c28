"""The page inside Telegram: a real Chromium opens it as Telegram's apps do, on the session begun in the chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.app import App
from bot.http.server import WebServer
from tests.fakes.house import House
from tests.fakes.init_data import TOKEN, USER, init_data, query, said, signed
from tests.fakes.visitor import Visitor
from tests.fakes.web import serving
from tests.journeys.conftest import PATIENCE, PHONE

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Route

    from tests.journeys.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT = "https://telegram.org/js/telegram-web-app.js"
STAND_IN = Path(__file__).parents[1] / "fakes" / "telegram-web-app.js"
NIGHT = '{"bg_color":"#17212b","text_color":"#f5f5f5"}'
BEFORE_ALL = "Object.defineProperty(document, 'hidden', { get: () => window.away ?? false })"

Enter = Callable[..., Awaitable["Screen"]]


@pytest_asyncio.fixture(loop_scope="session")
async def app(house: House) -> AsyncIterator[App]:
    async with house.running() as app:
        yield app


@pytest_asyncio.fixture(loop_scope="session")
async def web_server(house: House, app: App) -> AsyncIterator[WebServer]:
    async with serving(house, app, telegram_token=TOKEN) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def chat(app: App) -> Visitor:
    """The viewer in the chat with the bot, at the fork of the story."""
    viewer = Visitor(app, str(USER), "telegram", address=f"telegram:{USER}")
    await viewer.open()
    return viewer


@pytest_asyncio.fixture(loop_scope="session")
async def enter(web_server: WebServer, browser: Browser) -> AsyncIterator[Enter]:
    """Opens the page as Telegram does. After the test it has turned to nobody but the bot and Telegram's script."""
    from tests.journeys.screen import TELL_VIOLATIONS, Screen

    screens: list[Screen] = []
    contexts: list[BrowserContext] = []

    async def enter(
        data: str | None = None, path: str = "/", *, script: bool = True, start: str | None = None, theme: str = NIGHT
    ) -> Screen:
        context = await browser.new_context(**PHONE)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(TELL_VIOLATIONS)
        await context.add_init_script(BEFORE_ALL)
        if script:
            await context.route(SCRIPT, lambda route: route.fulfill(path=STAND_IN, content_type="text/javascript"))
        else:
            await context.route(SCRIPT, lambda route: route.abort())
        contexts.append(context)
        screen = Screen(await context.new_page(), f"http://127.0.0.1:{web_server.port}")
        screen.cut_off = not script
        screens.append(screen)
        await screen.page.goto(
            f"{screen.address}{path}#{_fragment(init_data() if data is None else data, start, theme)}"
        )
        return screen

    yield enter
    for context in contexts:
        await context.close()
    assert [fault for screen in screens for fault in screen.faults] == []
    assert {url for screen in screens for url in screen.strangers} <= {SCRIPT}


def _fragment(data: str, start: str | None, theme: str) -> str:
    facts = [("tgWebAppData", data), ("tgWebAppVersion", "8.0"), ("tgWebAppPlatform", "android")]
    if start is not None:
        facts.append(("tgWebAppStartParam", start))
    return query([*facts, ("tgWebAppThemeParams", theme)])


async def _cards(app: App) -> list[tuple[str, int]]:
    return [(card.address, card.revision) for card in await app.store.pending("telegram", 0, 100)]


async def _until_cards(app: App, cards: list[tuple[str, int]]) -> None:
    async with asyncio.timeout(PATIENCE / 1000):
        while await _cards(app) != cards:
            await asyncio.sleep(0.01)


async def _told(screen: Screen) -> list[str]:
    await screen.until("() => window.Telegram?.WebApp")
    return [said[0] for said in await screen.page.evaluate("Telegram.WebApp.told")]


async def test_the_session_of_the_chat_is_played_on_and_handed_back(enter: Enter, app: App, chat: Visitor) -> None:
    await chat.tap("left")
    before = await _cards(app)
    screen = await enter()
    await screen.shows("story-crossroads", "The clock")
    await screen.tap("play", within="story-crossroads")
    await screen.scene("clock", 1)
    await screen.choose("listen")
    await screen.scene("doze", 2)
    assert await _cards(app) == before
    await screen.tap("chat")
    await screen.until("() => Telegram.WebApp.told.some(([name]) => name === 'close')")
    assert await _cards(app) == [*before, (str(USER), 2)]
    chat.revision = 2
    assert (await chat.tap("wake")).session.revision == 3
    await screen.scene("fork", 3)


async def test_telegram_is_told_what_it_needs_to_know_and_its_back_button_leads_back(
    enter: Enter, chat: Visitor
) -> None:
    screen = await enter(path="/play/crossroads")
    await screen.scene("fork", 0)
    told = await _told(screen)
    assert {"ready", "expand", "disableClosingConfirmation", "disableVerticalSwipes"} <= set(told)
    assert [name for name in told if name.startswith("back")][-1] == "back shown"
    assert not await screen.at("back").is_visible()
    await screen.page.evaluate("Telegram.WebApp.pressBack()")
    await screen.shows("story-crossroads")
    assert (await _told(screen))[-1] == "back hidden"


async def test_telegrams_night_is_ours_and_its_day_is_not(enter: Enter, chat: Visitor) -> None:
    for theme, ink in ((NIGHT, "#17212b"), ('{"bg_color":"#ffffff"}', "#0b0a0d"), ('{"bg_color":"url(x)"}', "#0b0a0d")):
        screen = await enter(theme=theme)
        await screen.shows("story-crossroads")
        await screen.until("() => Telegram.WebApp.told.some(([name]) => name === 'setHeaderColor')")
        told = dict(said[:2] for said in await screen.page.evaluate("Telegram.WebApp.told") if len(said) > 1)
        assert (told["setHeaderColor"], told["setBackgroundColor"]) == (ink, ink)
    top = await screen.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.masthead')).paddingTop)")
    assert top >= 46


async def test_a_link_opens_its_story_and_a_reload_stays_where_the_viewer_is(enter: Enter, chat: Visitor) -> None:
    for path, start in (("/?story=crossroads", None), ("/", "crossroads")):
        screen = await enter(path=path, start=start)
        await screen.scene("fork", 0)
        await screen.page.go_back()
        await screen.shows("story-crossroads")
        await screen.page.reload()
        await screen.shows("story-crossroads")
    signed_start = await enter(signed(said(start_param="crossroads")))
    await signed_start.scene("fork", 0)
    nonsense = await enter(start="../nonsense")
    await nonsense.shows("story-crossroads")


async def test_without_telegrams_script_the_viewer_is_known_all_the_same(enter: Enter, app: App, chat: Visitor) -> None:
    screen = await enter(path="/play/crossroads", script=False)
    await screen.scene("fork", 0)
    await screen.choose("right")
    await screen.scene("clearing", 1)
    assert (await app.current("telegram", str(USER), chat.session)).session.revision == 1
    await screen.at("back").wait_for()
    await screen.tap("chat")
    await screen.shows("toast", "The story waits for you in the chat.")
    assert (await _cards(app))[-1] == (str(USER), 1)


async def test_who_closes_the_window_finds_the_card_in_the_chat_if_they_played(
    enter: Enter, app: App, chat: Visitor
) -> None:
    before = await _cards(app)
    screen = await enter(path="/play/crossroads")
    await screen.scene("fork", 0)
    await _go_away(screen)
    await screen.choose("right")
    await screen.scene("clearing", 1)
    assert await _cards(app) == before
    await _go_away(screen)
    await _until_cards(app, [*before, (str(USER), 1)])
    await _go_away(screen)
    await screen.choose("back")
    await _go_away(screen)
    await _until_cards(app, [*before, (str(USER), 1), (str(USER), 2)])


async def _go_away(screen: Screen) -> None:
    """The window is hidden, and there again."""
    for away in (True, False):
        await screen.page.evaluate(
            "(away) => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }", away
        )


async def test_what_the_chat_or_another_window_did_is_not_told_to_the_chat(
    enter: Enter, app: App, chat: Visitor
) -> None:
    screen = await enter(path="/play/crossroads")
    await screen.scene("fork", 0)
    await chat.tap("right")
    await screen.scene("clearing", 1)
    before = await _cards(app)
    async with screen.page.expect_request("**/tap"):
        await _go_away(screen)
        await screen.choose("back")
    assert screen.sent("chat") == []
    assert await _cards(app) == before


async def test_forged_old_and_doubled_data_make_nobody_of_the_chat(enter: Enter, app: App, chat: Visitor) -> None:
    real = init_data()
    for data in (f"{real[:-4]}0000", signed(said(at=1_700_000_000)), f"{real}&user=%7B%22id%22%3A7%7D"):
        screen = await enter(data, path="/play/crossroads")
        screen.cut_off = True  # a refusal is a failed call to the browser
        await screen.shows("toast", "Telegram did not say who you are.")
        await screen.scene("fork", 0)
        await screen.choose("left")
    assert (await app.current("telegram", str(USER), chat.session)).session.revision == 0


async def test_a_link_that_somebody_prepared_costs_nobody_their_place(enter: Enter, app: App, chat: Visitor) -> None:
    screen = await enter(init_data(USER + 1), path="/play/crossroads")
    await screen.scene("fork", 0)
    await screen.choose("left")
    await screen.page.goto("about:blank")
    await screen.page.goto(f"{screen.address}/play/crossroads")
    await screen.scene("fork", 0)
    names = [cookie.get("name") for cookie in await screen.page.context.cookies()]
    assert names == ["viewer"]


async def test_the_page_speaks_the_language_of_their_telegram(enter: Enter, chat: Visitor) -> None:
    screen = await enter(init_data(USER + 2, language="es"), path="/play/crossroads")
    await screen.scene("fork", 0)
    assert await screen.page.evaluate("document.documentElement.lang") == "es"
    await screen.shows("subtitle", "Izquierda")


async def test_a_line_that_is_down_at_first_is_waited_for(enter: Enter, app: App, chat: Visitor) -> None:
    screen = await enter(path="/static/icon.svg")
    screen.cut_off = True
    tries = 0

    async def down(route: Route) -> None:
        nonlocal tries
        tries += 1
        await (route.abort() if tries < 3 else route.continue_())

    await screen.page.route("**/api/telegram", down)
    await screen.page.goto(f"{screen.address}/play/crossroads#{_fragment(init_data(), None, NIGHT)}")
    await screen.scene("fork", 0)
    await screen.choose("right")
    assert (await app.current("telegram", str(USER), chat.session)).session.revision == 1
