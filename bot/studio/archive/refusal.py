"""Why an upload is refused, as a problem that its sender can act on."""

from __future__ import annotations

from bot.story.place import Place
from bot.story.problem import Problem, StoryError

_LONGEST_SHOWN = 80
AGAIN = "pack the folder anew"


def refusal(upload: str, code: str, message: str) -> StoryError:
    """One problem; `upload` is the upload's name as it may be shown."""
    return StoryError([Problem(code, message, Place(upload))])


def shown(name: str) -> str:
    """A name that a stranger gave, on one line: what does not print is a `?`, and a long one is cut."""
    printed = "".join(letter if letter.isprintable() else "?" for letter in name[: _LONGEST_SHOWN + 1])
    return printed if len(printed) <= _LONGEST_SHOWN else printed[: _LONGEST_SHOWN - 3] + "..."
