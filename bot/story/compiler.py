"""Turns typed trees into Python functions, once, when a story loads.

Only trees are compiled, never text: each node becomes a syntax node of a fixed shape, so a story can say no more
than `expression` can.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.story.expression import (
    Assignment,
    Calculate,
    Chosen,
    Compare,
    Constant,
    Ended,
    Expression,
    Junction,
    Negate,
    Not,
    Read,
    Value,
    Visits,
)

Holds = Callable[[Sequence[Value], Mapping[str, int], Mapping[str, int], frozenset[str]], bool]
"""(values, visits by scene, times chosen by "scene.choice", scenes of the endings ever reached) -> flag."""

Apply = Callable[[list[Value], Mapping[str, int], Mapping[str, int], frozenset[str]], None]
"""The same; changes the values in place, each kept inside its variable's bounds."""

_ARGUMENTS = ("values", "visits", "chosen", "ended")
_OPERATORS: dict[str, type[ast.cmpop] | type[ast.operator]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as written, as a tree, and as a function."""

    source: str
    tree: Expression
    holds: Holds


@dataclass(frozen=True, slots=True)
class Effect:
    """Assignments in order, as written, as trees, and as one function."""

    source: str
    assignments: tuple[Assignment, ...]
    apply: Apply


def compile_condition(source: str, tree: Expression) -> Condition:
    """A condition ready to be asked."""
    return Condition(source, tree, _function([ast.Return(_node(tree))]))


def compile_effect(source: str, assignments: Sequence[Assignment]) -> Effect:
    """Effects ready to be applied, in order."""
    body = [statement for assignment in assignments for statement in _assign(assignment)] or [ast.Pass()]
    return Effect(source, tuple(assignments), _function(body))


def _function(body: Sequence[ast.stmt]) -> Callable[..., Any]:
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(name) for name in _ARGUMENTS],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    definition = ast.FunctionDef(name="compiled", args=arguments, body=list(body), decorator_list=[])
    module = ast.fix_missing_locations(ast.Module(body=[definition], type_ignores=[]))
    namespace: dict[str, Callable[..., Any]] = {}
    exec(compile(module, "<story>", "exec"), {"__builtins__": {}}, namespace)  # noqa: S102 - our own nodes only
    return namespace["compiled"]


def _assign(assignment: Assignment) -> list[ast.stmt]:
    variable = assignment.target.variable
    slot = _slot(assignment.target.index, ast.Store())
    value = _node(assignment.value)
    if variable.kind == "integer":
        new = ast.Name("new", ast.Load())
        return [
            ast.Assign([ast.Name("new", ast.Store())], value),
            ast.Assign([slot], _clamped(new, variable.low, variable.high)),
        ]
    if variable.kind == "text":
        value = ast.Subscript(value, ast.Slice(upper=ast.Constant(variable.length)), ast.Load())
    return [ast.Assign([slot], value)]


def _clamped(new: ast.expr, low: int, high: int) -> ast.expr:
    """low if new < low else high if new > high else new"""
    inner = ast.IfExp(ast.Compare(new, [ast.Gt()], [ast.Constant(high)]), ast.Constant(high), new)
    return ast.IfExp(ast.Compare(new, [ast.Lt()], [ast.Constant(low)]), ast.Constant(low), inner)


def _slot(index: int, context: ast.expr_context) -> ast.Subscript:
    return ast.Subscript(ast.Name("values", ast.Load()), ast.Constant(index), context)


def _node(tree: Expression) -> ast.expr:
    match tree:
        case Constant(value):
            return ast.Constant(value)
        case Read(index):
            return _slot(index, ast.Load())
        case Visits(scene):
            get = ast.Attribute(ast.Name("visits", ast.Load()), "get", ast.Load())
            return ast.Call(get, [ast.Constant(scene), ast.Constant(0)], [])
        case Chosen(name):
            return ast.Compare(ast.Constant(name), [ast.In()], [ast.Name("chosen", ast.Load())])
        case Ended(name):
            return ast.Compare(ast.Constant(name), [ast.In()], [ast.Name("ended", ast.Load())])
        case Not(inner):
            return ast.UnaryOp(ast.Not(), _node(inner))
        case Negate(inner):
            return ast.UnaryOp(ast.USub(), _node(inner))
        case Junction(word, left, right):
            return ast.BoolOp(ast.And() if word == "and" else ast.Or(), [_node(left), _node(right)])
        case Compare(operator, left, right):
            return ast.Compare(_node(left), [_OPERATORS[operator]()], [_node(right)])  # type: ignore[list-item]
        case Calculate(operator, left, right):
            return ast.BinOp(_node(left), _OPERATORS[operator](), _node(right))  # type: ignore[arg-type]
