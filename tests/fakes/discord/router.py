"""Which work belongs to which path, and the call that it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.attachments import Upload
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.message import Message
from tests.fakes.discord.refusal import Body, unknown
from tests.fakes.discord.world import World

Answer = tuple[int, Any]
"""Status and JSON; (204, None) has no body."""


@dataclass(frozen=True)
class Asked:
    """One call on its way to its work: `path` holds the parts of the path by their names in the description."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: Mapping[int, Upload] = field(default_factory=dict)

    def number(self, name: str, what: str = "Channel") -> int:
        """An id of the path; as good as unknown when it is no number."""
        said = self.path[name]
        if not said.isdecimal():
            raise unknown(what)
        return int(said)

    @property
    def channel(self) -> Channel:
        """The channel of the path, which the bot sees."""
        return self.world.channel(self.number("channel_id"))

    @property
    def message(self) -> Message:
        """The message of the path, in the path's channel."""
        return self.world.message(self.channel, self.number("message_id", "Message"))

    @property
    def form(self) -> Body:
        """The body where it is an object."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True)
class Route:
    """`path` as the description writes it. `open` needs no token: the path holds one."""

    method: str
    path: str
    work: Callable[[Asked], Answer]
    open: bool = False

    @property
    def call(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Router:
    """Routes by method and path."""

    _tree: dict[str, Any] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)

    def on(
        self, method: str, path: str, *, open: bool = False
    ) -> Callable[[Callable[[Asked], Answer]], Callable[[Asked], Answer]]:
        """Gives this path to a function."""

        def take(work: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
            route = Route(method, path, work, open)
            self.routes.append(route)
            node = self._tree
            for step in path.strip("/").split("/"):
                node = node.setdefault("{}" if step.startswith("{") else step, {})
            node.setdefault("", {})[method] = (route, _names(path))
            return work

        return take

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a path and the parts of it by name; None when there is none."""
        steps = path.strip("/").split("/")
        found = _descend(self._tree, steps, 0)
        if found is None or method not in found.get("", {}):
            return None
        route, names = found[""][method]
        return route, {name: steps[place] for place, name in names}


def _names(path: str) -> list[tuple[int, str]]:
    steps = enumerate(path.strip("/").split("/"))
    return [(place, step[1:-1]) for place, step in steps if step.startswith("{")]


def _descend(node: dict[str, Any], steps: list[str], place: int) -> dict[str, Any] | None:
    if place == len(steps):
        return node
    for name in (steps[place], "{}"):
        if steps[place] and name in node:
            found = _descend(node[name], steps, place + 1)
            if found is not None and "" in found:
                return found
    return None


ROUTER = Router()
"""Filled by the modules of `routes`."""
