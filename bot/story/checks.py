"""Checks: what a story will do, as far as its shape tells. A story with warnings plays; its writer should know.

Conditions are looked at one by one here, over the domains of the variables they name; whether a scene can be
reached through all of them together is the prover's question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from bot.story import limits
from bot.story.compiler import Condition
from bot.story.domain import never_holds
from bot.story.place import Place
from bot.story.problem import Problem, Severity, did_you_mean
from bot.story.story import Candidate, Choice, Route, Scene, Story
from bot.story.uses import variables_used

ClipSeconds = Callable[[str], float | None]
"""A clip's path -> its seconds; None where there is no such file."""


def check(story: Story, clip_seconds: ClipSeconds) -> list[Problem]:
    """Everything worth knowing about a story that can be read, errors first, then by place."""
    found = chain(
        _reachability(story),
        chain.from_iterable(_scene(story, scene) for scene in story.scenes.values()),
        _routes(story),
        _unused(story),
        _clips(story, clip_seconds),
        _translations(story),
    )
    return sorted(set(found), key=lambda p: (p.severity != "error", p.place.file, p.place.line, p.place.column, p.code))


def targets(route: Route) -> Iterator[str]:
    """Every scene a route can lead to, its impossible candidates left out."""
    for candidate in route.candidates:
        if candidate.condition is None or not never_holds(candidate.condition.tree):
            if candidate.to is not None:
                yield candidate.to
            elif candidate.route is not None:
                yield from targets(candidate.route)


def ways(scene: Scene) -> Iterator[str]:
    """Every scene that one scene can lead to."""
    if scene.route is not None:
        yield from targets(scene.route)
    for choice in scene.choices.values():
        if choice.condition is None or not never_holds(choice.condition.tree):
            yield from targets(Route((Candidate(to=choice.to, route=choice.route),)))


def _problem(code: str, message: str, place: Place | None, severity: Severity = "warning") -> Problem:
    return Problem(code, message, place or Place(""), severity)


# -- scenes


def within_reach(story: Story) -> set[str]:
    """The scenes that some way leads to, each way's condition looked at alone; proven of the others: nothing can."""
    return _closure({story.start}, {id: set(ways(scene)) for id, scene in story.scenes.items()})


def _reachability(story: Story) -> Iterator[Problem]:
    reached = within_reach(story)
    back: dict[str, set[str]] = {id: set() for id in story.scenes}
    for id, scene in story.scenes.items():
        for to in ways(scene):
            back[to].add(id)
    ending = _closure(set(story.endings), back)
    for id, scene in story.scenes.items():
        if id not in reached:
            yield _problem("STORY050", f'"{id}" cannot be reached: nothing that can happen leads there', scene.place)
        elif id not in ending:
            message = f'"{id}" leads nowhere: from here no ending can be reached; add choices, a route or an ending'
            yield _problem("STORY051", message, scene.place, "error")


def _closure(start: set[str], ways_on: dict[str, set[str]]) -> set[str]:
    reached, frontier = set(start), list(start)
    while frontier:
        for to in ways_on[frontier.pop()] - reached:
            reached.add(to)
            frontier.append(to)
    return reached


def _scene(story: Story, scene: Scene) -> Iterator[Problem]:
    for entry in scene.enter:
        yield from _never(entry.condition, scene.place)
    for choice in scene.choices.values():
        yield from _never(choice.condition, choice.place)
        yield from _label(story, choice)
        if choice.route is not None:
            yield from _route(choice.route, choice.place)
    if scene.route is not None:
        yield from _route(scene.route, scene.place)
    if scene.choices and all(_may_be_shut(choice) for choice in scene.choices.values()):
        message = f'"{scene.id}" may leave nothing to choose: every choice has a condition or can be used up'
        yield _problem("STORY060", message, scene.place)
    shut = [default for default in scene.default if _may_be_shut(scene.choices[default])]
    if shut and len(shut) == len(scene.default):
        message = f'the default "{shut[0]}" may not be there when time runs out; then the first open choice is taken'
        yield _problem("STORY056", message, scene.choices[shut[0]].place)


