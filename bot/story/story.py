"""A story in memory: what every source becomes, and all that the engine, the checks and the pictures know.

Everything here is frozen. Ids are the author's own and stable; texts live apart from the structure, in
`Wording`, one per language, so that changing the language never touches a session's place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.story.compiler import Condition, Effect
from bot.story.expression import Value, Variable
from bot.story.place import Place

Values = tuple[Value, ...]
"""A value per declared variable, in the order of `Story.variables`."""

COVERED = ("16+", "18+")
"""Ratings whose pictures nobody should come upon by chance."""

EndingKind = Literal["happy", "sad", "bittersweet", "open", "secret"]


@dataclass(frozen=True, slots=True)
class CastMember:
    id: str
    voice: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Guarded:
    """Effects behind an optional condition."""

    condition: Condition | None
    effect: Effect


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of a route: leads to a scene, or to a route that is tried in its place."""

    condition: Condition | None = None
    effect: Effect | None = None
    to: str | None = None
    route: Route | None = None
    weight: int = 1
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Candidates in order, the first that holds is taken; or, when `random`, a weighted pick of those that hold."""

    candidates: tuple[Candidate, ...]
    random: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `key` is "scene.choice"; it leads to the scene `to` or along `route`; `ask` names a text variable."""

    id: str
    key: str
    to: str | None
    route: Route | None
    condition: Condition | None = None
    effect: Effect | None = None
    locked: bool = False
    once: bool = False
    image: str | None = None
    ask: int | None = None
    was: str | None = None
    """The id it had in versions before this one."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Who says it (a cast id; None is the narrator), under which stable id, at which second of the clip."""

    id: str
    speaker: str | None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One clip, what is said in it, and what follows: choices, a route, or (`ending`) nothing more."""

    id: str
    episode: str
    clip: str | None
    look: str
    lines: tuple[Line, ...]
    enter: tuple[Guarded, ...]
    choices: Mapping[str, Choice]
    route: Route | None
    ending: EndingKind | None
    within: int | None
    """Milliseconds to choose in, or None."""
    default: tuple[str, ...]
    """Choice ids; one is the default, several are a random default."""
    subtitles: Mapping[str, str] = field(default_factory=dict)
    was: str | None = None
    """The id it had in versions before this one."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    id: str
    start: str
    scenes: tuple[str, ...]
    price: int = 0
    """Telegram Stars; 0 is free, as the first episode always is."""


Part = str | int
"""A piece of a text: words as they are, or the index of the variable whose value stands there."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with holes for variables. `plain` is set when there are none."""

    parts: tuple[Part, ...]
    plain: str | None

    def fill(self, values: Sequence[Value]) -> str:
        """The text with the variables' values in their places."""
        if self.plain is not None:
            return self.plain
        return "".join(part if isinstance(part, str) else str(values[part]) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Wording:
    """Every text of a story in one language, by string key; missing ones already filled from the story's own.

    Keys: `title`, `synopsis`, `cast/<id>`, `episode/<id>`, `scene/<id>`, `scene/<id>/line/<line>`,
    `scene/<id>/choice/<choice>`, `scene/<id>/ending`.
    """

    language: str
    texts: Mapping[str, Text]
    missing: tuple[str, ...] = ()
    """Keys that its string table leaves out."""
    stray: Mapping[str, Place] = field(default_factory=dict)
    """Keys of its string table that the story does not have, and where they stand."""
    place: Place | None = None
    """Where its string table begins; None for the story's own texts."""

    def plain(self, key: str) -> str:
        """The text of a key that takes no variables; empty when the story has none."""
        text = self.texts.get(key)
        return "" if text is None else text.plain or ""


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A whole story. `version` is the digest of its source; in memory a story is compared by identity."""

    id: str
    version: str
    genres: tuple[str, ...]
    rating: str
    language: str
    poster: str | None
    cast: Mapping[str, CastMember]
    variables: tuple[Variable, ...]
    episodes: Mapping[str, Episode]
    scenes: Mapping[str, Scene]
    routes: Mapping[str, Route]
    wordings: Mapping[str, Wording]
    sources: Mapping[str, str]
    """The files it was read from: path inside the story -> text. Enough to read it again."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each scene's clip lasts, where that is known."""
    uploads: Mapping[str, str] = field(default_factory=dict)
    """Files that are not in the story's folder but in the vault: path inside the story -> name there."""
    protect: bool = False
    """Whether its clips may not be saved or forwarded, on platforms that can see to that."""
    priced: bool = field(init=False)
    """Whether some episode has a price: asked at every step, so it is known beforehand."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "priced", any(episode.price for episode in self.episodes.values()))

    @property
    def start(self) -> str:
        """The scene a playthrough begins with."""
        return next(iter(self.episodes.values())).start

    @property
    def total(self) -> int:
        """Telegram Stars that all episodes cost together."""
        return sum(episode.price for episode in self.episodes.values())

    @property
    def covered(self) -> bool:
        """Whether its pictures are shown behind a cover that the viewer lifts."""
        return self.rating in COVERED

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.wordings)

    def wording(self, language: str) -> Wording:
        """The texts in `language`, in its base language (`es` for `es-MX`), or else in the story's own."""
        for code in (language, language.partition("-")[0], self.language):
            if code in self.wordings:
                return self.wordings[code]
        raise KeyError(language)

    @property
    def endings(self) -> tuple[str, ...]:
        """The scenes that end the story."""
        return tuple(scene.id for scene in self.scenes.values() if scene.ending)
