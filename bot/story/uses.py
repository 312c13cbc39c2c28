"""What a story looks at: its conditions, and the variables in them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.story.compiler import Condition, Effect
from bot.story.domain import leaves
from bot.story.expression import Read
from bot.story.story import Route, Story


def variables_used(story: Story) -> set[int]:
    """Indexes of the variables that a condition, a text, or the value of another variable's effect reads."""
    used = {part for wording in story.wordings.values() for text in wording.texts.values() for part in text.parts}
    indexes = {part for part in used if isinstance(part, int)}
    for condition in conditions(story):
        indexes |= {leaf.index for leaf in leaves(condition.tree) if isinstance(leaf, Read)}
    for effect in _effects(story):
        for assignment in effect.assignments:
            read = {leaf.index for leaf in leaves(assignment.value) if isinstance(leaf, Read)}
            indexes |= read - {assignment.target.index}
    return indexes


def conditions(story: Story) -> Iterator[Condition]:
    """Every condition of a story; one of a route that stands in several places may come several times."""
    for guard in _guards(story):
        if guard[0] is not None:
            yield guard[0]


def _effects(story: Story) -> Iterator[Effect]:
    for guard in _guards(story):
        if guard[1] is not None:
            yield guard[1]


def _guards(story: Story) -> Iterator[tuple[Condition | None, Effect | None]]:
    """Every condition of a story with the effect behind it."""
    for scene in story.scenes.values():
        for entry in scene.enter:
            yield entry.condition, entry.effect
        for choice in scene.choices.values():
            yield choice.condition, choice.effect
            if choice.route is not None:
                yield from _route_guards(choice.route)
        if scene.route is not None:
            yield from _route_guards(scene.route)
    for route in story.routes.values():
        yield from _route_guards(route)


def _route_guards(route: Route) -> Iterator[tuple[Condition | None, Effect | None]]:
    for candidate in route.candidates:
        yield candidate.condition, candidate.effect
        if candidate.route is not None and candidate.route.name is None:
            yield from _route_guards(candidate.route)
