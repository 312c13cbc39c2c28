"""A viewer of a bot in another process, who taps from a thread as long as it answers."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx

from tests.fakes.entrance import PATIENCE


class Tapper:
    """Goes back and forth in the story, one tap after the other."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)
        self.session = ""
        self.revision = 0
        self.acknowledged: list[int] = []
        self._numbers = count()

    def close(self) -> None:
        self.http.close()

    @property
    def next_choice(self) -> str:
        return "back" if self.revision % 2 else "right"

    def open(self) -> None:
        view = self.http.post("/api/stories/crossroads/open", json={"event": "open"}).json()
        self.session, self.revision = view["session"], view["revision"]

    def send(self, choice: str) -> httpx.Response:
        body = {"event": f"tap-{next(self._numbers)}", "revision": self.revision, "choice": choice}
        return self.http.post(f"/api/sessions/{self.session}/tap", json=body)

    def taken(self, response: httpx.Response) -> dict[str, Any]:
        view: dict[str, Any] = response.json()
        self.revision = view["revision"]
        self.acknowledged.append(self.revision)
        return view

    def tap(self) -> dict[str, Any]:
        return self.taken(self.send(self.next_choice))

    def repeat(self, refused: httpx.Response) -> dict[str, Any]:
        """The very same call once more."""
        view: dict[str, Any] = self.http.send(refused.request).json()
        return view

    def tap_until_the_end(self) -> None:
        """Until the bot no longer answers."""
        try:
            while True:
                response = self.send(self.next_choice)
                if response.status_code == 200:
                    self.taken(response)
        except httpx.TransportError:
            return

    def listen_until_the_end(self) -> list[str]:
        """All that the stream of the session tells."""
        with self.http.stream("GET", f"/api/sessions/{self.session}/events") as response:
            self.http.headers["listening"] = "yes"
            return [line for line in response.iter_lines() if line.startswith("data")]
