"""What all Gymnasium environments of the family share: one policy flies the drones of a `Drill` of one game."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from mtenvs.core.env import MultiTurnEnv
from mtenvs.core.errors import BadAction
from mtenvs.core.spaces import UText
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.drones.drills import Drill, Played
from mtenvs.envs.drones.exercise import Exercise
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.pilot import Pilot
from mtenvs.envs.drones.practice import Practice
from mtenvs.envs.drones.verify import verdict_of, why_ended
from mtenvs.envs.drones.view import CourtView, check_size
from mtenvs.envs.drones.words import describe

IMAGE: Final = (320, 180)
NOT_FINITE: Final = "the action has NaN or infinity; the drones were told to hover"
LEGAL: Final = "finite numbers in [-1, 1]"


class DroneEnv(MultiTurnEnv):
    """Base of the environments in which one policy flies all drones of a drill; subclasses name the drill and say the rest in words.

    Args:
        preset: ``"volleybots"``, ``"realistic"`` or a `Preset` of the physics.
        control: ``"prt"`` (four rotor commands a drone) or ``"ctbr"`` (roll, pitch and yaw rate, thrust).
        split: the one task belongs to all.
        obs_mode: ``"state"`` by default.
        image_size: width and height of pictures.
        render_mode: ``"rgb_array"`` or None.
        options: see `MultiTurnEnv`.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 50}
    has_snapshots = True
    exercise: ClassVar[type[Exercise]]
    task_id: ClassVar[str] = ""
    goal: ClassVar[str] = ""
    _drill_options: Mapping[str, Any] = MappingProxyType({})  # what a subclass hands on to `make_drill`; set before the base's __init__

    def __init__(
        self,
        *,
        preset: str | Preset = "volleybots",
        control: str = "prt",
        split: str | None = None,
        obs_mode: str = "state",
        image_size: tuple[int, int] = IMAGE,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        self.drill = self.make_drill(1, preset=preset, control=control, **self._drill_options)
        check_size(image_size)
        self.image_size = image_size
        self._view: CourtView | None = None
        self._world_seed = 0
        self._played: Played | None = None
        self._return = 0.0
        state, _ = spaces_of(self.drill)
        super().__init__(
            tasks=self.task_set_of(self._drill_options),
            split=split,
            obs_mode=obs_mode,
            observations={
                "goal": UText(1000),
                "text": UText(4000),
                "image": spaces.Box(0, 255, (image_size[1], image_size[0], 3), np.uint8),
                "state": state,
            },
            action_space=self.space_of_actions(self.drill),
            render_mode=render_mode,
            **options,
        )

    @classmethod
    def make_drill(cls, games: int, *, xp: str = "numpy", device: Any = None, **options: Any) -> Drill:
        """Games of this environment's kind, for the batched engine too: there ``xp`` and ``device`` say what computes them."""
        return Practice(cls.exercise(**options), games, xp=xp, device=device)

    @classmethod
    def space_of_actions(cls, drill: Drill) -> spaces.Box | None:
        """The action space; None for text calls."""
        return spaces_of(drill)[1]

    @classmethod
    def task_set(cls, data_dir: None = None) -> TaskSet:  # noqa: ARG003 - there are no files
        """The one task; the seed decides about its starts."""
        return TaskSet.of([Task(cls.task_id, cls.goal, tags=("drones",), source="VolleyBots", licence="MIT")])

    @classmethod
    def task_set_of(cls, options: Mapping[str, Any]) -> TaskSet:  # noqa: ARG003 - for environments whose tasks depend on them
        """The tasks of an environment made with these options."""
        return cls.task_set()

    @staticmethod
    def name_action(action: NDArray[Any]) -> str:
        """What ``info["action"]`` says of an action."""
        return np.array2string(action, precision=4, separator=",", threshold=64)

    # ---- the episode ----

    def _task_limit(self, task: Task) -> int | None:  # noqa: ARG002 - the same for all tasks
        return self.drill.max_steps

    def _begin(self, task: Task) -> str:  # noqa: ARG002 - one task
        part = len(self._part_verdicts)
        if not part:
            # The generator is made from the world's seed alone, and the batched engine has no generator for each game.
            self._world_seed = int(self.rng.bit_generator.seed_seq.entropy)  # type: ignore[attr-defined]  # numpy's stubs lack it
        self.drill.start([self._world_seed + part])
        self._played, self._return = None, 0.0
        return ""

    def _apply(self, action: Any) -> str:
        given = np.asarray(action)
        space: spaces.Box = self.action_space  # type: ignore[assignment]  # as made above
        if given.shape != space.shape or given.dtype.kind != "f":
            raise ValueError(f"an action is floats {space.shape}, not {given.dtype} {given.shape}; use np.asarray(action, np.float32)")
        played = self.drill.play(given.reshape(1, self.drill.drones, 4))
        self._note(played)
        if played.bad.any():
            raise BadAction(NOT_FINITE, kind="value", legal=LEGAL)
        return ""

    def _note(self, played: Played) -> None:
        """Keep what a turn gave."""
        self._played = played
        self._return += sum(float(part[0]) for part in played.means().values())
        if self.on_world_step is not None:
            self.on_world_step()

    def _name_action(self, action: Any) -> str:
        return self.name_action(np.asarray(action))

    def _ended(self) -> str:
        if self._played is None or not self._played.terminated[0]:
            return ""
        return why_ended(float(self.drill.score()[0]) >= 1.0)

    def _verdict(self) -> Verdict:
        found = verdict_of(self.drill)
        return Verdict(found.score, found.success, found.checkpoints, {**found.metrics, "return": self._return})

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:  # noqa: ARG002 - the source's own rewards
        if self._played is None:
            return dict.fromkeys(self.drill.components, 0.0)
        return {name: float(part[0]) for name, part in self._played.means().items()}

    def _extra_info(self) -> dict[str, Any]:
        return {name: float(values[0]) for name, values in self.drill.metrics().items()}

    def _value(self, key: str) -> Any:
        if key == "image":
            return self._image()
        seen = self.drill.observe()[0]
        return np.array(seen[0] if self.drill.drones == 1 else seen)

    def _report(self) -> str:
        return describe(self.drill.scene(), court=self.drill.params.court, gravity=self.drill.params.gravity)

    def _image(self) -> NDArray[np.uint8]:
        if self._view is None:
            self._view = CourtView(self.drill.params.court, self.image_size, self.drill.format_name)
        return np.array(self._view.draw(self.drill.scene()))

    def _save(self) -> Any:
        return {"drill": self.drill.save(), "seed": self._world_seed, "return": self._return}

    def _load(self, data: Any) -> None:
        self.drill.load(data["drill"])
        self._world_seed, self._return = data["seed"], data["return"]
        self._played = None

    # ---- solutions ----

    def idle_action(self) -> NDArray[np.float32]:
        """The command that keeps level drones where they are."""
        hover = np.array(self.drill.neutral, np.float32)
        return hover if self.drill.drones == 1 else np.tile(hover, (self.drill.drones, 1))

    def near_miss(self) -> Iterator[Any]:
        """Hover at the anchors, which lets the ball come down."""
        pilot = Pilot(self.drill.params, self.drill.control)
        while self.drill.steps[0] < self.drill.max_steps:
            commands = [pilot.fly(self.drill.state, i, np.array(place)) for i, place in enumerate(self.drill.anchors)]
            yield commands[0] if self.drill.drones == 1 else np.stack(commands)


def spaces_of(drill: Drill) -> tuple[spaces.Box, spaces.Box]:
    """State and action space of a policy that flies all drones of a drill: (n,) and (4,) for one drone, else a row for each."""
    lead = () if drill.drones == 1 else (drill.drones,)
    return spaces.Box(-np.inf, np.inf, (*lead, drill.obs_size), np.float32), spaces.Box(-1.0, 1.0, (*lead, 4), np.float32)
