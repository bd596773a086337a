"""Whatever an agent writes is read into a checked call or refused as `BadAction`, and soon."""

from __future__ import annotations

import json
import keyword
import random
import string
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import CounterEnv

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Param, Tool, tools_of
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction

TOOLS = {t.name: t for t in tools_of(CounterEnv)}
ADD2 = Call("add", {"amount": 2})
KINDS = {"parse", "tool", "arguments"}


@pytest.mark.parametrize(
    "form",
    [
        "add(2)",
        "add(amount=2)",
        "  add ( 2 ) ; ",
        "add(\n  2,\n)",
        "add 2",
        "add amount=2",
        "add '2'",
        '{"name": "add", "arguments": {"amount": 2}}',
        '{"tool": "add", "args": {"amount": 2}}',
        '{"action": "add", "parameters": {"amount": 2}}',
        '{"function": "add", "input": {"amount": 2}}',
        '[{"name": "add", "arguments": {"amount": 2}}]',
        '{"type": "function", "function": {"name": "add", "arguments": "{\\"amount\\": 2}"}}',
        "```\nadd(2)\n```",
        "I add two.\n```python\nadd(2)\n```\nDone.",
        '```json\n{"name": "add", "arguments": {"amount": 2}}\n```',
        "Two it is. <action>add(2)</action>",
        '<tool_call>{"name": "add", "arguments": {"amount": 2}}</tool_call>',
        "<call>add 2</call> and no more",
        "<action>add(1)</action> no, rather <action>add(2)</action>",
        "<action>I mean <action>add(2)</action>",
        "Let me think.\nThe counter is low.\n\nadd(2)",
        "First `add(1)`, no:\n`add(2)`",
        'So:\n{"name": "add", "arguments": {"amount": 2}}',
        {"name": "add", "arguments": {"amount": 2}},
        {"name": "add", "arguments": '{"amount": 2}'},
        {"id": "c1", "type": "function", "function": {"name": "add", "arguments": {"amount": 2.0}}},
    ],
)
def test_many_forms_mean_the_same_call(form: Any) -> None:
    assert read_call(form, TOOLS) == ADD2


@pytest.mark.parametrize(
    ("form", "call"),
    [
        ("submit()", Call("submit")),
        ("submit", Call("submit")),
        ({"name": "submit"}, Call("submit")),
        ({"name": "submit", "arguments": None}, Call("submit")),
        ({"name": "submit", "arguments": ""}, Call("submit")),
        ("note('a', [1, -2.5])", Call("note", {"words": "a", "marks": [1.0, -2.5]})),
        ("note 'two words'", Call("note", {"words": "two words", "marks": []})),
        ("colour('red', bright=true)", Call("colour", {"name": "red", "bright": True})),
        ("colour('red', bright=True)", Call("colour", {"name": "red", "bright": True})),
        ("colour red bright=TRUE", Call("colour", {"name": "red", "bright": True})),
        ("note(')};</action>')", Call("note", {"words": ")};</action>", "marks": []})),
        ('note("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")', Call("note", {"words": "[" * 50, "marks": []})),
    ],
)
def test_other_calls(form: Any, call: Call) -> None:
    assert read_call(form, TOOLS) == call


