"""The calls that play a story, over real HTTP, without the page."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator

import pytest

from adapters.web.body import MAX_BODY
from tests.fakes.browser import Json, scenes
from tests.fakes.house import House
from tests.fakes.store import FailingStore
from tests.fakes.web import NewBrowser, browsing, error, same_viewer, serving

# -- playing


async def test_a_story_is_opened_played_and_gone_on_with(new_browser: NewBrowser) -> None:
    ann = new_browser()
    view = await ann.open()
    assert (view["revision"], view["notice"], scenes(view)) == (0, None, ["fork"])
    assert view["story"] == {
        "id": "crossroads",
        "title": "Crossroads",
        "episode": {"id": "one", "title": "The first mile", "number": 1, "of": 2},
    }
    [card] = view["cards"]
    assert [(choice["id"], choice["locked"], choice["ask"]) for choice in card["choices"]] == [
        ("left", False, None), ("right", False, None), ("sign", False, 12), ("gate", True, None),
    ]  # fmt: skip
    view = await ann.tap("left")
    assert (view["revision"], scenes(view)) == (1, ["hall", "clock"])
    assert [(card["within"], card["default"]) for card in view["cards"]] == [(None, None), (5, "listen")]
    again = await ann.open()
    assert (again["revision"], scenes(again), again["session"]) == (1, ["clock"], view["session"])
    assert again["cards"][-1] == view["cards"][-1]
    assert scenes(await ann.get(ann.here)) == ["clock"]


async def test_a_typed_answer_is_kept_within_its_bounds(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    view = await ann.tap("sign", text="  Wilhelmina \u0007 the Great ")
    assert view["path"][0]["label"] == "Sign your name"
    view = await ann.tap("back")
    assert view["cards"][0]["lines"][0]["text"] == "Left or right, Wilhelmina t?"


async def test_when_the_page_says_that_time_is_over_the_default_is_taken_once(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    await ann.tap("left")
    view = await ann.tell("timeout", event="over")
    assert (scenes(view), view["path"][-1]["timed_out"]) == (["doze"], True)
    again = await ann.tell("timeout", event="over", revision=1)
    assert (scenes(again), again["revision"], again["notice"]) == (["doze"], 2, None)
    late = await ann.tell("timeout", revision=1)
    assert (late["revision"], late["notice"]) == (2, "moved_on")


async def test_rewinding_leads_back_to_a_choice_and_keeps_what_was_seen(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    await ann.tap("left")
    await ann.tap("listen")
    view = await ann.tell("rewind", to=1)
    assert (scenes(view), view["revision"], [point["choice"] for point in view["path"]]) == (["clock"], 3, ["left"])
    chart = await ann.get(f"{ann.here}/map")
    assert "doze" in [scene["id"] for scene in chart["scenes"] if scene["seen"]]
    nowhere = await ann.tell("rewind", to=99)
    assert (nowhere["notice"], nowhere["revision"]) == ("nothing_to_do", 3)


async def test_restarting_begins_anew_and_keeps_endings_and_what_is_kept(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    await ann.tap("right")
    view = await ann.tap("on")
    assert view["cards"][-1]["ending"] == {
        "scene": "dawn", "title": "The butler", "kind": "happy", "first_time": True,
    }  # fmt: skip
    view = await ann.tell("restart")
    assert (scenes(view), view["path"], view["revision"]) == (["fork"], [], 3)
    assert view["endings"]["found"] == [{"scene": "dawn", "title": "The butler", "kind": "happy"}]
    assert {choice["id"]: choice["locked"] for choice in view["cards"][0]["choices"]}["gate"] is False
    view = await ann.tap("gate")
    assert view["cards"][-1]["ending"]["first_time"] is False


async def test_a_request_that_is_repeated_counts_once_and_gets_the_same_view(new_browser: NewBrowser) -> None:
    ann = new_browser()
    first = await ann.open(event="begin")
    assert await ann.open(event="begin") == first
    view = await ann.tap("left", event="tap")
    assert await ann.tap("left", event="tap", revision=0) == view
    both = await asyncio.gather(*[ann.tap("run", event="run", revision=1) for _ in range(5)])
    assert [one["revision"] for one in both] == [2] * 5
    assert all(one == both[0] for one in both)


async def test_two_tabs_tap_at_once_and_one_of_them_is_told_that_the_story_moved_on(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    tab = same_viewer(ann, new_browser)
    views = await asyncio.gather(ann.tap("left"), tab.tap("right"))
    notices = [view["notice"] for view in views]
    assert sorted(notices, key=str) == [None, "moved_on"]
    winner, loser = views[notices.index(None)], views[notices.index("moved_on")]
    assert scenes(loser) == scenes(winner)[-1:]


# -- who may do what


async def test_somebody_elses_session_is_not_there(new_browser: NewBrowser) -> None:
    ann, eve = new_browser(), new_browser()
    await ann.open()
    eve.session = ann.session
    whole: Json = {"revision": 0, "choice": "left", "to": 0, "language": "es"}
    for call in ("tap", "timeout", "rewind", "restart", "language"):
        assert error(await eve.post(f"{eve.here}/{call}", **whole)) == (404, "unknown_session")
    for path in (eve.here, f"{eve.here}/map", f"{eve.here}/events"):
        assert error(await eve.http.get(path)) == (404, "unknown_session")
    assert (await ann.get(ann.here))["revision"] == 0


@pytest.mark.parametrize("name", ["0", "1", "-1", "9" * 19, "9" * 5000, "1.5", "abc", "%00", "１２", "%F0%9F%99%82"])
async def test_a_session_that_cannot_be_is_not_there(new_browser: NewBrowser, name: str) -> None:
    ann = new_browser()
    assert error(await ann.http.get(f"/api/sessions/{name}")) == (404, "unknown_session")
    refused = await ann.post(f"/api/sessions/{name}/tap", revision=0, choice="left")
    assert error(refused) == (404, "unknown_session")


async def test_a_forged_cookie_makes_a_new_viewer(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    name, _, signature = ann.http.cookies["viewer"].partition(".")
    for forged in (name, f"{name}.", f"{name}.{'0' * 32}", f"x{name}.{signature}", f".{signature}", "%", "\xff.\xff"):
        eve = new_browser(cookie=f"viewer={forged}".encode("latin-1"))
        assert error(await eve.http.get(ann.here)) == (404, "unknown_session")
        assert eve.http.cookies["viewer"].partition(".")[0] != name


async def test_the_cookie_is_for_the_server_alone_and_lasts(new_browser: NewBrowser) -> None:
    ann = new_browser()
    response = await ann.http.get("/api/catalogue")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=34560000" in cookie
    assert response.headers["cache-control"] == "no-store"
    before = ann.http.cookies["viewer"]
    await ann.http.get("/api/catalogue")
    assert ann.http.cookies["viewer"] == before


async def test_event_ids_of_two_browsers_never_meet(new_browser: NewBrowser) -> None:
    ann, bob = new_browser(), new_browser()
    for one in (ann, bob):
        await one.open(event="same")
        assert (await one.tap("left", event="same too"))["notice"] is None


# -- what is refused

TAP = {"event": "e", "revision": 0, "choice": "left"}
MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "half a character": b'{"event": "\\ud800", "revision": 0, "choice": "left"}',
    "a list": b"[]",
    "null": b"null",
    "no event": b'{"revision": 0, "choice": "left"}',
    "an empty event": b'{"event": "", "revision": 0, "choice": "left"}',
    "a long event": json.dumps(TAP | {"event": "x" * 65}).encode(),
    "no choice": b'{"event": "e", "revision": 0}',
    "a negative revision": json.dumps(TAP | {"revision": -1}).encode(),
    "a huge revision": json.dumps(TAP | {"revision": 2**70}).encode(),
    "half a revision": json.dumps(TAP | {"revision": 0.5}).encode(),
    "not a number": b'{"event": "e", "revision": NaN, "choice": "left"}',
    "a long text": json.dumps(TAP | {"text": "x" * 401}).encode(),
    "depth": b"[" * 2000 + b"]" * 2000,
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_call_is_refused_in_words(new_browser: NewBrowser, content: bytes) -> None:
    ann = new_browser()
    await ann.open()
    headers = {"content-type": "application/json"}
    assert error(await ann.http.post(f"{ann.here}/tap", content=content, headers=headers)) == (400, "bad_request")
    assert (await ann.get(ann.here))["revision"] == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_taken(new_browser: NewBrowser, kind: str) -> None:
    ann = new_browser()
    await ann.open()
    response = await ann.http.post(f"{ann.here}/tap", content=json.dumps(TAP), headers={"content-type": kind})
    assert error(response) == (415, "bad_request")
    assert (await ann.get(ann.here))["revision"] == 0


async def test_json_may_name_its_character_set(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    response = await ann.http.post(f"{ann.here}/tap", content=json.dumps(TAP), headers=headers)
    assert response.json()["revision"] == 1


async def test_a_body_that_is_too_large_is_not_read_to_its_end(new_browser: NewBrowser) -> None:
    ann = new_browser()
    await ann.open()
    for content in (b" " * (MAX_BODY + 1), in_chunks(MAX_BODY)):
        response = await ann.http.post(f"{ann.here}/tap", content=content, headers={"content-type": "application/json"})
        assert error(response) == (413, "bad_request")


async def in_chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 1024


async def test_a_story_that_is_not_there_is_named(new_browser: NewBrowser) -> None:
    response = await new_browser().post("/api/stories/atlantis/open")
    assert error(response) == (404, "unknown_story")
    assert '"atlantis"' in response.json()["error"]["message"]


async def test_what_could_not_be_saved_may_be_tried_again(house: House) -> None:
    async with house.running(FailingStore) as app, serving(house, app) as server, browsing(server) as new_browser:
        assert isinstance(app.store, FailingStore)
        ann = new_browser()
        await ann.open()
        app.store.failures["commit"] = 1
        response = await ann.post(f"{ann.here}/tap", **TAP)
        assert error(response) == (503, "busy")
        assert (await ann.tap("left", event="e"))["revision"] == 1


async def test_a_fault_of_ours_is_told_as_json_too(house: House) -> None:
    async with house.running() as app, serving(house, app) as server, browsing(server) as new_browser:
        ann = new_browser()
        await ann.open()
        cookies, session = ann.http.cookies, ann.session
    connection = sqlite3.connect(house.database)
    connection.execute("UPDATE session SET state = X'7B7D'")
    connection.commit()
    connection.close()
    async with house.running() as app, serving(house, app) as server, browsing(server) as new_browser:
        ann = new_browser()
        ann.http.cookies, ann.session = cookies, session
        assert error(await ann.http.get(ann.here)) == (500, "failed")
        assert error(await ann.post(f"{ann.here}/tap", **TAP)) == (500, "set_aside")
