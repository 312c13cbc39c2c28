"""A creator at the studio's page: a real browser, the real bot, real files chosen and dropped."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.bot_process import BotProcess
from tests.journeys.conftest import Visit
from tests.journeys.little_story import LANTERN

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.journeys.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
NUMBERS = count(1)

TALE = LANTERN.replace("The Little Lantern", "The River at Night")


class Studio:
    """A creator's tab, and the one story that they work on."""

    def __init__(self, screen: Screen, folder: Path) -> None:
        self.screen = screen
        self.folder = folder
        self.story = f"river-{next(NUMBERS)}"

    async def open(self, query: str = "") -> None:
        await self.screen.page.goto(f"{self.screen.address}/studio{query}")

    async def send(self, text: str = TALE) -> None:
        """The story as it is now, by the file chooser."""
        file = self.folder / f"{self.story}.yaml"
        file.write_text(text, encoding="utf-8")
        await self.choose(file)

    async def choose(self, *files: Path) -> None:
        async with self.screen.page.expect_file_chooser() as choosing:
            await self.screen.page.locator("header").get_by_test_id("send").click()
        await (await choosing.value).set_files([str(file) for file in files])

    async def began(self) -> None:
        """Sent, and played from its beginning."""
        await self.open()
        await self.send()
        await self.screen.shows("sheet", f"✅ {self.story}")
        await self.key("▶ Play it")
        await self.at("gate")

    async def key(self, label: str, within: str = "desk") -> None:
        await self.screen.at(within).get_by_role("button", name=label).first.click()

    async def write(self, text: str) -> None:
        await self.screen.at("field").fill(text)
        await self.screen.at("field").press("Enter")

    async def at(self, scene: str) -> None:
        """Wait until the test play stands there."""
        await self.screen.page.locator(f"[data-test='play'][data-scene='{scene}']").wait_for()

    def plate(self, scene: str) -> Locator:
        return self.screen.at("glass").locator(f"[data-scene='{scene}']")


NewStudio = Callable[..., Any]


@pytest.fixture
def studio(visit: Visit, tmp_path: Path) -> NewStudio:
    async def new(**options: Any) -> Studio:
        return Studio(await visit(**{**DESK, **options}), tmp_path)

    return new


async def test_from_nothing_by_way_of_an_error_to_an_ending(studio: NewStudio) -> None:
    creator = await studio()
    screen = creator.screen
    await creator.open()
    await screen.shows("welcome", "Send a story")
    await creator.send(TALE.replace("to: bridge", "to: brigde", 1))
    await screen.shows("sheet", f"{creator.story}.yaml:23:34")
    await screen.shows("sheet", 'there is no scene "brigde". Did you mean "bridge"?')
    await creator.send()
    await screen.shows("sheet", f"✅ {creator.story} · draft 1")
    await screen.shows(f"story-{creator.story}", "not public")
    await creator.key("▶ Play it")
    await creator.at("gate")
    await screen.shows("spoken", "Which way now")
    await creator.key("🔒 Fly")
    await screen.shows("said", "Fly: needs brave")
    await creator.key("Walk on")
    await creator.at("bridge")
    await screen.shows("debug", "brave false")
    await creator.key("Cross the river")
    await creator.at("dawn")
    await screen.shows("spoken", "an ending, happy")
    await creator.key("↶ Back")
    await creator.at("bridge")


async def test_a_text_is_asked_for_and_commands_are_written(studio: NewStudio) -> None:
    creator = await studio()
    await creator.began()
    await creator.key("✎ Say your name")
    await creator.screen.shows("sheet", "Write it now")
    assert await creator.screen.focus() == "field"
    await creator.write("Noor")
    await creator.at("bridge")
    await creator.screen.shows("debug", 'name "stranger" → "Noor"')
    await creator.write("/jump tower")
    await creator.at("tower")
    await creator.write("set brave true")
    await creator.screen.shows("debug", "brave false → true")
    await creator.write("/nonsense")
    await creator.screen.shows("sheet", "There is no /nonsense")
    await creator.screen.at("field").press("ArrowUp")
    assert await creator.screen.at("field").input_value() == "/nonsense"


