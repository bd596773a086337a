"""Programs: found in answers as the original finds them, walked without being run, and never able to hang or to harm."""

from __future__ import annotations

import ast
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import tiny_world

from mtenvs.envs.rpg import program, pysubset, pyvalues
from mtenvs.envs.rpg.program import Call, Limits, ProgramError, dispatch, extract_program, play_answer, play_program
from mtenvs.envs.rpg.pysubset import Lazy, run_program
from mtenvs.envs.rpg.spec import HeroStart
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.world import HeroWorld, Refusal, Result

DATA = tiny_world()


def calls_of(source: str, **limits: int) -> tuple[list[tuple[Any, ...]], str]:
    """The calls of ``go`` and ``rest`` in a program, and how it ended."""
    seen: list[tuple[Any, ...]] = []

    def go(call: Call) -> Any:
        seen.append((*call.args, *call.kwargs.values()))
        return (200, Lazy(lambda: {"fight": {"result": "win"}, "bag": [1, 2]}))

    end = run_program(source, {"go": go, "rest": go}, Limits(**limits))
    assert end.calls == len(seen)
    return seen, end.kind


# ---- finding the program


@pytest.mark.parametrize(
    ("answer", "program"),
    [
        ("```python\nmove(1)\n```", "move(1)"),
        ("first\n```\nold\n```\nthen\n```py\nnew\n```\nFinal answer: ignored", "new"),
        ("```one``` and ``` two ```", "two"),
        ("```move(1)```", "(1)"),  # a word right after the fence is taken for a language
        ("``` \n  a()\n  b()```", "a()\n  b()"),
        ("no end ```python\nmove(1)", None),
        ("x <CODE lang='py'>\nmove(1)\n</code> y <code>later</code>", "move(1)"),
        ("Final answer: <move(1)>", "move(1)"),
        ("final ANSWER:\n  move(1)\n", "move(1)"),
        ("final answer a\nfinal answer b", "a\nfinal answer b"),
        ("```python\n<move(1)>\n```", "move(1)"),
        ("just prose", None),
        ("", None),
    ],
)
def test_the_program_is_where_the_original_looks_for_it(answer: str, program: str | None) -> None:
    assert extract_program(answer) == program


# ---- what is understood


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("go(1)\nrest(2)", [(1,), (2,)]),
        ("for i in range(3): go(i)", [(0,), (1,), (2,)]),
        ("for i in range(1 + 1):\n  for j in range(2):\n    go(i, j)", [(0, 0), (0, 1), (1, 0), (1, 1)]),
        ("go(-3, x=4)", [(-3, 4)]),
        ("n = 2\nwhile n:\n  go(n)\n  n -= 1", [(2,), (1,)]),
        ("if 'a' in ('a', 'b'):\n  go(1)\nelse:\n  go(2)", [(1,)]),
        ("for a, b in [(1, 2), (3, 4)]: go(a, b)", [(1, 2), (3, 4)]),
        ("for k, v in {'x': 1}.items(): go(k, v)", [("x", 1)]),
        ("for i, x in enumerate(['a']): go(i, x)", [(0, "a")]),
        ("[go(i) for i in range(4) if i % 2]", [(1,), (3,)]),
        ("def twice(x, y=5):\n  go(x)\n  go(y)\ntwice(1)\ntwice(1, y=2)", [(1,), (5,), (1,), (2,)]),
        ("def f():\n  return 7\ngo(f())", [(7,)]),
        ("for i in range(9):\n  if i == 1: continue\n  if i == 3: break\n  go(i)\nelse:\n  go('no')", [(0,), (2,)]),
        ("print('hello', 1)\ngo(1) # comment\n'a docstring'\npass\n...", [(1,)]),
        ("x = []\nfor i in range(3): x.append(i)\ngo(*x)", [(0, 1, 2)]),
        ("r = go(1)\nif r[0] == 200 and r[1]['fight']['result'] == 'win': rest(2)", [(1,), (2,)]),
        ("code, body = go(1)\nrest(len(body.get('bag')))", [(1,), (2,)]),
        ("try:\n  go(1 / 0)\nexcept ZeroDivisionError:\n  go('caught')\nfinally:\n  go('end')", [("caught",), ("end",)]),
        ("go(f'a{1 + 1}')\ngo([1, 2, 3][1:])", [("a2",), ([2, 3],)]),
        ("go(1 if 2 > 1 > 0 else 3)\nassert True", [(1,)]),
        ("go(1)\nexit()\ngo(2)", [(1,)]),
    ],
)
def test_plans_are_walked(source: str, calls: list[tuple[Any, ...]]) -> None:
    assert calls_of(source) == (calls, "done")


