"""A creator at the studio's page, without the page: sends, writes and presses, and reads the sheets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx

from tests.fakes.browser import Browser
from tests.fakes.visitor import new_event

Json = dict[str, Any]
BYTES = "application/octet-stream"

TALE = """title: Gate
synopsis: A gate.
language: en
variables:
  trust: {type: integer, from: 0, to: 3, start: 0}
  name: {type: text, length: 20, start: nobody}
episodes:
  one:
    title: One
    start: gate
    scenes:
      gate:
        clip: clips/gate.mp4
        lines: [{narrator: Here is the gate.}]
        choices:
          in: {label: In, do: [trust += 1], to: yard}
          locked: {label: Locked, if: trust >= 2, else: locked, to: yard}
          name: {label: Name yourself, ask: name, to: yard}
      yard:
        lines: [{narrator: "The yard, {name}."}]
        choices:
          back: {label: Back, to: gate}
          end: {label: End, to: hall}
      hall:
        ending: {title: The hall, kind: happy}
"""


class PageCreator:
    """Each method gives the sheet that came, which must have been one."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def press(self, about: str, **body: object) -> Json:
        return sheet_of(await self.browser.post("/api/studio/press", about=about, **body))

    async def write(self, text: str, **body: object) -> Json:
        """A command with its slash, or a text."""
        if not text.startswith("/"):
            return sheet_of(await self.browser.post("/api/studio/text", text=text, **body))
        name, _, rest = text[1:].partition(" ")
        return sheet_of(await self.browser.post("/api/studio/command", name=name, rest=rest, **body))

    async def send(self, content: str | bytes, name: str = "gate.yaml", caption: str = "", event: str = "") -> Json:
        return sheet_of(await self.sent(content, name, caption, event))

    async def sent(
        self, content: Any, name: str = "gate.yaml", caption: str = "", event: str = "", **headers: str
    ) -> httpx.Response:
        """The answer as it came."""
        asked = urlencode({"event": event or new_event(), "name": name, "caption": caption})
        told = {"content-type": BYTES, **{key.replace("_", "-"): value for key, value in headers.items()}}
        return await self.browser.http.post(f"/api/studio/file?{asked}", content=content, headers=told)

    async def standing(self) -> Json:
        """Their stories, and which of them is played."""
        return await self.browser.get("/api/studio")

    async def map(self, story: str, heat: str = "") -> httpx.Response:
        return await self.browser.http.get(f"/api/studio/map/{story}.svg{heat}")


def sheet_of(response: httpx.Response) -> Json:
    assert response.status_code == 200, response.text
    sheet: Json = response.json()
    return sheet


def words(sheet: Json) -> str:
    """All that a sheet says, a line each."""
    return "\n".join("".join(span["text"] for span in line) for line in sheet["lines"])


def keys(sheet: Json) -> dict[str, str]:
    """What its buttons carry, by their labels."""
    return {key["label"]: key["about"] for row in sheet["rows"] for key in row}