async def test_an_edit_comes_in_place_under_the_play(studio: NewStudio) -> None:
    creator = await studio()
    await creator.began()
    await creator.key("Walk on")
    await creator.at("bridge")
    await creator.send(TALE.replace("The river is loud", "The river is silent"))
    await creator.screen.shows("spoken", "The river is silent")
    await creator.screen.shows("sheet", "reworded text: bridge")
    await creator.at("bridge")
    await creator.send(TALE.replace("to: bridge", "to: brigde", 1))
    await creator.screen.shows("sheet", "1 error, so nothing has changed")
    await creator.key("Climb the tower")
    await creator.at("tower")


async def test_clips_by_their_names_are_seen_at_once(studio: NewStudio, bot: BotProcess, tmp_path: Path) -> None:
    creator = await studio()
    await creator.began()
    for scene in ("gate", "bridge"):
        shutil.copy(bot.stories / "lantern" / "clips" / f"{scene}.mp4", tmp_path / f"{scene}.mp4")
    (tmp_path / "nowhere.mp4").write_bytes(b"")
    await creator.choose(*(tmp_path / f"{scene}.mp4" for scene in ("gate", "bridge", "nowhere")))
    await creator.screen.shows("parcels", "gate has its clip")
    await creator.screen.shows("parcels", 'no scene "nowhere"')
    await creator.screen.until("() => document.querySelector('[data-test=clip]')?.videoWidth === 270")
    await creator.screen.shows(f"story-{creator.story}", "5 clips to come")


async def test_a_file_is_dropped_anywhere(studio: NewStudio) -> None:
    creator = await studio()
    await creator.open()
    await creator.screen.shows("welcome")
    drop = await creator.screen.page.evaluate_handle(
        """([name, text]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], name));
            return carried;
        }""",
        [f"{creator.story}.yaml", TALE],
    )
    await creator.screen.page.dispatch_event("main", "dragenter", {"dataTransfer": drop})
    await creator.screen.page.get_by_text("Let go to send").wait_for()
    await creator.screen.page.dispatch_event("main", "drop", {"dataTransfer": drop})
    await creator.screen.shows("sheet", f"✅ {creator.story}")


async def test_a_folder_is_packed_on_the_way(studio: NewStudio) -> None:
    creator = await studio()
    await creator.open()
    await creator.screen.shows("welcome")
    files = {"story.yaml": TALE, "locales/es.yaml": "title: El río\n", ".hidden": "x"}
    zipped = await creator.screen.page.evaluate(
        """async ([name, files]) => {
            const { packed } = await import("/static/script/studio-folder.js");
            const file = (name, text) => ({ name, isDirectory: false, file: (got) => got(new File([text], name)) });
            const folder = (name, inside) => ({ name, isDirectory: true, createReader: () => {
                let given = false;
                return { readEntries: (got) => { got(given ? [] : inside); given = true; } };
            } });
            const locales = folder("locales", [file("es.yaml", files["locales/es.yaml"])]);
            const whole = folder(name, [file("story.yaml", files["story.yaml"]), locales, file(".hidden", "x")]);
            return [...new Uint8Array(await (await packed(whole)).arrayBuffer())];
        }""",
        [creator.story, files],
    )
    file = creator.folder / f"{creator.story}.zip"
    file.write_bytes(bytes(zipped))
    await creator.choose(file)
    await creator.screen.shows("sheet", f"✅ {creator.story}")
    await creator.screen.shows("sheet", "in en, es")


async def test_the_map_is_zoomed_and_played_from(studio: NewStudio) -> None:
    creator = await studio()
    await creator.began()
    glass = creator.screen.at("glass")
    await creator.plate("tower").wait_for()
    before = float(await glass.get_attribute("data-scale") or 0)
    await creator.screen.at("zoom-in").click()
    closer = float(await glass.get_attribute("data-scale") or 0)
    assert closer > before
    await glass.hover()
    await creator.screen.page.mouse.wheel(0, 300)
    await creator.screen.until("(was) => document.querySelector('.map-glass').dataset.scale < was", closer)
    await creator.screen.at("fit").click()
    await glass.focus()
    await creator.screen.page.keyboard.press("+")
    await creator.screen.until("(was) => document.querySelector('.map-glass').dataset.scale > was", before)
    await creator.screen.page.keyboard.press("0")
    await creator.plate("tower").click()
    await creator.at("tower")
    assert await creator.plate("tower").get_attribute("aria-current") == "true"
    await creator.plate("tower").focus()
    await creator.screen.page.keyboard.press("ArrowUp")
    above = await creator.screen.page.evaluate("document.activeElement.dataset.scene")
    assert above in ("bridge", "greeting")
    await creator.screen.page.keyboard.press("Enter")
    await creator.at("bridge")  # where greeting leads by itself
    await creator.screen.at("heat").click()
    await creator.screen.page.locator(".map-drawing text").filter(has_text="100%").first.wait_for()