def _may_be_shut(choice: Choice) -> bool:
    return choice.once or choice.condition is not None


def _never(condition: Condition | None, place: Place | None) -> Iterator[Problem]:
    if condition is not None and never_holds(condition.tree):
        yield _problem("STORY052", f'"{condition.source}" can never be true', place)


def _label(story: Story, choice: Choice) -> Iterator[Problem]:
    scene = choice.key.partition(".")[0]
    for wording in story.wordings.values():
        text = wording.texts[f"scene/{scene}/choice/{choice.id}"]
        length = sum(len(part) if isinstance(part, str) else 8 for part in text.parts)
        if length > limits.READABLE_LABEL:
            message = f'the label of "{choice.id}" ({wording.language}) is {length} characters; a button shows about 40'
            yield _problem("STORY055", message, choice.place)


# -- routes


def _routes(story: Story) -> Iterator[Problem]:
    for name, route in story.routes.items():
        yield from _candidates(route, None)
        if not _always_leads(route):
            first = route.candidates[0].place if route.candidates else None
            message = f'the route "{name}" may find nothing to take; fine where another candidate follows it'
            if any(name in _named(scene) for scene in story.scenes.values()):
                yield _problem("STORY057", message, first)


def _named(scene: Scene) -> set[str | None]:
    routes = [scene.route, *(choice.route for choice in scene.choices.values())]
    return {route.name for route in routes if route is not None}


def _route(route: Route, place: Place | None) -> Iterator[Problem]:
    if route.name is not None:
        return  # a named route is looked at once, where it stands
    yield from _candidates(route, place)
    if not _always_leads(route):
        message = "the route may find nothing to take; end it with a candidate that has no condition"
        yield _problem("STORY057", message, place)


def _candidates(route: Route, place: Place | None) -> Iterator[Problem]:
    for candidate in route.candidates:
        yield from _never(candidate.condition, candidate.place or place)
        if candidate.route is not None and candidate.route.name is None:
            yield from _candidates(candidate.route, candidate.place)


def _always_leads(route: Route) -> bool:
    return any(
        candidate.condition is None
        and (candidate.to is not None or (candidate.route is not None and _always_leads(candidate.route)))
        for candidate in route.candidates
    )


# -- variables, clips, translations


def _unused(story: Story) -> Iterator[Problem]:
    used = variables_used(story)
    for index, variable in enumerate(story.variables):
        if index not in used:
            message = f'the variable "{variable.name}" is never read: no condition and no text looks at it'
            yield _problem("STORY058", message, variable.place)


def _clips(story: Story, clip_seconds: ClipSeconds) -> Iterator[Problem]:
    for scene in story.scenes.values():
        if scene.clip is None or scene.clip.startswith("https://"):
            continue
        seconds = clip_seconds(scene.clip)
        if seconds is None:
            message = f'the clip "{scene.clip}" is missing; a storyboard card stands in'
            yield _problem("STORY053", message, scene.place)
        elif not limits.MIN_CLIP_SECONDS <= seconds <= limits.MAX_CLIP_SECONDS:
            message = f'the clip "{scene.clip}" lasts {seconds:.1f} s; clips last 3 to 120 s'
            yield _problem("STORY059", message, scene.place)


def _translations(story: Story) -> Iterator[Problem]:
    for wording in story.wordings.values():
        table = Place(f"locales/{wording.language}.yaml")
        if wording.missing:
            few = ", ".join(wording.missing[:3]) + (", ..." if len(wording.missing) > 3 else "")
            count = f"{len(wording.missing)} of {len(wording.texts)}"
            message = f"not yet translated to {wording.language}, so shown in {story.language}: {count} texts: {few}"
            yield _problem("STORY054", message, wording.place or table)
        for key, place in wording.stray.items():
            yield _problem("STORY040", f'the story has no text "{key}".{did_you_mean(key, wording.texts)}', place)
