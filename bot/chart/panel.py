"""An episode on a creator's map, laid out: its scenes, the ways between them, and signs where a way leads far away."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.chart.blueprint import Blueprint, BlueprintEpisode
from bot.chart.layout import Graph, Layout, Node, layouts
from bot.chart.letters import shortened, width
from bot.chart.look import LIFTED, SOFT, THREAD
from bot.chart.rows import GAP, Pair, rows_of, ways_back
from bot.chart.section import cuts_of
from bot.chart.shape import Box, Label, Shape
from bot.chart.stroke import loop_shapes, way_shapes
from bot.chart.tile import WIDTH, Tile

_SIGN_HEIGHT, _SIGN_ROOM, _SIGN_TEXT = 25.0, 244.0, 12.5
_MOST_SIGNS = 3
"""Beside one scene; of one that leads to more places far away, a sign says how many they are."""
_SIGN = "/"
"""In the ids of signs; no scene's id has it."""
_ACROSS = 1.1
"""Tiles in a row for each root of their number: a little broader than high, as lines between rows need room too."""
_PATIENCE = 20.0
"""Seconds for the layout: a creator asks seldom, and for more than a viewer."""
_SMALL = 60
"""Scenes of an episode that can be taken in at a glance, with all its lines."""
_FAR = 6
"""Rows over which a line can be followed where there are more scenes than that."""


@dataclass(frozen=True, slots=True)
class Panel:
    """An episode's part of the map, from 0, 0. `cuts` are heights between its rows; `back` when a way in it leads up
    again."""

    episode: BlueprintEpisode
    width: float
    height: float
    shapes: tuple[Shape, ...]
    cuts: tuple[float, ...]
    back: bool


@dataclass(frozen=True, slots=True)
class _Sign:
    """Says where a way goes on that leads too far to be drawn."""

    id: str
    text: str

    @property
    def node(self) -> Node:
        return Node(self.id, width(self.text, _SIGN_TEXT) + 20, _SIGN_HEIGHT)

    def shapes(self, x: float, y: float) -> Iterator[Shape]:
        node = self.node
        yield Box(x, y, node.width, node.height, node.height / 2, LIFTED, THREAD, 1.4)
        yield Label(x, y, self.text, _SIGN_TEXT, SOFT, most=node.width - 10)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An episode before it is laid out."""

    episode: BlueprintEpisode
    pieces: Mapping[str, Tile | _Sign]
    ways: tuple[Pair, ...]
    to_signs: tuple[Pair, ...]

    def graph(self) -> Graph:
        """What is laid out: ways between scenes run straight, and signs stand where there is room."""
        nodes = tuple(piece.node for piece in self.pieces.values())
        return Graph(nodes, self.ways + self.to_signs, frozenset(self.ways))


def panels_of(blueprint: Blueprint) -> list[Panel]:
    """A panel for each episode, in order. Runs the layout once for all."""
    drafts = [_draft(episode) for episode in blueprint.episodes]
    largest = max((len(draft.pieces) for draft in drafts), default=1)
    most = math.sqrt(largest) * _ACROSS * (WIDTH + GAP)
    laid = layouts([draft.graph() for draft in drafts], most, _PATIENCE)
    return [_panel(draft, layout) for draft, layout in zip(drafts, laid, strict=True)]


def _draft(episode: BlueprintEpisode) -> _Draft:
    pieces: dict[str, Tile | _Sign] = {scene.id: Tile.of(scene) for scene in episode.scenes}
    far = _far(episode)
    near = tuple(pair for pair in episode.ways if pair not in far)
    signs = [
        (start, sign)
        for start, away in _by_start([*episode.leaving, *(pair for pair in episode.ways if pair in far)]).items()
        for sign in _signs(start, away)
    ]
    pieces |= {sign.id: sign for _, sign in signs}
    return _Draft(episode, pieces, near, tuple((start, sign.id) for start, sign in signs))


def _far(episode: BlueprintEpisode) -> frozenset[Pair]:
    """The ways inside a large episode that no eye could follow."""
    if len(episode.scenes) <= _SMALL:
        return frozenset()
    scenes = [scene.id for scene in episode.scenes]
    forward = [pair for pair in episode.ways if pair not in ways_back(scenes, episode.ways)]
    rows = rows_of(scenes, forward, dict.fromkeys(scenes, 0.0), math.inf)
    return frozenset(pair for pair in episode.ways if abs(rows[pair[1]] - rows[pair[0]]) > _FAR)


def _by_start(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for start, to in pairs:
        found[start].append(to)
    return found


def _signs(start: str, away: Sequence[str]) -> Iterator[_Sign]:
    if len(away) > _MOST_SIGNS:
        yield _Sign(f"{start}{_SIGN}", f"→ {len(away)} scenes")
        return
    for to in away:
        yield _Sign(f"{start}{_SIGN}{to}", shortened(f"→ {to}", _SIGN_ROOM, _SIGN_TEXT))


def _panel(draft: _Draft, layout: Layout) -> Panel:
    loops = [scene.id for scene in draft.episode.scenes if scene.loops]
    shapes = chain(
        chain.from_iterable(way_shapes(line) for line in layout.lines),
        chain.from_iterable(loop_shapes(layout.spots[id], draft.pieces[id].node) for id in loops),
        chain.from_iterable(piece.shapes(*layout.spots[id]) for id, piece in draft.pieces.items()),
    )
    return Panel(
        draft.episode,
        layout.width,
        layout.height,
        tuple(shapes),
        tuple(cuts_of(layout, [piece.node for piece in draft.pieces.values()])),
        any(line.back for line in layout.lines),
    )
