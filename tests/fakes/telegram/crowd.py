"""Viewers who tap as soon as they see buttons: the load of a benchmark, inside the server's process."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tests.fakes.telegram.message import Message
from tests.fakes.telegram.person import Person
from tests.fakes.telegram.refusal import Body

if TYPE_CHECKING:
    from tests.fakes.telegram.town import Town


@dataclass(eq=False)
class Viewer:
    """`tapped` is (message id, data of its buttons, when) of a tap whose next scene is not there yet."""

    person: Person
    tapped: tuple[int, frozenset[str], float] | None = None
    scenes: int = 0


@dataclass
class Crowd:
    """Each says `hello`, then taps a button of every scene at once, as long as fewer than `taps` were made in all.

    A scene is a new message with buttons, or an edit that brings buttons with other data. Buttons whose label matches
    `avoid` are left alone. `seed` decides who taps what.
    """

    town: Town
    people: int
    taps: int
    hello: str = "/start"
    avoid: str = ""
    seed: int = 0
    tapped: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from each tap to its next scene, in the order of arrival."""

    async def begin(self) -> None:
        """All say hello; the rest goes by itself while the bot answers."""
        self._dice = random.Random(self.seed)
        self._viewers = [Viewer(self.town.person(f"Viewer {number}")) for number in range(self.people)]
        self._started = time.perf_counter()
        for viewer in self._viewers:
            viewer.person.home.listeners.append(partial(self._saw, viewer))
        for viewer in self._viewers:
            await viewer.person.say(self.hello)

    def result(self) -> Body:
        """taps, scenes after them, viewers still waiting for one, seconds since the start, waits p50/p99/most."""
        waits = sorted(self.waits)
        return {
            "taps": self.tapped,
            "scenes": len(waits),
            "waiting": sum(viewer.tapped is not None for viewer in self._viewers),
            "seconds": time.perf_counter() - self._started,
            "p50": waits[len(waits) // 2] if waits else None,
            "p99": waits[len(waits) * 99 // 100] if waits else None,
            "most": waits[-1] if waits else None,
        }

    def again(self) -> None:
        """Those who still wait tap the same button once more, as people do when nothing happens."""
        for viewer in self._viewers:
            if viewer.tapped:
                self._press(viewer, viewer.person.home.by_id[viewer.tapped[0]], viewer.tapped[1])

    def _saw(self, viewer: Viewer, message: Message) -> None:
        data = self._choices(message)
        if message.deleted or not data:
            return
        if viewer.tapped:
            tapped, known, at = viewer.tapped
            if message.id < tapped or (message.id == tapped and data <= known):
                return
            self.waits.append(time.perf_counter() - at)
            viewer.scenes += 1
            viewer.tapped = None
        if self.tapped < self.taps:
            self.tapped += 1
            self._press(viewer, message, data)

    def _press(self, viewer: Viewer, message: Message, data: frozenset[str]) -> None:
        chosen = self._dice.choice(sorted(data))
        viewer.tapped = (message.id, data, time.perf_counter())
        viewer.person.press(message, chosen)

    def _choices(self, message: Message) -> frozenset[str]:
        buttons = [button for row in message.rows for button in row if "callback_data" in button]
        return frozenset(
            one["callback_data"] for one in buttons if not (self.avoid and re.search(self.avoid, one["text"]))
        )
