"""Pages that are solved by reading."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator

from mtenvs.envs.web.miniwob.hands import FIELDS, Hands
from mtenvs.envs.web.oracle import PlanFailed

_SIGNS = {"+": operator.add, "-": operator.sub, "x": operator.mul, "*": operator.mul}


def _table(page: Hands) -> dict[str, str]:
    cells = [node.name.strip() for node in page.look() if node.role in ("text", "cell") and node.depth >= 2 and node.name.strip()]
    return dict(zip(cells[::2], cells[1::2], strict=False))


def one_cell(page: Hands) -> Iterator[str]:
    """The value beside a label."""
    found = re.search(r"value of (.*) into", page.goal)
    yield page.type(page.one(*FIELDS), _table(page)[found[1] if found is not None else ""])
    yield page.submit()


def labelled_cells(page: Hands) -> Iterator[str]:
    """The values beside two labels, each into its field."""
    labels = re.findall(r"(?m)^(.*):$", page.words())
    for index, label in enumerate(labels):
        yield page.type(page.all(*FIELDS)[index], _table(page)[label.strip()])
    yield page.submit()


def calculate(page: Hands) -> Iterator[str]:
    """An arithmetic problem of two numbers."""
    found = re.search(r"(-?\d+)\s*([+\-x*])\s*(-?\d+)", page.words())
    if found is None:
        raise PlanFailed(page.words())
    yield page.type(page.one(*FIELDS), str(_SIGNS[found[2]](int(found[1]), int(found[3]))))
    yield page.submit()


def solve_for_x(page: Hands) -> Iterator[str]:
    """``x + a = c``, ``a - x = c`` and so on."""
    left = re.search(r"x\s*([+\-])\s*(-?\d+)\s*=\s*(-?\d+)", page.words())
    right = re.search(r"(-?\d+)\s*([+\-])\s*x\s*=\s*(-?\d+)", page.words())
    if left is not None:
        answer = int(left[3]) - int(left[2]) if left[1] == "+" else int(left[3]) + int(left[2])
    elif right is not None:
        answer = int(right[3]) - int(right[1]) if right[2] == "+" else int(right[1]) - int(right[3])
    else:
        raise PlanFailed(page.words())
    yield page.type(page.one(*FIELDS), str(answer))
    yield page.submit()


def nth_word(page: Hands) -> Iterator[str]:
    """A word of the paragraph, without the mark behind it."""
    words = re.findall(r"[A-Za-z]+", page.words())
    yield page.type(page.one(*FIELDS), words[page.number() - 1])
    yield page.submit()


def halve(page: Hands) -> Iterator[str]:
    """Guess the middle of what is left until it is right."""
    low, high = 0, 9
    for _ in range(10):
        guess = (low + high) // 2
        yield page.type(page.one(*FIELDS), str(guess))
        yield page.submit()
        said = page.words()
        if "higher" in said:
            low = guess + 1
        elif "lower" in said:
            high = guess - 1


def best_ticket(page: Hands) -> Iterator[str]:
    """The cheapest ticket, or the one with the shortest or longest time, or the most expensive one."""
    tickets = page.all("button")
    prices = [int(re.sub(r"\D", "", ticket.name)) for ticket in tickets]
    times = [60 * int(h) + int(m) for h, m in re.findall(r"(\d+)h (\d+)m", page.words())]
    figures = times if "duration" in page.goal else prices
    best = min(figures) if "cheapest" in page.goal or "shortest" in page.goal else max(figures)
    yield page.click(tickets[figures.index(best)])
