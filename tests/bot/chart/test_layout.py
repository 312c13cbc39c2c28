"""Layouts by the real Graphviz: nothing overlaps, lines touch what they lead to, and it goes on without it."""

from __future__ import annotations

import sys
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from bot.chart import layout as layout_module
from bot.chart.layout import Graph, Layout, Node, layouts

PAIRS = (("a", "b"), ("a", "c"), ("a", "d"), ("b", "e"), ("c", "e"), ("e", "a"), ("b", "a"), ("d", "d"))
GRAPH = Graph(tuple(Node(id, 100, 50) for id in "abcde"), PAIRS, frozenset({("a", "b")}))


def overlapping(graph: Graph, layout: Layout) -> list[tuple[str, str]]:
    return [
        (one.id, two.id)
        for one, two in combinations(graph.nodes, 2)
        if abs(layout.spots[one.id][0] - layout.spots[two.id][0]) < (one.width + two.width) / 2
        and abs(layout.spots[one.id][1] - layout.spots[two.id][1]) < (one.height + two.height) / 2
    ]


def sound(graph: Graph, layout: Layout) -> None:
    """Whether a layout shows all of a graph, apart from each other, with lines that begin and end where they should."""
    assert set(layout.spots) == {node.id for node in graph.nodes}
    assert overlapping(graph, layout) == []
    assert [(line.start, line.to) for line in layout.lines] == [pair for pair in graph.pairs if pair[0] != pair[1]]
    for line in layout.lines:
        assert len(line.points) % 3 == 1
        for end, (x, y) in ((line.start, line.points[0]), (line.to, line.points[-1])):
            assert abs(x - layout.spots[end][0]) <= 51
            assert abs(y - layout.spots[end][1]) <= 26


def test_a_graph_with_circles_and_ways_both_ways() -> None:
    [layout] = layouts([GRAPH], 336)
    sound(GRAPH, layout)
    assert {(line.start, line.to) for line in layout.lines if line.back} == {("e", "a"), ("b", "a")}
    assert layout.width <= 400


def test_several_graphs_and_an_empty_one() -> None:
    assert [len(layout.spots) for layout in layouts([GRAPH, Graph((), ()), GRAPH], 336)] == [5, 0, 5]
    assert layouts([], 336) == []


def test_a_long_chain_stands_in_one_column() -> None:
    nodes = tuple(Node(str(number), 100, 50) for number in range(250))
    graph = Graph(nodes, tuple((one.id, two.id) for one, two in pairwise(nodes)))
    [layout] = layouts([graph], 336)
    sound(graph, layout)
    assert layout.width == pytest.approx(100, abs=1)


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "print('nonsense')", "while True: pass"])
def test_where_graphviz_fails_a_plain_layout_does(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "dot.py"
    broken.write_text(program)
    monkeypatch.setattr(layout_module, "_PROGRAM", broken)
    monkeypatch.setattr(layout_module, "LAYOUT_SECONDS", 0.5)
    [layout] = layouts([GRAPH], 336)
    sound(GRAPH, layout)


def test_the_bot_itself_never_loads_graphviz() -> None:
    layouts([GRAPH], 336)
    assert "pygraphviz" not in sys.modules
