"""A reader for small Python programs of calls and loops: walks the syntax tree, never compiles or executes anything.

It understands what plans are written in: calls of the given functions, ``for``, ``while``, ``if``, assignments, ``def``,
``try``, arithmetic, comparisons, lists, tuples, dicts, comprehensions and a dozen harmless builtins. No value ever changes
(``x.append(y)`` makes a new list for the name ``x``), all are limited in size, and every step is counted, so that no
program can hang the reader, fill its memory or reach anything outside.

Names behave as under ``exec(code, globals, {})``, which is how the original runs programs: what a program defines at its
top level is not visible inside the functions that it defines.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from mtenvs.core.dialects import AGENT_TEXT
from mtenvs.envs.rpg.pyvalues import (
    DICT_METHODS,
    MAX_SIZE,
    SCALARS,
    SEQUENCES,
    UNARY,
    Lazy,
    ProgramError,
    Stop,
    Values,
    opened,
    unsupported,
    weight,
)

__all__ = ["Call", "End", "Lazy", "Limits", "ProgramError", "run_program"]

MAX_DEPTH: Final = 100  # levels of the syntax tree; plans need about 8
MAX_CALL_DEPTH: Final = 30  # levels of the program's own functions
_SMALL_ENOUGH: Final = 1 << 32  # no need to weigh an integer below this
_GROWING: Final = frozenset({"append", "extend"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a program is carried out before it counts as timed out.

    Attributes:
        max_chars: characters of the source.
        max_calls: calls of the given functions.
        max_ops: steps of the reader: statements, expressions, elements handled.
    """

    max_chars: int = 1 << 18
    max_calls: int = 10_000
    max_ops: int = 1_000_000


class Call(NamedTuple):
    """One call of a given function.

    Attributes:
        name: the function.
        args: positional arguments.
        kwargs: keyword arguments.
        line: line of the program, from 1.
        wanted: whether the program looks at the result.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    line: int
    wanted: bool


class End(NamedTuple):
    """How a program ended.

    Attributes:
        kind: "done"; "syntax" (not Python); "error" (Python would have raised an exception); "timeout" (more calls or steps
            than the limits); "unsupported" (Python that this reader does not know); "too_long" (source over the limit).
        message: what happened, in a few words; empty for "done".
        line: line of the program, 0 where there is none.
        calls: calls of the given functions that were carried out.
    """

    kind: str
    message: str = ""
    line: int = 0
    calls: int = 0


class _Return(NamedTuple):
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class _Function:
    node: ast.FunctionDef
    defaults: tuple[Any, ...]
    scope: _Scope | None


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    name: str


class _Scope:
    """Names of one level; a level sees the one around it, except that functions do not see the program's top level."""

    __slots__ = ("around", "names", "top")

    def __init__(self, around: _Scope | None, *, top: bool = False) -> None:
        self.names: dict[str, Any] = {}
        self.around, self.top = around, top


_BREAK, _CONTINUE = object(), object()
_ERRORS: Final[Mapping[str, type[BaseException]]] = {
    error.__name__: error
    for error in (
        *(BaseException, Exception, ArithmeticError, AttributeError, IndexError, KeyError, LookupError, NameError, OverflowError),
        *(RuntimeError, StopIteration, TypeError, ValueError, ZeroDivisionError),
    )
}


def run_program(source: str, functions: Mapping[str, Callable[[Call], Any]], limits: Limits | None = None) -> End:
    """Walk through a program and carry out its calls of ``functions``, in order, as they come.

    Total: whatever the source is, it returns an `End`; what was called before an error or a limit has been called.

    Args:
        source: the program.
        functions: name -> what a call does; gets the `Call`, returns the value that the program sees (plain data that never
            changes, large parts of it as `Lazy`), may raise `ProgramError`.
        limits: how much is carried out; the defaults end within a few seconds on any source.
    """
    limits = limits if limits is not None else Limits()
    if len(source) > limits.max_chars:
        return End("too_long", f"the program has {len(source)} characters; at most {limits.max_chars} are read")
    try:
        tree = ast.parse(source, filename=AGENT_TEXT)
    except SyntaxError as error:
        return End("syntax", str(error.msg), error.lineno or 0)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return End("syntax", f"not readable as Python ({type(error).__name__})")
    if _too_deep(tree):
        return End("unsupported", f"the program is nested more than {MAX_DEPTH} levels deep")
    return _Reader(functions, limits).run(tree)


def _too_deep(tree: ast.AST) -> bool:
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr_context)]
        if not level:
            return False
    return True


