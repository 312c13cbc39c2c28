"""An episode on a creator's map: a panel with its name, its scenes laid out, and signs to scenes of other episodes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.chart.blueprint import Blueprint, BlueprintEpisode
from bot.chart.chart import readable
from bot.chart.layout import Graph, Layout, Node, layouts
from bot.chart.letters import shortened, width
from bot.chart.look import HEADING, INK, LIFTED, PAPER, RAISED, SMALL, SOFT, THREAD
from bot.chart.rows import GAP, Pair
from bot.chart.shape import Box, Label, Shape, lowered, shifted
from bot.chart.stroke import loop_shapes, way_shapes
from bot.chart.tile import WIDTH, Tile

_HEADER, _PADDING = 44.0, 20.0
_SIGN_HEIGHT, _SIGN_ROOM = 26.0, 170.0
_MOST_SIGNS = 3
"""Scenes of one other episode that are led to by name; for more, one sign says which episode."""
_ACROSS = 1.1
"""Tiles in a row for each root of their number: a little broader than high, as lines between rows need room too."""
_SIGN = "/"
"""Before the id of what a sign leads to; no scene's id begins so."""


@dataclass(frozen=True, slots=True)
class Panel:
    """An episode's part of the picture, from 0, 0; `back` when a way in it leads up again."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    back: bool


@dataclass(frozen=True, slots=True)
class _Sign:
    """Says where in another episode a way goes on."""

    id: str
    text: str

    @property
    def node(self) -> Node:
        return Node(self.id, width(self.text, SMALL) + 22, _SIGN_HEIGHT)

    def shapes(self, x: float, y: float) -> Iterator[Shape]:
        node = self.node
        yield Box(x, y, node.width, node.height, node.height / 2, LIFTED, THREAD, 1.4)
        yield Label(x, y, self.text, SMALL, SOFT, most=node.width - 10)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An episode before it is laid out."""

    episode: BlueprintEpisode
    pieces: Mapping[str, Tile | _Sign]
    pairs: tuple[Pair, ...]

    def graph(self) -> Graph:
        return Graph(tuple(piece.node for piece in self.pieces.values()), self.pairs)


def panels_of(blueprint: Blueprint) -> list[Panel]:
    """A panel for each episode, in order. Runs the layout once for all."""
    drafts = [_draft(blueprint, episode) for episode in blueprint.episodes]
    largest = max((len(draft.pieces) for draft in drafts), default=1)
    most = math.sqrt(largest) * _ACROSS * (WIDTH + GAP)
    laid = layouts([draft.graph() for draft in drafts], most)
    return [_panel(draft, layout) for draft, layout in zip(drafts, laid, strict=True)]


def _draft(blueprint: Blueprint, episode: BlueprintEpisode) -> _Draft:
    pieces: dict[str, Tile | _Sign] = {scene.id: Tile.of(scene) for scene in episode.scenes}
    signs = _signs(blueprint, episode)
    pieces |= {sign.id: sign for sign in signs.values()}
    leaving = dict.fromkeys((start, signs[to].id) for start, to in episode.leaving)
    return _Draft(episode, pieces, (*episode.ways, *leaving))


def _signs(blueprint: Blueprint, episode: BlueprintEpisode) -> dict[str, _Sign]:
    """The sign for each scene elsewhere that the episode leads to; several may share one."""
    elsewhere: dict[str, list[str]] = defaultdict(list)
    for to in dict.fromkeys(to for _, to in episode.leaving):
        elsewhere[blueprint.homes[to]].append(to)
    titles = {other.id: other.title for other in blueprint.episodes}
    signs = {}
    for home, scenes in elsewhere.items():
        for to in scenes:
            name, id = (to, to) if len(scenes) <= _MOST_SIGNS else (titles[home] or readable(home), f"{_SIGN}{home}")
            signs[to] = _Sign(f"{_SIGN}{id}", shortened(f"→ {name}", _SIGN_ROOM, SMALL))
    return signs


def _panel(draft: _Draft, layout: Layout) -> Panel:
    loops = [scene.id for scene in draft.episode.scenes if scene.loops]
    shapes = chain(
        chain.from_iterable(way_shapes(line) for line in layout.lines),
        chain.from_iterable(loop_shapes(layout.spots[id], draft.pieces[id].node) for id in loops),
        chain.from_iterable(piece.shapes(*layout.spots[id]) for id, piece in draft.pieces.items()),
    )
    head, least = _header(draft.episode)
    wide = max(layout.width, least) + 2 * _PADDING
    high = layout.height + _HEADER + _PADDING
    x = (wide - layout.width) / 2
    frame = Box(wide / 2, high / 2, wide - 2, high - 2, 14, RAISED, LIFTED, 1.5)
    placed = tuple(shifted(lowered(shape, _HEADER), x) for shape in shapes)
    return Panel(wide, high, (frame, *head, *placed), any(line.back for line in layout.lines))


def _header(episode: BlueprintEpisode) -> tuple[Sequence[Shape], float]:
    """The episode's name with the number of its scenes, and the width that they need."""
    name = shortened(episode.title or readable(episode.id), 3 * WIDTH, HEADING)
    count = str(len(episode.scenes))
    taken = width(name, HEADING) * 1.06
    label = Label(_PADDING, 22, name, HEADING, PAPER, True, "start", readable(episode.id), taken)
    middle = _PADDING + taken + 10 + width(count, SMALL) / 2
    pill = Box(middle, 22, width(count, SMALL) + 14, 20, 10, INK)
    return (label, pill, Label(middle, 22, count, SMALL, SOFT)), taken + 24 + width(count, SMALL)
