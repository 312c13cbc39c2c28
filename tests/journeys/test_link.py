"""One person in a chat and in a browser: joined by a code, each goes on where the other stopped."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.link import GUESSES
from tests.fakes.browser import Browser, scenes
from tests.fakes.house import House
from tests.fakes.on_telegram import bot_at
from tests.fakes.telegram import Chat, Message, Person, TelegramServer
from tests.fakes.viewing import begun
from tests.fakes.web import NewBrowser, browsing, error, serving

CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")
WRONG = "ABCD-EFGH"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
def ann(server: TelegramServer) -> Person:
    return server.person("Ann", language="en")


@pytest.fixture
def chat(server: TelegramServer, ann: Person) -> Chat:
    return server.private(ann)


@pytest.fixture
async def page(server: TelegramServer, house: House) -> AsyncIterator[NewBrowser]:
    """The bot, in chats and on the page."""
    async with (
        bot_at(server, house.folder, house.stories) as app,
        serving(house, app) as web_server,
        browsing(web_server) as new_browser,
    ):
        yield new_browser


async def said(chat: Chat, text: str) -> Message:
    return await chat.shown(lambda message: text in message.text)


async def code_in(chat: Chat, ann: Person) -> str:
    """The code that the bot shows."""
    await ann.say("/link")
    shown = await chat.shown(lambda message: message is chat.last and CODE.search(message.text) is not None)
    return str(CODE.findall(shown.text)[0])


async def code_of(browser: Browser) -> str:
    response = await browser.post("/api/link/code")
    assert response.status_code == 200
    answer = response.json()
    assert answer["minutes"] == 10
    return str(answer["code"])


async def at_the_clearing(ann: Person, chat: Chat) -> Message:
    """Ann plays in the chat and goes right."""
    await ann.tap(await begun(ann, chat, "crossroads"), "Go right")
    return await said(chat, "0 coins.")


async def test_what_was_begun_in_the_chat_goes_on_on_the_page_and_back(
    page: NewBrowser, ann: Person, chat: Chat
) -> None:
    await at_the_clearing(ann, chat)
    browser = page()
    joined = await browser.post("/api/link", code=(await code_in(chat, ann)).lower().replace("-", " "))
    assert joined.json() == {"story": {"id": "crossroads", "title": "Crossroads"}, "both": []}
    assert scenes(await browser.open()) == ["clearing"]
    await browser.tap("back")
    assert scenes(await browser.tap("left")) == ["hall", "clock"]
    await ann.say("/continue")
    clock = await said(chat, "It ticks.")
    await ann.tap(clock, "Run")
    await chat.shown(lambda message: message.id > clock.id and "Left or right" in message.text)
    assert scenes(await browser.open()) == ["fork"]


async def test_a_code_of_the_page_is_entered_in_the_chat(page: NewBrowser, ann: Person, chat: Chat) -> None:
    browser = page()
    await browser.open()
    await browser.tap("right")
    await browser.tap("on")
    await at_the_clearing(ann, chat)
    await ann.say(f"/link {await code_of(browser)}")
    joined = await said(chat, "Joined.")
    assert "You are in Crossroads" in joined.text
    assert "You had two places in Crossroads." in joined.text
    await ann.tap(joined, "▶ Go on")
    await chat.shown(lambda message: message.id > joined.id and "0 coins." in message.text)
    await ann.say("/endings")
    await said(chat, "🏁 The butler")
    assert scenes(await browser.open()) == ["clearing"]


async def test_what_joins_nobody_is_answered_kindly(page: NewBrowser, ann: Person, chat: Chat) -> None:
    await ann.say("/start")
    own = await code_in(chat, ann)
    await ann.say(f"/link {own}")
    await said(chat, "your own code")
    for _ in range(GUESSES):
        await ann.say(f"/link {WRONG}")
        await said(chat, "That code is not good")
    await ann.say(f"/link {WRONG}")
    await said(chat, "a lot of codes")
    await ann.say("/link hello")
    await said(chat, "That code is not good")


async def test_in_a_group_nobody_is_shown_a_code(server: TelegramServer, page: NewBrowser, ann: Person) -> None:
    group = server.group("Friends", [ann])
    await ann.say("/link", group)
    shown = await said(group, "your own chat with me")
    assert not CODE.search(shown.text)


async def test_the_page_is_told_why_a_code_joins_nobody(page: NewBrowser) -> None:
    browser = page()
    own = await code_of(browser)
    assert error(await browser.post("/api/link", code=own)) == (409, "link_own")
    for _ in range(GUESSES):
        assert error(await browser.post("/api/link", code=WRONG)) == (404, "link_wrong")
    assert error(await browser.post("/api/link", code=WRONG)) == (403, "link_many")
    assert error(await browser.post("/api/link", code="")) == (404, "link_wrong")
    assert error(await browser.post("/api/link", code="x" * 65)) == (400, "bad_request")
    assert error(await browser.post("/api/link")) == (400, "bad_request")


async def test_an_answer_that_was_lost_is_given_again(page: NewBrowser) -> None:
    browser, other = page(), page()
    await browser.open()
    code = await code_of(browser)
    first, second = await other.post("/api/link", code=code), await other.post("/api/link", code=code)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert (await other.open())["session"] == browser.session


async def test_no_other_site_can_make_a_browser_join(page: NewBrowser) -> None:
    browser = page()
    for path in ("/api/link", "/api/link/code"):
        assert (await browser.http.get(path)).status_code == 405
        sent = await browser.http.post(
            path, content='{"event": "e", "code": "x"}', headers={"content-type": "text/plain"}
        )
        assert error(sent) == (415, "bad_request")
        assert "samesite=lax" in sent.headers["set-cookie"].lower()
