"""The web player inside Telegram, over real HTTP: the viewer of the chat, on the session of the chat."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.web.mini_app import MAX_AGE
from bot.app import App
from bot.delivery.parcel import Parcel, unwrap
from bot.http.server import WebServer
from bot.store.port import OutboxCard
from tests.fakes.browser import Browser, scenes
from tests.fakes.house import House
from tests.fakes.init_data import TOKEN, USER, init_data, said, signed
from tests.fakes.visitor import Visitor
from tests.fakes.web import NewBrowser, browsing, error, serving

LOGIN = "/api/telegram"
CHAT = f"telegram:{USER}"


@pytest.fixture
async def web_server(house: House, app: App) -> AsyncIterator[WebServer]:
    """The house's web server, whose page is a bot's Mini App."""
    async with serving(house, app, telegram_token=TOKEN) as server:
        yield server


@pytest.fixture
def chat(app: App) -> Visitor:
    """The viewer, in their chat with the bot."""
    return Visitor(app, str(USER), "telegram", address=CHAT)


async def entered(browser: Browser, data: str | None = None) -> Browser:
    response = await browser.post(LOGIN, initData=init_data() if data is None else data)
    assert response.status_code == 200, response.text
    return browser


async def posted(app: App) -> list[OutboxCard]:
    """What waits for the chat, in order."""
    return list(await app.store.pending("telegram", 0, 100))


async def test_the_session_of_the_chat_goes_on_in_the_page_without_a_word_in_the_chat(
    new_browser: NewBrowser, app: App, chat: Visitor
) -> None:
    await chat.open()
    await chat.tap("left")
    before = await posted(app)
    page = await entered(new_browser())
    view = await page.open()
    assert (view["session"], view["revision"], scenes(view)) == (str(chat.session), 1, ["clock"])
    view = await page.tap("listen")
    assert (view["revision"], scenes(view)) == (2, ["doze"])
    assert await posted(app) == before
    assert await app.store.next_due() is None


async def test_leaving_the_page_puts_the_card_into_the_chat_once(
    new_browser: NewBrowser, app: App, chat: Visitor
) -> None:
    await chat.open()
    page = await entered(new_browser())
    await page.open()
    await page.tap("left")
    before = len(await posted(app))
    for _ in range(2):
        response = await page.post(f"{page.here}/chat", revision=page.revision)
        assert (response.status_code, response.json()) == (200, {"pushed": True})
    [card] = (await posted(app))[before:]
    assert (card.platform, card.address, card.session, card.revision) == ("telegram", str(USER), chat.session, 1)
    parcel = unwrap(card.body)
    assert isinstance(parcel, Parcel)
    assert (parcel.card.scene, parcel.deadline, parcel.card.within) == ("clock", None, None)
    chat.revision = 1
    answer = await chat.tap("listen")
    assert (answer.session.revision, answer.cards[0].scene) == (2, "doze")
    assert await app.store.next_due() is not None


async def test_what_begins_in_the_page_can_go_on_in_the_chat(new_browser: NewBrowser, app: App, chat: Visitor) -> None:
    page = await entered(new_browser())
    await page.open()
    await page.tap("left")
    assert await posted(app) == []
    await page.post(f"{page.here}/chat", revision=1)
    assert [(card.address, card.revision) for card in await posted(app)] == [(str(USER), 1)]
    assert (await chat.open()).session.id == int(page.session)


async def test_a_browser_of_its_own_has_no_chat_and_reaches_no_other(
    new_browser: NewBrowser, app: App, chat: Visitor
) -> None:
    ann = new_browser()
    await ann.open()
    response = await ann.post(f"{ann.here}/chat", revision=0)
    assert response.json() == {"pushed": False}
    await chat.open()
    before = await posted(app)
    theirs = await ann.post(f"/api/sessions/{chat.session}/chat", revision=0)
    assert error(theirs) == (404, "unknown_session")
    assert await posted(app) == before


async def test_the_same_person_has_the_same_name_everywhere_and_nobody_else_has_it(new_browser: NewBrowser) -> None:
    phone, desk, stranger = await entered(new_browser()), await entered(new_browser()), new_browser()
    await entered(stranger, init_data(USER + 1))
    names = [browser.http.cookies["mini_app"] for browser in (phone, desk, stranger)]
    assert names[0] == names[1] != names[2]
    assert (await phone.open())["session"] == (await desk.open())["session"] != (await stranger.open())["session"]
    forger = new_browser()
    forger.http.cookies.set("mini_app", f"telegram:{USER}:{'0' * 32}.{'0' * 32}")
    assert (await forger.open())["session"] != phone.session


async def test_what_telegram_did_not_sign_just_now_is_refused(new_browser: NewBrowser) -> None:
    ann = new_browser()
    real = init_data()
    for data in (
        "",
        "hash=",
        real[:-1] + ("0" if real[-1] != "0" else "1"),
        signed(said(), "654321:another-bot"),
        signed(said(at=int(time.time()) - MAX_AGE - 60)),
        signed(said(at=int(time.time()) + 3600)),
        f"{real}&auth_date={int(time.time())}",
        init_data(more="x" * 5000),
    ):
        response = await ann.post(LOGIN, initData=data)
        assert error(response) == (401, "unproven")
        assert response.headers["cache-control"] == "no-store"
    assert "mini_app" not in ann.http.cookies


async def test_only_json_of_a_bounded_size_is_read(new_browser: NewBrowser) -> None:
    ann = new_browser()
    assert error(await ann.post(LOGIN)) == (400, "bad_request")
    assert error(await ann.post(LOGIN, initData=5)) == (400, "bad_request")
    assert error(await ann.post(LOGIN, initData="x" * 20_000)) == (413, "bad_request")
    assert error(await ann.http.post(LOGIN, content=b"{}", headers={"content-type": "text/plain"})) == (
        415, "bad_request",
    )  # fmt: skip


async def test_who_was_logged_in_is_the_browsers_own_viewer_again_afterwards(new_browser: NewBrowser) -> None:
    ann = new_browser()
    own = (await ann.open())["session"]
    await entered(ann)
    assert (await ann.open())["session"] != own
    assert (await ann.http.delete(LOGIN)).status_code == 200
    assert "mini_app" not in ann.http.cookies
    assert (await ann.open())["session"] == own


async def test_the_language_is_that_of_their_telegram_until_they_choose_one(new_browser: NewBrowser, app: App) -> None:
    page = new_browser()
    response = await page.post(LOGIN, initData=init_data(language="es"))
    assert response.json() == {"language": "es"}
    viewer = await app.store.viewer("telegram", str(USER))
    assert viewer.language is None
    await app.store.speak(viewer.id, "en")
    assert (await page.post(LOGIN, initData=init_data(language="es"))).json() == {"language": "en"}


async def test_the_cookie_holds_inside_a_frame_of_telegrams_page_where_there_is_https(house: House, app: App) -> None:
    async with serving(house, app, telegram_token=TOKEN, secure=True) as server, browsing(server) as new:
        response = await new().post(LOGIN, initData=init_data())
        cookie = response.headers["set-cookie"].lower()
        assert {part.strip() for part in cookie.split(";")} >= {"httponly", "samesite=none", "secure", "partitioned"}
        gone = await new().http.delete(LOGIN)
        assert "partitioned" in gone.headers["set-cookie"].lower()
        assert "max-age=0" in gone.headers["set-cookie"].lower()


async def test_without_https_the_cookie_stays_with_the_page(new_browser: NewBrowser) -> None:
    cookie = (await new_browser().post(LOGIN, initData=init_data())).headers["set-cookie"].lower()
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert "partitioned" not in cookie
    assert "max-age" not in cookie


async def test_only_the_page_may_stand_in_telegrams_frame_and_run_its_script(new_browser: NewBrowser) -> None:
    http = new_browser().http
    for path in ("/", "/play/crossroads"):
        assert _policy(await http.get(path), "frame-ancestors") == ["'self'", "https://web.telegram.org"]
        assert _policy(await http.get(path), "script-src") == ["'self'", "https://telegram.org"]
    for path in ("/api/catalogue", "/healthz", "/static/script/app.js", "/storyboard/crossroads/fork.svg"):
        assert _policy(await http.get(path), "frame-ancestors") == ["'self'"]
        assert _policy(await http.get(path), "script-src") == ["'self'"]


async def test_without_a_token_there_is_no_mini_app(house: House, app: App) -> None:
    async with serving(house, app) as server, browsing(server) as new:
        ann = new()
        assert (await ann.post(LOGIN, initData=init_data())).status_code == 404
        page = await ann.http.get("/")
        assert "telegram" not in page.headers["content-security-policy"]


def _policy(response: httpx.Response, directive: str) -> list[str]:
    parts = [part.split() for part in response.headers["content-security-policy"].split(";")]
    return next(part[1:] for part in parts if part[0] == directive)
