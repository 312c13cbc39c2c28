"""Sites: every place of a story where something is asked or done, with an address of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.story.compiler import Condition, Effect
from bot.story.place import Place
from bot.story.story import Candidate, Choice, Route, Scene, Story


@dataclass(frozen=True, slots=True)
class Site:
    """A choice ("scene.choice"), an `enter` entry ("scene!0") or a candidate ("scene/0", "routes/name/0/1")."""

    address: str
    kind: Literal["choice", "enter", "candidate"]
    condition: Condition | None
    effect: Effect | None
    place: Place | None
    within: str = ""
    """Of a candidate: the scene, choice, candidate or named route whose route it stands in."""
    leads: bool = True
    """Whether it leads to a scene by itself; False for a candidate with a route within."""


class Sites:
    """All sites of a story by address; a candidate of a named route is one site, wherever the route is used."""

    def __init__(self, story: Story) -> None:
        self.by_address: dict[str, Site] = {}
        self._addresses: dict[int, str] = {}
        for name, route in story.routes.items():
            self._route(f"routes/{name}", route)
        for scene in story.scenes.values():
            self._scene(scene)

    def of(self, candidate: Candidate) -> str:
        """The address of a candidate."""
        return self._addresses[id(candidate)]

    def __iter__(self) -> Iterator[Site]:
        return iter(self.by_address.values())

    def _scene(self, scene: Scene) -> None:
        for n, entry in enumerate(scene.enter):
            self._add(Site(f"{scene.id}!{n}", "enter", entry.condition, entry.effect, scene.place))
        for choice in scene.choices.values():
            self._add(Site(choice.key, "choice", choice.condition, choice.effect, choice.place))
            if choice.route is not None:
                self._route(choice.key, choice.route)
        if scene.route is not None:
            self._route(scene.id, scene.route)

    def _route(self, within: str, route: Route) -> None:
        for n, candidate in enumerate(route.candidates):
            if id(candidate) in self._addresses:
                return  # a named route, which has its addresses already
            address = self._addresses[id(candidate)] = f"{within}/{n}"
            leads = candidate.route is None
            place = candidate.place
            self._add(Site(address, "candidate", candidate.condition, candidate.effect, place, within, leads))
            if candidate.route is not None:
                self._route(address, candidate.route)

    def _add(self, site: Site) -> None:
        self.by_address[site.address] = site


def choices(story: Story) -> Mapping[str, Choice]:
    """Every choice by "scene.choice"."""
    return {choice.key: choice for scene in story.scenes.values() for choice in scene.choices.values()}