class _Reader:
    """Walks one tree."""

    def __init__(self, functions: Mapping[str, Callable[[Call], Any]], limits: Limits) -> None:
        self.functions, self.limits = functions, limits
        self.values = Values(limits.max_ops)
        self.calls = self.line = self.depth = 0
        self.methods: dict[type[ast.expr], Any] = {}  # node type -> the method that reads it, looked up once
        self.builtins: dict[str, Any] = {**self.values.builtins(), **{name: _Given(name) for name in functions}}

    def run(self, tree: ast.Module) -> End:
        """Carry out the whole program."""
        kind, message = "done", ""
        try:
            if self.block(tree.body, _Scope(None, top=True)) is not None:
                kind, message = "syntax", "return, break or continue outside of a function or loop"
        except Stop as stop:
            kind, message = stop.kind, str(stop)
        except ProgramError as error:
            kind, message = "error", str(error)
        except RecursionError:
            kind, message = "unsupported", "the program is nested too deeply"
        return End(kind, message[:200], 0 if kind == "done" else self.line, self.calls)

    # Statements: each returns None, or what ends the block.

    def block(self, body: Sequence[ast.stmt], scope: _Scope) -> Any:
        """Carry out statements until one of them leaves the block."""
        for statement in body:
            self.line = statement.lineno
            self.values.tick()
            method = getattr(self, f"do_{type(statement).__name__.lower()}", None)
            if method is None:
                unsupported(type(statement).__name__)
            end = method(statement, scope)
            if end is not None:
                return end
        return None

    def do_expr(self, node: ast.Expr, scope: _Scope) -> None:
        if isinstance(node.value, ast.Call):
            self.call(node.value, scope, wanted=False)
        else:
            self.value(node.value, scope)

    def do_pass(self, _node: ast.Pass, _scope: _Scope) -> None:
        return

    def do_assign(self, node: ast.Assign, scope: _Scope) -> None:
        value = self.value(node.value, scope)
        for target in node.targets:
            self.bind(target, value, scope)

    def do_annassign(self, node: ast.AnnAssign, scope: _Scope) -> None:
        if node.value is not None:
            self.bind(node.target, self.value(node.value, scope), scope)

    def do_augassign(self, node: ast.AugAssign, scope: _Scope) -> None:
        if not isinstance(node.target, ast.Name):
            unsupported(type(node).__name__)
        old = self.lookup(node.target.id, scope)
        self.bind(node.target, self.values.binary(node.op, old, self.value(node.value, scope)), scope)

    def do_if(self, node: ast.If, scope: _Scope) -> Any:
        return self.block(node.body if self.value(node.test, scope) else node.orelse, scope)

    def do_for(self, node: ast.For, scope: _Scope) -> Any:
        for element in self.values.iterate(self.value(node.iter, scope)):
            self.bind(node.target, element, scope)
            end = self.block(node.body, scope)
            if end is _BREAK:
                return None
            if end is not None and end is not _CONTINUE:
                return end
        return self.block(node.orelse, scope)

    def do_while(self, node: ast.While, scope: _Scope) -> Any:
        while self.value(node.test, scope):
            end = self.block(node.body, scope)
            if end is _BREAK:
                return None
            if end is not None and end is not _CONTINUE:
                return end
        return self.block(node.orelse, scope)

    def do_break(self, _node: ast.Break, _scope: _Scope) -> Any:
        return _BREAK

    def do_continue(self, _node: ast.Continue, _scope: _Scope) -> Any:
        return _CONTINUE

    def do_return(self, node: ast.Return, scope: _Scope) -> Any:
        return _Return(None if node.value is None else self.value(node.value, scope))

    def do_functiondef(self, node: ast.FunctionDef, scope: _Scope) -> None:
        spec = node.args
        if spec.vararg or spec.kwarg or spec.kwonlyargs or node.decorator_list:
            unsupported("a function with *, ** or a decorator")
        defaults = tuple(self.value(default, scope) for default in spec.defaults)
        scope.names[node.name] = _Function(node, defaults, None if scope.top else scope)

    def do_assert(self, node: ast.Assert, scope: _Scope) -> None:
        if not self.value(node.test, scope):
            raise ProgramError("AssertionError", AssertionError)

    def do_raise(self, _node: ast.Raise, _scope: _Scope) -> None:
        raise ProgramError("the program raised an exception")

    def do_try(self, node: ast.Try, scope: _Scope) -> Any:
        try:
            end = self.block(node.body, scope)
            if end is None:
                end = self.block(node.orelse, scope)
        except ProgramError as error:
            handler = next((h for h in node.handlers if self.handles(h, error)), None)
            if handler is None or handler.name is not None:
                raise
            end = self.block(handler.body, scope)
        last = self.block(node.finalbody, scope)
        return end if last is None else last

    def handles(self, handler: ast.ExceptHandler, error: ProgramError) -> bool:
        """Whether a handler catches that error."""
        if handler.type is None:
            return True
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        classes = [_ERRORS.get(kind.id) if isinstance(kind, ast.Name) else None for kind in kinds]
        if None in classes:
            unsupported("this except clause")
        return issubclass(error.error, tuple(c for c in classes if c is not None))

    # Expressions.

    def value(self, node: ast.expr, scope: _Scope) -> Any:
        """The value of an expression."""
        self.values.tick()
        kind = type(node)
        method = self.methods.get(kind)
        if method is None:
            method = self.methods[kind] = getattr(self, f"of_{kind.__name__.lower()}", None)
            if method is None:
                unsupported(kind.__name__)
        return method(node, scope)

    def of_constant(self, node: ast.Constant, _scope: _Scope) -> Any:
        value = node.value
        if type(value) is int and value < _SMALL_ENOUGH:  # what plans consist of
            return value
        if not isinstance(value, SCALARS):
            unsupported(f"a constant of type {type(value).__name__}")
        return self.values.small(value)

    def of_name(self, node: ast.Name, scope: _Scope) -> Any:
        return self.lookup(node.id, scope)

    def of_call(self, node: ast.Call, scope: _Scope) -> Any:
        return self.call(node, scope, wanted=True)

    def of_binop(self, node: ast.BinOp, scope: _Scope) -> Any:
        return self.values.binary(node.op, self.value(node.left, scope), self.value(node.right, scope))

    def of_unaryop(self, node: ast.UnaryOp, scope: _Scope) -> Any:
        return self.values.guard(UNARY[type(node.op)], self.value(node.operand, scope))

    def of_boolop(self, node: ast.BoolOp, scope: _Scope) -> Any:
        stop_at = isinstance(node.op, ast.Or)
        value: Any = None
        for part in node.values:
            value = self.value(part, scope)
            if bool(value) is stop_at:
                break
        return value

    def of_compare(self, node: ast.Compare, scope: _Scope) -> Any:
        left = self.value(node.left, scope)
        result: Any = True
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node, scope)
            result = self.values.compare(op, left, right)
            if not result:
                break
            left = right
        return result

    def of_ifexp(self, node: ast.IfExp, scope: _Scope) -> Any:
        return self.value(node.body if self.value(node.test, scope) else node.orelse, scope)

    def of_tuple(self, node: ast.Tuple, scope: _Scope) -> Any:
        return self.values.small(tuple(self.elements(node.elts, scope)))

    def of_list(self, node: ast.List, scope: _Scope) -> Any:
        return self.values.small(self.elements(node.elts, scope))

    def of_dict(self, node: ast.Dict, scope: _Scope) -> Any:
        pairs = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                unsupported("** in a dict")
            pairs.append((self.values.small(self.value(key, scope)), self.value(value, scope)))
        return self.values.small(self.values.guard(dict, pairs))

    def of_subscript(self, node: ast.Subscript, scope: _Scope) -> Any:
        base = opened(self.value(node.value, scope))
        if not isinstance(base, (*SEQUENCES, dict, range)):
            raise ProgramError(f"TypeError: {type(base).__name__} object is not subscriptable", TypeError)
        return self.values.small(self.values.guard(operator.getitem, base, self.value(node.slice, scope)))

    def of_slice(self, node: ast.Slice, scope: _Scope) -> Any:
        return slice(*(None if part is None else self.value(part, scope) for part in (node.lower, node.upper, node.step)))

    def of_joinedstr(self, node: ast.JoinedStr, scope: _Scope) -> Any:
        parts = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None or part.conversion != -1:
                    unsupported("a format in an f-string")
                parts.append(self.values.text(self.value(part.value, scope)))
            else:
                parts.append(str(self.value(part, scope)))
        return self.values.small("".join(parts))

    def of_listcomp(self, node: ast.ListComp, scope: _Scope) -> Any:
        return self.values.small(list(itertools.islice(self.comprehend(node.elt, node.generators, _Scope(scope)), MAX_SIZE + 1)))

    def of_generatorexp(self, node: ast.GeneratorExp, scope: _Scope) -> Any:
        # Drawn at once instead of step by step; only a program that stops drawing in the middle could tell.
        return self.values.small(list(itertools.islice(self.comprehend(node.elt, node.generators, _Scope(scope)), MAX_SIZE + 1)))

    def of_attribute(self, node: ast.Attribute, scope: _Scope) -> Any:
        base = opened(self.value(node.value, scope))
        if isinstance(base, SCALARS) and not hasattr(base, node.attr):
            raise ProgramError(f"AttributeError: {type(base).__name__} object has no attribute {node.attr[:60]!r}", AttributeError)
        if isinstance(base, dict) and node.attr in DICT_METHODS:
            return self.values.plain(getattr(base, node.attr))
        return unsupported(f"the attribute {node.attr[:60]!r}")

    def comprehend(self, element: ast.expr, generators: Sequence[ast.comprehension], scope: _Scope) -> Iterator[Any]:
        """The elements of a comprehension."""
        if not generators:
            yield self.value(element, scope)
            return
        first = generators[0]
        for value in self.values.iterate(self.value(first.iter, scope)):
            self.bind(first.target, value, scope)
            if all(self.value(test, scope) for test in first.ifs):
                yield from self.comprehend(element, generators[1:], scope)

    # What the above is made of.

    def elements(self, nodes: Sequence[ast.expr], scope: _Scope) -> list[Any]:
        """The values of a display or of a call's arguments, with what ``*`` draws out of others."""
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found += itertools.islice(self.values.iterate(self.value(node.value, scope)), MAX_SIZE + 1 - len(found))
            else:
                found.append(self.value(node, scope))
            if len(found) > MAX_SIZE:
                raise Stop("timeout", "a list becomes too long")
        return found

    def lookup(self, name: str, scope: _Scope) -> Any:
        """The value of a name."""
        level: _Scope | None = scope
        while level is not None:
            if name in level.names:
                return level.names[name]
            level = level.around
        if name in self.builtins:
            return self.builtins[name]
        if hasattr(builtins, name):
            unsupported(f"the builtin {name}")
        raise ProgramError(f"NameError: name {name[:60]!r} is not defined", NameError)

    def bind(self, target: ast.expr, value: Any, scope: _Scope) -> None:
        """Assign to a name or to a tuple of targets."""
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = list(itertools.islice(self.values.iterate(value), len(target.elts) + 1))
            if len(values) != len(target.elts):
                raise ProgramError(f"ValueError: expected {len(target.elts)} values to unpack", ValueError)
            for part, element in zip(target.elts, values, strict=True):
                self.bind(part, element, scope)
        else:
            unsupported("assigning to anything but a name")

    def call(self, node: ast.Call, scope: _Scope, *, wanted: bool) -> Any:
        """Call a given function, one of the program's own or a builtin."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in _GROWING and isinstance(node.func.value, ast.Name):
            return self.grow(node, node.func.attr, node.func.value.id, scope)
        function = self.value(node.func, scope)
        args = self.elements(node.args, scope)
        kwargs = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                unsupported("** in a call")
            kwargs[keyword.arg] = self.value(keyword.value, scope)
        self.line = node.lineno
        if isinstance(function, _Given):
            if self.calls >= self.limits.max_calls:
                raise Stop("timeout", f"the program makes more than {self.limits.max_calls} calls")
            self.calls += 1
            self.values.tick(sum(map(weight, args)))
            return self.functions[function.name](Call(function.name, tuple(args), kwargs, node.lineno, wanted))
        if isinstance(function, _Function):
            return self.call_own(function, args, kwargs)
        if not callable(function):
            raise ProgramError(f"TypeError: {type(function).__name__} object is not callable", TypeError)
        return self.values.small(function(args, kwargs))

    def grow(self, node: ast.Call, method: str, name: str, scope: _Scope) -> None:
        """``name.append(value)`` or ``name.extend(values)``: the name gets a new list, so that no list ever changes."""
        level: _Scope | None = scope
        while level is not None and name not in level.names:
            level = level.around
        old = self.lookup(name, scope)
        added = self.elements(node.args, scope)
        if level is None or not isinstance(old, list) or len(added) != 1 or node.keywords:
            unsupported(f"this use of {method}")
        if method == "extend":
            added = list(itertools.islice(self.values.iterate(added[0]), MAX_SIZE + 1))
        level.names[name] = self.values.small([*old, *added])

    def call_own(self, function: _Function, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call one of the program's own functions."""
        node = function.node
        names = [parameter.arg for parameter in (*node.args.posonlyargs, *node.args.args)]
        scope = _Scope(function.scope)
        scope.names.update(zip(names[len(names) - len(function.defaults) :], function.defaults, strict=True))
        given = dict(zip(names, args, strict=False))
        if len(args) > len(names) or not set(kwargs) <= set(names) - set(given):
            raise ProgramError(f"TypeError: {node.name}() got arguments that it does not take", TypeError)
        scope.names.update(given)
        scope.names.update(kwargs)
        if not set(names) <= set(scope.names):
            raise ProgramError(f"TypeError: {node.name}() misses an argument", TypeError)
        if self.depth >= MAX_CALL_DEPTH:
            raise ProgramError("RecursionError: the program's functions call each other too deeply", RecursionError)
        self.depth += 1
        end = self.block(node.body, scope)
        self.depth -= 1
        return end.value if isinstance(end, _Return) else None
