"""The map of a whole story, for its creator: every scene by its id, every way, and what is known of each scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bot.chart.chart import edges_of
from bot.chart.rows import Pair
from bot.story.story import Story


class Standing(Enum):
    """Whether a scene was ever come to."""

    VISITED = "visited"
    UNREACHED = "unreached"
    """Nobody was there yet, as far as was tried."""
    IMPOSSIBLE = "impossible"
    """Proven: nothing that can happen leads there."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a scene; `standing` None where nobody looked."""

    standing: Standing | None = None
    plays: int | None = None
    """In how many plays it occurred, where that was counted."""
    share: float | None = None
    """The same as a part of all plays, from 0 to 1: its heat."""
    clip_missing: bool = False


UNMARKED = Mark()


@dataclass(frozen=True, slots=True)
class BlueprintScene:
    """A scene on the map; `loops` when a way leads from it to itself."""

    id: str
    mark: Mark
    ending: bool
    loops: bool


@dataclass(frozen=True, slots=True)
class BlueprintEpisode:
    """An episode: its scenes in the story's order, the ways between them, and those to scenes of other episodes."""

    id: str
    title: str
    scenes: tuple[BlueprintScene, ...]
    ways: tuple[Pair, ...]
    leaving: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A whole story; `homes` says in which episode a scene is."""

    story: str
    title: str
    episodes: tuple[BlueprintEpisode, ...]
    homes: Mapping[str, str]


def blueprint_of(story: Story, marks: Mapping[str, Mark] | None = None) -> Blueprint:
    """Everything in a story, hidden choices too. `marks` are by scene; one that is left out has none."""
    wording = story.wording(story.language)
    homes = {id: scene.episode for id, scene in story.scenes.items()}
    pairs = {id: list(dict.fromkeys((id, to) for _, to, _ in edges_of(scene))) for id, scene in story.scenes.items()}
    episodes = []
    for episode in story.episodes.values():
        own = [pair for id in episode.scenes for pair in pairs[id] if pair[0] != pair[1]]
        scenes = tuple(
            BlueprintScene(
                id, (marks or {}).get(id, UNMARKED), story.scenes[id].ending is not None, (id, id) in pairs[id]
            )
            for id in episode.scenes
        )
        inside = tuple(pair for pair in own if homes[pair[1]] == episode.id)
        leaving = tuple(pair for pair in own if homes[pair[1]] != episode.id)
        episodes.append(BlueprintEpisode(episode.id, wording.plain(f"episode/{episode.id}"), scenes, inside, leaving))
    return Blueprint(story.id, wording.plain("title"), tuple(episodes), homes)
