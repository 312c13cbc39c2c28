"""The map of a story as one viewer may see it: what they saw, where they are, and one step into the unknown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from bot.play.path import here, scenes_seen, scenes_walked
from bot.play.state import BranchState
from bot.story.story import Candidate, Choice, EndingKind, Route, Scene, Story, Wording

Edge = tuple[str, str, str | None]
"""(from scene, to scene, the choice taken or None where the story goes on by itself)."""


class Tone(Enum):
    """What is known of a scene; each has a look of its own in the drawing."""

    SEEN = "seen"
    AHEAD = "ahead"
    """One step further than was ever seen: it is there, and nothing else is told."""


@dataclass(frozen=True, slots=True)
class ChartScene:
    """A scene on the map. Of one that is ahead, `title` and `ending_title` are empty and `ending` is None."""

    id: str
    title: str
    episode: str
    tone: Tone
    here: bool = False
    ending: EndingKind | None = None
    ending_title: str = ""

    @property
    def seen(self) -> bool:
        return self.tone is Tone.SEEN


@dataclass(frozen=True, slots=True)
class Way:
    """A way from scene to scene: by a choice, or by itself (`choice` None). `label` is empty when it must not show."""

    start: str
    to: str
    choice: str | None = None
    label: str = ""
    walked: bool = False


@dataclass(frozen=True, slots=True)
class ChartEpisode:
    """A group of scenes, of which at least one was seen."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a map shows, in the story's order; ways lead only between its scenes. `story` is its id."""

    story: str
    title: str
    scenes: tuple[ChartScene, ...]
    ways: tuple[Way, ...]
    episodes: tuple[ChartEpisode, ...]
    endings_found: int = 0
    endings: int = 0


def chart_of(story: Story, state: BranchState, options_on_show: Collection[str] = ()) -> Chart:
    """Scenes seen in any playthrough by title, those one step further without; nothing else of the story.

    `options_on_show` are the ids of the choices on the viewer's present card: one that hides is told only there.
    """
    wording = story.wording(state.language)
    seen = scenes_seen(state)
    told = _Told(state, options_on_show, seen)
    edges = [
        edge for scene in story.scenes.values() if scene.id in seen for edge in edges_of(scene) if told.way(scene, edge)
    ]
    walked = _walked(state.path)
    shown = seen | {to for _, to, _ in edges}
    return Chart(
        story=story.id,
        title=wording.plain("title"),
        scenes=tuple(
            _scene(scene, wording, scene.id in seen, scene.id == here(state))
            for scene in story.scenes.values()
            if scene.id in shown
        ),
        ways=tuple(
            Way(start, to, choice, _label(told, wording, story.scenes[start], choice), (start, to, choice) in walked)
            for start, to, choice in edges
        ),
        episodes=tuple(
            ChartEpisode(episode.id, wording.plain(f"episode/{episode.id}"))
            for episode in story.episodes.values()
            if seen.intersection(episode.scenes)
        ),
        endings_found=len(state.ended.intersection(story.endings)),
        endings=len(story.endings),
    )


def title_of(wording: Wording, scene: str) -> str:
    """The scene's title, or its id made readable."""
    return wording.plain(f"scene/{scene}") or readable(scene)


def readable(scene: str) -> str:
    """An id as words; always plain ASCII."""
    return scene.replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class _Told:
    """Which choices a viewer knows of."""

    state: BranchState
    on_show: Collection[str]
    seen: Collection[str]

    def way(self, scene: Scene, edge: Edge) -> bool:
        """Whether a way may be drawn: one that hides and was not found must not add a question mark."""
        _, to, choice = edge
        return choice is None or to in self.seen or self.words(scene, scene.choices[choice])

    def words(self, scene: Scene, choice: Choice) -> bool:
        """Whether a choice's words may be told."""
        if choice.condition is None or choice.locked or choice.key in self.state.chosen:
            return True
        return scene.id == self.state.scene and choice.id in self.on_show


def edges_of(scene: Scene) -> list[Edge]:
    """Every way out of a scene, whatever its conditions."""
    if scene.route is not None:
        return [(scene.id, to, None) for to in dict.fromkeys(_targets(scene.route))]
    return [
        (scene.id, to, choice.id)
        for choice in scene.choices.values()
        for to in dict.fromkeys(_targets(Route((Candidate(to=choice.to, route=choice.route),))))
    ]


def _targets(route: Route) -> list[str]:
    """Every scene a route can lead to; a route that is nested in several places is read once."""
    found: list[str] = []
    read: set[int] = set()
    waiting = [route]
    while waiting:
        route = waiting.pop()
        if id(route) not in read:
            read.add(id(route))
            found += [candidate.to for candidate in route.candidates if candidate.to is not None]
            waiting += [candidate.route for candidate in reversed(route.candidates) if candidate.route is not None]
    return found


def _walked(tokens: tuple[str, ...]) -> set[Edge]:
    walked = scenes_walked(tokens)
    return {(before, scene, choice) for (before, _), (scene, choice) in pairwise(walked)}


def _scene(scene: Scene, wording: Wording, seen: bool, here: bool) -> ChartScene:
    if not seen:
        return ChartScene(scene.id, "", scene.episode, Tone.AHEAD, here)
    ending = wording.plain(f"scene/{scene.id}/ending") if scene.ending else ""
    return ChartScene(scene.id, title_of(wording, scene.id), scene.episode, Tone.SEEN, here, scene.ending, ending)


def _label(told: _Told, wording: Wording, scene: Scene, choice: str | None) -> str:
    if choice is None or not told.words(scene, scene.choices[choice]):
        return ""
    return wording.texts[f"scene/{scene.id}/choice/{choice}"].fill(told.state.values)
