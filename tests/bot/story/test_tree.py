"""A story file is data from a stranger: it is read up to its caps, never built from, and refused with a place."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.story import limits
from bot.story.problem import StoryError
from bot.story.tree import Mapping, Scalar, Sequence, at, locate, plain, read_tree, size

MEGABYTE = 1024 * 1024


def refusal(source: bytes | str) -> str:
    with pytest.raises(StoryError) as refused:
        read_tree("s.yaml", source.encode() if isinstance(source, str) else source)
    assert len(refused.value.problems) == 1
    return str(refused.value.problems[0])


LAUGHS = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))

HOSTILE = [
    pytest.param(LAUGHS, "s.yaml:1:4 STORY007 anchors (&) and aliases (*) are not allowed", id="billion laughs"),
    pytest.param("a: *b", "s.yaml:1:4 STORY007", id="alias to nothing"),
    pytest.param("a: {<<: *b}", "s.yaml:1:9 STORY007", id="merge key with an alias"),
    pytest.param("&a a: b", "s.yaml:1:1 STORY007", id="anchor on a key"),
    pytest.param("a: !!python/object:os.system x", "s.yaml:1:4 STORY008 tags (!) are not allowed", id="object tag"),
    pytest.param("a: !!python/object/apply:os.system ['true']", "s.yaml:1:4 STORY008", id="applied tag"),
    pytest.param("a: !!str 5", "s.yaml:1:4 STORY008", id="harmless tag"),
    pytest.param("a: ! b", "s.yaml:1:4 STORY008", id="empty tag"),
    pytest.param("!!map {a: b}", "s.yaml:1:1 STORY008", id="tag on the whole"),
    pytest.param("a: 1\nb: 2\na: 3\n", 's.yaml:3:1 STORY009 "a" stands already on line 1', id="key twice"),
    pytest.param('a: {b: 1, "b": 2}', "s.yaml:1:11 STORY009", id="key twice, once in quotes"),
    pytest.param("? {a: b}\n: c", "s.yaml:1:3 STORY003 a key must be a plain word", id="mapping as a key"),
    pytest.param("? [a, b]\n: c", "s.yaml:1:3 STORY003 a key must be a plain word", id="list as a key"),
    pytest.param("~: c", "s.yaml:1:1 STORY003 a key must be a plain word", id="nothing as a key"),
    pytest.param("a: [1, 2", "s.yaml:2:1 STORY003 not valid YAML: did not find expected ',' or ']'", id="open list"),
    pytest.param("a: b: c", "s.yaml:1:5 STORY003 not valid YAML: mapping values are not allowed", id="colons"),
    pytest.param("a:\n\tb: c", "s.yaml:2:1 STORY003 not valid YAML: found character that cannot", id="tabs"),
    pytest.param('a: "b', "s.yaml:1:6 STORY003 not valid YAML: found unexpected end of stream", id="open quotes"),
    pytest.param("a: 1\n---\nb: 2\n", "s.yaml:2:1 STORY003 a second document", id="second document"),
    pytest.param("a: 1\nb: x\0y\n", "s.yaml:2:1 STORY003 not valid YAML: control characters", id="NUL"),
    pytest.param("a: x\x1b[2J", "s.yaml:1:1 STORY003 not valid YAML: control characters", id="escape"),
    pytest.param('a: "x\\0y"', "s.yaml:1:4 STORY006 has invisible control characters", id="NUL, escaped"),
    pytest.param('a: "x\\e[2J"', "s.yaml:1:4 STORY006", id="escape, escaped"),
    pytest.param('a: "x\\x9b"', "s.yaml:1:4 STORY006", id="C1 control, escaped"),
    pytest.param("a: x\u202egpj.exe", "s.yaml:1:4 STORY006", id="right-to-left override"),
    pytest.param("a: x\u2066y", "s.yaml:1:4 STORY006", id="isolate"),
    pytest.param("a: x\u200by", "s.yaml:1:4 STORY006", id="zero width space"),
    pytest.param('"a\\u202e": x', "s.yaml:1:1 STORY006", id="bidi in a key"),
    pytest.param(b"a: 1\nb: \xff\xfe", "s.yaml:2:1 STORY001 not UTF-8 text; save it as UTF-8", id="invalid UTF-8"),
    pytest.param(b"a: \xed\xa0\x80", "s.yaml:1:1 STORY001", id="surrogate in UTF-8"),
    pytest.param("a: b".encode("utf-16"), "s.yaml:1:1 STORY001", id="UTF-16"),
    pytest.param("a: b".encode("utf-16-le"), "s.yaml:1:1 STORY003", id="UTF-16 without a mark"),
    pytest.param(b"\xef\xbb\xbfa: 1\nb: \xff", "s.yaml:2:1 STORY001", id="invalid UTF-8 after a mark"),
    pytest.param('a: "\\ud800"', "s.yaml:1:7 STORY003", id="surrogate, escaped"),
]


@pytest.mark.parametrize(("source", "expected"), HOSTILE)
def test_a_hostile_file_is_refused_at_its_place(source: str | bytes, expected: str) -> None:
    assert refusal(source).startswith(expected)


@pytest.mark.parametrize("source", ["a: b\n", "\ufeffa: b\n", "a: b\r\n", "---\na: b\n...\n", "%YAML 1.1\n---\na: b\n"])
def test_marks_and_line_ends_of_any_editor_are_fine(source: str) -> None:
    assert plain(read_tree("s.yaml", source.encode())) == {"a": "b"}


@pytest.mark.parametrize("source", ["", "\n", "# nothing\n", "\ufeff"])
def test_an_empty_file_is_nothing(source: str) -> None:
    assert read_tree("s.yaml", source.encode()) == Scalar(None, read_tree("s.yaml", b"").place)


def test_values_are_what_was_written() -> None:
    tree = read_tree("s.yaml", b"[1e3, 0x10, yes, 1_000, 12:30:45, 2001-01-01, null, ~, '', 'null', .inf]")
    written = ["1e3", "0x10", "yes", "1_000", "12:30:45", "2001-01-01", None, None, "", "null", ".inf"]
    assert plain(tree) == written


def test_emoji_and_joined_letters_are_not_control_characters() -> None:
    assert plain(read_tree("s.yaml", "a: 👩‍🍳 می‌روم".encode())) == {"a": "👩‍🍳 می‌روم"}


# -- caps


def over(cap: str) -> bytes:
    """A file that is just over one cap."""
    match cap:
        case "bytes":
            return b"a: b\n" + b"#" * limits.MAX_FILE_BYTES
        case "flow depth":
            return b"[" * (limits.MAX_DEPTH + 2) + b"]" * (limits.MAX_DEPTH + 2)
        case "block depth":
            return b"".join(b" " * n + b"a:\n" for n in range(limits.MAX_DEPTH + 2))
        case "list":
            return b"[" + b"a," * limits.MAX_NODES + b"]"
        case "mapping":
            return b"".join(b"k%d: a\n" % n for n in range(limits.MAX_ENTRIES + 1))
        case _:
            return b"a: " + b"x" * (limits.MAX_TEXT + 1)


CAPS = [
    ("bytes", "STORY002 larger than 512 KiB; split the story into a file per episode"),
    ("flow depth", "STORY004 nested deeper than 24 levels"),
    ("block depth", "STORY004 nested deeper than 24 levels"),
    ("list", "STORY005 more than 20000 entries; split it into files"),
    ("mapping", "STORY005 more than 5000 entries under one key; split it"),
    ("text", "STORY006 longer than 2000 characters"),
]


@pytest.mark.parametrize(("cap", "expected"), CAPS)
def test_a_file_over_a_cap_is_refused_with_little_memory(cap: str, expected: str) -> None:
    source = over(cap)
    tracemalloc.start()
    try:
        assert expected in refusal(source)
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_reading_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much follows, no more of it is looked at: counted in the parser's events."""
    seen = 0
    parse = yaml.parse

    def counting(*arguments: Any, **options: Any) -> Iterator[yaml.Event]:
        nonlocal seen
        for event in parse(*arguments, **options):
            seen += 1
            yield event

    monkeypatch.setattr(yaml, "parse", counting)
    for source, most in [  # each refused after so many events
        (b"[" * 100_000, limits.MAX_DEPTH + 10),
        (b"[" + b"a," * 200_000 + b"]", limits.MAX_NODES + 10),
        (LAUGHS.encode() * 1000, 10),
        (b"a: 1\na: 2\n" + b"b: 3\n" * 50_000, 10),
        (b"a" * (limits.MAX_FILE_BYTES + 1), 0),
    ]:
        seen = 0
        refusal(source)
        assert seen <= most


