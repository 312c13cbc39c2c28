"""Watch-alongs over HTTP: begun, seen, voted in and steered by browsers, wherever they began."""

from __future__ import annotations

import pytest

from adapters.web.room_time import LEAD
from bot.watch.rules import Rules, Who
from tests.adapters.web.conftest import NewGoer
from tests.fakes.crowd import Crowd
from tests.fakes.house import START, Clock
from tests.fakes.web import error

# -- beginning and looking


async def test_a_room_is_begun_and_found_by_its_code(goer: NewGoer) -> None:
    ann = goer()
    code = await ann.gather(seconds=45, mode="ranked")
    room = await goer(code.upper()).look()
    assert (room["code"], room["revision"], room["story"]["title"]) == (code, 0, "Crossroads")
    assert [card["scene"] for card in room["cards"]] == ["fork"]
    moment = room["moment"]
    assert (moment["state"], moment["seconds"], moment["mode"]) == ("open", 45, "ranked")
    assert (moment["began"], moment["stands"], moment["closes"]) == (START + LEAD, None, START + 45_000)
    assert moment["tally"] == {"left": 0, "right": 0, "sign": 0}
    assert room["link"].endswith(f"/room/{code}")


async def test_whoever_began_it_is_the_host_and_nobody_else(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    bob = goer(ann.code)
    hers, his = await ann.look(), await bob.look()
    assert hers["me"]["mark"] == hers["moment"]["host"] == his["moment"]["host"] != his["me"]["mark"]
    assert await bob.want("close") == "not_host"
    assert await ann.want("pause") == "done"
    assert (await bob.look())["moment"]["state"] == "paused"


async def test_a_call_that_is_repeated_begins_one_room(goer: NewGoer) -> None:
    ann = goer()
    code = await ann.gather(event="once", waits=True)
    assert await ann.gather(event="once", waits=True) == code
    assert (await ann.look())["moment"]["state"] == "paused"


async def test_a_room_that_waits_for_friends_stands_before_its_first_picture(goer: NewGoer, clock: Clock) -> None:
    ann = goer()
    await ann.gather(waits=True)
    clock.advance(600)
    assert (await ann.look())["moment"]["stands"] == -LEAD
    assert await ann.vote("left") == "paused"
    assert await ann.want("resume") == "done"
    moment = (await ann.look())["moment"]
    assert (moment["began"], moment["stands"]) == (clock() + LEAD, None)
    assert moment["closes"] == clock() + 30_000


@pytest.mark.parametrize("code", ["nosuchroom", "x", "..", "%2e%2e", "a" * 200, "ßßßß"])
async def test_a_code_that_is_nobodys_is_told_kindly(goer: NewGoer, code: str) -> None:
    ann = goer(code)
    for path in (ann.here, f"{ann.here}/events", f"/room/{code}/qr.svg", f"/room/{code}/recap.png"):
        answer = await ann.browser.http.get(path)
        assert answer.status_code in (404, 405)
        if "error" in answer.text:
            assert error(answer) == (404, "unknown_room")
    assert error(await goer("nosuchroom").send("vote", choice="left")) == (404, "unknown_room")


# -- voting


async def test_a_vote_counts_once_and_can_be_changed(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    bob = goer(ann.code)
    assert await ann.vote("left", event="a") == "counted"
    assert await ann.vote("left", event="a") == "same"
    assert await bob.vote("right") == "counted"
    assert await ann.vote("right") == "changed"
    room = await ann.look()
    assert room["moment"]["tally"] == {"left": 0, "right": 100, "sign": 0}
    assert (room["moment"]["voters"], room["me"]["vote"]) == (2, ["right"])
    assert (await goer(ann.code).look())["me"]["vote"] is None
    assert await ann.vote("gate") == "not_open"
    assert await ann.vote("left", revision=7) == "late"


async def test_ranked_votes_are_kept_in_their_order(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather(mode="ranked")
    await ann.vote("right")
    await ann.vote("left")
    assert (await ann.look())["me"]["vote"] == ["right", "left"]
    await ann.vote("right")
    assert (await ann.look())["me"]["vote"] == ["left"]


async def test_the_verdict_leads_to_the_next_scene(goer: NewGoer, crowd: Crowd) -> None:
    ann = goer()
    await ann.gather()
    bob, cy = goer(ann.code), goer(ann.code)
    for voter, choice in ((ann, "left"), (bob, "left"), (cy, "right")):
        await voter.vote(choice)
    await crowd.wait(30)
    room = await bob.look()
    assert room["decided"] == {
        "scene": "fork", "choice": "left", "label": "Go left", "why": "most", "percent": 67, "voters": 3,
    }  # fmt: skip
    assert [card["scene"] for card in room["cards"]] == ["hall", "clock"]
    assert room["cards"][1]["at"] == room["cards"][0]["seconds"] > 0
    assert (room["revision"], room["me"]["vote"], room["moment"]["voters"]) == (1, None, 0)
    assert room["moment"]["began"] == crowd.clock() + LEAD


async def test_a_room_of_telegram_is_voted_in_from_the_browser_too(goer: NewGoer, crowd: Crowd) -> None:
    await crowd.gather()
    ann = goer((await crowd.booth()).row.code)
    await ann.look()
    await crowd.vote(2, "left")
    assert await ann.vote("right") == "counted"
    assert await ann.want("stop") == "not_host"
    assert (await ann.look())["moment"]["tally"] == {"left": 50, "right": 50, "sign": 0}
    assert sorted((await crowd.booth()).tally.counts) == [0, 1, 1]


# -- steering


async def test_a_host_counts_skips_goes_back_and_ends(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    await ann.vote("left")
    assert await ann.want("close", event="close") == "done"
    assert await ann.want("close", event="close") == "done"
    assert [card["scene"] for card in (await ann.look())["cards"]] == ["hall", "clock"]
    assert await ann.want("skip") == "done"
    room = await ann.look()
    assert (room["decided"]["choice"], room["decided"]["why"]) == ("listen", "skipped")
    assert await ann.want("back") == "done"
    room = await ann.look()
    assert ([card["scene"] for card in room["cards"]], room["decided"]) == (["clock"], None)
    assert await ann.want("stop") == "done"
    moment = (await ann.look())["moment"]
    assert (moment["state"], moment["over"], moment["host"]) == ("over", "stopped", None)
    assert await ann.vote("run") == "over"
    assert await ann.want("pause") == "over"


async def test_a_pause_holds_clip_and_clock_where_they_are(goer: NewGoer, clock: Clock) -> None:
    ann = goer()
    await ann.gather()
    await ann.look()
    clock.advance(4)
    await ann.want("pause")
    clock.advance(100)
    assert (await ann.look())["moment"]["stands"] == 4_000 - LEAD
    await ann.want("resume")
    assert (await ann.look())["moment"]["began"] == clock() - 4_000 + LEAD


async def test_an_ending_is_told_with_its_picture(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    for choice in ("right", "on"):
        await ann.look()
        await ann.vote(choice)
        await ann.want("close")
    room = await ann.look()
    assert (room["moment"]["over"], room["cards"][-1]["ending"]["kind"]) == ("ending", "happy")
    assert [card["scene"] for card in room["cards"]] == ["morning", "dawn"]
    picture = await ann.browser.http.get(room["moment"]["recap"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")


async def test_there_is_no_picture_of_what_goes_on(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    assert error(await ann.browser.http.get(f"/room/{ann.code}/recap.png")) == (404, "unknown_room")


# -- two ways


async def test_a_group_that_splits_is_shown_both_ways(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather(fork="ask")
    bob = goer(ann.code)
    await ann.vote("left")
    await bob.vote("right")
    await ann.want("close")
    room = await ann.look()
    assert room["moment"]["state"] == "asking"
    assert room["moment"]["asked"] == {"choice": "Go left", "other": "Go right"}
    assert await bob.want("split") == "not_host"
    assert await ann.want("split") == "done"
    mine = await ann.look()
    fork = mine["moment"]["fork"]
    assert (fork["side"]["label"], fork["other"]["label"]) == ("Go left", "Go right")
    assert [card["scene"] for card in mine["cards"]] == ["hall", "clock"]
    theirs = await goer(fork["code"]).look()
    assert [card["scene"] for card in theirs["cards"]] == ["clearing"]
    assert theirs["moment"]["fork"]["code"] == ann.code
    assert theirs["moment"]["fork"]["side"]["label"] == "Go right"
    assert (theirs["decided"]["label"], theirs["decided"]["why"]) == ("Go right", None)
    assert await bob.vote("run", revision=1) == "other_side"


# -- what is refused


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": 1}, {"seconds": 100_000}, {"mode": "weighted"}, {"mode": 7}, {"story": ""}, {"fork": "maybe"},
        {"event": ""}, {"language": "x" * 99},
    ],
)  # fmt: skip
async def test_rules_that_make_no_sense_are_refused(goer: NewGoer, wrong: dict[str, object]) -> None:
    answer = await goer().browser.post("/api/rooms", **{"story": "crossroads", **wrong})
    assert error(answer) == (400, "bad_request")


async def test_no_other_site_can_make_a_browser_vote(goer: NewGoer) -> None:
    ann = goer()
    await ann.gather()
    for path in ("/api/rooms", f"{ann.here}/vote", f"{ann.here}/control"):
        answer = await ann.browser.http.post(path, content=b"{}", headers={"content-type": "text/plain"})
        assert error(answer) == (415, "bad_request")
        assert (await ann.browser.http.get(path)).status_code in (404, 405)


async def test_a_story_that_is_not_there_has_no_room(goer: NewGoer) -> None:
    assert error(await goer().browser.post("/api/rooms", story="nowhere")) == (404, "unknown_story")


async def test_votes_of_a_role_are_not_for_browsers(goer: NewGoer, crowd: Crowd) -> None:
    await crowd.gather(Rules(who=Who.ROLE, role="crew"))
    ann = goer((await crowd.booth()).row.code)
    await ann.look()
    assert await ann.vote("left") == "not_allowed"


async def test_the_page_the_clock_and_the_code_to_scan_are_there(goer: NewGoer, clock: Clock) -> None:
    ann = goer()
    await ann.gather()
    page = await ann.browser.http.get(f"/room/{ann.code}")
    assert "<main" in page.text
    assert await ann.browser.get("/api/time") == {"now": clock()}
    picture = await ann.browser.http.get(f"/room/{ann.code}/qr.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
