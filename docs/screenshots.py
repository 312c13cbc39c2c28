"""The pictures in docs/pictures, taken from the real bot with a real browser: `python -m docs.screenshots`.

With a folder's name, all of Discord's go there in two widths, to be looked at.

Those of Telegram and Discord show what `docs/chat_picture.py` and `docs/discord_picture.py` have played there. Needs
the clips of the stories that ship (`make clips`), Chromium, a font with emoji (on Debian `fonts-noto-color-emoji`) and
the packages of the extra `dev`.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image, ImageOps
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from docs.chat_picture import chats
from docs.discord_picture import evening

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 400_000
CHAT_BYTES = 300_000
"""A page with six pictures is still quick to load."""

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
NARROW, WIDE = 420, 760
"""Pixels of a channel of Discord, on a phone and on a desk. It is as tall as what stands in it."""

ARGUMENTS = ("--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update",
             "--autoplay-policy=no-user-gesture-required")  # fmt: skip

STORY = "last-train-home"
TO_THE_GREY_COAT = ("offer",)
TO_THE_BRIDGE = (*TO_THE_GREY_COAT, "face", "send-lin", "confess", "refuse", "follow")
TO_AN_ENDING = (*TO_THE_BRIDGE, "hand-over", "ask-gao", "walk")
STARTS_WITHIN = 30
"""Seconds."""


def main() -> None:
    """Take every picture; says which, and how large."""
    PICTURES.mkdir(exist_ok=True)
    told, watched = chats(), evening()  # they need event loops of their own, and Playwright keeps one
    with tempfile.TemporaryDirectory() as data, bot(Path(data)) as address, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        for name, (kind, take) in SCENES.items():
            with visitor(browser, address, kind) as page:
                take(page)
                keep(name, page.screenshot(animations="disabled"))
        for name, html in told.items():
            with visitor(browser, address, PHONE) as page:
                page.set_content(html)
                keep(name, page.screenshot(animations="disabled"), CHAT_BYTES)
        for name in ROOMS:
            keep(name, channel(browser, watched[name], WIDE), CHAT_BYTES)
        browser.close()


def look_at(folder: Path) -> None:
    """Every picture of the evening on Discord, narrow and wide, into a folder: to be judged, not for the docs."""
    watched = evening()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        for name, html in watched.items():
            for width in (NARROW, WIDE):
                (folder / f"{name}-{width}.png").write_bytes(channel(browser, html, width))
        browser.close()


# -- what is shown


def catalogue(page: Page) -> None:
    """The front page, posters and all."""
    page.goto("/")
    page.locator(".marquee").wait_for()
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")


def player(page: Page) -> None:
    """A scene with something said, choices, and time running out."""
    walk(page.context, TO_THE_GREY_COAT)
    page.goto(f"/play/{STORY}")
    page.locator("[data-test=countdown][data-left='6']").wait_for()
    page.locator("[data-test=subtitle] p").first.wait_for()
    page.mouse.move(200, 300)


def story_map(page: Page) -> None:
    """The way that was taken, and what lies beside it in the dark."""
    walk(page.context, TO_THE_BRIDGE)
    page.goto(f"/play/{STORY}")
    page.locator("[data-revision]").wait_for()
    page.locator("[data-test=map]").click()
    page.locator("[data-test=map-panel] svg.chart").wait_for()


def ending(page: Page) -> None:
    """The curtain after a last scene."""
    walk(page.context, TO_AN_ENDING)
    page.goto(f"/play/{STORY}")
    page.locator("[data-test=ending]").wait_for()


Take = Callable[[Page], None]
SCENES: dict[str, tuple[dict[str, Any], Take]] = {
    "catalogue": (DESK, catalogue),
    "player": (PHONE, player),
    "map": (PHONE, story_map),
    "ending": (PHONE, ending),
}

ROOMS = ("discord", "discord-panel", "discord-threads", "discord-recap", "discord-play")
"""Of the evening on Discord, what stands in docs/."""


# -- how


@contextmanager
def bot(data: Path) -> Iterator[str]:
    """The bot on a free port, with nothing remembered; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "STORIES_DIR": str(ROOT / "stories")}
    command = [sys.executable, str(ROOT / "run_bot.py")]
    # Its folder is not ours, so that it does not read our .env and speak to a real platform.
    process = subprocess.Popen(command, cwd=data, env={**environment, "PORT": str(port)})  # noqa: S603 - our own bot
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(health: str) -> None:
    """Until the bot is ready. Raises `TimeoutError`."""
    for _ in range(STARTS_WITHIN * 10):
        try:
            urlopen(health, timeout=1).close()  # noqa: S310 - our own bot
            return
        except URLError:
            time.sleep(0.1)
    raise TimeoutError(f"the bot did not start within {STARTS_WITHIN} s")


@contextmanager
def visitor(browser: Browser, address: str, kind: dict[str, Any]) -> Iterator[Page]:
    """A tab of somebody new."""
    context = browser.new_context(base_url=address, locale="en-GB", **kind)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def walk(context: BrowserContext, choices: tuple[str, ...]) -> None:
    """Take these choices as that viewer, without watching the clips in between."""
    view = call(context, f"/api/stories/{STORY}/open")
    for choice in choices:
        view = call(context, f"/api/sessions/{view['session']}/tap", revision=view["revision"], choice=choice)
        if view["notice"]:
            raise ValueError(f"{STORY} has no choice {choice} there: {view['notice']}")


def call(context: BrowserContext, path: str, **facts: Any) -> dict[str, Any]:
    """One call of the page's; what the bot answered."""
    answer = context.request.post(path, data={"event": str(uuid.uuid4()), **facts})
    if not answer.ok:
        raise ValueError(f"{path}: {answer.text()}")
    view: dict[str, Any] = answer.json()
    return view


def channel(browser: Browser, html: str, width: int) -> bytes:
    """A page of that width, all of it."""
    with visitor(browser, "about:blank", {"viewport": {"width": width, "height": 300}}) as page:
        page.set_content(html)
        return page.screenshot(animations="disabled", full_page=True)


def keep(name: str, picture: bytes, most: int = MOST_BYTES) -> None:
    """Write the picture in the best of three qualities that is light enough."""
    file = PICTURES / f"{name}.png"
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    # Few colours are the last resort; without the k-means small bright things would lose theirs.
    qualities: tuple[Callable[[], Image.Image], ...] = (
        lambda: whole,
        lambda: ImageOps.posterize(whole, 7),
        lambda: whole.quantize(256, kmeans=1),
    )
    for quality in qualities:
        quality().save(file, optimize=True)
        if file.stat().st_size <= most:
            break
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        look_at(Path(sys.argv[1]))
    else:
        main()