def test_just_under_the_caps_is_fine() -> None:
    assert size(read_tree("s.yaml", b"[" + b"a," * (limits.MAX_NODES - 1) + b"]")) == limits.MAX_NODES
    read_tree("s.yaml", b"[" * (limits.MAX_DEPTH + 1) + b"]" * (limits.MAX_DEPTH + 1))
    read_tree("s.yaml", b"a: " + b"x" * limits.MAX_TEXT)


# -- places

SOURCE = b"""\
plain: one
quoted: "two"
escaped: "a\\"b"
folded: one
  two
block: |
  three
list:
  - four
  - {five: 5}
"""


def test_everything_knows_where_it_stands() -> None:
    tree = read_tree("s.yaml", SOURCE)
    assert str(locate(tree, ("list", 1, "five"))) == "s.yaml:10:6"
    assert str(locate(tree, ("list", 1, "six"))) == "s.yaml:10:5"
    assert str(locate(tree, ("list", 7))) == "s.yaml:8:1"
    assert str(locate(tree, ("nowhere", "whole"))) == "s.yaml:1:1"
    assert at(tree, "list", 7) is None
    assert at(tree, "plain", "deeper") is None


@pytest.mark.parametrize(
    ("key", "inset"), [("plain", 0), ("quoted", 1), ("escaped", None), ("folded", None), ("block", None)]
)
def test_a_column_is_told_only_where_it_is_the_column_of_the_file(key: str, inset: int | None) -> None:
    node = at(read_tree("s.yaml", SOURCE), key)
    assert isinstance(node, Scalar)
    assert node.inset == inset


def test_the_shapes_of_a_tree() -> None:
    tree = read_tree("s.yaml", SOURCE)
    assert isinstance(tree, Mapping)
    assert isinstance(tree.entries["list"], Sequence)
    assert size(tree) == 1 + 5 * 2 + (1 + 5)
