"""What is wrong with a story, said so that its writer can act on it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.story.limits import MAX_PROBLEMS
from bot.story.place import Place

Severity = Literal["error", "warning"]

_MAX_COMPARED = 500
"""Names that a misspelt one is compared with; a story has so many only when it means ill."""

CODES: dict[str, str] = {
    "STORY001": "The file cannot be read.",
    "STORY002": "The file is larger than a story file may be.",
    "STORY003": "The file is not valid YAML.",
    "STORY004": "The file nests too deep.",
    "STORY005": "The file has too many entries.",
    "STORY006": "A text is too long.",
    "STORY007": "Anchors and aliases are not part of the language.",
    "STORY008": "Tags are not part of the language.",
    "STORY009": "A key appears twice.",
    "STORY010": "A file is named that is not there, or outside the story.",
    "STORY011": "The story has too many scenes, variables, choices, candidates or languages.",
    "STORY012": "A scene, choice, route, variable, speaker or option is named that does not exist.",
    "STORY020": "Something that must be there is missing.",
    "STORY021": "A key is not part of the language here.",
    "STORY022": "An id or name is not spelled as ids are.",
    "STORY023": "A value is not of the kind expected here.",
    "STORY024": "Things are given together that exclude each other.",
    "STORY025": "An id is used twice.",
    "STORY026": "Routes name each other in a circle.",
    "STORY027": "The first episode has a price.",
    "STORY028": "An old name cannot be followed.",
    "STORY030": "A condition or effect is not well formed.",
    "STORY031": "A condition or effect mixes kinds that do not go together.",
    "STORY032": "A condition or effect is too long, too deep, or has too large a number.",
    "STORY033": "A text has a hole that nothing fills.",
    "STORY040": "A string table has a key that the story does not.",
    "STORY050": "A scene cannot be reached.",
    "STORY051": "A scene leads nowhere.",
    "STORY052": "A condition can never be true.",
    "STORY053": "A clip is missing.",
    "STORY054": "A translation is missing.",
    "STORY055": "A label is too long for a button.",
    "STORY056": "The default may not be there when time runs out.",
    "STORY057": "A route may find nothing to take.",
    "STORY058": "A variable is never used.",
    "STORY059": "A clip is shorter or longer than a clip may be.",
    "STORY060": "A choice may leave nothing to choose.",
    "STORY070": "No play comes to a scene.",
    "STORY071": "A choice can never be taken.",
    "STORY072": "A candidate of a route is never taken.",
    "STORY073": "No play comes to an ending.",
    "STORY074": "A play can come to a dead end.",
    "STORY075": "A play can go on for ever without an ending.",
    "STORY076": "A condition always holds.",
    "STORY077": "A condition never holds.",
    "STORY078": "No default may be open when time runs out.",
    "STORY079": "A value can be cut at its bounds.",
    "STORY080": "A variable is never read in any play.",
    "STORY090": "What was sent is no story file.",
    "STORY091": "The file's name makes no story id.",
    "STORY092": "The zip holds no story.",
    "STORY093": "The zip is damaged.",
    "STORY094": "The upload is too large.",
    "STORY095": "The zip contradicts itself.",
    "STORY096": "An entry's name cannot be used.",
    "STORY097": "Two entries have the same name.",
    "STORY098": "An entry is no plain file.",
    "STORY099": "The zip is packed in a way that is not known here.",
}
"""Every code with its meaning. Codes are stable: they are never renumbered and never used again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; an error keeps the story from being played, a warning does not."""

    code: str
    message: str
    place: Place
    severity: Severity = "error"

    def __str__(self) -> str:
        note = "" if self.severity == "error" else " (warning)"
        return f"{self.place} {self.code}{note} {self.message}"


class StoryError(Exception):
    """A story that cannot be played, with every problem found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_order)[:MAX_PROBLEMS])
        super().__init__("\n".join(map(str, self.problems)))


def _order(problem: Problem) -> tuple[str, int, int, str]:
    return (problem.place.file, problem.place.line, problem.place.column, problem.code)


class Problems(list[Problem]):
    """Problems as they are found. Adding the one that is too many raises `StoryError`, so that work has an end."""

    def append(self, problem: Problem) -> None:
        """One more problem."""
        super().append(problem)
        if len(self) >= MAX_PROBLEMS:
            raise StoryError(self)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known word, or lists a few, or is empty when there are none."""
    names = list(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6) if len(names) <= _MAX_COMPARED else []
    if near:
        return f' Did you mean "{near[0]}"?'
    if names and len(names) <= 8:
        return " Known here: " + ", ".join(names) + "."
    return ""
