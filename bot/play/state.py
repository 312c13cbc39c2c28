"""Branch state: where a session is. Small, immutable, and told in the author's ids, never in positions.

The path is the truth: a playthrough is its base and its path, and playing the path again gives the same state.
Everything else here is that path, counted up, so that a step need not walk it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic_core import from_json, to_json

from bot.record import record
from bot.story.expression import Value, Variable
from bot.story.story import Story, Values

Path = tuple[str, ...]
"""What happened, in order, a token each:

`scene` entered · `>choice` taken · `~choice` taken by the clock · `"text` answered to the choice before it ·
`%n` rolled · `@scene` jumped to · `!{...}` variables and endings kept from before a rewind ·
`=scene` where the record begins (only ever the first token): what led there is counted up in the base.
"""

TAKEN, TIMED, ANSWER, ROLL, JUMP, KEPT, FOLDED = '>~"%@!='
Landed = Literal["refreshed", "moved", "restarts"]
"""Why a viewer is shown something that they did not ask for: what can be chosen has changed; they stand at an earlier
choice; the story begins again."""

STARTS = (TAKEN, TIMED, JUMP)
"""The tokens with which a step begins; a path can be cut before each of them."""

_PLAIN_BYTES = 800
"""States up to this size are stored as readable JSON, larger ones deflated."""


class BadState(ValueError):
    """A stored state that does not fit the story it is pinned to."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a path begins with: the variables' values, the endings ever reached before it, and what is counted of a
    part of the playthrough that is no longer on record."""

    values: Values
    ended: frozenset[str] = frozenset()
    visits: Mapping[str, int] = field(default_factory=dict)
    chosen: Mapping[str, int] = field(default_factory=dict)


@record(frozen=True, slots=True)
class BranchState:
    """One moment of a session. Times are Unix milliseconds."""

    scene: str
    revision: int
    language: str
    values: Values
    visits: Mapping[str, int]
    chosen: Mapping[str, int]
    """Times taken, by "scene.choice"."""
    ended: frozenset[str]
    """Scenes of all endings ever reached, in earlier playthroughs too."""
    path: Path
    base: Base
    since: int
    """When this scene's choices were shown."""
    deadline: int | None = None
    """When the default is taken, or None when no clock runs."""
    seen: frozenset[str] = frozenset()
    """Scenes seen before a rewind or a restart; with `visits`, all that was ever seen."""
    absent: bool = False
    """The last choice was left to the clock with nobody watching, so the next clock waits for the viewer."""
    held: int | None = None
    """How many cards of the last step came before an episode that is not paid for; the others wait with the viewer.
    None while nothing waits."""
    admitted: int | None = None
    """The card of the last step from which it was told on after such a wait, until the next step along the path."""
    landed: Landed | None = None
    """What became of the session when a new version of its story was published, until its next step."""


def pack(story: Story, state: BranchState) -> bytes:
    """The state for storage; `unpack` with the same story version gives it back."""
    record: dict[str, Any] = {
        "scene": state.scene,
        "revision": state.revision,
        "language": state.language,
        "values": _changed(story.variables, state.values),
        "path": _joined(state.path),
        "since": state.since,
    }
    if base := _base_record(story, state.base):
        record["base"] = base
    if state.ended != state.base.ended:
        record["ended"] = sorted(state.ended)
    if state.deadline is not None:
        record["deadline"] = state.deadline
    if unvisited := state.seen - state.visits.keys():
        record["seen"] = " ".join(sorted(unvisited))
    if state.absent:
        record["absent"] = True
    if state.held is not None:
        record["held"] = state.held
    if state.admitted is not None:
        record["admitted"] = state.admitted
    if state.landed is not None:
        record["landed"] = state.landed
    text = to_json(record)
    return text if len(text) <= _PLAIN_BYTES else zlib.compress(text, 1)


def unpack(story: Story, packed: bytes) -> BranchState:
    """The state again. Raises `BadState` when it is damaged or not of this story."""
    try:
        record = from_json(packed if packed[:1] == b"{" else zlib.decompress(packed))
        path = record["path"]
        tokens = tuple(path.split(" ") if isinstance(path, str) else path)
        base = _base(story, record.get("base", {}))
        visits, chosen = count(tokens, base)
        state = BranchState(
            scene=record["scene"],
            revision=record["revision"],
            language=record["language"],
            values=_values(story.variables, record["values"]),
            visits=visits,
            chosen=chosen,
            ended=frozenset(record["ended"]) if "ended" in record else base.ended,
            path=tokens,
            base=base,
            since=record["since"],
            deadline=record.get("deadline"),
            seen=frozenset(record.get("seen", "").split()),
            absent=record.get("absent", False),
            held=record.get("held"),
            admitted=record.get("admitted"),
            landed=record.get("landed"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        why = type(error).__name__
        raise BadState(f"a stored state of {story.id} version {story.version} cannot be read: {why}") from error
    if state.scene not in story.scenes:
        raise BadState(f'a stored state of {story.id} stands in "{state.scene}", which version {story.version} lacks')
    return state


def _base_record(story: Story, base: Base) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if values := _changed(story.variables, base.values):
        record["values"] = values
    if base.ended:
        record["ended"] = sorted(base.ended)
    if base.visits:
        record["visits"] = base.visits
    if base.chosen:
        record["chosen"] = base.chosen
    return record


def _base(story: Story, record: Mapping[str, Any]) -> Base:
    return Base(
        _values(story.variables, record.get("values", {})),
        frozenset(record.get("ended", ())),
        record.get("visits", {}),
        record.get("chosen", {}),
    )


def count(path: Path, base: Base | None = None) -> tuple[dict[str, int], dict[str, int]]:
    """(visits by scene, times chosen by "scene.choice") of a path, with those its base counts."""
    visits = dict(base.visits) if base else {}
    chosen = dict(base.chosen) if base else {}
    scene = ""
    for token in path:
        head = token[:1]
        if head in (TAKEN, TIMED):
            key = f"{scene}.{token[1:]}"
            chosen[key] = chosen.get(key, 0) + 1
        elif head == FOLDED:
            scene = token[1:]
        elif head not in (ANSWER, ROLL, JUMP, KEPT):
            scene = token
            visits[scene] = visits.get(scene, 0) + 1
    return visits, chosen


def _joined(path: Path) -> str | Path:
    """The tokens as one text with spaces between, unless one of them has a space itself."""
    joined = " ".join(path)
    return joined if joined.count(" ") == len(path) - 1 else path


def _changed(variables: tuple[Variable, ...], values: Values) -> dict[str, Value]:
    return {v.name: value for v, value in zip(variables, values, strict=True) if value != v.start}


def _values(variables: tuple[Variable, ...], changed: Mapping[str, Value]) -> Values:
    return tuple(changed.get(variable.name, variable.start) for variable in variables)
