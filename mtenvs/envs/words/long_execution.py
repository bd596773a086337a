"""`mtenvs/LongExecution-v0`: keep a running total for as long as you can. The smallest complete environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from mtenvs.core.actions import Call, Ge, Le, Tool, action
from mtenvs.core.env import MultiTurnEnv, text_space
from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.words.official import official_tasks

_ID = re.compile(r"k(\d{1,2})-t(\d{1,5})/(\d{1,9})")
_GOAL = (
    "You are given a dictionary from words to whole numbers, then some of its words on every turn. Keep a running total of "
    "the values of all words so far, starting at 0, and answer it on every turn. There are {turns} steps."
)


def read_answer_tag(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """The paper's own form: the last ``<answer>-12</answer>`` of a reply."""
    end = text.rfind("</answer>")
    start = text.rfind("<answer>", 0, max(end, 0))
    if end < 0 or start < 0 or "answer" not in tools:
        return None
    return tools["answer"].bind([text[start + len("<answer>") : end].strip()], {}, loose=True)


class LongExecutionEnv(MultiTurnEnv):
    """Add up the values of a few dictionary words on every turn, for a long time.

    ## Description
    Nothing has to be planned or found out: every step is easy, and the question is for how many steps an agent carries out
    what it knows. This is the dictionary-sum test of "The Illusion of Diminishing Returns: Measuring Long Horizon Execution
    in LLMs" (2025).

    ## Observation
    `goal` (text): the rules. `text` (text): the dictionary (on the first turn, or on every turn), the step and its words.

    ## Actions
    `answer(total)`: the running total after this step's words; also as `<answer>12</answer>`. `repeat()`: read the dictionary
    and the step's words again; it costs a turn.

    ## Rewards
    1 for each correct total (component `correct`), else 0.

    ## Start
    A new dictionary and a total of 0.

    ## End
    Terminated after the last step (`goal_reached` if all totals were right, else `goal_failed`), or with `stop_at_error` at the
    first wrong total. Truncated after `max_turns` (default: as many turns as steps).

    ## Arguments
    `reveal` = `"first"` | `"every"`: when the dictionary is shown. `stop_at_error`: end at the first wrong total. `poison_rate`:
    the chance with which the recap of the agent's own last answer is off (the paper's self-conditioning test); the recap is shown
    only when it is above 0. `data_dir`: a folder or file in the paper's JSON schema, played as tasks `official/<row>-k<K>`.

    ## Tasks and splits
    `k<K>-t<T>/<seed>`: K words a step, T steps. Listed: K in 1, 2, 5, 10 and T in 10, 50, 100, 25 seeds each; any other
    id of that form works too. Splits by a stable hash.

    ## Differences from the original
    Words, values and order are drawn anew from the task's seed. A reply that cannot be read leaves the step open and spends a
    turn; the original moves on to the next step.

    ## Source and licence
    Rules from the paper; own code and data, Apache-2.0.

    ## Version history
    v0: first version.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 4}
    dialects = (read_answer_tag,)
    has_snapshots = True

    def __init__(
        self,
        *,
        reveal: str = "every",
        stop_at_error: bool = False,
        poison_rate: float = 0.0,
        data_dir: str | Path | None = None,
        **options: Any,
    ) -> None:
        if reveal not in ("first", "every") or not 0 <= poison_rate <= 1:
            raise UnknownOption(f"reveal={reveal!r} is 'first' or 'every', poison_rate={poison_rate!r} is in [0, 1]")
        self.reveal, self.stop_at_error, self.poison_rate = reveal, stop_at_error, float(poison_rate)
        super().__init__(tasks=self.task_set(data_dir), observations=text_space(8000), **options)

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None) -> TaskSet:
        """Our own tasks, or those of a file in the paper's schema.

        Raises:
            DataError: the file is missing or not in the schema.
        """
        if data_dir is not None:
            return TaskSet.of(official_tasks(Path(data_dir), _GOAL))
        ids = [f"k{k}-t{t}/{seed}" for k in (1, 2, 5, 10) for t in (10, 50, 100) for seed in range(25)]
        return TaskSet(ids, _generated_task, open_build=lambda i: _generated_task(i) if _ID.fullmatch(i) else None)

    def _task_limit(self, task: Task) -> int:
        return len(task.setup["steps"])

    def _begin(self, task: Task) -> str:
        setup = task.setup
        self.dictionary: dict[str, int] = dict(setup["dictionary"])
        self.steps: list[list[str]] = [list(s) for s in setup["steps"]]
        self.answers: list[int] = []
        self._told = 0  # answers that have been rewarded
        self._off = 0  # by how much the recap of the last answer is wrong
        sums = [sum(self.dictionary[w] for w in words) for words in self.steps]
        self.totals = [int(t) for t in np.cumsum(sums)]
        return "" if self.reveal == "every" else f"Dictionary: {self._listing()}"

    def _report(self) -> str:
        if len(self.answers) == len(self.steps):
            return "That was the last step."
        lines = [f"Dictionary: {self._listing()}"] if self.reveal == "every" else []
        if self.poison_rate and self.answers:
            lines.append(f"Your last answer: {self.answers[-1] + self._off}")
        words = ", ".join(self.steps[len(self.answers)])
        return "\n".join([*lines, f"Step {len(self.answers) + 1} of {len(self.steps)}: {words}"])

    def _listing(self) -> str:
        return ", ".join(f"{word}={value}" for word, value in self.dictionary.items())

    @action
    def answer(self, total: Annotated[int, Ge(-(10**9)), Le(10**9)]) -> str:
        """Answer the running total after this step's words.

        Args:
            total: sum of the values of all words so far, this step's included.
        """
        self.answers.append(total)
        self._off = int(self.rng.integers(1, 50)) if self.rng.random() < self.poison_rate else 0
        return "Noted."

    @action
    def repeat(self) -> str:
        """Read the dictionary and this step's words again; costs a turn."""
        return f"Dictionary: {self._listing()}"

    def _ended(self) -> str:
        n = len(self.answers)
        if n == len(self.steps):
            return "goal_reached" if self.answers == self.totals else "goal_failed"
        return "goal_failed" if self.stop_at_error and self.answers != self.totals[:n] else ""

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:  # noqa: ARG002 - the reward is told by the last answer alone
        told, self._told = self._told, len(self.answers)
        new = len(self.answers) > told
        return {"correct": float(new and self.answers[-1] == self.totals[len(self.answers) - 1])}

    def _verdict(self) -> Verdict:
        totals, n = self.totals, len(self.steps)
        index = [a == t for a, t in zip(self.answers, totals, strict=False)]
        prefix = next((i for i, ok in enumerate(index) if not ok), len(index))
        before = [0, *self.answers]
        gains = np.diff([0, *totals])
        step = [a == b + int(g) for a, b, g in zip(self.answers, before, gains, strict=False)]
        return Verdict(
            score=sum(index) / n,
            success=sum(index) == n,
            checkpoints={f"step{i + 1}": i < len(index) and index[i] for i in range(n)},
            metrics={"index_accuracy": sum(index) / n, "prefix_accuracy": prefix / n, "step_accuracy": sum(step) / n, "horizon": prefix},
        )

    def _save(self) -> Any:
        return {"answers": self.answers, "told": self._told, "off": self._off}

    def _load(self, data: Any) -> None:
        self.answers, self._told, self._off = list(data["answers"]), data["told"], data["off"]

    def oracle(self) -> Iterator[str]:
        """Every true total in order."""
        while len(self.answers) < len(self.steps):
            yield f"answer({self.totals[len(self.answers)]})"

    def near_miss(self) -> Iterator[str]:
        """Every true total but the last, which is off by one."""
        while len(self.answers) < len(self.steps):
            yield f"answer({self.totals[len(self.answers)] + (len(self.answers) == len(self.steps) - 1)})"

    def idle_action(self) -> str:
        """Read the step again."""
        return "repeat()"


def _generated_task(task_id: str) -> Task:
    match = _ID.fullmatch(task_id)
    if match is None:
        raise UnknownOption(f"{task_id!r} is not of the form k<words>-t<turns>/<seed>")
    k, turns, seed = (int(g) for g in match.groups())
    if min(k, turns) < 1:
        raise UnknownOption(f"{task_id!r} needs at least one word and one step")
    rng = np.random.default_rng((seed, k, turns))
    words: dict[str, int] = {}
    while len(words) < 100:
        letters = [("bdfgklmnprstvz", "aeiou")[i % 2] for i in range(5)]
        words["".join(pool[int(rng.integers(len(pool)))] for pool in letters)] = int(rng.integers(-99, 100))
    names = list(words)
    steps = [[names[i] for i in row] for row in rng.integers(0, len(names), (turns, k))]
    return Task(task_id, _GOAL.format(turns=turns), {"dictionary": words, "steps": steps}, tags=(f"k{k}", f"t{turns}"))