@pytest.mark.parametrize(
    ("source", "kind", "calls"),
    [
        ("go(1)\nundefined(2)", "error", 1),
        ("go(1)\n'Hero'.weapon_slot", "error", 1),
        ("go(1)\n1 / 0", "error", 1),
        ("go(1)\n(1)[0]", "error", 1),
        ("go(1)\n'x'()", "error", 1),
        ("x = 1\ndef f(): go(x)\nf()", "error", 0),  # exec with two namespaces: functions do not see the top level
        ("def f(): g()\ndef g(): go(1)\nf()", "error", 0),
        ("a, b = 1, 2, 3", "error", 0),
        ("raise ValueError", "error", 0),
        ("assert 0", "error", 0),
        ("go(1", "syntax", 0),
        ("go(1)\n  go(2)", "syntax", 0),
        ("go(1)\nreturn", "syntax", 1),
        ("import os\nos.system('true')", "unsupported", 0),
        ("go.__class__", "unsupported", 0),
        ("().__class__.__bases__", "unsupported", 0),
        ("eval('1')", "unsupported", 0),
        ("open('/etc/passwd')", "unsupported", 0),
        ("class A: pass", "unsupported", 0),
        ("lambda: 1", "unsupported", 0),
        ("'%d' % 3", "unsupported", 0),
        ("while True: go(1)", "timeout", 50),
        ("for i in range(10**12): pass", "timeout", 0),
        ("for i in range(10**12): go(i)", "timeout", 50),
        ("x = 10**10**10", "timeout", 0),
        ("x = 'a' * 10**12", "timeout", 0),
    ],
)
def test_everything_else_ends_with_its_kind(source: str, kind: str, calls: int) -> None:
    seen, ended = calls_of(source, max_calls=50, max_ops=20_000)
    assert (ended, len(seen)) == (kind, calls)


# ---- how calls reach the world


def play(source: str, **start: Any) -> tuple[HeroState, list[Result], str]:
    who = HeroState.from_start(HeroStart(**start), DATA)
    results: list[Result] = []
    end = play_program(source, HeroWorld(DATA), who, results.append)
    return who, results, end.kind


def test_a_plan_changes_the_world() -> None:
    who, results, kind = play("move('Hero', 1, 0)\nfor i in range(4):\n    gather('Hero')\nmove('Hero', 0, 1)\ncraft('Hero', 'plank', 2)")
    assert kind == "done"
    assert who.bag == {"gem": 4, "plank": 2}
    assert len(results) == 7


def test_a_refusal_does_not_stop_the_plan() -> None:
    _, results, kind = play("gather('Hero')\nmove('Hero', 99, 99)\nmove('Hero', 1, 0)\ngather('Hero')")
    assert [r.code if isinstance(r, Refusal) else 0 for r in results] == [598, 404, 0, 0]
    assert kind == "done"


@pytest.mark.parametrize(
    "call",
    [
        "craft('Hero', 'plank')",
        "move('Hero', 1)",
        "gather()",
        "fight('Hero', 1)",
        "move(character_name='Hero', x=1, y=2)",
        "equip('Hero', 'ring1')",
    ],
)
def test_a_wrong_number_of_arguments_is_an_exception_in_the_program(call: str) -> None:
    assert play(call)[2] == "error"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("move('hero', 1, 0)", 498),
        ("move('Hero', 1.5, 0)", 422),
        ("move('Hero', None, 0)", 422),
        ("move('Hero', [1], 0)", 422),
        ("gather('Hero', 0)", 422),
        ("gather('Hero', 10**12)", 422),
        ("buy('Hero', 7, 1)", 422),
        ("equip('Hero', 'tail', 'stick')", 422),
        ("unequip('Hero', 'weapon')", 491),
    ],
)
def test_values_that_do_not_fit_are_refused(call: str, code: int) -> None:
    _, (result,), kind = play(call)
    assert isinstance(result, Refusal)
    assert (result.code, kind) == (code, "done")


def test_numbers_may_come_as_the_server_reads_them() -> None:
    who, _, _ = play("move('Hero', '1', 0.0)\ngather(name='Hero', quantity='2')")
    assert who.bag == {"wood": 2, "gem": 2}


def test_what_cannot_be_sent_is_an_exception() -> None:
    with pytest.raises(ProgramError):
        dispatch(HeroWorld(DATA), HeroState(), Call("move", ("Hero", float("nan"), 1), {}, 1, wanted=False))
    assert play("move('Hero', move, 1)")[2] == "error"


def test_a_program_sees_the_answers_of_the_server() -> None:
    source = """
move('Hero', 3, 0)
status, body = fight('Hero')
if body['fight']['result'] == 'win' and body['character']['inventory'][0]['code'] == 'feather':
    move('Hero', 0, 2)
status, body = gather('Hero')
if status == 598 and body['error']['code'] == 598:
    buy('Hero', 'charm', 1)
"""
    who, _, kind = play(source, slots={"weapon": "stick"})
    assert kind == "done"
    assert who.bag == {"feather": 1, "charm": 1}


def test_answers_without_a_program_do_nothing() -> None:
    who = HeroState()
    played = play_answer("I give up.", HeroWorld(DATA), who)
    assert (played.program, played.end.kind, played.counts) == (None, "no_program", False)
    assert who == HeroState()


# ---- anything at all


