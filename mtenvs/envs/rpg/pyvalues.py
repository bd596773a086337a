"""The values of a plan's program: what may be done with them, how large they may get, and how every step is counted."""

from __future__ import annotations

import ast
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

MAX_BITS: Final = 4096  # of an integer
MAX_SIZE: Final = 10_000  # characters of a text, elements of a list with all that is inside
SCALARS: Final = (int, float, str, bool, type(None), type(...))
SEQUENCES: Final = (str, tuple, list)
DICT_METHODS: Final = frozenset({"get", "items", "keys", "values"})
_MAX_DIGITS: Final = 20  # of round(); far more would take for ever
_NO_MORE: Final = object()
_BINARY: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
UNARY: Final[Mapping[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_COMPARE: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda a, b: operator.contains(b, a),
    ast.NotIn: lambda a, b: not operator.contains(b, a),
}
Builtin = Callable[[list[Any], dict[str, Any]], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Lazy:
    """A value that is made when a program looks into it.

    Attributes:
        make: makes it; plain immutable data.
    """

    make: Callable[[], Any]


class ProgramError(Exception):
    """An exception of the program; a given function may raise it too.

    Args:
        message: what Python would have said.
        error: the class that Python would have raised.
    """

    def __init__(self, message: str, error: type[Exception] = Exception) -> None:
        self.error = error
        super().__init__(message)


class Stop(Exception):
    """Ends the program with the given kind of `End`."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


def unsupported(what: str) -> NoReturn:
    """End the program: this reader does not know what Python would do."""
    raise Stop("unsupported", f"{what} is not part of the language of plans: calls, loops, plain values")


def opened(value: Any) -> Any:
    """The value itself; a `Lazy` one made."""
    return value.make() if isinstance(value, Lazy) else value


def weight(value: Any) -> int:
    """Elements of a value with all that is inside, counted as often as it appears; counting stops past the limit."""
    if isinstance(value, str):
        return len(value)
    if not isinstance(value, (list, tuple, dict)):
        return 1
    total = 0
    todo: list[Iterator[Any]] = [iter((value,))]
    while todo and total <= MAX_SIZE:
        element = next(todo[-1], _NO_MORE)
        if element is _NO_MORE:
            todo.pop()
            continue
        total += len(element) // 8 + 1 if isinstance(element, str) else 1
        if isinstance(element, dict):
            todo.append(itertools.chain.from_iterable(element.items()))
        elif isinstance(element, (list, tuple)):
            todo.append(iter(element))
    return total


class Values:
    """Works on values within the limits, and counts the steps.

    Args:
        max_ops: steps until the program counts as timed out.
    """

    def __init__(self, max_ops: int) -> None:
        self.ops, self.max_ops = 0, max_ops

    def tick(self, steps: int = 1) -> None:
        """Count steps.

        Raises:
            Stop: there were too many.
        """
        self.ops += steps
        if self.ops > self.max_ops:
            raise Stop("timeout", f"the program takes more than {self.max_ops} steps")

    def guard(self, function: Callable[..., Any], *values: Any) -> Any:
        """Call something of Python's on the program's values; its exceptions are the program's.

        Raises:
            ProgramError: it raised.
        """
        try:
            return function(*values)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise ProgramError(f"{type(error).__name__}: {str(error)[:120]}", type(error)) from None

    def small(self, value: Any) -> Any:
        """The value itself.

        Raises:
            Stop: it is too large.
        """
        if isinstance(value, int):
            if value.bit_length() > MAX_BITS:
                raise Stop("timeout", "an integer becomes too large")
        elif not isinstance(value, (float, complex)):
            size = weight(value)
            if size > MAX_SIZE:
                raise Stop("timeout", "a text or list becomes too long")
            self.tick(size // 64 if isinstance(value, str) else size)
        return value

    def iterate(self, value: Any) -> Iterator[Any]:
        """The elements of a value, counted as steps."""
        for element in self.guard(iter, opened(value)):
            self.tick()
            yield element

    def binary(self, op: ast.operator, left: Any, right: Any) -> Any:
        """Apply an operator, unless the result would be large."""
        if isinstance(left, int) and isinstance(right, int):
            grows = (isinstance(op, ast.Pow) and left.bit_length() * abs(right) > MAX_BITS) or (
                isinstance(op, ast.LShift) and left.bit_length() + right > MAX_BITS
            )
            if grows:
                raise Stop("timeout", "an integer becomes too large")
        elif isinstance(op, ast.Mult) and isinstance(left, (*SEQUENCES, int)) and isinstance(right, (*SEQUENCES, int)):
            times, sequence = (left, right) if isinstance(left, int) else (right, left)
            if isinstance(times, int) and times * weight(sequence) > MAX_SIZE:
                raise Stop("timeout", "a text or list becomes too long")
        elif isinstance(op, ast.Mod) and isinstance(left, str):
            unsupported("formatting with %")
        method = _BINARY.get(type(op))
        if method is None:
            unsupported(f"the operator {type(op).__name__}")
        return self.small(self.guard(method, left, right))

    def compare(self, op: ast.cmpop, left: Any, right: Any) -> Any:
        """Apply a comparison."""
        if isinstance(op, (ast.In, ast.NotIn)):
            right = opened(right)
            if isinstance(right, range) and not isinstance(left, int):
                unsupported("looking for something other than an integer in a range")
        self.tick(weight(left) + weight(right))
        return self.guard(_COMPARE[type(op)], left, right)

    def text(self, value: Any) -> str:
        """The value as text, where that cannot be long."""
        if not isinstance(value, SCALARS):
            unsupported(f"{type(value).__name__} as text")
        return str(value)

    def builtins(self) -> dict[str, Builtin]:
        """The harmless builtins, each called with a list of arguments and a dict of keyword arguments."""
        plain = (abs, all, any, bool, divmod, enumerate, float, int, len, list, max, min, reversed, round, sorted, str, sum, tuple, zip)
        return {function.__name__: self.plain(function) for function in plain} | {
            "range": self._range,
            "print": _print,
            "exit": _exit,
            "quit": _exit,
        }

    def plain(self, function: Callable[..., Any]) -> Builtin:
        """A function of Python's for programs: arguments are drawn out up to the size limit first, so that it ends soon."""

        def call(args: list[Any], kwargs: dict[str, Any]) -> Any:
            if kwargs:
                unsupported(f"keyword arguments of {function.__name__}()")
            if function is str:
                return "".join(self.text(argument) for argument in args[:1])
            small = [self._drawn(argument) for argument in args]
            if function is round and len(small) > 1 and not (isinstance(small[1], int) and abs(small[1]) <= _MAX_DIGITS):
                unsupported("this use of round()")
            result = self.guard(function, *small)
            return result if isinstance(result, (*SCALARS, list, tuple, dict, complex, Lazy)) else list(result)

        return call

    def _drawn(self, value: Any) -> Any:
        """A builtin's argument; a range becomes a list if it is short."""
        if callable(value):
            unsupported("a function as an argument")
        value = opened(value)
        if not isinstance(value, range):
            self.tick(weight(value))
            return value
        if abs(value.stop - value.start) // abs(value.step) > MAX_SIZE:
            raise Stop("timeout", "a range becomes too long")
        self.tick(len(value))
        return list(value)

    def _range(self, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if kwargs:
            raise ProgramError("TypeError: range() takes no keyword arguments", TypeError)
        return self.guard(range, *args)


def _print(_args: list[Any], _kwargs: dict[str, Any]) -> None:
    """Do nothing: what a plan prints is not shown to anyone."""


def _exit(_args: list[Any], _kwargs: dict[str, Any]) -> NoReturn:
    raise Stop("done", "")
