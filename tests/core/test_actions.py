"""One declaration gives parser, schema, help and samples, and they agree."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from toy import CounterEnv

from mtenvs.core.actions import ActionError, Call, CallText, Domain, Ge, Le, MaxLen, Param, Tool, action, help_text, tools_of
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction


class Smith:
    @action(name="craft", tags=["costly"])
    def make_item(
        self,
        item: Annotated[str, Domain("item")],
        quantity: Annotated[int, Ge(1), Le(99)] = 1,
        *,
        finish: Literal["rough", "fine"] = "rough",
    ) -> str:
        """Craft an item
        at the workshop.

        Args:
            item: code of an item,
                such as "dagger".
            quantity: how many.

        Returns:
            What was made.
        """
        return f"{quantity} {item} {finish}"

    @action
    def wait(self) -> str:
        """Do nothing."""
        return ""


CRAFT, WAIT = tools_of(Smith)


def test_a_declaration_becomes_an_openai_schema() -> None:
    assert CRAFT.schema() == {
        "type": "function",
        "function": {
            "name": "craft",
            "description": "Craft an item at the workshop.",
            "parameters": {
                "type": "object",
                "properties": {
                    "item": {"type": "string", "description": 'code of an item, such as "dagger".'},
                    "quantity": {"type": "integer", "description": "how many.", "minimum": 1, "maximum": 99, "default": 1},
                    "finish": {"type": "string", "description": "", "enum": ["rough", "fine"], "default": "rough"},
                },
                "required": ["item"],
                "additionalProperties": False,
            },
        },
    }
    assert (CRAFT.tags, CRAFT.returns, CRAFT.method) == (("costly",), "What was made.", "make_item")


def test_a_declaration_becomes_help() -> None:
    assert CRAFT.signature() == 'craft(item: str, quantity: int 1..99 = 1, finish: "rough" | "fine" = "rough")'
    text = help_text([CRAFT, WAIT])
    assert "wait()\n    Do nothing." in text
    assert 'item: code of an item, such as "dagger".' in text


def test_a_subclass_inherits_and_overrides_actions() -> None:
    class Master(Smith):
        def wait(self) -> str:
            """Rest."""
            return "rested"

        @action
        def teach(self) -> str:
            """Teach."""
            return ""

    assert [(t.name, t.doc) for t in tools_of(Master)] == [
        ("craft", "Craft an item at the workshop."),
        ("wait", "Rest."),
        ("teach", "Teach."),
    ]


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ([], {}, "needs item"),
        (["a", 1, "fine", 4], {}, "takes 3 arguments, not 4"),
        (["a"], {"item": "b"}, "got item twice"),
        (["a"], {"quantitiy": 2}, "did you mean 'quantity'"),
        (["a", 0], {}, "quantity does not take 0"),
        (["a", 100], {}, "quantity does not take 100"),
        (["a", 10**5000], {}, "thousands of digits"),
        (["a", 1.5], {}, "does not take 1.5"),
        (["a", float("nan")], {}, "does not take nan"),
        (["a", float("inf")], {}, "does not take inf"),
        (["a", True], {}, "does not take True"),
        (["a", "2"], {}, 'does not take "2"'),
        (["a", None], {}, "does not take None"),
        ([5], {}, "item does not take 5"),
        (["a", 1, "shiny"], {}, 'it is finish: "rough" | "fine"'),
        ([["a"]], {}, 'item does not take ["a"]'),
        ([b"a"], {}, "item does not take"),
    ],
)
def test_wrong_arguments_are_refused_with_the_signature(args: list[Any], kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(BadAction) as bad:
        CRAFT.bind(args, kwargs)
    assert message in bad.value.message
    assert bad.value.kind == "arguments"
    assert bad.value.legal == CRAFT.signature()


def test_deeply_nested_and_cyclic_values_are_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    cycle: list[Any] = []
    cycle.append(cycle)
    for value in (deep, cycle, {"a": deep}, (deep,)):
        with pytest.raises(BadAction, match="item does not take"):
            CRAFT.bind([value], {})
    while deep:  # taken apart by hand, since freeing it recursively takes long
        deep = deep[0]


def test_whole_floats_are_whole_numbers_and_loose_reading_takes_words() -> None:
    assert CRAFT.bind(["a", 3.0], {}) == Call("craft", {"item": "a", "quantity": 3, "finish": "rough"})
    assert CRAFT.bind(["a", "3"], {}, loose=True).arguments["quantity"] == 3
    assert CRAFT.bind(["a", "3e0"], {}, loose=True).arguments["quantity"] == 3
    for word in ("many", "nan", "inf", "9" * 400, "1e999", "", "--1"):
        with pytest.raises(BadAction):
            CRAFT.bind(["a", word], {}, loose=True)


def test_arrays_and_booleans() -> None:
    marks = Param("marks", "array", items="number", max_length=2, default=[])
    tool = Tool("t", "", (marks, Param("on", "boolean", default=False)))
    assert tool.bind([[1, 2.5], True], {}).arguments == {"marks": [1.0, 2.5], "on": True}
    for wrong in ("12", [1, 2, 3], [1, "2"], [[1]], {"a": 1}, None, [float("nan")]):
        with pytest.raises(BadAction):
            tool.bind([wrong], {})
    for word, value in (("true", True), ("False", False)):
        assert tool.bind([[], word], {}, loose=True).arguments["on"] is value


def test_a_default_list_is_not_shared_between_calls() -> None:
    tool = Tool("t", "", (Param("marks", "array", default=[]),))
    tool.bind([], {}).arguments["marks"].append("x")
    assert tool.bind([], {}).arguments == {"marks": []}


def test_declarations_that_no_agent_could_call_are_type_errors() -> None:
    class NoHint:
        @action
        def go(self, place) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001 - the mistake in question
            return str(place)

    class Union:
        @action
        def go(self, place: str | None = None) -> str:
            return str(place)

    class Nothing:
        @action
        def go(self, place: str = None) -> str:  # type: ignore[assignment]  # noqa: RUF013 - same
            return place

    class Bytes:
        @action
        def go(self, place: bytes) -> str:
            return str(place)

    class Mixed:
        @action
        def go(self, place: Literal["a", 1]) -> str:
            return str(place)

    class Flags:
        @action
        def go(self, fast: Literal[True, False]) -> str:
            return str(fast)

    class Nested:
        @action
        def go(self, places: list[list[str]]) -> str:
            return str(places)

    class Choices:
        @action
        def go(self, places: list[Literal["a"]]) -> str:
            return str(places)

    for cls in (NoHint, Union, Nothing, Bytes, Mixed, Flags, Nested, Choices):
        with pytest.raises(TypeError, match="@action go"):
            tools_of(cls)


def test_samples_are_always_legal() -> None:
    class Edges:
        @action
        def go(
            self,
            tiny: Annotated[float, Ge(0.00001), Le(0.00002)],
            low: Annotated[float, Le(-1e9)],
            many: Annotated[int, Ge(-(10**30)), Le(10**30)],
            one: Annotated[int, Ge(4), Le(4)],
            short: Annotated[list[str], MaxLen(1)],
            none: Annotated[list[int], MaxLen(0)],
            letter: Annotated[str, MaxLen(1)],
            side: Literal["left", "right"],
            size: Literal[1, 2, 5],
            item: Annotated[str, Domain("item")],
            *,
            on: bool = False,
        ) -> str:
            """Go.

            Args:
                tiny: a narrow range.
            """
            return f"{tiny} {low} {many} {one} {short} {none} {letter} {side} {size} {item} {on}"

    tools = tools_of(Edges)
    space = CallText(tools, {"item": ("cup", 'a "jar"')}, seed=1)
    drawn = {space.sample() for _ in range(300)}
    assert len(drawn) == 300
    for text in drawn:
        assert text in space
        assert read_call(text, {t.name: t for t in tools}).arguments["item"] in ("cup", 'a "jar"')


def test_samples_repeat_with_the_seed() -> None:
    one, other = CallText(tools_of(CounterEnv), seed=5), CallText(tools_of(CounterEnv), seed=5)
    assert [one.sample() for _ in range(20)] == [other.sample() for _ in range(20)]
    one.seed(5)
    assert len({one.sample() for _ in range(50)}) > 20


def test_a_space_of_calls_holds_text_and_mappings() -> None:
    space = CallText([CRAFT], max_chars=50)
    assert "anything at all" in space
    assert {"name": "craft", "arguments": {}} in space
    assert "x" * 51 not in space
    assert {"tool": "craft"} not in space
    assert 5 not in space
    assert space == CallText([CRAFT], max_chars=50)
    assert space != CallText([WAIT], max_chars=50)
    assert hash(space) == hash(CallText([CRAFT], max_chars=50))
    assert repr(space) == "CallText(craft)"
    assert isinstance(CallText([]).sample(), str)


def test_calls_and_errors_as_data() -> None:
    call = Call("craft", {"item": 'the "big"\nöne', "quantity": 2, "marks": [1.5, "a"], "on": True})
    assert call.text == 'craft(item="the \\"big\\"\\nöne", quantity=2, marks=[1.5, "a"], on=True)'
    assert json.loads(json.dumps(call.to_dict())) == call.to_dict()
    error = ActionError.of(BadAction("no iron", kind="refused", legal="gather first", code=478))
    assert error.to_dict() == {"kind": "refused", "message": "no iron", "legal": "gather first", "code": 478}


def test_numpy_numbers_are_not_words_of_an_agent() -> None:
    assert CRAFT.bind(["a", np.float64(2.0)], {}).arguments["quantity"] == 2  # a float, and whole
    with pytest.raises(BadAction):
        CRAFT.bind(["a", np.array([1, 2])], {})
