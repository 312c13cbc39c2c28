"""What must be remembered of a play so that its every turn is known, and how far that can be bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.story.answer import fitted
from bot.story.domain import leaves
from bot.story.expression import (
    Assignment,
    Chosen,
    Compare,
    Constant,
    Ended,
    Expression,
    Junction,
    Not,
    Read,
    Variable,
)
from bot.story.prover.counting import count_to
from bot.story.prover.sites import Sites
from bot.story.prover.slot import Key, Slot
from bot.story.story import Story

WIDE = 256
"""Values up to which a slot fits into sets; a story with a wider one can only be searched play by play."""

WIDE_UNREAD = 64
"""The same for integers that no condition depends on: remembered only to see where they are cut."""

_LETTERS = 0x4E00
"""A block of twenty thousand letters; one of them is in no story's conditions."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The slots of a story. Nothing else has any say in what happens next."""

    slots: tuple[Slot, ...]
    typed: Mapping[int, tuple[str | None, ...]]
    """By index of a text variable, all that a viewer may type as far as it makes a difference; None is nothing."""
    open_ends: tuple[str, ...]
    """Why some plays may differ that look alike here: then nothing is proven impossible."""
    boundless: tuple[str, ...]
    """Slots that do not fit into sets."""
    unseen: tuple[str, ...]
    """Integers whose cuts are not looked for: too wide, and nothing depends on them."""


def observed(story: Story, sites: Sites) -> Observed:
    """What of a story must be remembered."""
    conditions = [site.condition.tree for site in sites if site.condition is not None]
    assignments = [one for site in sites if site.effect is not None for one in site.effect.assignments]
    read = _read(conditions, assignments)
    kept = [one for one in story.variables if one in read or _narrow(one) or _too_long(one, assignments)]
    used = [one for one in assignments if one.target.variable in kept]
    trees = [*conditions, *(one.value for one in used)]
    texts = _texts(story, trees)
    slots = [_variable(index, variable, texts) for index, variable in enumerate(story.variables) if variable in kept]
    slots += _visits(conditions, used) + _chosen(story, trees) + _ended(trees)
    return Observed(
        tuple(slots),
        {slot.index: _typed(slot.variable, texts) for slot in slots if slot.variable and slot.variable.kind == "text"},
        tuple(
            f'the text "{one.name}" is used otherwise than beside a fixed text'
            for one in kept
            if one.kind == "text" and not _told_apart(one, conditions, used)
        ),
        tuple(_boundless(slots)),
        tuple(one.name for one in story.variables if one.kind == "integer" and one not in kept),
    )


def _read(conditions: Iterable[Expression], assignments: Iterable[Assignment]) -> set[Variable]:
    """The variables that conditions read, and those from which their values are made."""
    read = {leaf.variable for tree in conditions for leaf in leaves(tree) if isinstance(leaf, Read)}
    sources = [(one.target.variable, _variables(one.value)) for one in assignments]
    while more := {variable for target, made_of in sources if target in read for variable in made_of} - read:
        read |= more
    return read


def _variables(tree: Expression) -> set[Variable]:
    return {leaf.variable for leaf in leaves(tree) if isinstance(leaf, Read)}


def _narrow(variable: Variable) -> bool:
    return variable.kind == "integer" and variable.high - variable.low < WIDE_UNREAD


def _too_long(variable: Variable, assignments: Iterable[Assignment]) -> bool:
    """Whether a text that no condition reads is cut by an effect."""
    own = [one.value for one in assignments if one.target.variable == variable]
    fixed = [str(tree.value) for tree in own if isinstance(tree, Constant)]
    return variable.kind == "text" and len(fixed) == len(own) and any(len(text) > variable.length for text in fixed)


def _variable(index: int, variable: Variable, texts: tuple[str, ...]) -> Slot:
    domain: tuple[str, ...] | tuple[bool, ...] | range = (False, True)
    if variable.kind == "integer":
        domain = range(variable.low, variable.high + 1)
    elif variable.kind == "choice":
        domain = variable.options
    elif variable.kind == "text":
        domain = tuple(dict.fromkeys(text[: variable.length] for text in texts))
    return Slot(Key("variable", variable.name), domain, variable.start, variable.keep, index, variable)


def _visits(conditions: list[Expression], assignments: list[Assignment]) -> list[Slot]:
    counted = count_to(conditions, assignments)
    return [
        Slot(Key("visits", scene), () if most is None else range(most + 1), 0, most=most)
        for scene, most in sorted(counted.items())
        if most != 0
    ]


def _chosen(story: Story, trees: Iterable[Expression]) -> list[Slot]:
    keys = {leaf.key for tree in trees for leaf in leaves(tree) if isinstance(leaf, Chosen)}
    keys |= {choice.key for scene in story.scenes.values() for choice in scene.choices.values() if choice.once}
    return [Slot(Key("chosen", key), (False, True), start=False) for key in sorted(keys)]


def _ended(trees: Iterable[Expression]) -> list[Slot]:
    scenes = {leaf.scene for tree in trees for leaf in leaves(tree) if isinstance(leaf, Ended)}
    return [Slot(Key("ended", scene), (False, True), start=False, keep=True) for scene in sorted(scenes)]


# -- texts


def _texts(story: Story, trees: Iterable[Expression]) -> tuple[str, ...]:
    """Every text that a condition or an effect names, and one more in the place of all others."""
    constants = [leaf.value for tree in trees for leaf in leaves(tree) if isinstance(leaf, Constant)]
    starts = [variable.start for variable in story.variables if variable.kind == "text"]
    known = {text for text in (*constants, *starts) if isinstance(text, str)}
    other = next(chr(code) for code in range(_LETTERS, _LETTERS + 20_000) if chr(code) not in known)
    return (*sorted(known), other)


def _told_apart(variable: Variable, conditions: Iterable[Expression], assignments: list[Assignment]) -> bool:
    """Whether a text variable meets nothing but fixed texts, so that those and one more stand for all."""
    own = [one.value for one in assignments if one.target.variable == variable]
    others = [one.value for one in assignments if one.target.variable != variable]
    beside = [met for tree in (*conditions, *others) for met in _beside(tree, variable)]
    return all(isinstance(tree, Constant) for tree in (*own, *beside))


def _beside(tree: Expression, variable: Variable) -> Iterator[Expression | None]:
    """What a variable is compared with; None where it is read otherwise."""
    match tree:
        case Read(_, read) if read == variable:
            yield None
        case Compare(_, Read(_, read), other) | Compare(_, other, Read(_, read)) if read == variable:
            yield other
        case Not(inner):
            yield from _beside(inner, variable)
        case Junction(_, left, right) | Compare(_, left, right):
            yield from _beside(left, variable)
            yield from _beside(right, variable)


def _typed(variable: Variable, texts: Iterable[str]) -> tuple[str | None, ...]:
    return (None, *(text for text in texts if fitted(text, variable.length) == text))


def _boundless(slots: Iterable[Slot]) -> Iterator[str]:
    for slot in slots:
        if not slot.domain and slot.key.kind == "visits":
            yield f"visits({slot.key.name}) is counted without a bound"
        elif len(slot.domain) > WIDE:
            yield f'"{slot.key.name}" has {len(slot.domain):,} values'