BOMBS = {
    "parentheses": "(" * 100_000,
    "unary": "-" * 200_000 + "1",
    "attributes": "a" + ".b" * 50_000,
    "sum": "+".join(["1"] * 50_000),
    "binary-ish": bytes(range(256)).decode("latin1") * 4000,
    "fences": "```" * 333_333,
    "code elements": "<code>" * 160_000,
    "markers": "final answer" * 80_000,
    "white space": "final answer" + " " * 1_000_000,
    "angles": "final answer " + "<" * 500_000 + ">" * 490_000,
    "statements": "gather('Hero')\n" * 17_000,
    "loops": "for a in range(10**6):\n for b in range(10**6):\n  for c in range(10**6): pass",
    "doubling": "x=[0]\n" + "x=[x,x]\n" * 60,
    "squaring": "x=2**4000\nfor i in range(100): x=x*x",
    "comparing": "x=[0]\n" + "x=[x,x]\n" * 12 + "y=[0]\n" + "y=[y,y]\n" * 12 + "for i in range(10**6): x==y",
    "hashing": "x=(0,)\nfor i in range(9000): x=(x,)\ny={x:1}",
    "recursion": "def f(g,n):\n return g(g,n+1)\nf(f,0)",
    "rounding": "round(5,-10**9)",
    "drawing": "list(range(10**12))\nsum(0 for a in range(10**9))",
    "formatting": 'f"{1:1000000000}"',
    "hex": "x=0x" + "f" * 200_000,
    "catching": "def f(): f2()\nwhile True:\n try: f()\n except NameError: pass",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end_soon_with_a_kind(name: str) -> None:
    started = time.process_time()
    for text in (BOMBS[name], f"```\n{BOMBS[name]}\n```"):
        played = play_answer(text, HeroWorld(DATA), HeroState())
        assert played.end.kind in {"done", "no_program", "syntax", "error", "timeout", "unsupported", "too_long"}
    end = play_program(BOMBS[name], HeroWorld(DATA), HeroState())
    assert len(end.message) <= 300
    assert time.process_time() - started < 20  # a hang would take for ever; this is a dozen times what the slowest needs


_WORD = st.sampled_from(
    [
        *"()[]{}:=,.+-*/%<>'\"\n\t #\\",
        *("move", "fight", "gather", "craft", "equip", "unequip", "buy", "'Hero'", "'plank'", "'ring1'", "print", "exit()", "x.append"),
        *(
            "for",
            "in",
            "range",
            "if",
            "else",
            "while",
            "def",
            "return",
            "break",
            "continue",
            "try",
            "except",
            "not",
            "and",
            "lambda",
            "import os",
        ),
        *("i", "x", "1", "0", "-1", "10**12", "1e400", "0x", "f'{x}'", "\n    ", "\n  ", "\x00", "é"),
        *("```", "final answer:", "<code>", "</code>"),
    ]
)


@settings(max_examples=1000)
@given(st.lists(_WORD, max_size=60).map(" ".join) | st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin1")))
def test_any_text_gives_a_result(text: str) -> None:
    limits = Limits(max_calls=50, max_ops=5000)
    who = HeroState.from_start(HeroStart(slots={"weapon": "stick"}), DATA)
    before = who.copy()
    results: list[Result] = []
    played = play_answer(text, HeroWorld(DATA), who, results.append, limits)
    direct = play_program(text, HeroWorld(DATA), before.copy(), None, limits)
    for end in (played.end, direct):
        assert end.kind in {"done", "no_program", "syntax", "error", "timeout", "unsupported", "too_long"}
        assert len(end.message) <= 300
    if not any(result.ok for result in results):
        assert who == before


_NUMBER = st.integers(-3, 9) | st.integers() | st.floats()
_ARGUMENT = st.one_of(
    _NUMBER.map(repr), st.sampled_from(["'Hero'", "'plank'", "'stick'", "'weapon'", "'ring1'", "None", "[1]", "i", "'3'"])
)
_CALL = st.builds(
    lambda name, arguments: f"{name}({', '.join(arguments)})",
    st.sampled_from(["move", "fight", "gather", "craft", "equip", "unequip", "buy"]),
    st.lists(_ARGUMENT, max_size=4).map(lambda arguments: ["'Hero'", *arguments]),
)


@settings(max_examples=420)  # of 10 to 40 lines: 10,000 and more
@given(st.lists(st.one_of(_CALL, _CALL.map(lambda call: f"for i in range(3): {call}")), min_size=10, max_size=40))
def test_well_formed_calls_never_raise(lines: list[str]) -> None:
    who = HeroState.from_start(HeroStart(slots={"weapon": "stick"}), DATA)
    world = HeroWorld(DATA)
    for line in lines:
        before = who.copy()
        results: list[Result] = []
        end = play_program(line, world, who, results.append)
        assert end.kind in {"done", "error", "syntax"}
        if not any(result.ok for result in results):
            assert who == before


def test_no_text_of_an_agent_is_ever_executed() -> None:
    for module in (program, pysubset, pyvalues):
        assert module.__file__ is not None
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        names = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert not names & {"eval", "exec", "compile", "__import__"}
