"""What the clip maker wrote down about its clips: how long each is, and when each line in it is heard."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

NAME = "clips/clips.json"
"""Its place inside a story's folder."""

MOST_BYTES = 4 * 1024 * 1024
"""A thousand scenes of twenty lines each take about one megabyte."""

LONGEST = 3600
"""Seconds; far above the longest clip, and low enough that no sum of times goes astray."""

_log = structlog.get_logger(__name__)

Second = Annotated[float, Field(ge=0, le=LONGEST, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Timing:
    """A clip's length in seconds, and the first and last second of each line, by line id."""

    seconds: float
    lines: Mapping[str, tuple[float, float]] = field(default_factory=dict)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    seconds: Second
    lines: dict[str, tuple[Second, Second]] = {}


def read_manifest(story: Path) -> Mapping[str, Timing]:
    """Timings by scene id for the story in this folder. What is missing or damaged is left out, and logged."""
    file = story / NAME
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes")
        entries = json.loads(text)
        if not isinstance(entries, dict):
            raise ValueError("no mapping from scenes to timings")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("clip timings unreadable", file=str(file), error=str(error))
        return {}
    timings = {scene: _timing(file, scene, entry) for scene, entry in entries.items()}
    return {scene: timing for scene, timing in timings.items() if timing is not None}


def _timing(file: Path, scene: str, entry: object) -> Timing | None:
    try:
        checked = _Entry.model_validate(entry, strict=False)
    except ValidationError as error:
        _log.warning("clip timing left out", file=str(file), scene=scene, faults=error.error_count())
        return None
    return Timing(checked.seconds, {line: span for line, span in checked.lines.items() if span[0] < span[1]})
