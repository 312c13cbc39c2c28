"""Makes a `Story` of validated files: resolves every name, compiles every expression, fills every string table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table

from bot.story import limits
from bot.story.compiler import Condition, Effect, compile_condition, compile_effect
from bot.story.expression import Constant, Scope
from bot.story.extent import Extent, extent
from bot.story.models import FACT_KEYS, CandidateModel, ChoiceModel, EpisodeModel, LineModel, SceneModel, StoryModel
from bot.story.names import Names, gather
from bot.story.parser import ExpressionError, parse_condition, parse_effect
from bot.story.place import Place
from bot.story.problem import Problem, did_you_mean
from bot.story.story import Candidate, CastMember, Choice, Episode, Guarded, Line, Route, Scene, Story
from bot.story.strings import Strings, line_ids
from bot.story.tree import Mapping, Node, Scalar, at, locate
from bot.story.variables import declare, old_names

NARRATOR = "narrator"

_NAME = re.compile(r"[a-z][a-z0-9_]*")

Path = tuple[int | str, ...]


def build(
    story_id: str,
    version: str,
    model: StoryModel,
    root: Node,
    tables: Table[str, Node],
    sources: Table[str, str],
) -> tuple[Story, list[Problem]]:
    """The story and everything wrong with it; with problems, the story is not fit to be played."""
    names, problems = gather(root)
    builder = _Builder(model, root, names, problems)
    scenes = builder.scenes()
    strings = Strings(model, root, builder.scope, problems)
    story = Story(
        id=story_id,
        version=version,
        genres=tuple(model.genres),
        rating=model.rating,
        language=model.language,
        poster=model.poster,
        protect=model.protect,
        cast={id: CastMember(id, member.voice, member.look) for id, member in model.cast.items()},
        variables=tuple(read.variable for read in builder.scope.variables.values()),
        episodes=builder.episodes(),
        scenes=scenes,
        routes=builder.routes,
        wordings=strings.wordings(tables),
        sources=dict(sources),
    )
    return story, problems


class _Builder:
    def __init__(self, model: StoryModel, root: Node, names: Names, problems: list[Problem]) -> None:
        self._model = model
        self._root = root
        self._names = names
        self._problems = problems
        self.scope = Scope(
            declare(model.variables, root, problems), frozenset(names.scenes), names.endings, names.choices
        )
        self.routes: dict[str, Route] = {}
        self._extents: dict[str, Extent] = {}
        self._open: list[str] = []
        for name in model.routes:
            self._named_route(name, ("routes", name))
        self._cast()

    def _cast(self) -> None:
        for id in self._model.cast:
            if id in self.scope.variables:
                self._say("STORY025", f'"{id}" is a variable already; a text could not tell them apart', ("cast", id))
            if id == NARRATOR or id in FACT_KEYS:
                self._say("STORY022", f'"{id}" means something else in a line; choose another id', ("cast", id))

    def _say(self, code: str, message: str, path: Path) -> None:
        self._problems.append(Problem(code, message, locate(self._root, path)))

    # -- episodes and scenes

    def episodes(self) -> dict[str, Episode]:
        """The episodes in their order."""
        return {id: self._episode(id, episode) for id, episode in self._whole_episodes()}

    def _whole_episodes(self) -> Iterable[tuple[str, EpisodeModel]]:
        return ((id, episode) for id, episode in self._model.episodes.items() if isinstance(episode, EpisodeModel))

    def _episode(self, id: str, model: EpisodeModel) -> Episode:
        start = model.start or next(iter(model.scenes))
        own = self._ids("episodes", id, "scenes")
        if start not in own:
            message = f'the episode has no scene "{start}" to start with.{did_you_mean(start, own)}'
            self._say("STORY012", message, ("episodes", id, "start"))
        if model.price and id == next(iter(self._model.episodes)):
            message = (
                "the first episode must be free: viewers see what a story is like before they pay; take `price` away"
            )
            self._say("STORY027", message, ("episodes", id, "price"))
        return Episode(id, start, tuple(model.scenes), model.price or 0)

    def scenes(self) -> dict[str, Scene]:
        """Every scene of every episode, in order."""
        scenes = {
            scene: (model, ("episodes", episode, "scenes", scene))
            for episode, episode_model in self._whole_episodes()
            for scene, model in episode_model.scenes.items()
        }
        for scene, fault in old_names({scene: model.was for scene, (model, _) in scenes.items()}):
            self._say("STORY028", fault, (*scenes[scene][1], "was"))
        return {scene: self._scene(path[1], scene, model, path) for scene, (model, path) in scenes.items()}

    def _scene(self, episode: str, id: str, model: SceneModel, path: Path) -> Scene:
        self._defaults(model, path)
        for choice, fault in old_names({choice: one.was for choice, one in model.choices.items()}):
            self._say("STORY028", fault, (*path, "choices", choice, "was"))
        return Scene(
            id=id,
            episode=episode,
            clip=model.clip,
            look=model.look,
            lines=self._lines(model.lines, path),
            enter=tuple(
                Guarded(
                    self._condition(entry.condition, (*path, "enter", n, "if")),
                    self._effect(entry.do, (*path, "enter", n, "do")),
                )
                for n, entry in enumerate(model.enter)
            ),
            choices={key: self._choice(id, key, choice, path) for key, choice in model.choices.items()},
            route=self._onward(model, path),
            ending=model.ending.kind if model.ending else None,
            within=round(model.within * 1000) if model.within is not None else None,
            default=tuple(model.default),
            subtitles=model.subtitles,
            was=model.was,
            place=locate(self._root, path),
        )

    def _onward(self, model: SceneModel, path: Path) -> Route | None:
        if model.to is not None:
            self._scene_id(model.to, (*path, "to"))
            return Route((Candidate(to=model.to, place=locate(self._root, (*path, "to"))),))
        return self._whole_route(model.route, (*path, "route"))

    def _defaults(self, model: SceneModel, path: Path) -> None:
        choices = self._ids(*path, "choices")
        for default in model.default:
            if default not in choices:
                hint = did_you_mean(default, choices)
                self._say(
                    "STORY012",
                    f'the scene has no choice "{default}" to default to.{hint}',
                    (*path, "default"),
                )

    def _ids(self, *path: int | str) -> list[str]:
        """The keys of a mapping as written, faulty ones too."""
        node = at(self._root, *path)
        return list(node.entries) if isinstance(node, Mapping) else []

    def _lines(self, models: Sequence[LineModel], path: Path) -> tuple[Line, ...]:
        for n, line in enumerate(models):
            if line.speaker != NARRATOR and line.speaker not in self._names.cast:
                hint = did_you_mean(line.speaker, [*self._names.cast, NARRATOR])
                message = f'nobody called "{line.speaker}" is in the cast.{hint}'
                self._say("STORY012", message, (*path, "lines", n, line.speaker))
        ids = line_ids(models)
        for n, id in enumerate(ids):
            if id in ids[:n]:
                self._say("STORY025", f'the scene already has a line "{id}"', (*path, "lines", n, "id"))
        return tuple(
            Line(id, None if line.speaker == NARRATOR else line.speaker, line.at)
            for id, line in zip(ids, models, strict=True)
        )

    def _choice(self, scene: str, id: str, model: ChoiceModel, path: Path) -> Choice:
        path = (*path, "choices", id)
        if model.to is not None:
            self._scene_id(model.to, (*path, "to"))
        return Choice(
            id=id,
            key=f"{scene}.{id}",
            to=model.to,
            route=self._whole_route(model.route, (*path, "route")),
            condition=self._condition(model.condition, (*path, "if")),
            effect=self._effect(model.do, (*path, "do")) if model.do else None,
            locked=model.otherwise == "locked",
            once=model.once,
            image=model.image,
            ask=self._asked(model.ask, (*path, "ask")),
            was=model.was,
            place=locate(self._root, path),
        )

    def _asked(self, name: str | None, path: Path) -> int | None:
        if name is None:
            return None
        read = self.scope.variables.get(name)
        if read is None:
            self._unknown_variable(name, path)
            return None
        if read.kind != "text":
            self._say("STORY031", f'`ask` needs a text variable; "{name}" is of kind {read.kind}', path)
        return read.index

    def _unknown_variable(self, name: str, path: Path) -> None:
        if name not in self._names.variables:
            hint = did_you_mean(name, self._names.variables)
            self._say("STORY012", f'there is no variable "{name}".{hint}', path)

    # -- routes

    def _scene_id(self, id: str, path: Path) -> None:
        if id not in self._names.scenes:
            hint = did_you_mean(id, self._names.scenes)
            self._say("STORY012", f'there is no scene "{id}".{hint}', path)

    def _whole_route(self, model: str | Sequence[CandidateModel] | None, path: Path) -> Route | None:
        """A route that stands in no other one."""
        if model is None:
            return None
        route = self._route(model, path)
        if route.name is None:
            self._measure(route, path)
        return route

    def _measure(self, route: Route, path: Path) -> Extent:
        measured = extent(route, self._extents)
        if measured.fault is not None:
            self._say("STORY011", measured.fault, path)
        return measured

    def _route(self, model: str | Sequence[CandidateModel], path: Path, *, random: bool = False) -> Route:
        if isinstance(model, str):
            return self._named_route(model, path)
        return Route(tuple(self._candidate(entry, (*path, n)) for n, entry in enumerate(model)), random)

    def _named_route(self, name: str, path: Path) -> Route:
        if name in self._open:
            circle = " -> ".join([*self._open[self._open.index(name) :], name])
            self._say("STORY026", f"routes name each other in a circle: {circle}", path)
            return Route(())
        if len(self._open) == limits.MAX_ROUTE_DEPTH:
            self._say("STORY011", f"more than {limits.MAX_ROUTE_DEPTH} routes inside one another", path)
            return Route(())
        if name not in self._model.routes:
            if name not in self._names.routes:
                hint = did_you_mean(name, self._names.routes)
                self._say("STORY012", f'there is no route "{name}".{hint}', path)
            return Route(())
        if name not in self.routes:
            self._open.append(name)
            built = self._route(self._model.routes[name], ("routes", name))
            self.routes[name] = Route(built.candidates, name=name)
            self._extents[name] = self._measure(built, ("routes", name))
            self._open.pop()
        return self.routes[name]

    def _candidate(self, model: CandidateModel, path: Path) -> Candidate:
        if model.to is not None:
            self._scene_id(model.to, (*path, "to"))
        route = None
        if model.route is not None:
            route = self._route(model.route, (*path, "route"))
        elif model.random is not None:
            route = self._route(model.random, (*path, "random"), random=True)
        return Candidate(
            condition=self._condition(model.condition, (*path, "if")),
            effect=self._effect(model.do, (*path, "do")) if model.do else None,
            to=model.to,
            route=route,
            weight=model.weight,
            place=locate(self._root, path),
        )

    # -- expressions

    def _condition(self, source: str | None, path: Path) -> Condition | None:
        if source is None:
            return None
        try:
            return compile_condition(source, parse_condition(source, self.scope))
        except ExpressionError as error:
            self._expression_problem(error, source, path)
            return compile_condition(source, Constant(value=True, kind="flag"))

    def _effect(self, sources: Sequence[str], path: Path) -> Effect:
        assignments = []
        for n, source in enumerate(sources):
            try:
                assignments.append(parse_effect(source, self.scope))
            except ExpressionError as error:
                self._expression_problem(error, source, (*path, n))
        return compile_effect("; ".join(sources), assignments)

    def _expression_problem(self, error: ExpressionError, source: str, path: Path) -> None:
        node = at(self._root, *path) or at(self._root, *path[:-1])
        faulty = self._names.variables - set(self.scope.variables)
        if faulty.intersection(_NAME.findall(source)):
            return  # the variable itself is already reported
        place = _inside(node, error.column) if node else locate(self._root, path)
        self._problems.append(Problem(error.code, error.message, place))


def _inside(node: Node, column: int) -> Place:
    """The place of a column of a scalar's text."""
    if isinstance(node, Scalar) and node.inset is not None:
        return node.place.moved(node.inset + column)
    return node.place
