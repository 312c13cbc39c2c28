"""Jobs: what can be asked of the bench. Each is told through a pipe, and done there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from bot.story.problem import StoryError
from bot.story.reader import read_story
from bot.story.story import Story
from bot.studio.bench.unpacking import Unpacked, unpacked
from bot.studio.lengths import lengths_of
from bot.studio.report import Report, of_refusal, of_upload
from bot.studio.upload import open_upload

if TYPE_CHECKING:
    from bot.studio.counts import Visits
    from bot.studio.figures import Figures
    from bot.studio.proof import Proof

SEED = 1
"""Of plays that are sampled where a proof is out of reach: the same story is told the same every time."""

STORIES_KEPT = 3
"""Stories that stay in memory for the next job: check, proof and map mostly follow one another."""

Files = tuple[tuple[str, str], ...]
Picture = Literal["svg", "png"]
Came = TypeVar("Came", covariant=True)


class Kind(Enum):
    """What a job does, as its creator would call it."""

    CHECK = "the check"
    CLIPS = "unpacking the clips"
    PROVE = "the proof"
    PLAYS = "the test play"
    MAP = "the map"


class Job(Protocol[Came]):
    """Something to do. `about` is the story or upload that it is about."""

    @property
    def kind(self) -> Kind: ...

    @property
    def about(self) -> str: ...

    def do(self) -> Came:
        """Do it, in the bench. Raises `StoryError`."""
        ...


@dataclass(frozen=True, slots=True)
class Tale:
    """A version of a story, and how many seconds its clips last, by path."""

    id: str
    files: Files
    known: tuple[tuple[str, float], ...] = ()

    def read(self) -> Story:
        """The story itself, which is kept for the next job. Raises `StoryError`."""
        story, known = _read(self.id, self.files), dict(self.known)
        seconds = {id: known[scene.clip] for id, scene in story.scenes.items() if scene.clip in known}
        return replace(story, seconds={id: length for id, length in seconds.items() if length})


@lru_cache(maxsize=STORIES_KEPT)
def _read(story_id: str, files: Files) -> Story:
    return read_story(story_id, {path: text.encode() for path, text in files})


@dataclass(frozen=True, slots=True)
class Check:
    """Open an upload, read it, and say what is wrong."""

    path: Path
    about: str
    before: Files | None
    known: Mapping[str, float]
    kind = Kind.CHECK

    def do(self) -> Report:
        try:
            upload = open_upload(self.about, self.path)
        except StoryError as error:
            return of_refusal(self.about, error)
        upload = upload.beside(dict(self.before or ()))
        return of_upload(upload, self._before(upload.story_id), lengths_of(upload, self.known, self.path.parent))

    def _before(self, story_id: str) -> Story | None:
        """The version before; None too where the language has moved on since, and it can no longer be read."""
        try:
            return None if self.before is None else _read(story_id, self.before)
        except StoryError:
            return None


@dataclass(frozen=True, slots=True)
class Clips:
    """Unpack the clips of an upload into a folder."""

    path: Path
    about: str
    to: Path
    kind = Kind.CLIPS

    def do(self) -> tuple[Unpacked, ...]:
        return unpacked(open_upload(self.about, self.path), self.to)


@dataclass(frozen=True, slots=True)
class Prove:
    """Play a story in every way there is."""

    tale: Tale
    kind = Kind.PROVE

    @property
    def about(self) -> str:
        return self.tale.id

    def do(self) -> Proof:
        from bot.play.dice import seeded
        from bot.story.prover.prove import prove
        from bot.studio.proof import proof_of

        story = self.tale.read()
        return proof_of(story, prove(story, seeded(SEED, 0)))


@dataclass(frozen=True, slots=True)
class Plays:
    """Play a story at random."""

    tale: Tale
    plays: int
    seed: int
    kind = Kind.PLAYS

    @property
    def about(self) -> str:
        return self.tale.id

    def do(self) -> Figures:
        from bot.studio.figures import figures_of
        from bot.studio.trials import Trials
        from bot.studio.whim import Habits

        story = self.tale.read()
        trials = Trials(story, Habits(self.seed))
        return figures_of(story, trials, trials.play(range(self.plays)))


@dataclass(frozen=True, slots=True)
class Map:
    """Draw a whole story."""

    tale: Tale
    visits: Visits | None
    proof: Proof | None
    picture: Picture
    kind = Kind.MAP

    @property
    def about(self) -> str:
        return self.tale.id

    def do(self) -> bytes:
        from bot.chart.blueprint import blueprint_of
        from bot.chart.draw import blueprint_png, blueprint_svg
        from bot.studio.marks import marks_of

        story = self.tale.read()
        marks = marks_of(story, self.visits, self._impossible(story), without_clip(story, dict(self.tale.known)))
        blueprint = blueprint_of(story, marks)
        return blueprint_png(blueprint) if self.picture == "png" else blueprint_svg(blueprint).encode()

    def _impossible(self, story: Story) -> frozenset[str]:
        """Scenes that no play comes to, as far as is known of this version."""
        from bot.story.checks import within_reach

        proof = self.proof
        if proof is not None and proof.proven and proof.version == story.version:
            return proof.impossible
        return frozenset(story.scenes.keys() - within_reach(story))


def without_clip(story: Story, known: Mapping[str, float]) -> frozenset[str]:
    """The scenes whose clip is not there."""
    there = {
        id
        for id, scene in story.scenes.items()
        if scene.clip and (scene.clip.startswith("https://") or scene.clip in known)
    }
    return frozenset(story.scenes.keys() - there)
