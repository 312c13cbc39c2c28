"""What a story's files look like: the models that validate them and from which the JSON Schemas are made.

Scalars arrive as the text that was written, so a title may be `1984` without quotes. Names and targets are only
shapes here; whether they exist is decided in `build`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.story.limits import (
    MAX_CHOICES,
    MAX_ID,
    MAX_INTEGER,
    MAX_LABEL,
    MAX_LINES,
    MAX_NAME,
    MAX_PRICE,
    MAX_TEXT_VALUE,
)
from bot.story.story import EndingKind

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NAME = r"^[a-z][a-z0-9_]*$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"

Id = Annotated[str, StringConstraints(pattern=ID, max_length=MAX_ID)]
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=MAX_ID)]
LanguageCode = Annotated[str, StringConstraints(pattern=LANGUAGE)]


def _inside(path: str) -> str:
    if path.startswith("https://"):
        return path
    if "\\" in path or ":" in path or path.startswith(("/", "~")) or ".." in path.split("/"):
        raise PydanticCustomError("story_outside", "is outside the story; name a file in it, as in clips/one.mp4")
    return path


Path = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_inside)]
"""A file inside the story, or an https link. Whether it is there is not asked here."""

Short = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]
Whole = Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Written = Annotated[str, StringConstraints(min_length=1)]

_SECONDS = re.compile(r"^[0-9]{1,4}(\.[0-9]{1,3})?s$")

FACT_KEYS = frozenset({"id", "at"})
"""Keys of a line that are not its speaker."""


def _seconds(value: object) -> object:
    if isinstance(value, str) and _SECONDS.fullmatch(value):
        return value[:-1]
    raise PydanticCustomError("story_seconds", 'expected seconds, such as "12s"')


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _form(value: object) -> str:
    return "name" if isinstance(value, str) else "whole"


Seconds = Annotated[
    float, Field(le=600), BeforeValidator(_seconds), WithJsonSchema({"type": "string", "pattern": _SECONDS.pattern})
]
Effects = Annotated[
    list[Written],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


def exactly_one(given: list[str], of: str) -> None:
    """Raises when not exactly one of some keys is given."""
    if len(given) != 1:
        found = " and ".join(f"`{key}`" for key in given) or "none"
        raise PydanticCustomError(
            "story_one_of", "needs exactly one of {of}; found {found}", {"of": of, "found": found}
        )


class Sheet(BaseModel):
    """What every model here shares: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class CastModel(Sheet):
    name: Short
    voice: str = ""
    look: str = ""


class FlagModel(Sheet):
    type: Literal["flag"]
    start: bool = False
    keep: bool = False
    was: Name | None = None


class OptionsModel(Sheet):
    type: Literal["choice"]
    of: Annotated[list[Name], Field(min_length=2, max_length=64)]
    start: Name | None = None
    keep: bool = False
    was: Name | None = None


class IntegerModel(Sheet):
    type: Literal["integer"]
    low: Annotated[Whole, Field(alias="from")]
    high: Annotated[Whole, Field(alias="to")]
    start: Whole = 0
    keep: bool = False
    was: Name | None = None


class TextModel(Sheet):
    type: Literal["text"]
    length: Annotated[int, Field(ge=1, le=MAX_TEXT_VALUE)]
    start: Annotated[str | None, Field(max_length=MAX_TEXT_VALUE)] = ""
    keep: bool = False
    was: Name | None = None


VariableModel = Annotated[FlagModel | OptionsModel | IntegerModel | TextModel, Field(discriminator="type")]


class CandidateModel(Sheet):
    """An entry of a route."""

    condition: Annotated[Written | None, Field(alias="if")] = None
    do: Effects = []
    to: Id | None = None
    route: RouteModel | None = None
    random: Annotated[list[CandidateModel], Field(min_length=1)] | None = None
    weight: Annotated[int, Field(ge=1, le=1000)] = 1

    @model_validator(mode="after")
    def _leads_somewhere(self) -> CandidateModel:
        given = [key for key in ("to", "route", "random") if getattr(self, key) is not None]
        exactly_one(given, "`to`, `route`, `random`")
        return self


