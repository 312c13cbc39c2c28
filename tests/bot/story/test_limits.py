"""No story is so large that it harms: each cap has a clear refusal, with little memory and no deep stack."""

from __future__ import annotations

import inspect
import sys
import tracemalloc

import pytest

from bot.story import limits
from tests.bot.story.draft import faults, scenes, written

END = "\nend: {ending: {title: End, kind: happy}}"


def over(cap: str) -> tuple[str, dict[str, str]]:
    """A story just over one cap, with its other files."""
    match cap:
        case "scenes":
            return written("\n".join(f"a{n}: {{to: a0}}" for n in range(limits.MAX_SCENES + 1))), {}
        case "variables":
            flags = "".join(f"  v{n}: {{type: flag}}\n" for n in range(limits.MAX_VARIABLES + 1))
            return written(END, f"variables:\n{flags}"), {}
        case "candidates":
            doubled = "".join(f"  r{n}: [{{route: r{n + 1}}}, {{route: r{n + 1}}}]\n" for n in range(20))
            return written("a: {route: r0}" + END, f"routes:\n{doubled}  r20: [{{to: end}}]\n"), {}
        case "inline candidates":
            named = f"  r: [{', '.join(['{to: end}'] * 100)}]\n"
            return written(f"a: {{route: [{', '.join(['{route: r}'] * 10)}]}}" + END, f"routes:\n{named}"), {}
        case "route depth":
            chain = "".join(f"  r{n}: [{{route: r{n + 1}}}]\n" for n in range(limits.MAX_ROUTE_DEPTH))
            return written("a: {route: r0}" + END, f"routes:\n{chain}  r{limits.MAX_ROUTE_DEPTH}: [{{to: end}}]\n"), {}
        case "languages":
            codes = [f"{a}{b}" for a in "abcdefg" for b in "abcdef"][: limits.MAX_LANGUAGES + 1]
            return written(END), {f"locales/{code}.yaml": "" for code in codes}
        case "filled":
            lines = "\n".join(f"a{n}: {{to: end, lines: [{{m: '{'{m}' * 600}'}}]}}" for n in range(60))
            return written(lines + END, f"cast: {{m: {{name: {'x' * 120}}}}}\n"), {}
        case _:
            table = "".join(f"k{n}: x\n" for n in range(limits.MAX_ENTRIES))
            return written(END), {f"locales/{code * 2}.yaml": table for code in "abcdefg"}


CAPS = [
    ("scenes", "story.yaml:1:1 STORY011 2001 scenes; a story has at most 2000"),
    ("variables", "story.yaml:1:1 STORY011 201 variables; a story has at most 200"),
    ("candidates", "STORY011 more than 1000 candidates, with those of the routes named here"),
    ("inline candidates", "story.yaml:9:11 STORY011 more than 1000 candidates, with those of the routes named here"),
    ("route depth", "STORY011 more than 24 routes inside one another"),
    ("languages", "story.yaml:1:1 STORY011 more than 40 languages"),
    ("filled", "story.yaml:1:1 STORY002 the texts come to more than 4096 KiB with their names filled in"),
    ("story nodes", "locales/gg.yaml:1:1 STORY005 the story's files have more than 60000 entries together"),
]


@pytest.mark.parametrize(("cap", "expected"), CAPS[:-1])
def test_a_story_over_a_cap_is_refused_with_little_memory(cap: str, expected: str) -> None:
    text, files = over(cap)
    tracemalloc.start()
    try:
        assert any(expected in str(problem) for problem in faults(text, files))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_story_over_the_cap_of_entries_is_refused() -> None:
    cap, expected = CAPS[-1]
    assert str(faults(*over(cap))[0]) == expected


def test_no_chain_of_routes_is_too_long_for_the_reader() -> None:
    """However they are ordered and however many: never a RecursionError."""
    chain = [f"  r{n}: [{{route: r{n + 1}}}]\n" for n in range(2_000)] + ["  r2000: [{to: end}]\n"]
    for ordered in (chain, chain[::-1]):
        problems = faults(written("a: {route: r0}" + END, f"routes:\n{''.join(ordered)}"))
        assert {problem.code for problem in problems} == {"STORY011"}


def test_what_the_language_allows_needs_no_deep_stack() -> None:
    """The deepest of everything at once, read with little room left: never a RecursionError."""
    nested = "[{to: end}]"
    for _ in range(6):
        nested = f"[{{if: met, route: {nested}}}, {{to: end}}]"
    named = "".join(f"  r{n}: [{{route: r{n + 1}}}]\n" for n in range(limits.MAX_ROUTE_DEPTH - 2))
    head = f"variables: {{met: {{type: flag}}}}\nroutes:\n{named}  r{limits.MAX_ROUTE_DEPTH - 2}: [{{to: end}}]\n"
    deep = ("(" * 24 + "met" + ")" * 24, "not " * 24 + "met", "met or " * 56 + "met", f"{'1+' * 190}1 > {'-' * 8}1")
    conditions = "\n".join(f'c{n}: {{route: [{{if: "{text}", to: end}}]}}' for n, text in enumerate(deep))
    depth = len(inspect.stack())
    allowed = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 420)
    try:
        assert scenes(f"a: {{route: r0}}\nb: {{route: {nested}}}\n{conditions}{END}", head).endings == ("end",)
    finally:
        sys.setrecursionlimit(allowed)