async def test_a_drag_moves_the_map_and_plays_nothing(studio: NewStudio) -> None:
    creator = await studio()
    await creator.began()
    plate = await creator.plate("tower").bounding_box()
    assert plate is not None
    x, y = plate["x"] + 20, plate["y"] + 10
    mouse = creator.screen.page.mouse
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + 40, y + 30, steps=4)
    await mouse.up()
    moved = await creator.plate("tower").bounding_box()
    assert moved is not None
    assert 38 < moved["x"] - plate["x"] < 42
    assert creator.screen.sent("press")[-1]["about"].startswith("play ")


async def test_two_fingers_zoom_the_map(studio: NewStudio) -> None:
    creator = await studio(has_touch=True)
    await creator.began()
    await creator.plate("tower").wait_for()
    frame = await creator.screen.at("glass").bounding_box()
    assert frame is not None
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    before = float(await creator.screen.at("glass").get_attribute("data-scale") or 0)
    hand = await creator.screen.page.context.new_cdp_session(creator.screen.page)
    for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60), ("touchEnd", 0)):
        fingers = [{"x": x + side * apart, "y": y, "id": side + 1} for side in (-1, 1)] if apart else []
        await hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    after = float(await creator.screen.at("glass").get_attribute("data-scale") or 0)
    assert 2 < after / before < 4
    await creator.at("gate")


async def test_a_finding_is_played_and_the_figures_are_a_file(studio: NewStudio) -> None:
    creator = await studio()
    await creator.open()
    looks = "looks: {type: integer, from: 0, to: 1, start: 0}"
    counted = TALE.replace("brave: {type: flag}", f"brave: {{type: flag}}\n  {looks}")
    await creator.send(counted.replace("Look back, do: [brave = true]", "Look back, do: [brave = true, looks += 1]"))
    await creator.key("🔎 Check")
    await creator.screen.shows("sheet", "▶ plays the shortest way")
    await creator.key("▶ 2")
    await creator.screen.shows("play")
    await creator.screen.shows("said", "🔎")
    await creator.write("/test 500")
    async with creator.screen.page.expect_download() as loading:
        await creator.screen.at("download").click()
    table = await loading.value
    assert table.suggested_filename == f"{creator.story}-500-plays.csv"
    assert "dawn" in Path(await table.path()).read_text(encoding="utf-8")


async def test_published_seen_and_taken_back(studio: NewStudio) -> None:
    creator = await studio()
    await creator.began()
    for text in (TALE, TALE.replace("The River at Night", "The River by Day")):
        await creator.send(text)
        await creator.screen.shows("sheet", f"✅ {creator.story} · draft")
        await creator.write("/publish")
        await creator.key("🚀 Publish now")
        await creator.screen.shows("sheet", "is live: publication")
        await creator.screen.shows(f"story-{creator.story}", "live")
    viewer = await studio()
    await viewer.screen.page.goto(f"{viewer.screen.address}/")
    await viewer.screen.shows(f"story-{creator.story}", "The River by Day")
    await creator.write("/revert")
    await creator.key("↩ Take it back")
    await creator.screen.shows("sheet", "is live: publication 3")
    await viewer.screen.page.reload()
    await viewer.screen.shows(f"story-{creator.story}", "The River at Night")
    await creator.screen.at(f"watch-{creator.story}").click()
    await creator.screen.scene("gate")
    await creator.open()
    await creator.write("/delete")
    await creator.key("🗑 Give it up")
    await creator.screen.shows("sheet", "is given up")
    await creator.screen.lacks(f"story-{creator.story}")
    await viewer.screen.page.reload()
    await viewer.screen.lacks(f"story-{creator.story}")