RouteModel = Annotated[
    Annotated[Id, Tag("name")] | Annotated[list[CandidateModel], Field(min_length=1), Tag("whole")],
    Discriminator(_form),
]


class ChoiceModel(Sheet):
    label: Annotated[str, StringConstraints(min_length=1, max_length=MAX_LABEL)]
    condition: Annotated[Written | None, Field(alias="if")] = None
    otherwise: Annotated[Literal["locked", "hidden"], Field(alias="else")] = "hidden"
    do: Effects = []
    to: Id | None = None
    route: RouteModel | None = None
    once: bool = False
    image: Path | None = None
    ask: Name | None = None
    was: Id | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> ChoiceModel:
        given = [key for key in ("to", "route") if getattr(self, key) is not None]
        exactly_one(given, "`to`, `route`")
        return self


class LineModel(BaseModel):
    """A line: one speaker with what they say, and perhaps an id and the second of the clip it starts at."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, str]
    id: Id | None = None
    at: Seconds | None = None

    @model_validator(mode="after")
    def _one_speaker(self) -> LineModel:
        if len(self.__pydantic_extra__) != 1:
            raise PydanticCustomError("story_line", 'a line is one speaker with a text, as in "- mei: Stay."')
        return self

    @property
    def speaker(self) -> str:
        return next(iter(self.__pydantic_extra__))

    @property
    def text(self) -> str:
        return self.__pydantic_extra__[self.speaker]


class EnterModel(Sheet):
    condition: Annotated[Written | None, Field(alias="if")] = None
    do: Effects


class EndingModel(Sheet):
    title: Short
    kind: EndingKind


class SceneModel(Sheet):
    title: Annotated[str, Field(max_length=MAX_NAME)] = ""
    clip: Path | None = None
    look: str = ""
    lines: Annotated[list[LineModel], Field(max_length=MAX_LINES)] = []
    subtitles: dict[LanguageCode, Path] = {}
    enter: list[EnterModel] = []
    within: Annotated[Seconds, Field(ge=1, le=600)] | None = None
    default: Annotated[
        list[Id],
        BeforeValidator(_listed),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ] = []
    choices: Annotated[dict[Id, ChoiceModel], Field(max_length=MAX_CHOICES)] = {}
    route: RouteModel | None = None
    to: Id | None = None
    ending: EndingModel | None = None
    was: Id | None = None

    @model_validator(mode="after")
    def _one_way_on(self) -> SceneModel:
        given = [key for key in ("choices", "route", "to", "ending") if getattr(self, key)]
        if given:
            exactly_one(given, "`choices`, `route`, `to`, `ending`")
        if self.within is not None and not self.default:
            raise PydanticCustomError("story_default", "`within` needs a `default` to take when time runs out")
        return self


class EpisodeModel(Sheet):
    """An episode; also a file of its own."""

    title: Short
    start: Id | None = None
    price: Annotated[int, Field(ge=1, le=MAX_PRICE)] | None = None
    scenes: Annotated[dict[Id, SceneModel], Field(min_length=1)]


class StoryModel(Sheet):
    """story.yaml."""

    title: Short
    synopsis: Annotated[str, Field(max_length=600)] = ""
    genres: Annotated[list[Short], Field(max_length=8)] = []
    rating: Literal["all", "6+", "12+", "16+", "18+"] = "all"
    language: LanguageCode
    poster: Path | None = None
    protect: bool = False
    cast: dict[Name, CastModel] = {}
    variables: dict[Name, VariableModel] = {}
    routes: dict[Id, Annotated[list[CandidateModel], Field(min_length=1)]] = {}
    episodes: Annotated[
        dict[
            Id,
            Annotated[Annotated[Path, Tag("name")] | Annotated[EpisodeModel, Tag("whole")], Discriminator(_form)],
        ],
        Field(min_length=1),
    ]


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that gives editors completion and red underlines."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
    }
