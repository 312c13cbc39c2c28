"""What the page reads over real HTTP: catalogue, languages, map and stream; and the server beneath."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from bot.app import App
from bot.http.server import CannotListen, WebServer
from tests.fakes.browser import Json, scenes
from tests.fakes.house import House
from tests.fakes.stories import BROKEN
from tests.fakes.web import NewBrowser, browsing, error, same_viewer, serving

# -- languages


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.3, es;q=0.9", "es"),
        ("ES", "es"),
        ("es;q=0, en", "en"),
        ("fr,de;q=0.5", "en"),
        ("", "en"),
        (",;q=,;;*;q=x", "en"),
        ("*", "en"),
        ("x" * 5000, "en"),
    ],
)
async def test_the_catalogue_speaks_the_language_the_browser_likes_best(
    new_browser: NewBrowser, header: str, language: str
) -> None:
    ann = new_browser()
    shown = await ann.get("/api/catalogue", **{"accept-language": header})
    assert shown["language"] == language
    [story] = shown["stories"]
    assert story["title"] == {"en": "Crossroads", "es": "Encrucijada"}[language]
    assert sorted(story["languages"]) == ["en", "es"]


async def test_a_chosen_language_is_remembered_and_an_unknown_one_is_not(new_browser: NewBrowser) -> None:
    ann = new_browser()
    assert (await ann.get("/api/catalogue?language=es"))["language"] == "es"
    assert (await ann.get("/api/catalogue"))["language"] == "es"
    assert (await ann.get("/api/catalogue?language=tlh"))["language"] == "es"
    assert (await ann.open())["language"] == "es"
    view = await ann.tell("language", language="tlh")
    assert (view["language"], (await ann.get("/api/catalogue"))["language"]) == ("en", "es")


async def test_another_language_keeps_the_place(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    await ann.tap("right")
    await ann.tap("back")
    before = await ann.get(ann.here)
    view = await ann.tell("language", language="es", event="speak")
    assert (view["language"], view["revision"], scenes(view)) == ("es", 3, ["fork"])
    assert view["cards"][0]["title"] == "El cruce"
    assert view["cards"][0]["choices"][0]["label"] == "Ir a la izquierda"
    assert view["cards"][0]["lines"][0]["text"] == "¿Izquierda o derecha, nobody?"

    def ids(shown: Json) -> list[str]:
        return [choice["id"] for choice in shown["cards"][0]["choices"]]

    assert ids(view) == ids(before)
    assert [point["choice"] for point in view["path"]] == [point["choice"] for point in before["path"]]
    assert (await ann.tell("language", language="es", event="speak", revision=2)) == view
    assert scenes(await ann.tap("left")) == ["hall", "clock"]


# -- the catalogue and the map


async def test_the_catalogue_knows_how_far_a_viewer_is_and_nobody_elses(new_browser: NewBrowser) -> None:
    ann, bob = new_browser(), new_browser()
    await ann.open()
    await ann.tap("right")
    await ann.tap("on")
    [story] = (await ann.get("/api/catalogue"))["stories"]
    assert story["endings"] == {"found": 1, "total": 1}
    assert story["scenes"] == {"seen": 4, "total": 7}
    assert story["session"]["ended"] is True
    [story] = (await bob.get("/api/catalogue"))["stories"]
    assert (story["endings"]["found"], story["scenes"]["seen"], story["session"]) == (0, 0, None)


async def test_a_broken_story_is_in_the_catalogue_with_its_errors(house: House) -> None:
    house.write("broken", BROKEN)
    async with house.running() as app, serving(house, app) as server, browsing(server) as new_browser:
        ann = new_browser()
        shown = await ann.get("/api/catalogue")
        assert [story["id"] for story in shown["stories"]] == ["crossroads"]
        [broken] = shown["broken"]
        assert broken["id"] == "broken"
        assert "broken/story.yaml:10:" in broken["errors"][0]
        assert error(await ann.post("/api/stories/broken/open")) == (409, "broken_story")


async def test_a_story_that_was_broken_since_goes_on_in_the_browser(house: House) -> None:
    async with house.running() as app, serving(house, app) as server, browsing(server) as new_browser:
        ann = new_browser()
        await ann.open()
        cookies, session = ann.http.cookies, ann.session
    house.write("crossroads", BROKEN)
    async with house.running() as app, serving(house, app) as server, browsing(server) as new_browser:
        ann = new_browser()
        ann.http.cookies = cookies
        view = await ann.open()
        assert view["session"] == session
        assert scenes(await ann.tap("left")) == ["hall", "clock"]
        assert (await ann.http.get(view["cards"][0]["storyboard"])).status_code == 200
        assert (await ann.get(f"{ann.here}/map"))["scenes"]


async def test_the_map_never_tells_what_was_not_seen(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    await ann.tap("left")
    chart = await ann.get(f"{ann.here}/map")
    known = {scene["id"]: scene for scene in chart["scenes"]}
    assert {id for id, scene in known.items() if scene["seen"]} == {"fork", "hall", "clock"}
    assert set(known) == {"fork", "hall", "clock", "doze", "clearing", "dawn"}
    assert all(not scene["title"] and scene["ending"] is None for scene in known.values() if not scene["seen"])
    assert [scene["id"] for scene in known.values() if scene["here"]] == ["clock"]
    assert [episode["id"] for episode in chart["episodes"]] == ["one"]
    walked = {(edge["from"], edge["to"], edge["choice"]) for edge in chart["edges"] if edge["walked"]}
    assert walked == {("fork", "hall", "left"), ("hall", "clock", None)}
    told = json.dumps(chart)
    for secret in ("Half asleep", "Secretly the butler", "The butler", "Whisper to the butler", "second mile"):
        assert secret not in told


# -- the stream


async def test_the_stream_tells_the_revision_at_once_and_every_move_of_another_tab(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    await ann.tap("left")
    tab = same_viewer(ann, new_browser)
    async with tab.listening() as told:
        assert await anext(told) == 1
        await ann.tap("run")
        assert await anext(told) == 2
        await ann.tap("left", event="once")
        await ann.tap("left", event="once", revision=2)
        await ann.tell("rewind", to=0)
        assert [await anext(told), await anext(told)] == [3, 4]


async def test_streams_that_were_left_are_forgotten(new_browser: NewBrowser, app: App) -> None:
    ann = new_browser()
    await ann.open()
    for _ in range(10):
        async with ann.listening() as told:
            await anext(told)
    while app.moves._listeners:
        await asyncio.sleep(0.001)


async def test_a_stream_ends_with_the_server_and_does_not_hold_it_up(house: House) -> None:
    async with house.running() as app:
        server = serving(house, app)
        async with browsing(await server.__aenter__()) as new_browser:
            ann = new_browser()
            await ann.open()
            async with ann.listening() as told:
                assert await anext(told) == 0
                ending = asyncio.create_task(server.__aexit__(None, None, None))
                assert [revision async for revision in told] == []
                await ending


# -- the server


async def test_it_is_healthy_only_once_it_is_ready(web_server: WebServer, new_browser: NewBrowser) -> None:
    ann = new_browser()
    web_server.ready = False
    response = await ann.http.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "starting"})
    web_server.ready = True
    response = await ann.http.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_of_two_that_start_at_once_on_a_port_one_is_told_so(web_server: WebServer) -> None:
    second = WebServer("127.0.0.1", web_server.port, [])
    with pytest.raises(CannotListen, match=rf"PORT: {web_server.port} on 127.0.0.1 is taken"):
        async with second.running():
            pass


async def test_every_answer_tells_the_browser_to_trust_it_no_further(new_browser: NewBrowser) -> None:
    for path in ("/", "/healthz", "/api/catalogue", "/api/sessions/1", "/nowhere"):
        headers = (await new_browser().http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in headers["content-security-policy"]


HALF_A_CALL = (
    b"POST /api/stories/crossroads/open HTTP/1.1\r\nhost: here\r\n"
    b"content-type: application/json\r\ncontent-length: 100\r\n\r\n{"
)


@asynccontextmanager
async def half_a_call(server: WebServer) -> AsyncIterator[asyncio.StreamReader]:
    """What the server answers to a call of which only the beginning was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(HALF_A_CALL)
    await writer.drain()
    try:
        yield reader
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def test_a_call_whose_rest_never_comes_is_given_up(
    web_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.web.body.BODY_SECONDS", 0.05)
    async with half_a_call(web_server) as answer:
        assert (await answer.readline()).startswith(b"HTTP/1.1 408")


async def test_a_call_that_breaks_off_is_no_fault_of_ours(
    web_server: WebServer, new_browser: NewBrowser, caplog: pytest.LogCaptureFixture
) -> None:
    async with half_a_call(web_server):
        pass
    await new_browser().open()
    assert "Traceback" not in caplog.text


async def test_a_call_that_is_not_whole_at_the_end_is_cut_off_without_a_fuss(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.http.server.GRACE_SECONDS", 0)
    async with house.running() as app, AsyncExitStack() as stack:
        async with serving(house, app) as server:
            answer = await stack.enter_async_context(half_a_call(server))
            async with browsing(server) as new_browser:
                await new_browser().open()
        assert (await answer.readline()).startswith(b"HTTP/1.1 503")
    assert "Traceback" not in caplog.text
