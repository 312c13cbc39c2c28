"""A program of its own: layouts by Graphviz, so that neither its time nor its memory is the bot's.

Reads a JSON list of graphs in the DOT language from the standard input, writes a JSON list of layouts in Graphviz'
"plain" format to the standard output. It is run by path, with nothing of the bot loaded.
"""

import json
import sys


def main() -> None:
    """Lays out every graph of the input with `dot`."""
    from pygraphviz import AGraph

    graphs = [AGraph(string=text) for text in json.load(sys.stdin)]
    json.dump([graph.draw(format="plain", prog="dot").decode() for graph in graphs], sys.stdout)


if __name__ == "__main__":
    main()
