"""An episode on the map, laid out: its plates, the lines between them, and signs to other episodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.chart.chart import Chart, ChartEpisode, ChartScene, readable
from bot.chart.layout import Graph, Layout, Node, layouts
from bot.chart.letters import shortened, width
from bot.chart.look import EMBER, LIFTED, MARGIN, PAPER, PHONE, SMALL, SOFT, THREAD
from bot.chart.plate import Plate
from bot.chart.rows import Pair
from bot.chart.shape import Box, Label, Shape
from bot.chart.stroke import loop_shapes, way_shapes

_SIGN_ROOM = 150.0
_TO, _FROM = "/to/", "/from/"
"""Before the numbers of other episodes; no scene's id begins so."""
_SIGN_HEIGHT = 30.0
_EDGE = 3.0
"""Around a section, so that no outline is cut off."""


@dataclass(frozen=True, slots=True)
class Section:
    """An episode's part of the map, from 0, 0. `cuts` are heights between its rows; `here` is where the viewer is."""

    episode: ChartEpisode
    width: float
    height: float
    shapes: tuple[Shape, ...]
    cuts: tuple[float, ...]
    scenes: tuple[tuple[float, ChartScene], ...]
    """Each with its height."""
    here: float | None
    back: bool

    @property
    def edges(self) -> tuple[float, ...]:
        """Its top, its cuts and its bottom, with a little room so that no outline is cut off."""
        return (-_EDGE, *self.cuts, self.height + _EDGE)

    def between(self, top: float, bottom: float) -> int:
        """How many of its scenes stand between two heights."""
        return sum(top <= height < bottom for height, _ in self.scenes)


def sections_of(chart: Chart) -> list[Section]:
    """The sections of all episodes on the chart, in order. Runs the layout once for all."""
    drafts = list(_drafts(chart))
    laid = layouts([draft.graph() for draft in drafts], PHONE - 2 * MARGIN)
    return [_section(draft, layout) for draft, layout in zip(drafts, laid, strict=True)]


@dataclass(frozen=True, slots=True)
class _Sign:
    """Says to which other episode the way goes on."""

    id: str
    text: str
    otherwise: str
    walked: bool

    @property
    def node(self) -> Node:
        return Node(self.id, width(self.text, SMALL) + 24, _SIGN_HEIGHT)

    def shapes(self, x: float, y: float) -> Iterator[Shape]:
        node = self.node
        yield Box(x, y, node.width, node.height, node.height / 2, LIFTED, EMBER if self.walked else THREAD, 1.5)
        yield Label(
            x, y, self.text, SMALL, PAPER if self.walked else SOFT, otherwise=self.otherwise, most=node.width - 12
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """An episode before it is laid out."""

    episode: ChartEpisode
    pieces: Mapping[str, Plate | _Sign]
    pairs: Mapping[Pair, bool]
    """Which of them were walked."""

    def graph(self) -> Graph:
        walked = frozenset(pair for pair, walk in self.pairs.items() if walk)
        return Graph(tuple(piece.node for piece in self.pieces.values()), tuple(self.pairs), walked)


def _drafts(chart: Chart) -> Iterator[_Draft]:
    homes = _homes(chart)
    episodes = [episode.id for episode in chart.episodes]
    walked = {scene for way in chart.ways if way.walked for scene in (way.start, way.to)}
    for number, episode in enumerate(chart.episodes):
        pieces: dict[str, Plate | _Sign] = {
            scene.id: Plate.of(scene, scene.id in walked) for scene in chart.scenes if homes[scene.id] == episode.id
        }
        pairs: dict[Pair, bool] = {}
        for way in chart.ways:
            if homes[way.start] != episode.id:
                continue
            to = way.to
            if homes[to] != episode.id:
                other = episodes.index(homes[to])
                to = f"{_TO}{other}"
                pieces[to] = _sign(to, chart.episodes[other], other > number, way.walked, pieces.get(to))
            pairs[way.start, to] = way.walked or pairs.get((way.start, to), False)
        _add_entries(chart, homes, number, pieces, pairs)
        yield _Draft(episode, pieces, pairs)


def _add_entries(
    chart: Chart, homes: Mapping[str, str], number: int, pieces: dict[str, Plate | _Sign], pairs: dict[Pair, bool]
) -> None:
    """Signs for where an episode is entered from, when it has several beginnings and the order does not tell."""
    led_to = {to for start, to in pairs if start != to}
    roots = [id for id in pieces if id not in led_to]
    if len(roots) < 2:
        return
    names = [episode.id for episode in chart.episodes]
    for way in chart.ways:
        if way.to in roots and homes[way.start] != chart.episodes[number].id:
            other = names.index(homes[way.start])
            id = f"{_FROM}{other}"
            pieces[id] = _sign(id, chart.episodes[other], other < number, way.walked, pieces.get(id))
            pairs[id, way.to] = way.walked or pairs.get((id, way.to), False)


def _sign(id: str, episode: ChartEpisode, later: bool, walked: bool, before: Plate | _Sign | None) -> _Sign:
    walked = walked or (isinstance(before, _Sign) and before.walked)
    arrow = "↓" if later else "↑"
    name = shortened(episode.title or readable(episode.id), _SIGN_ROOM, SMALL)
    return _Sign(id, f"{name} {arrow}" if id.startswith(_FROM) else f"{arrow} {name}", readable(episode.id), walked)


def _homes(chart: Chart) -> dict[str, str]:
    """The episode in which each scene is drawn: its own, or, of one not seen, where it is first led to from."""
    homes = {scene.id: scene.episode for scene in chart.scenes if scene.seen}
    for way in chart.ways:
        homes.setdefault(way.to, homes.get(way.start, chart.episodes[0].id))
    return homes


def _section(draft: _Draft, layout: Layout) -> Section:
    plates = [piece for piece in draft.pieces.values() if isinstance(piece, Plate)]
    heights = {plate.scene.id: layout.spots[plate.scene.id][1] for plate in plates}
    lines = sorted(layout.lines, key=lambda line: draft.pairs[line.start, line.to])
    shapes: list[Shape] = [shape for line in lines for shape in way_shapes(line, draft.pairs[line.start, line.to])]
    for id, piece in draft.pieces.items():
        if (id, id) in draft.pairs:
            shapes += loop_shapes(layout.spots[id], piece.node, draft.pairs[id, id])
    for id, piece in draft.pieces.items():
        shapes += piece.shapes(*layout.spots[id])
    return Section(
        draft.episode,
        layout.width,
        layout.height,
        tuple(shapes),
        tuple(cuts_of(layout, [piece.node for piece in draft.pieces.values()])),
        tuple((heights[plate.scene.id], plate.scene) for plate in plates),
        next((heights[plate.scene.id] for plate in plates if plate.scene.here), None),
        any(line.back for line in layout.lines),
    )


def cuts_of(layout: Layout, nodes: Iterable[Node]) -> Iterator[float]:
    """The middles of the gaps between rows."""
    spans = sorted(
        (layout.spots[node.id][1] - node.height / 2, layout.spots[node.id][1] + node.height / 2) for node in nodes
    )
    bottom = 0.0
    for (_, end), (start, _) in pairwise(spans):
        bottom = max(bottom, end)
        if start > bottom:
            yield (bottom + start) / 2
