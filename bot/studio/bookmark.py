"""A bookmark: a rehearsal as one line of text that starts it again, for a note, a chat or a command line."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.play.carry import carried_values, still_endings
from bot.play.replay import replay
from bot.play.state import ANSWER, KEPT, BadState, Base, BranchState, Path
from bot.play.walk import Walk
from bot.story.expression import Value
from bot.story.prover.evidence import Evidence
from bot.story.story import Story, Values

LONGEST = 100_000
"""Characters; far more than a path of the greatest length takes."""

_Count = Annotated[int, Field(ge=0, le=1_000_000)]


class BadBookmark(ValueError):
    """A bookmark that does not fit the story; the message says where it goes wrong."""


class _Before(BaseModel):
    """What a path begins with, where that is not what the story begins with."""

    model_config = ConfigDict(extra="forbid", strict=True)

    values: dict[str, bool | int | str] = {}
    ended: list[str] = []
    visits: dict[str, _Count] = {}
    chosen: dict[str, _Count] = {}


def bookmark(story: Story, state: BranchState) -> str:
    """The tokens of the path with a space between; before them, as `!{...}`, what its base has of its own."""
    return bookmark_of(story, state.base, state.path)


def bookmark_to(story: Story, evidence: Evidence) -> str:
    """The bookmark of where a play leads that the prover found."""
    *_, last = replay(story, evidence)
    return bookmark(story, last.branch_state)


def bookmark_of(story: Story, base: Base, path: Path) -> str:
    """The bookmark of a path and what it begins with."""
    before = {
        "values": {
            one.name: value for one, value in zip(story.variables, base.values, strict=True) if value != one.start
        },
        "ended": sorted(base.ended),
        "visits": dict(base.visits),
        "chosen": dict(base.chosen),
    }
    prelude = {key: value for key, value in before.items() if value}
    return " ".join([*([KEPT + _json(prelude)] if prelude else []), *map(_told, path)])


def walked_to(story: Story, text: str, language: str) -> Walk:
    """The walk to where a bookmark was laid. Raises `BadBookmark`."""
    tokens = text.split()
    if not tokens or len(text) > LONGEST:
        raise BadBookmark("the link is empty or far too long; copy the whole line that `link` shows")
    try:
        before = _Before.model_validate_json(tokens.pop(0)[1:]) if tokens[0][:1] == KEPT else _Before()
        path = tuple(map(_read, tokens))
        walk = Walk.again(story, language, _base(story, before), path)
    except (BadState, ValidationError, ValueError, AttributeError, RecursionError) as error:
        raise BadBookmark(f"the link does not fit {story.id} as it is now: {_reason(error)}") from None
    if not _fits(story, tuple(walk.values)) or walk.ended != still_endings(walk.ended, story):
        raise BadBookmark(f"the link does not fit {story.id} as it is now: a value is none that its variable takes")
    return walk


def _base(story: Story, before: _Before) -> Base:
    values: dict[str, Value] = {variable.name: variable.start for variable in story.variables} | before.values
    base = Base(
        tuple(values[variable.name] for variable in story.variables),
        frozenset(before.ended), before.visits, before.chosen,
    )  # fmt: skip
    if len(values) > len(story.variables) or not _fits(story, base.values):
        raise ValueError("it begins with values that no variable takes")
    return base


def _fits(story: Story, values: Values) -> bool:
    kept = carried_values(story, values, story)
    return [(type(one), one) for one in kept] == [(type(one), one) for one in values]


def _told(token: str) -> str:
    head, rest = token[:1], token[1:]
    if head == ANSWER:
        return head + _json(rest)[1:-1]
    return head + _json(json.loads(rest)) if head == KEPT else token


def _read(token: str) -> str:
    head, rest = token[:1], token[1:]
    if head == ANSWER:
        return head + str(json.loads(f'"{rest}"'))
    return head + json.dumps(json.loads(rest), ensure_ascii=False, separators=(",", ":")) if head == KEPT else token


def _json(record: Any) -> str:
    """JSON without a space, and without the quote in which a shell wants it."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return "".join(f"\\u{ord(one):04x}" if one.isspace() or one == "'" else one for one in text)


def _reason(error: Exception) -> str:
    return (
        "it is not whole" if isinstance(error, ValidationError | json.JSONDecodeError | RecursionError) else str(error)
    )