async def test_an_invited_tester_plays_and_publishes_nothing(studio: NewStudio) -> None:
    creator = await studio()
    await creator.began()
    await creator.write("/invite tester")
    invitation = await creator.screen.at("sheet").inner_text()
    code = re.search(r"/studio\?join=([\w-]+)", invitation)
    assert code is not None, invitation
    tester = await studio()
    tester.story = creator.story
    await tester.open(f"?join={code[1]}")
    await tester.screen.shows("sheet", "You are a tester of")
    await tester.screen.shows(f"story-{creator.story}", "tester")
    assert "join" not in tester.screen.page.url
    await tester.key("▶ Play it")
    await tester.key("Walk on")
    await tester.at("bridge")
    await tester.write("/publish")
    await tester.screen.shows("sheet", "Ask one of its owners.")
    late = await studio()
    await late.open(f"?join={code[1]}")
    await late.screen.shows("sheet", "That invitation is used or over.")


async def test_a_title_is_text_wherever_it_stands(studio: NewStudio) -> None:
    creator = await studio()
    await creator.open()
    await creator.send(TALE.replace("title: Night", "title: '<img src=x onerror=alert(1)>'").replace(
        "title: The River at Night", "title: '<script>alert(1)</script><b>bold</b>'"
    ))  # fmt: skip
    await creator.screen.shows(f"story-{creator.story}", "<script>alert(1)</script>")
    await creator.plate("gate").wait_for()
    assert await creator.screen.page.locator("#studio :is(script, b), #studio img[src='x']").count() == 0


async def test_another_tab_changes_nothing_behind_ones_back(studio: NewStudio, visit: Visit) -> None:
    creator = await studio()
    await creator.began()
    other = Studio(await visit(beside=creator.screen), creator.folder)
    await other.open()
    await other.at("gate")
    await other.key("Walk on")
    await other.at("bridge")
    await creator.key("Walk on")
    await creator.screen.shows("said", "The test play has moved on.")
    await creator.at("bridge")


async def test_a_bot_that_is_away_is_waited_for(studio: NewStudio, bot: BotProcess) -> None:
    creator = await studio()
    await creator.began()
    creator.screen.cut_off = True
    assert bot.stop() == 0
    await creator.key("Walk on")
    await creator.screen.shows("work", "One moment…")
    bot.start()
    await creator.at("bridge")


@pytest.mark.parametrize("width", [360, 412])
async def test_a_phone_holds_everything(studio: NewStudio, width: int) -> None:
    creator = await studio(viewport={"width": width, "height": 740}, has_touch=True)
    screen = creator.screen
    await creator.began()
    for command in ("/check", "/test 100", "/publish", "/invite writer", "/people", "/log", "/link", "/why", "/studio"):
        await creator.write(command)
        await screen.until("() => document.querySelector('[data-test=sheet]')")
        await _fits(screen, width)
    await screen.tap("tab-map", within="rooms")
    await creator.plate("bridge").wait_for()
    await _fits(screen, width)
    await creator.plate("bridge").tap()
    await creator.at("bridge")
    await screen.tap("tab-stories", within="rooms")
    await screen.shows(f"story-{creator.story}", "The River at Night")
    await _fits(screen, width)


async def _fits(screen: Screen, width: int) -> None:
    """Nothing reaches beyond the screen, and a thumb hits every button."""
    assert await screen.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = await screen.page.evaluate(
        """(width) => [...document.querySelectorAll(".desk-scroll *, .room-stories *, .studio-head *, .field *")]
            .filter((one) => one.checkVisibility() && !one.closest("svg, datalist, .take-frame"))
            .filter((one) => !one.matches(".unseen") && one.getBoundingClientRect().right > width + 0.5)
            .map((one) => one.outerHTML.slice(0, 120))""",
        width,
    )
    assert wide == []
    small = await screen.page.evaluate(
        """() => [...document.querySelectorAll("button")].filter((one) => one.checkVisibility())
            .filter((one) => !one.matches(".written-command") && (one.offsetHeight < 43 || one.offsetWidth < 43))
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert small == []


async def test_keys_alone_send_play_and_find_everything_named(studio: NewStudio) -> None:
    creator = await studio()
    await creator.began()
    await creator.screen.tab_to("choice-0")
    await creator.screen.page.keyboard.press("Enter")
    await creator.at("bridge")
    await creator.screen.until("() => document.activeElement.dataset.test === 'choice-0'")
    nameless = await creator.screen.page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], input, [role=button]")]
            .filter((one) => one.checkVisibility())
            .filter((one) => !(one.getAttribute("aria-label") ?? one.innerText).trim()).map((one) => one.outerHTML)"""
    )
    assert nameless == []
