"""A small complete environment for tests: count up to a number, then submit. It has every part that the contract knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
from gymnasium import spaces

from mtenvs.core.actions import Domain, Ge, Le, MaxLen, action
from mtenvs.core.env import MultiTurnEnv, text_space
from mtenvs.core.errors import BadAction
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict

HIGHEST = 20
TASKS = tuple(Task(f"to/{low}", "Count up to the number that is shown, then submit.", {"low": low}) for low in (3, 5, 8))


class CounterEnv(MultiTurnEnv):
    """Count up to a number.

    ## Description
    A counter starts at 0; it has to stand at the target when it is submitted.

    ## Observation
    `goal`, `text`, `image` (uint8, 32 x 32: a bar as long as the counter), `state` (float32, 2: counter and target).

    ## Actions
    `add(amount)`, `note(words)`, `colour(name)`, `keep(item)`, `submit()`.

    ## Rewards
    The score, at the end.

    ## Start
    A target that is drawn at reset.

    ## End
    Terminated by `submit`; truncated by the turn cap.

    ## Arguments
    Those of every environment.

    ## Tasks and splits
    `to/3`, `to/5`, `to/8`: the lowest target. All are in the train split.

    ## Differences from the original
    There is none.

    ## Source and licence
    Own work.

    ## Version history
    v0: first version.
    """

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 4}
    has_snapshots = True

    def __init__(self, **options: Any) -> None:
        observations = {
            **text_space(2000),
            "image": spaces.Box(0, 255, (32, 32, 3), np.uint8),
            "state": spaces.Box(0, HIGHEST * 2, (2,), np.float32),
        }
        super().__init__(
            tasks=self.task_set(), **{"observations": observations, "domains": {"item": ("cup", "jar")}, "max_turns": 40, **options}
        )

    @classmethod
    def task_set(cls) -> TaskSet:
        return TaskSet.of(TASKS)

    def _begin(self, task: Task) -> str:
        self.total, self.submitted, self.kept = 0, False, 0
        self.target = int(task.setup["low"]) + int(self.rng.integers(0, 6))
        return "The counter stands at 0."

    @action
    def add(self, amount: Annotated[int, Ge(1), Le(3)]) -> str:
        """Raise the counter.

        Args:
            amount: by how much.
        """
        if self.total + amount > HIGHEST:
            raise BadAction(f"the counter ends at {HIGHEST}", legal="add a smaller amount", code=7)
        self.total += amount
        return f"Added {amount}."

    @action
    def note(self, words: Annotated[str, MaxLen(200)] = "hm", marks: list[float] = []) -> str:  # noqa: B006 - read, never changed
        """Write something down.

        Args:
            words: what to write.
            marks: numbers to go with it.
        """
        return f"Noted {words!r} {marks}."

    @action
    def colour(self, name: Literal["red", "blue"], *, bright: bool = False) -> str:
        """Choose a colour; it changes nothing.

        Args:
            name: the colour.
            bright: whether it shines.
        """
        return f"{name} {bright}"

    @action
    def keep(self, item: Annotated[str, Domain("item")], weight: Annotated[float, Ge(0.5), Le(9.5)] = 1.0) -> str:
        """Keep a thing.

        Args:
            item: what to keep.
            weight: in kilograms.
        """
        if item not in self.domains["item"]:
            raise BadAction(f"there is no {item[:40]!r} here")
        self.kept += 1
        return f"You keep a {item} of {weight} kg."

    @action(tags=["irreversible"])
    def submit(self) -> str:
        """Say that you are done."""
        self.submitted = True
        self.stop("goal_reached" if self.total == self.target else "goal_failed")
        return "Submitted."

    def _report(self) -> str:
        return f"{self.total} of {self.target}, {self.kept} kept"

    def _value(self, key: str) -> Any:
        return self._image() if key == "image" else np.array([self.total, self.target], np.float32)

    def _image(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        picture = np.zeros((32, 32, 3), np.uint8)
        picture[8:24, : self.total + 1] = (0, 160, 0)
        picture[0:4, self.target] = 255
        return picture

    def _verdict(self) -> Verdict:
        done = self.submitted and self.total == self.target
        return Verdict.from_checkpoints({"half": self.total * 2 >= self.target and self.total > 0, "counted": done}, success=done)

    def _save(self) -> Any:
        return {"total": self.total, "target": self.target, "submitted": self.submitted, "kept": self.kept}

    def _load(self, data: Any) -> None:
        self.total, self.target, self.submitted, self.kept = data["total"], data["target"], data["submitted"], data["kept"]

    def oracle(self) -> Iterator[Any]:
        """Count up and submit."""
        while self.total < self.target:
            yield f"add({min(3, self.target - self.total)})"
        yield "submit()"

    def near_miss(self) -> Iterator[Any]:
        """Count up to one less and submit."""
        while self.total < self.target - 1:
            yield f"add({min(3, self.target - 1 - self.total)})"
        yield "submit()"

    def idle_action(self) -> Any:
        """Write a note."""
        return "note()"


class SliderEnv(MultiTurnEnv):
    """A point on a line that is pushed to 1 by a `Box` action; for the control side of the contract."""

    metadata = {"render_modes": [], "render_fps": 4}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            tasks=TaskSet.of([Task("push", "Push the point to 1.")]),
            **{
                "observations": {**text_space(500), "state": spaces.Box(-9, 9, (1,), np.float64)},
                "action_space": spaces.Box(-1, 1, (2,), np.float32),
                "obs_mode": "state",
                **options,
            },
        )

    def _begin(self, task: Task) -> str:  # noqa: ARG002 - there is one task
        self.place = float(self.rng.uniform(-0.5, 0.0))
        return "Push."

    def _apply(self, action: Any) -> str:
        push = np.asarray(action, np.float32)
        if push.shape != (2,):
            raise ValueError(f"the action has the shape {push.shape}, not (2,)")
        if not np.isfinite(push).all():
            raise BadAction("the action is not finite", kind="value", legal="two numbers in [-1, 1]")
        self.place = float(np.clip(self.place + 0.25 * float(push.sum()), -2, 2))
        return ""

    def _ended(self) -> str:
        return "goal_reached" if self.place >= 1 else ""

    def _verdict(self) -> Verdict:
        return Verdict(float(np.clip(self.place, 0, 1)), success=self.place >= 1)

    def _report(self) -> str:
        return f"at {self.place:.3f}"

    def _value(self, key: str) -> Any:  # noqa: ARG002 - there is one key
        return np.array([self.place])

    def oracle(self) -> Iterator[Any]:
        """Push as hard as possible."""
        while True:
            yield np.ones(2, np.float32)

    def near_miss(self) -> Iterator[Any]:
        """One push only."""
        yield np.ones(2, np.float32)

    def idle_action(self) -> Any:
        """No push."""
        return np.zeros(2, np.float32)
