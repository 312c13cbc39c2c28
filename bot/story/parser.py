"""Reads conditions and effects into typed trees. Nothing of a story's text is ever given to Python's own parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast, get_args

from bot.story.expression import (
    Arithmetic,
    Assignment,
    Calculate,
    Chosen,
    Compare,
    Comparison,
    Constant,
    Ended,
    Expression,
    Junction,
    Negate,
    Not,
    Read,
    Scope,
    Variable,
    Visits,
)
from bot.story.limits import MAX_EXPRESSION, MAX_EXPRESSION_DEPTH, MAX_INTEGER
from bot.story.problem import did_you_mean

KEYWORDS = frozenset({"and", "or", "not", "true", "false"})
FUNCTIONS = ("visits", "chosen", "ended")

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[0-9]+)|(?P<call>(?:visits|chosen|ended)\s*\(\s*[^()\s]*\s*\))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>"[^"]*"|'[^']*')
    |(?P<sign>==|!=|<=|>=|\+=|-=|[-+*<>=()])|(?P<other>\S))""",
    re.VERBOSE,
)


class ExpressionError(Exception):
    """An expression that cannot stand; `column` counts from 0 in its text, `code` is a code of `problem.CODES`."""

    def __init__(self, code: str, message: str, column: int) -> None:
        self.code, self.message, self.column = code, message, column
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A bare word that is no variable: perhaps an option of the choice variable on the other side."""

    name: str
    column: int


_Operand = Expression | _Word


def parse_condition(text: str, scope: Scope) -> Expression:
    """The tree of a condition, a flag. Raises `ExpressionError`."""
    parser = _Parser(text, scope)
    operand = parser.either(0)
    parser.end()
    return parser.flag(operand, 0)


def parse_effect(text: str, scope: Scope) -> Assignment:
    """The tree of `name = value`, `name += value` or `name -= value`. Raises `ExpressionError`."""
    parser = _Parser(text, scope)
    assignment = parser.assignment()
    parser.end()
    return assignment


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_EXPRESSION:
        raise ExpressionError("STORY032", f"longer than {MAX_EXPRESSION} characters; split it with a flag", 0)
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        column = match.start(kind)
        if kind == "other":
            raise ExpressionError("STORY030", f'"{match[kind]}" has no meaning in a condition or effect', column)
        found.append(_Token(kind, match[kind], column))
    return [*found, _Token("end", "", len(text.rstrip()))]


class _Parser:
    """Precedence climbing, from `or` down to atoms; types are checked as the tree grows."""

    def __init__(self, text: str, scope: Scope) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._scope = scope

    # -- the walk over the tokens

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> _Token | None:
        token = self._next
        if token.kind not in ("text", "end") and token.text in texts:
            self._at += 1
            return token
        return None

    def end(self) -> None:
        """Nothing may follow."""
        token = self._next
        if token.kind == "end":
            return
        if token.text == "=":
            raise ExpressionError("STORY030", 'to compare, write "=="', token.column)
        raise ExpressionError("STORY030", f'did not expect "{token.text}" here', token.column)

    # -- grammar

    def assignment(self) -> Assignment:
        """name (= | += | -=) value"""
        name = self._next
        if name.kind != "name" or name.text in KEYWORDS:
            raise ExpressionError("STORY030", 'an effect starts with a variable, as in "trust += 1"', name.column)
        target = self._known(_Word(name.text, name.column))
        self._at += 1
        sign = self._take("=", "+=", "-=")
        if sign is None:
            raise ExpressionError("STORY030", 'expected "=", "+=" or "-=" after the variable', self._next.column)
        column = self._next.column
        value = self._fit(target, self.either(0), column)
        if sign.text == "=":
            self._within_options(target, value, column)
            return Assignment(target, value)
        if target.kind != "integer":
            raise ExpressionError("STORY031", f'"{sign.text}" needs an integer; {_article(target)}', name.column)
        operator: Arithmetic = "+" if sign.text == "+=" else "-"
        return Assignment(target, Calculate(operator, target, value))

    def either(self, depth: int) -> _Operand:
        """both (or both)*"""
        if depth > MAX_EXPRESSION_DEPTH:
            raise ExpressionError("STORY032", f"nested deeper than {MAX_EXPRESSION_DEPTH}", self._next.column)
        left = self._both(depth)
        while word := self._take("or"):
            right = self._both(depth)
            left = Junction("or", self.flag(left, word.column), self.flag(right, word.column))
        return left

    def _both(self, depth: int) -> _Operand:
        left = self._negation(depth)
        while word := self._take("and"):
            right = self._negation(depth)
            left = Junction("and", self.flag(left, word.column), self.flag(right, word.column))
        return left

    def _negation(self, depth: int) -> _Operand:
        if word := self._take("not"):
            self._deeper(depth, word)
            return Not(self.flag(self._negation(depth + 1), word.column))
        return self._comparison(depth)

    def _comparison(self, depth: int) -> _Operand:
        left_column = self._next.column
        left = self._sum(depth)
        sign = self._take(*get_args(Comparison))
        if sign is None:
            return left
        right_column = self._next.column
        return self._compare(sign, left, left_column, self._sum(depth), right_column)

    def _sum(self, depth: int) -> _Operand:
        left = self._product(depth)
        while sign := self._take("+", "-"):
            right = self._integer(self._product(depth), sign)
            left = Calculate(cast(Arithmetic, sign.text), self._integer(left, sign), right)
        return left

    def _product(self, depth: int) -> _Operand:
        left = self._unary(depth)
        while sign := self._take("*"):
            left = Calculate("*", self._integer(left, sign), self._integer(self._unary(depth), sign))
        return left

    def _unary(self, depth: int) -> _Operand:
        if sign := self._take("-"):
            self._deeper(depth, sign)
            return Negate(self._integer(self._unary(depth + 1), sign))
        return self._atom(depth)

    def _atom(self, depth: int) -> _Operand:
        token = self._next
        self._at += 1
        if token.kind == "number":
            return self._number(token)
        if token.kind == "text":
            return Constant(token.text[1:-1], "text")
        if token.kind == "call":
            return self._call(token)
        if token.kind == "name" and token.text in ("true", "false"):
            return Constant(token.text == "true", "flag")
        if token.kind == "name" and token.text not in KEYWORDS:
            return self._scope.variables.get(token.text) or _Word(token.text, token.column)
        if token.text == "(":
            inner = self.either(depth + 1)
            if self._take(")") is None:
                raise ExpressionError("STORY030", 'a "(" is not closed', token.column)
            return inner
        self._at -= 1
        found = f'"{token.text}"' if token.text else "the end"
        raise ExpressionError("STORY030", f"expected a value here, found {found}", token.column)

    def _number(self, token: _Token) -> Constant:
        if len(token.text) > 9 or int(token.text) > MAX_INTEGER:
            raise ExpressionError("STORY032", f"numbers go up to {MAX_INTEGER}", token.column)
        return Constant(int(token.text), "integer")

    def _call(self, token: _Token) -> Expression:
        function, _, rest = token.text.partition("(")
        name = rest.rstrip(")").strip()
        column = token.column + len(function) + 1 + len(rest) - len(rest.lstrip())
        match function.strip():
            case "visits":
                self._must_be(name, self._scope.scenes, "scene", column)
                return Visits(name)
            case "ended":
                self._must_be(name, self._scope.endings, "scene with an ending", column)
                return Ended(name)
            case _:
                return Chosen(self._choice(name, column))

    # -- names and kinds

    def _choice(self, name: str, column: int) -> str:
        keys = self._scope.choices.get(name, ())
        if len(keys) == 1:
            return keys[0]
        if len(keys) > 1:
            said = ", ".join(f"chosen({key})" for key in keys[:4])
            raise ExpressionError("STORY012", f'several scenes have a choice "{name}"; say which: {said}', column)
        self._must_be(name, self._scope.choices, "choice", column)
        raise AssertionError("unreachable")

    @staticmethod
    def _must_be(name: str, known: object, what: str, column: int) -> None:
        names = sorted(cast("dict[str, object]", known))
        if name not in names:
            raise ExpressionError("STORY012", f'there is no {what} "{name}".{did_you_mean(name, names)}', column)

    def _known(self, operand: _Operand) -> Read:
        """The variable a word names, or an error that offers one."""
        if isinstance(operand, _Word):
            variable = self._scope.variables.get(operand.name)
            if variable is not None:
                return variable
            hint = did_you_mean(operand.name, self._scope.variables)
            raise ExpressionError("STORY012", f'there is no variable "{operand.name}".{hint}', operand.column)
        raise AssertionError("only words are looked up")

    def flag(self, operand: _Operand, column: int) -> Expression:
        """The operand, which must be true or false."""
        tree = self._known(operand) if isinstance(operand, _Word) else operand
        if tree.kind != "flag":
            raise ExpressionError("STORY031", f"expected true or false here; {_article(tree)}", column)
        return tree

    def _integer(self, operand: _Operand, sign: _Token) -> Expression:
        tree = self._known(operand) if isinstance(operand, _Word) else operand
        if tree.kind != "integer":
            raise ExpressionError("STORY031", f'"{sign.text}" needs integers; {_article(tree)}', sign.column)
        return tree

    def _deeper(self, depth: int, token: _Token) -> None:
        if depth >= MAX_EXPRESSION_DEPTH:
            raise ExpressionError("STORY032", f"nested deeper than {MAX_EXPRESSION_DEPTH}", token.column)

    def _compare(self, sign: _Token, left: _Operand, left_at: int, right: _Operand, right_at: int) -> Compare:
        if isinstance(left, Read) and not (isinstance(right, Read) and right.kind == "choice"):
            right = self._fit(left, right, right_at)
        elif isinstance(right, Read):
            left = self._fit(right, left, left_at)
        for operand in (left, right):
            if isinstance(operand, _Word):
                self._known(operand)
        left_tree, right_tree = cast(Expression, left), cast(Expression, right)
        if left_tree.kind != right_tree.kind:
            message = f"cannot compare these: {_article(left_tree)}, {_article(right_tree)}"
            raise ExpressionError("STORY031", message, sign.column)
        if sign.text not in ("==", "!=") and left_tree.kind != "integer":
            raise ExpressionError("STORY031", f'"{sign.text}" compares integers only', sign.column)
        return Compare(cast(Comparison, sign.text), left_tree, right_tree)

    def _fit(self, target: Read, operand: _Operand, column: int) -> Expression:
        """The operand as a value for that variable: a word or text may be one of its options."""
        if target.kind == "choice":
            option = _option(operand, target.variable)
            if option is not None:
                options = target.variable.options
                if option not in options:
                    message = f'"{target.variable.name}" has no option "{option}".{did_you_mean(option, options)}'
                    raise ExpressionError("STORY012", message, column)
                return Constant(option, "choice")
        tree = self._known(operand) if isinstance(operand, _Word) else operand
        if tree.kind != target.kind:
            message = f'"{target.variable.name}" is {_A[target.kind]}, but {_article(tree)}'
            raise ExpressionError("STORY031", message, column)
        return tree

    @staticmethod
    def _within_options(target: Read, value: Expression, column: int) -> None:
        """A choice variable may only be given another one whose every option it has itself."""
        if isinstance(value, Read) and target.kind == "choice":
            foreign = [option for option in value.variable.options if option not in target.variable.options]
            if foreign:
                message = f'"{value.variable.name}" may be "{foreign[0]}", which "{target.variable.name}" cannot'
                raise ExpressionError("STORY031", message, column)


_A = {"flag": "a flag", "integer": "an integer", "choice": "a choice", "text": "a text"}


def _option(operand: _Operand, target: Variable) -> str | None:
    """What an operand says when it is read as an option of a choice variable."""
    if isinstance(operand, _Word):
        return operand.name
    if isinstance(operand, Read) and operand.kind != "choice" and operand.variable.name in target.options:
        return operand.variable.name
    if isinstance(operand, Constant) and isinstance(operand.value, str):
        return operand.value
    return None


def _article(tree: Expression) -> str:
    if isinstance(tree, Read):
        return f'"{tree.variable.name}" is {_A[tree.kind]}'
    if isinstance(tree, Constant):
        return f"{str(tree.value).lower() if tree.kind == 'flag' else repr(tree.value)} is {_A[tree.kind]}"
    return f"this is {_A[tree.kind]}"
