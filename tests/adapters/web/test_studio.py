"""The studio's calls: what creators send, write and press by way of the web server, and who may not."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable
from xml.etree import ElementTree

import pytest

from bot.app import App
from bot.clips.vault.folder import FolderVault
from bot.studio.studio import Studio
from tests.bot.studio.hostile import uploads
from tests.fakes.browser import Browser
from tests.fakes.creator import TALE, PageCreator, keys, sheet_of, words
from tests.fakes.house import House
from tests.fakes.visitor import new_event
from tests.fakes.web import browsing, error, serving

NewCreator = Callable[..., PageCreator]
MEGABYTE = 1024 * 1024
HOSTILE = list(uploads())[::3]
"""Some of each kind: one creator may send 120 files in an hour."""

ODD = ("", " ", "c", "c 0", "c x y", "f gate 1 99999999999999999999", "at", "at gate", "pub gate", "\0", "x" * 200)
"""What buttons carry in the hands of somebody who plays with them."""


@pytest.fixture
async def new_creator(house: House, app: App) -> AsyncIterator[NewCreator]:
    """Makes people who make stories, each in a browser of their own; takes headers that it always sends."""
    studio = Studio(app.store, app.library, FolderVault(house.folder / "vault"), app.spread)
    async with studio.running(), serving(house, app, studio=studio) as server, browsing(server) as new:
        yield lambda **headers: PageCreator(new(**headers))


@pytest.fixture
def creator(new_creator: NewCreator) -> PageCreator:
    return new_creator()


# -- what a creator does


async def test_nobody_has_stories_at_first(creator: PageCreator) -> None:
    standing = await creator.standing()
    assert standing["stories"] == []
    assert standing["playing"] is None
    assert {"jump", "publish", "join"} <= set(standing["commands"])


async def test_a_story_is_sent_and_played_to_its_end(creator: PageCreator) -> None:
    report = await creator.send(TALE)
    assert words(report).startswith("✅ gate · draft 1\n")
    assert report["story"] == "gate"
    play = await creator.press(keys(report)["▶ Play it"])
    assert play["scene"]["id"] == "gate"
    assert play["scene"]["clip"] is None
    assert play["scene"]["still"].startswith("<svg")
    play = await creator.press(keys(play)["In"])
    assert "trust 0 → 1" in words(play)
    play = await creator.press(keys(play)["End"])
    assert "🏁 an ending" in words(play)
    [story] = (await creator.standing())["stories"]
    assert (story["title"], story["upload"], story["scenes"], story["missing"]) == ("Gate", 1, 3, 1)
    assert (story["role"], story["live"]) == ("owner", "no")


async def test_what_is_wrong_is_told_with_its_place(creator: PageCreator) -> None:
    report = await creator.send(TALE.replace("to: yard", "to: yrad", 1))
    assert "gate.yaml:16:45 STORY012" in words(report)
    assert (await creator.standing())["stories"] == []


async def test_a_locked_choice_says_why(creator: PageCreator) -> None:
    await creator.send(TALE)
    play = await creator.press("play gate")
    refused = await creator.press(keys(play)["🔒 Locked"])
    assert words(refused).startswith("🔒 Locked: needs trust >= 2 (trust is 0)")
    assert refused["scene"]["id"] == "gate"


async def test_a_text_is_written_where_it_is_asked_for(creator: PageCreator) -> None:
    await creator.send(TALE)
    play = await creator.press("play gate")
    asked = await creator.press(keys(play)["✎ Name yourself"])
    assert asked["question"]
    assert "The yard, Ada." in words(await creator.write("Ada"))
    assert words(await creator.write("Ada")) == "Nothing waits for a text just now."


async def test_commands(creator: PageCreator) -> None:
    await creator.send(TALE)
    await creator.press("play gate")
    assert "trust 0 → 2" in words(await creator.write("/set trust 2"))
    assert (await creator.write("/JUMP yard"))["scene"]["id"] == "yard"
    assert words(await creator.write("/nonsense")) == "There is no /nonsense. /studio says more."


async def test_a_new_draft_comes_under_the_play(creator: PageCreator) -> None:
    await creator.send(TALE)
    await creator.press("play gate")
    await creator.write("/jump yard")
    sheet = await creator.send(TALE.replace("The yard,", "The big yard,"))
    assert "reworded" in words(sheet)
    assert "The big yard, nobody." in words(sheet)
    assert (sheet["scene"]["id"], sheet["scene"]["upload"]) == ("yard", 2)


async def test_a_clip_is_shown_above_its_scene(creator: PageCreator, video: bytes) -> None:
    await creator.send(TALE)
    assert "gate has its clip" in words(await creator.send(video, "gate.mp4", "gate"))
    play = await creator.press("play gate")
    assert play["scene"]["clip"]["type"] == "video/mp4"
    assert play["scene"]["clip"]["link"].startswith("/clips/%40/")
    assert play["scene"]["still"] is None


async def test_what_is_no_clip_is_told_and_changes_nothing(creator: PageCreator) -> None:
    await creator.send(TALE)
    told = words(await creator.send(b"not a video", "gate.mp4", "gate"))
    assert told.startswith("That clip cannot be used")
    assert (await creator.standing())["stories"][0]["upload"] == 1


async def test_a_press_on_the_map_stands_in_that_scene(creator: PageCreator) -> None:
    await creator.send(TALE)
    await creator.send(TALE, "other.yaml")
    await creator.press("play other")
    play = await creator.press("at gate yard")
    assert (play["scene"]["story"], play["scene"]["id"]) == ("gate", "yard")
    assert "There is no scene" in words(await creator.press("at gate nowhere"))


async def test_the_next_story_of_an_id_is_another_one(creator: PageCreator, new_creator: NewCreator) -> None:
    await creator.send(TALE)
    await creator.press("play gate")
    await creator.map("gate")
    await creator.press("gone gate")
    other = new_creator()
    await other.send(TALE.replace("Here is the gate.", "No gate at all.").replace("yard", "garden"))
    assert "No gate at all." in words(await other.press("play gate"))
    assert 'data-scene="garden"' in (await other.map("gate")).text
    assert "no such story" in words(await creator.press("play gate"))


async def test_figures_come_with_their_table(creator: PageCreator) -> None:
    await creator.send(TALE)
    figures = await creator.write("/test gate 300")
    assert figures["document"]["name"] == "gate-300-plays.csv"
    assert b"hall" in base64.b64decode(figures["document"]["data"])


async def test_the_map_names_every_scene(creator: PageCreator) -> None:
    await creator.send(TALE.replace("title: Gate", "title: '<script>alert(1)</script> & \"more\"'"))
    answer = await creator.map("gate")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    drawing = ElementTree.fromstring(answer.text)
    assert {one.get("data-scene") for one in drawing.iter() if one.get("data-scene")} == {"gate", "yard", "hall"}
    assert {one.tag.partition("}")[2] for one in drawing.iter()} <= {"svg", "rect", "path", "polygon", "text", "title"}
    assert "100%" in (await creator.map("gate", "?heat=1")).text


async def test_the_map_is_that_of_the_draft_and_for_those_in_it(creator: PageCreator, new_creator: NewCreator) -> None:
    await creator.send(TALE)
    first = (await creator.map("gate")).text
    assert (await creator.map("gate")).text == first
    await creator.send(TALE.replace("yard", "garden"))
    assert 'data-scene="garden"' in (await creator.map("gate")).text
    assert error(await new_creator().map("gate")) == (404, "unknown_story")


async def test_published_and_taken_back(creator: PageCreator) -> None:
    await creator.send(TALE)
    proposal = await creator.write("/publish gate")
    assert "Everybody will find it" in words(proposal)
    assert "is live: publication 1" in words(await creator.press(keys(proposal)["🚀 Publish now"]))
    assert [one["id"] for one in (await creator.browser.get("/api/catalogue"))["stories"]] == ["crossroads", "gate"]
    assert (await creator.standing())["stories"][0]["live"] == "yes"
    await creator.send(TALE.replace("The yard,", "The big yard,"))
    assert (await creator.standing())["stories"][0]["live"] == "earlier"
    proposal = await creator.write("/publish gate")
    await creator.press(keys(proposal)["🚀 Publish now"])
    proposal = await creator.write("/revert gate")
    assert "is live: publication 3" in words(await creator.press(keys(proposal)["↩ Take it back"]))


# -- who may


async def test_an_invitation_is_a_link_that_lets_one_in(creator: PageCreator, new_creator: NewCreator) -> None:
    await creator.send(TALE)
    invitation = words(await creator.write("/invite gate tester"))
    found = re.search(r"http://127\.0\.0\.1/studio\?join=([\w-]+)", invitation)
    assert found is not None
    tester = new_creator()
    assert "You are a tester of gate now." in words(await tester.write(f"/join {found[1]}"))
    assert (await tester.press("play gate"))["scene"]["id"] == "gate"
    assert "That is for its" in words(await tester.write("/publish gate"))
    assert "used or over" in words(await new_creator().write(f"/join {found[1]}"))


async def test_a_stranger_learns_nothing(creator: PageCreator, new_creator: NewCreator) -> None:
    await creator.send(TALE)
    stranger = new_creator()
    for about in ("story gate", "play gate", "at gate yard", "pub gate 1 1", "undo gate 1", "people gate", "gone gate"):
        assert "no such story among yours" in words(await stranger.press(about)), about
    assert "taken" in words(await stranger.send(TALE))
    assert error(await stranger.map("gate")) == (404, "unknown_story")
    assert (await stranger.standing())["stories"] == []
    assert "gate" in words(await creator.press("story gate"))


@pytest.mark.parametrize(
    "about", ["", " ", "c", "c 0", "c x y", "f gate 1 99999999999999999999", "at", "pub gate", "\0", "x" * 200]
)
async def test_whatever_a_button_might_carry_is_answered(creator: PageCreator, about: str) -> None:
    await creator.send(TALE)
    await creator.press("play gate")
    answer = await creator.browser.post("/api/studio/press", about=about)
    assert answer.status_code == (400 if about in ("", "\0") else 200), answer.text
    assert "gate" in words(await creator.press("now"))


# -- what browsers do at the bidding of others


async def test_no_other_site_can_call(creator: PageCreator, new_creator: NewCreator) -> None:
    await creator.send(TALE)
    for site in ("cross-site", "same-site"):
        foreign = new_creator(**{"sec-fetch-site": site})
        foreign.browser.http.cookies = creator.browser.http.cookies
        assert error(await foreign.browser.post("/api/studio/press", about="gone gate")) == (403, "cross_site")
        assert error(await foreign.sent(TALE)) == (403, "cross_site")
        assert error(await foreign.map("gate")) == (403, "cross_site")
    assert len((await creator.standing())["stories"]) == 1


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", ""])
async def test_what_a_form_can_send_is_not_taken(creator: PageCreator, kind: str) -> None:
    assert error(await creator.sent(TALE, content_type=kind)) == (415, "bad_request")
    answer = await creator.browser.http.post("/api/studio/press", content=b"{}", headers={"content-type": kind})
    assert error(answer) == (415, "bad_request")


# -- what is too much, and what comes twice


async def test_a_file_may_have_64_megabytes(creator: PageCreator) -> None:
    assert error(await creator.sent(b"\0" * (64 * MEGABYTE + 1))) == (413, "too_large")
    assert error(await creator.sent(_pieces(65))) == (413, "too_large")
    assert words(await creator.send(TALE)).startswith("✅")


async def test_a_file_needs_a_name_and_an_event(creator: PageCreator) -> None:
    assert error(await creator.sent(TALE, name="")) == (400, "bad_request")
    assert error(await creator.sent(TALE, event="e" * 65)) == (400, "bad_request")
    assert error(await creator.sent(TALE, caption="c" * 301)) == (400, "bad_request")


async def test_a_call_that_comes_twice_acts_once(creator: PageCreator) -> None:
    await creator.send(TALE)
    await creator.press("play gate")
    for scene in ("yard", "hall", "gate"):
        await creator.write(f"/jump {scene}")
    first, again = await asyncio.gather(*(creator.write("/back", event="the-same") for _ in range(2)))
    assert first == again == await creator.write("/back", event="the-same")


async def test_a_call_that_comes_again_after_a_restart_acts_once(house: House) -> None:
    event, cookies = new_event(), None
    stood = []
    for life in range(2):
        async with house.running() as app:
            studio = Studio(app.store, app.library, FolderVault(house.folder / "vault"), app.spread)
            async with studio.running(), serving(house, app, studio=studio) as server, browsing(server) as new:
                creator = PageCreator(new())
                if life:
                    creator.browser.http.cookies = cookies  # type: ignore[assignment]
                else:
                    await creator.send(TALE)
                    await creator.press("play gate")
                    await creator.press("c 0 0")
                    await creator.press("c 1 0")
                stood.append((await creator.write("/back", event=event))["scene"]["id"])
                cookies = creator.browser.http.cookies
    assert stood == ["yard", "yard"]


async def test_two_tabs_are_harmless(creator: PageCreator) -> None:
    await creator.send(TALE)
    play = await creator.press("play gate")
    await creator.press(keys(play)["In"])
    late = await creator.press(keys(play)["In"])
    assert words(late).startswith("The test play has moved on.")
    assert late["scene"]["id"] == "yard"


async def test_hostile_uploads_are_answered_and_all_goes_on(creator: PageCreator) -> None:
    await creator.send(TALE)
    for hostile in HOSTILE:
        answer, beside = await asyncio.gather(
            creator.sent(hostile.content(), hostile.called), creator.press("play gate")
        )
        assert beside["scene"]["id"] == "gate"
        if not 0 < len(hostile.called) <= 300:
            assert error(answer) == (400, "bad_request")
            continue
        refused = sheet_of(answer)
        # What is not called as stories are is taken for a clip.
        told = hostile.code if hostile.called.endswith((".zip", ".yaml")) else "as caption"
        assert told in words(refused), hostile.what
    [story] = (await creator.standing())["stories"]
    assert story["upload"] == 1


async def _pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"\0" * MEGABYTE


async def test_without_a_studio_there_is_no_such_call(new_browser: Callable[[], Browser]) -> None:
    assert (await new_browser().http.get("/api/studio")).status_code == 404
