"""One tab of a real browser on the bot's page, by the names that the page gives to its parts."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Error, Locator, Page, Request

UNLOADED = re.compile(r"Failed to load resource|net::ERR_")
"""What a browser says by itself of a server that is away or a file that is gone."""

MOST_TABS = 40

TELL_VIOLATIONS = """addEventListener("securitypolicyviolation",
    (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


class Screen:
    """`faults` is what the browser complained of; a test that cuts the line sets `cut_off` first."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requests: list[Request] = []
        self.cut_off = False
        self.address = address
        self._complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", self._thrown)
        page.on("request", self._asked)

    # -- getting there

    async def catalogue(self) -> None:
        """Open the bot's front page."""
        await self.page.goto(f"{self.address}/")
        await self.shows("story-lantern")

    async def play(self) -> None:
        """Play the story from the catalogue."""
        await self.tap("play", within="story-lantern")

    async def open(self, *choices: str) -> None:
        """Open the story by its own link, and take these choices."""
        await self.page.goto(f"{self.address}/play/lantern")
        await self.scene("gate")
        for choice in choices:
            await self.choose(choice)

    async def choose(self, choice: str) -> None:
        """Tap a choice and see the story move on from where it was."""
        before = await self.revision()
        await self.tap(f"choice-{choice}")
        await self.page.locator(f"[data-revision]:not([data-revision='{before}'])").wait_for()

    # -- what is there

    def at(self, name: str) -> Locator:
        """The part with that name."""
        return self.page.get_by_test_id(name)

    async def shows(self, name: str, text: str = "") -> None:
        """Wait until that part is seen, and holds the text."""
        await self.at(name).filter(has_text=text).wait_for()

    async def lacks(self, name: str) -> None:
        """Wait until that part is gone."""
        await self.at(name).wait_for(state="detached")

    @property
    def video(self) -> Locator:
        """The one that is seen; the other one waits behind it."""
        return self.page.locator("video.live")

    async def tap(self, name: str, within: str = "scene") -> None:
        """Tap that part of a part."""
        await self.at(within).get_by_test_id(name).click()

    async def pause_or_play(self) -> None:
        """Tap on the picture, high up where nothing lies over it."""
        await self.page.locator("button.touch").click(position={"x": 60, "y": 200})

    async def scene(self, name: str, revision: int | None = None) -> None:
        """Wait until that scene is on the screen."""
        counted = "" if revision is None else f"[data-revision='{revision}']"
        await self.page.locator(f"[data-scene='{name}']{counted}").wait_for()

    async def time_left(self) -> str:
        """The length of the countdown's bar, as its style has it."""
        return str(await self.at("countdown").locator("i").evaluate("bar => bar.style.transform"))

    async def revision(self) -> int:
        return int(await self.at("scene").get_attribute("data-revision") or -1)

    async def tab_to(self, name: str) -> None:
        """Press Tab until that part has the focus."""
        for _ in range(MOST_TABS):
            await self.page.keyboard.press("Tab")
            if await self.focus() == name:
                return
        raise AssertionError(f"{name} cannot be reached with Tab; the focus is at {await self.focus()}")

    async def focus(self) -> str | None:
        """The name of the part that has the focus."""
        name: str | None = await self.page.evaluate("document.activeElement.dataset.test")
        return name

    async def until(self, function: str, argument: Any = None) -> None:
        """Wait until a JavaScript function returns true on the page, whose policy refuses to evaluate anything else."""
        await self.page.wait_for_function(function, arg=argument)

    # -- what went over the line

    def sent(self, deed: str) -> list[dict[str, Any]]:
        """The bodies of the calls of that name, in order."""
        calls = (request for request in self.requests if urlsplit(request.url).path.endswith(f"/{deed}"))
        return [json.loads(request.post_data or "{}") for request in calls]

    def asked_for(self, clip: str) -> int:
        """How often a clip was asked for."""
        return sum(urlsplit(request.url).path.endswith(f"/{clip}.mp4") for request in self.requests)

    @property
    def strangers(self) -> list[str]:
        """Every address outside the bot that the page turned to."""
        return [request.url for request in self.requests if not self._is_ours(request.url)]

    @property
    def faults(self) -> list[str]:
        return [text for text in self._complaints if not (self.cut_off and UNLOADED.search(text))]

    def _is_ours(self, url: str) -> bool:
        return url.removeprefix("blob:").startswith(f"{self.address}/")

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(message.text)

    def _thrown(self, error: Error) -> None:
        self._complaints.append(f"uncaught: {error.message}")
