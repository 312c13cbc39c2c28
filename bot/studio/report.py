"""The report on an upload: what is wrong with it, what is different from the version before, and what came along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.story.changes import Change, changes
from bot.story.checks import ClipSeconds, check
from bot.story.limits import MAX_PROBLEMS
from bot.story.problem import Problem, StoryError
from bot.story.reader import MAIN
from bot.story.story import Story
from bot.studio.contents import LeftOut
from bot.studio.upload import Upload, shown_name

MOST_CHANGES = 1_000
"""Changes that are told one by one: translated to forty languages, a story can have half a million."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a creator hears of an upload. One with `errors` cannot be played, and has no `sources`.

    `story_id` is empty where the upload could not be opened; `changes` where there was no version before.
    """

    story_id: str
    name: str
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    scenes: int = 0
    endings: int = 0
    languages: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    """Path inside the story -> text."""
    clips: tuple[str, ...] = ()
    """Paths of the clips that came along."""
    missing: tuple[str, ...] = ()
    """Paths of clips that scenes name and nobody has."""
    left_out: tuple[LeftOut, ...] = ()
    stayed: tuple[str, ...] = ()
    """Paths of files from before that belong to the story still, where its main file came alone."""
    version: str = ""
    more_warnings: int = 0
    """How many there are beyond those that are told, as `more_changes` says of changes."""
    more_changes: int = 0


def of_upload(upload: Upload, before: Story | None, seconds: ClipSeconds) -> Report:
    """The report on an upload that could be opened. `seconds` must know its clips and those from before."""
    clips = tuple(upload.clips)
    try:
        story = upload.story()
    except StoryError as error:
        return Report(upload.story_id, upload.name, error.problems, clips=clips, left_out=upload.left_out)
    problems = check(story, seconds)
    errors = [one for one in problems if one.severity == "error"]
    warnings = problems[len(errors) :]
    changed = () if before is None else changes(before, story)
    return Report(
        upload.story_id,
        upload.name,
        tuple(errors[:MAX_PROBLEMS]),
        tuple(warnings[:MAX_PROBLEMS]),
        changed[:MOST_CHANGES],
        len(story.scenes),
        len(story.endings),
        story.languages,
        {} if errors else dict(story.sources),
        clips,
        _missing(story, seconds),
        upload.left_out,
        tuple(path for path in story.sources if path != MAIN) if upload.alone else (),
        story.version,
        len(warnings[MAX_PROBLEMS:]),
        len(changed[MOST_CHANGES:]),
    )


def of_refusal(name: str, error: StoryError) -> Report:
    """The report on an upload that could not be opened."""
    return Report("", shown_name(name), error.problems)


def _missing(story: Story, seconds: ClipSeconds) -> tuple[str, ...]:
    named = dict.fromkeys(scene.clip for scene in story.scenes.values() if scene.clip)
    return tuple(clip for clip in named if not clip.startswith("https://") and seconds(clip) is None)
