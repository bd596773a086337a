"""Right, nearly right and wrong answers, addresses and contents, made from what a task of WebArena or VisualWebArena wants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

OR = " |OR| "


def wanted_answers(references: Mapping[str, Any]) -> Iterator[str]:
    """Answers that hold every reference."""
    for value in references.values():
        items = value if isinstance(value, list) else [value]
        for pick in (0, -1):
            yield ", ".join(item.split(OR)[pick] for item in items)
    if len(references) > 1:
        yield "; ".join(OR.join(v) if isinstance(v, list) else v for v in references.values())


def answers(references: Mapping[str, Any], note: str) -> list[str]:
    """The wanted answers and what is near them."""
    out: list[str] = []
    for right in wanted_answers(references):
        items = right.split(", ")
        out += [
            right,
            right.upper(),
            f"'{right}'",
            f'"{right}"',
            f"'\"{right}\"'",
            f"  {right}\n",
            f" '{right}' ",
            f"The answer is {right}.",
            f"{right}. It was the last one. See No. 5. ",
            f"{right}x",
            f"x{right}",
            f"${right}",
            f"({right})",
            right.replace(", ", ","),
            ", ".join(items[1:]),
            ", ".join(items[:-1]),
            ", ".join(reversed(items)),
            re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), right, count=1),
            right.replace(" ", "  "),
            right.replace(" ", ""),
            right.replace("-", " "),
            right[: len(right) // 2],
        ]
    return list(dict.fromkeys([*out, "", "N/A", "n/a", '"N/A"', "'", "0", "1,000", " 7 ", note, f"{note} really", "I could not find it."]))


def urls(reference: str) -> list[str]:
    """The wanted addresses and what is near them."""
    out = ["", "about:blank", "http://example.org/"]
    for right in reference.split(OR):
        base, _, query = right.partition("?")
        parts = query.split("&") if query else []
        out += [
            right,
            right + "/",
            right + "//",
            right.upper(),
            right + "?extra=1" if not query else right + "&extra=1",
            right + "#part",
            base,
            base + "/more" + ("?" + query if query else ""),
            base + "?" + "&".join(reversed(parts)),
            base + "?" + "&".join(parts[1:]),
            re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), right[::-1], count=1)[::-1],
            right.replace("http://127.0.0.1", "http://localhost"),
            right.replace("http://", "http://other."),
            right[:-1],
            "http://example.org/?to=" + right,
        ]
    return list(dict.fromkeys(out))


_BOUND = re.compile(r"([<>=]=?)\s*(-?[\d.]+)")


def right_content(wanted: Mapping[str, Any]) -> str:
    """A text that satisfies ``required_contents``."""
    if "exact_match" in wanted:
        return str(wanted["exact_match"])
    if "must_include" in wanted:
        return " and ".join(item.split(OR)[0] for item in wanted["must_include"])
    if "must_exclude" in wanted:
        return "nothing of that"
    if "required_values" in wanted:
        limits = [float(n) for each in wanted["required_values"] for _, n in _BOUND.findall(each)]
        steps = sorted({int(limit) + d for limit in limits for d in (-1, 0, 1)})
        return str(next((s for s in steps if all(any(_holds(s, one) for one in each.split(OR)) for each in wanted["required_values"])), 0))
    return str(wanted["fuzzy_match"]).split(OR)[0]


def _holds(value: int, one: str) -> bool:
    sign, limit = _BOUND.findall(one)[0]
    number = float(limit)
    return {"<": value < number, "<=": value <= number, ">": value > number, ">=": value >= number}.get(sign, value == number)


def contents(wanted: Mapping[str, Any], *, typed: bool) -> list[dict[str, Any]]:
    """What a place may hold instead, as recorded values.

    Args:
        wanted: ``required_contents``.
        typed: the place gives more than text.
    """
    right = right_content(wanted)
    kind = next(iter(wanted))
    items = wanted[kind] if isinstance(wanted[kind], list) else [wanted[kind]]
    texts = [
        right.upper(),
        f" {right} ",
        f"'{right}'",
        right + "x",
        "y" + right,
        right[:-1],
        right.replace(" ", ""),
        right.replace("&", "&amp;").replace("'", "&#39;"),
        right + " &quot;more&quot; of it. And so on.",
        re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), right[::-1], count=1)[::-1],
        "",
        "None",
        " and ".join(item.split(OR)[-1] for item in items),
        " and ".join(item.split(OR)[0] for item in items[1:]),
        items[0] + ".",
        f"Wrong. {items[0]}. Right",
        "1,234",
    ]
    numbers = (
        [str(int(float(n)) + d) for _, n in _BOUND.findall(" ".join(map(str, items))) for d in (-1, 0, 1)]
        if kind == "required_values"
        else []
    )
    values: list[Any] = list(dict.fromkeys([*texts, *numbers]))
    if typed:
        values += [None, 0, 7, True, ["a", right], {"a": 1}]
    return [*({"value": value} for value in values), {"throws": True}]


def first_words(items: Sequence[str]) -> str:
    """For messages."""
    return "; ".join(item[:40] for item in items[:3])