@pytest.mark.parametrize(
    ("form", "kind", "message"),
    [
        ("", "parse", "empty"),
        (" \t\n", "parse", "empty"),
        ("add two", "arguments", "amount does not take"),
        ("addd(2)", "tool", "did you mean 'add'"),
        ("add(2); add(2)", "parse", "one call per turn, not 2"),
        ("add(2)\nadd(2)", "parse", "one call per turn, not 2"),
        ('[{"name": "add"}, {"name": "add"}]', "parse", "one call per turn, not 2"),
        ("[]", "parse", "one call per turn, not 0"),
        ("add(1, amount=2)", "arguments", "got amount twice"),
        ("add(amount=1, amount=2)", "arguments", "twice"),
        ("add amount=1 amount=2", "arguments", "twice"),
        ("add(1 + 1)", "arguments", "plain values"),
        ("add(open('/etc/passwd'))", "arguments", "plain values"),
        ("add(*[2])", "arguments", "plain values"),
        ("add(x)", "arguments", "plain values"),
        ("add({})", "arguments", "amount does not take"),
        ("add(0x2)  # comment", "parse", "not a call"),
        ("obj.add(2)", "parse", "not a call"),
        ("add(2)(3)", "parse", "not a call"),
        ("x = add(2)", "parse", "not a call"),
        ("import os", "parse", "not a call"),
        ('{"name": 5}', "tool", "no action '5'"),
        ('{"name": "add", "arguments": [2]}', "parse", "has the form"),
        ('{"arguments": {"amount": 2}}', "parse", "has the form"),
        ({}, "parse", "has the form"),
        ({"name": None}, "parse", "has the form"),
        ({"name": ["add"]}, "tool", "no action"),
        ({"name": 10**5000}, "tool", "thousands of digits"),
        ({"name": "add", "arguments": {10**5000: 1, "amount": 2}}, "arguments", "no argument"),
        ({"name": "add", "arguments": "[" * 10_000}, "parse", "has the form"),
        ({"name": "add", "arguments": "x" * 10**6}, "parse", "has the form"),
        ({"name": "submit", "arguments": "{broken"}, "parse", "has the form"),
        ('{"name": "add", "arguments": {"amount": 1e999}}', "arguments", "does not take"),
        ('{"name": "add", "arguments": {"amount": NaN}}', "arguments", "does not take"),
        ("x" * (MAX_ACTION_CHARS + 1), "parse", f"at most {MAX_ACTION_CHARS}"),
        ("add(2)" + " " * 10**6, "parse", f"at most {MAX_ACTION_CHARS}"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_legal(form: Any, kind: str, message: str) -> None:
    with pytest.raises(BadAction) as bad:
        read_call(form, TOOLS)
    assert bad.value.kind == kind
    assert message in bad.value.message
    assert "add(amount: int 1..3)" in bad.value.legal
    assert len(bad.value.message) < 400


# Each has broken some parser before: exponential or cubic patterns, deep recursion, digits without end, odd code points.
HOSTILE = [
    "a()" + " " * 19_000 + "x",
    ("a()" + " " * 90) * 200 + "x",
    "<call>" * 3_300,
    "<call>" * 1_600 + "</call>" * 1_200,
    "</call>" * 2_800,
    "```\n" * 4_999,
    "```" * 6_666,
    "`" * 19_999,
    "[" * 19_999,
    "{" * 19_999,
    '{"a":' * 3_900,
    "[[]," * 4_999,
    "add(" + "[[]," * 4_800 + ")",
    "add(" * 4_900 + ")" * 200,
    "add(" + "(" * 9_000 + ")" * 9_000 + ")",
    "add(" + "-" * 19_000 + "1)",
    "add(" + "1+" * 9_000 + "1)",
    "add(" + "not " * 4_900 + "1)",
    "add(a" + ".a" * 9_000 + ")",
    "add(a" + "()" * 9_000 + ")",
    "add(" + "lambda:" * 2_800 + "1)",
    "add(" + "1 if 1 else " * 1_600 + "1)",
    "add(" + "*" * 19_000 + "x)",
    "add(f'" + "{" * 9_000 + "')",
    'add("' + "\\" * 19_000 + '")',
    'add("' + '\\"' * 9_400,
    "add(" + '"' * 19_000 + ")",
    "add(" + "'\"" * 9_000 + ")",
    "add(" + "9" * 19_000 + ")",
    "add(1" + "0" * 300 + "e" + "9" * 300 + ")",
    "add(" + "1_" * 9_000 + "1)",
    '{"name": "add", "arguments": {"amount": ' + "9" * 19_000 + "}}",
    '{"name": "add", "arguments": {"amount": -1e' + "9" * 400 + "}}",
    'note("\ud800")',
    "note('\x00')",
    "\x00\x01\x02\xff\udcff",
    "add(\u0662)",
    "add 2\u2028add 2",
    "\ufeffadd(2)",
    "\uff41\uff44\uff44(2)",
    "🙂" * 10_000,
    "add " + "'" * 1_900,
    "add " + "a=b " * 490,
    "add(**{'amount': 2})",
    r'note("\N{DIGIT ONE}\x")',
    "__import__('os').system('true')",
    "add(2) if True else add(3)",
    "(add(2))",
    "await add(2)",
    "add(x:=2)",
    "add(*" * 4_000,
    "add(x for x in y)",
    "\\\n" * 9_000,
    "add(2)\r\n\x0c",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read_or_refused_at_once(text: str) -> None:
    began = time.process_time()
    outcome(text)
    outcome({"name": text, "arguments": text})
    assert time.process_time() - began < 2  # milliseconds are usual; what used to hang took from seconds to hours


def outcome(form: Any) -> Call | BadAction:
    """The call, which must then read back, or the refusal; anything else raises."""
    try:
        call = read_call(form, TOOLS)
    except BadAction as bad:
        refused = bad
    else:
        assert read_call(call.text, TOOLS) == call
        return call
    assert refused.kind in KINDS
    assert refused.message
    return refused


def test_ten_thousand_broken_texts_raise_nothing_else() -> None:
    rng = random.Random(0)
    seeds = ["add(2)", "note('a b', [1, 2])", '{"name": "keep", "arguments": {"item": "cup", "weight": 1.5}}', "<action>submit()</action>"]
    seeds += ["```json\n[1]\n```", "colour(name='red', bright=True)", "prose\nadd amount=3", "[[{'a': (1, None, 1e5)}]]"]
    odd = string.printable + "\x00\x1f\x7f\ud800\udfff\u2028\u0662é漢🙂"
    refused = 0
    for _ in range(10_000):
        text = list(rng.choice(seeds) if rng.random() < 0.9 else "")
        for _ in range(rng.randint(1, 8)):
            at = rng.randint(0, len(text))
            text[at : at + rng.randint(0, 3)] = rng.choices(odd, k=rng.randint(0, 4)) if rng.random() < 0.7 else list(rng.choice(seeds))
        refused += isinstance(outcome("".join(text)), BadAction)
    assert 8_000 < refused < 10_000  # most are broken, and some still mean something


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome(text)
    outcome(f"note({text!r})")
    outcome(f"note {text}")
    outcome(f"<action>{text}</action>")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([*TOOLS, "nothing"]))
def test_any_mapping_is_read_or_refused(value: Any, name: str) -> None:
    outcome({"name": name, "arguments": value})
    outcome({"name": value, "arguments": {"amount": value}})
    outcome({"function": value})
    outcome(json.dumps({"name": name, "arguments": value}))


@st.composite
def calls(draw: st.DrawFn) -> tuple[Tool, dict[str, Any]]:
    """A random tool, and arguments that it takes."""
    names = draw(st.lists(st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True).filter(usable), min_size=0, max_size=4, unique=True))
    params, arguments = [], {}
    for name in names:
        param, value = draw(params_with_values(name))
        params.append(param)
        if param.required or draw(st.booleans()):
            arguments[name] = value
    required_first = sorted(params, key=lambda p: not p.required)
    return Tool(draw(st.sampled_from(["go", "say_it", "x9"])), "A tool.", tuple(required_first)), arguments


def usable(name: str) -> bool:
    return not (name in ("true", "false", "null") or keyword.iskeyword(name))


@st.composite
def params_with_values(draw: st.DrawFn, name: str) -> tuple[Param, Any]:
    kind = draw(st.sampled_from(["integer", "number", "boolean", "string", "array"]))
    items = draw(st.sampled_from(["integer", "number", "boolean", "string"]))
    low: int = draw(st.integers(-(10**20), 10**20))
    high = low + draw(st.integers(0, 10**20))
    one: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(low, high),
        "number": st.floats(float(low), float(high)),
        "boolean": st.booleans(),
        "string": st.text(st.characters(), max_size=40),
    }
    values = st.lists(one[items], max_size=4) if kind == "array" else one[kind]
    options: dict[str, Any] = {"kind": kind, "items": items}
    if draw(st.booleans()) and "integer" not in (kind, items):
        options |= {"minimum": float(low), "maximum": float(high)}
    if draw(st.booleans()):
        options["default"] = draw(values)
    return Param(name, **options), draw(values)


@given(calls())
def test_canonical_text_mapping_and_json_read_back_as_the_same_call(drawn: tuple[Tool, dict[str, Any]]) -> None:
    tool, arguments = drawn
    tools = {tool.name: tool}
    call = tool.bind((), arguments)
    assert read_call(call.text, tools) == call
    assert read_call(call.to_dict(), tools) == call
    assert read_call(f"So be it.\n<action>{call.text}</action>", tools) == call or "</" in call.text
    positional = f"{tool.name}({', '.join(_value(v) for v in call.arguments.values())})"
    assert read_call(positional, tools) == call


def _value(value: Any) -> str:
    return Call("", {"v": value}).text.removeprefix("(v=").removesuffix(")")


def test_a_familys_own_dialect_goes_first() -> None:
    def shout(text: str, tools: Any) -> Call | None:
        return tools["add"].bind([text.count("!")], {}) if text.endswith("!") else None

    assert read_call("more!!", TOOLS, (shout,)) == ADD2
    assert read_call("add(2)", TOOLS, (shout,)) == ADD2
    with pytest.raises(BadAction, match="does not take 5"):
        read_call("more!!!!!", TOOLS, (shout,))
