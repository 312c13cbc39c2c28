"""An obstacle: the part of a condition that keeps it from holding, with what that part looks at."""

from __future__ import annotations

from bot.play.state import BranchState
from bot.story.compiler import compile_condition
from bot.story.domain import leaves
from bot.story.expression import Constant, Expression, Junction, Not, Read, Value, Visits
from bot.story.spelling import Leaf, leaf, spelled


def obstacle(tree: Expression, state: BranchState) -> Expression | None:
    """The least part of a condition that fails and is to blame: of `and` the sides that fail, of `or` both. None where
    the condition holds."""
    return None if holds(tree, state) else _blamed(tree, state)


def holds(tree: Expression, state: BranchState) -> bool:
    """Whether a condition holds there."""
    return compile_condition("", tree).holds(state.values, state.visits, state.chosen, state.ended)


def told(tree: Expression, state: BranchState) -> str:
    """The expression with the values that it looks at, as in `trust >= 2 (trust is 1)`."""
    seen = dict.fromkeys(one for one in leaves(tree) if not isinstance(one, Constant))
    values = ", ".join(f"{leaf(one)} is {leaf(Constant(worth(one, state), one.kind))}" for one in seen)
    return f"{spelled(tree)} ({values})" if values else spelled(tree)


def worth(one: Leaf, state: BranchState) -> Value:
    """What a part that looks at something sees there."""
    match one:
        case Constant(value):
            return value
        case Read(index):
            return state.values[index]
        case Visits(scene):
            return state.visits.get(scene, 0)
        case _:
            return holds(one, state)


def _blamed(tree: Expression, state: BranchState) -> Expression:
    match tree:
        case Junction("or", left, right):
            return Junction("or", _blamed(left, state), _blamed(right, state))
        case Junction(_, left, right):
            if holds(left, state):
                return _blamed(right, state)
            return (
                _blamed(left, state)
                if holds(right, state)
                else Junction("and", _blamed(left, state), _blamed(right, state))
            )
        case Not(Not(inner)):
            return _blamed(inner, state)
        case Not(Junction("or", left, right)):
            return _blamed(Junction("and", Not(left), Not(right)), state)
        case _:
            return tree
