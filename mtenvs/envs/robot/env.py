"""`mtenvs/MetaWorld-v0`: a robot arm and 50 manipulation tasks. The environment is thin; the arm is in `world`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from mtenvs.core.actions import Call, Domain, Ge, Le, action
from mtenvs.core.env import MultiTurnEnv
from mtenvs.core.errors import BadAction, UnknownOption
from mtenvs.core.spaces import UText
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.robot import skill_text
from mtenvs.envs.robot.benchmarks import goal_visible, task_goals, tasks_of
from mtenvs.envs.robot.goals import GoalSet
from mtenvs.envs.robot.render import CAMERAS, LEROBOT, Camera
from mtenvs.envs.robot.skill_calls import SkillCall
from mtenvs.envs.robot.skill_plans import SkillOracle
from mtenvs.envs.robot.skills import SkillController
from mtenvs.envs.robot.tasks import robot_tasks
from mtenvs.envs.robot.world import RobotWorld, StepInfo

Metres = Annotated[float, Ge(-2.0), Le(2.0)]
Speed = Annotated[float, Ge(0.1), Le(1.0)]
CONTROL_STEPS: Final = 500  # metaworld's horizon
SKILL_TURNS: Final = 40
METRICS: Final = ("near_object", "grasp_success", "grasp_reward", "in_place_reward", "obj_to_target", "unscaled_reward")


class MetaWorldEnv(MultiTurnEnv):
    """Move a Sawyer arm: reach, push, pick and place, press, pull, open, close, insert.

    ## Description
    The 50 tasks of Meta-World on the real `metaworld` package and its MuJoCo models, seeded by `reset(seed)`, with goals drawn
    when they are played and one simulated reset instead of two.

    ## Observation
    `state` (float64 39, or 39 + number of tasks with `task_one_hot`): 18 numbers of now, the same of the step before, the goal
    (zeros in ML benchmarks). `image` (uint8): any camera. `goal` (text): the instruction. `text` (text): where hand, objects and
    goal are.

    ## Actions
    `control="box"`: float32 4 in [-1, 1]: hand displacement (1 is 0.01 m a step) and gripper effort (+1 closes); 12.5 ms each.
    `control="skills"`: text calls, each up to 100 control steps of closed-loop motion from what the observation shows:
    `move_to`, `move_by`, `move_above`, `push`, `grasp`, `release`, `wait`.

    ## Rewards
    Component `task`: `box`: Meta-World's own reward (bit-equal to the package, `reward_version` `"v2"` or `"v1"`); `skills`: 1 on the
    turn that solves the task, else 0.

    ## Start
    Arm, objects and goal as the task draws them from the seed, or one of a benchmark's 50 goals.

    ## End
    `goal_reached` when the task is solved (`stop_on_success=False` plays on). Truncated after `max_turns`: 500 control steps
    (`box`) or 40 skills, which are cut by 500 control steps (`time_limit`).

    ## Arguments
    `benchmark` = `"MT1" | "MT10" | "MT25" | "MT50" | "ML1" | "ML10" | "ML25" | "ML45"` with `split="train" | "test"`: its tasks
    and goals; in a batch environment i plays task i mod n. `control`, `stop_on_success`, `task_one_hot`, `reward_version`,
    `camera` (a name or a `render.Camera`; `"lerobot"` is LeRobot's view), `image_size` (one number or (width, height)),
    `render_quality` = `"fast" | "official"`.

    ## Tasks and splits
    The 50 tasks by name, such as `pick-place-v3`, and custom ones; with a benchmark also `pick-place-v3/7`, goal 7 of 50. Without a
    benchmark splits are by a stable hash and the default is all.

    ## Differences from the original
    Seeding, the ML1 splits, the observation bounds and the corner cameras' orientation are mended. A success is a success ever;
    `success_at_end` is in the metrics and in info. `info` has the package's own figures and the versions of mujoco and metaworld.

    ## Source and licence
    metaworld (MIT) by the Farama Foundation, imported, not copied; instructions, skills and plans are ours, Apache-2.0.

    ## Version history
    v0: first version.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 80}
    has_snapshots = True

    def __init__(
        self,
        *,
        benchmark: str | None = None,
        split: str | None = None,
        control: str = "box",
        obs_mode: str | None = None,
        stop_on_success: bool = True,
        task_one_hot: bool = False,
        reward_version: str = "v2",
        camera: str | Camera = "corner2",
        image_size: int | tuple[int, int] = 224,
        render_quality: str = "fast",
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        if control not in ("box", "skills") or render_quality not in ("fast", "official"):
            raise UnknownOption(f"control={control!r} is 'box' or 'skills', render_quality={render_quality!r} is 'fast' or 'official'")
        self.control, self.stop_on_success, self.benchmark = control, stop_on_success, benchmark
        self.camera = LEROBOT if camera == "lerobot" else camera
        if isinstance(self.camera, str) and self.camera not in CAMERAS:
            raise UnknownOption(f"camera={camera!r} does not exist; choose lerobot, {', '.join(CAMERAS)}")
        self.width, self.height = (image_size, image_size) if isinstance(image_size, int) else image_size
        self.render_quality, self.reward_version = render_quality, reward_version
        self._benchmark_split = (split or "train") if benchmark is not None else "train"
        self._names = tasks_of(benchmark, self._benchmark_split) if benchmark is not None else ()
        tasks = robot_tasks(self._names)
        self._one_hot = {name: i for i, name in enumerate(self._names or tasks.ids)} if task_one_hot else {}
        self._worlds: dict[str, RobotWorld] = {}
        low = np.concatenate([RobotWorld.observation_low, np.zeros(len(self._one_hot))])
        high = np.concatenate([RobotWorld.observation_high, np.ones(len(self._one_hot))])
        skills = control == "skills"
        super().__init__(
            tasks=tasks,
            split=split if benchmark is None else None,
            obs_mode=obs_mode or ("text" if skills else "state"),
            observations={
                "goal": UText(2000),
                "text": UText(4000),
                "image": spaces.Box(0, 255, (self.height, self.width, 3), np.uint8),
                "state": spaces.Box(low, high, dtype=np.float64),
            },
            action_space=None if skills else spaces.Box(-1.0, 1.0, (4,), np.float32),
            domains={"object": _things(options.get("task"))},
            render_mode=render_mode,
            **options,
        )
        if render_mode is not None:
            self.metadata = {**self.metadata, "render_fps": 4 if skills else 80}

    @classmethod
    def task_set(cls, data_dir: None = None, *, benchmark: str | None = None, split: str = "train") -> TaskSet:  # noqa: ARG003 - no files
        """The 50 tasks, or those of a benchmark."""
        return robot_tasks(tasks_of(benchmark, split) if benchmark is not None else ())

    @classmethod
    def vector_kwargs(cls, index: int, count: int, kwargs: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG003 - the contract's signature
        """In a batch over a benchmark, environment i plays task i mod n."""
        if kwargs.get("benchmark") is None or kwargs.get("task") is not None:
            return kwargs
        names = tasks_of(kwargs["benchmark"], kwargs.get("split") or "train")
        return {**kwargs, "task": names[index % len(names)]}

    def versions(self) -> dict[str, str]:
        """Versions of mujoco and metaworld."""
        return dict(RobotWorld.versions)

    @property
    def world(self) -> RobotWorld:
        """The world of this episode."""
        return self._worlds[self._name]

    def get_keys_to_action(self) -> dict[str, NDArray[np.float32]]:
        """Keys for `gymnasium.utils.play` and the human policy: wasd moves over the table, r and f up and down, g closes, h opens.

        Empty for ``control="skills"``, whose actions are typed.
        """
        if self.control == "skills":
            return {}
        ways = {"d": (1, 0, 0, 0), "a": (-1, 0, 0, 0), "w": (0, 1, 0, 0), "s": (0, -1, 0, 0)}
        ways |= {"r": (0, 0, 1, 0), "f": (0, 0, -1, 0), "g": (0, 0, 0, 1), "h": (0, 0, 0, -1)}
        return {key: np.array(way, np.float32) for key, way in ways.items()}

    def close(self) -> None:
        """Free every world."""
        for world in self._worlds.values():
            world.close()
        super().close()

    # ---- the episode -------------------------------------------------------------------------------------------

    def _task_limit(self, task: Task) -> int | None:  # noqa: ARG002 - the same for all tasks
        return SKILL_TURNS if self.control == "skills" else CONTROL_STEPS

    def _begin(self, task: Task) -> str:
        self._name = task.setup["task"]
        if self._name not in self._worlds:
            goals = self._goals(self._name)
            visible = self.benchmark is None or goal_visible(self.benchmark)
            self._worlds[self._name] = RobotWorld(
                self._name,
                goals=goals,
                goal_observable=visible,
                reward_version=self.reward_version,  # type: ignore[arg-type]  # RobotWorld checks it
            )
        goal = task.setup.get("goal")
        self._state = self.world.reset(int(self.rng.integers(2**31)), goal=goal)
        self._info_now: StepInfo | None = None
        self._reward, self._return, self._solved_paid = 0.0, 0.0, False
        if self.control == "skills":
            self._controller: SkillController = skill_text.controller(self._name)
            self._state = self._controller.start(self._state, self._control_step)
            self._return = 0.0
            return skill_text.briefing(self._name)
        return ""

    def _goals(self, name: str) -> GoalSet | None:
        if self.benchmark is None:
            return None
        return task_goals(self.benchmark, name, "test" if self._benchmark_split == "test" else "train")

    def _report(self) -> str:
        return skill_text.describe(self._state, self._name)

    def _ended(self) -> str:
        if self.stop_on_success and self.world.success:
            return "goal_reached"
        return "time_limit" if self.control == "skills" and self.world.steps >= CONTROL_STEPS else ""

    def _verdict(self) -> Verdict:
        metrics = {name: float(self._figure(name)) for name in METRICS}
        at_end = self._info_now is not None and self._info_now.success_at_end
        return Verdict(
            score=float(self.world.success),
            success=self.world.success,
            checkpoints={"solved": self.world.success},
            metrics={"success_at_end": float(at_end), "control_steps": self.world.steps, "return": self._return, **metrics},
        )

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:  # noqa: ARG002 - the package's own reward
        if self.control == "skills":
            first = self.world.success and not self._solved_paid
            self._solved_paid = self.world.success
            return {"task": float(first)}
        return {"task": self._reward}

    def _extra_info(self) -> dict[str, Any]:
        now = self._info_now
        return {
            "success": self.world.success,
            "success_at_end": now is not None and now.success_at_end,
            **({name: now.metrics[name] for name in METRICS} if now is not None else dict.fromkeys(METRICS, 0.0)),
            "mujoco_version": RobotWorld.versions["mujoco"],
            "metaworld_version": RobotWorld.versions["metaworld"],
        }

    def _figure(self, name: str) -> float:
        return self._info_now.metrics[name] if self._info_now is not None else 0.0

    def _value(self, key: str) -> Any:
        if key == "image":
            return self._image()
        if not self._one_hot:
            return self._state.copy()
        hot = np.zeros(len(self._one_hot))
        hot[self._one_hot[self._name]] = 1.0
        return np.concatenate([self._state, hot])

    def _image(self) -> NDArray[np.uint8]:
        return self.world.render(self.camera, self.width, self.height, quality=self.render_quality)  # type: ignore[arg-type]  # checked above

    def _save(self) -> Any:
        controller = list(self._controller.snapshot()) if self.control == "skills" else []
        now = None if self._info_now is None else [self._info_now.success, self._info_now.success_at_end, dict(self._info_now.metrics)]
        return {"world": self.world.save(), "controller": controller, "now": now, "paid": [self._reward, self._return, self._solved_paid]}

    def _load(self, data: Any) -> None:
        self.world.load(data["world"])
        self._state = self.world.observation
        if self.control == "skills":
            self._controller.restore(tuple(data["controller"]))
        self._info_now = None if data["now"] is None else StepInfo(*data["now"])
        self._reward, self._return, self._solved_paid = data["paid"]

    # ---- control -----------------------------------------------------------------------------------------------

    def _apply(self, action: Any) -> str:
        given = np.asarray(action)
        if given.shape != (4,) or given.dtype.kind != "f":
            raise ValueError(f"an action is 4 floats, not {given.dtype} {given.shape}; use np.asarray(action, np.float32)")
        if not np.isfinite(given).all():
            self._advance(np.zeros(4, np.float32))
            raise BadAction("the action has NaN or infinity; the arm was told to stay", kind="value", legal="4 finite numbers in [-1, 1]")
        self._advance(np.clip(given, -1.0, 1.0).astype(np.float32, copy=False))
        return ""

    def _advance(self, action: NDArray[np.float32]) -> None:
        self._state, self._reward, self._info_now = self.world.step(action)
        self._return += self._reward
        if self.on_world_step is not None:
            self.on_world_step()

    def _control_step(self, action: NDArray[np.float32]) -> tuple[NDArray[np.float64], bool]:
        self._advance(action)
        return self._state, self.world.steps >= CONTROL_STEPS or (self.stop_on_success and self.world.success)

    def _skill(self, name: str, **arguments: Any) -> str:
        return self._controller.run(SkillCall(name, arguments), self._state, self._control_step).text

    @action
    def move_to(self, x: Metres, y: Metres, z: Metres, speed: Speed = 1.0) -> str:
        """Move the hand to a position in a straight line; the gripper stays as it is.

        Args:
            x: metres, + is to the right.
            y: metres, + is away from the robot.
            z: metres, + is up.
            speed: share of full speed.
        """
        return self._skill("move_to", x=x, y=y, z=z, speed=speed)

    @action
    def move_by(self, dx: Metres = 0.0, dy: Metres = 0.0, dz: Metres = 0.0, speed: Speed = 1.0) -> str:
        """Move the hand by some way in a straight line; the gripper stays as it is.

        Args:
            dx: metres to the right.
            dy: metres away from the robot.
            dz: metres up.
            speed: share of full speed.
        """
        return self._skill("move_by", dx=dx, dy=dy, dz=dz, speed=speed)

    @action
    def move_above(self, object: Annotated[str, Domain("object")] = "goal", height: Annotated[float, Ge(0.0), Le(0.5)] = 0.1) -> str:  # noqa: A002 - the word that agents use
        """Move the hand above an object or the goal.

        Args:
            object: name of an object as the text gives it, or "goal".
            height: metres above it.
        """
        return self._skill("move_above", object=object, height=height)

    @action
    def push(self, x: Metres, y: Metres, z: Metres, speed: Speed = 1.0) -> str:
        """Close the gripper and move the hand to a position, pushing what is in the way.

        Args:
            x: metres.
            y: metres.
            z: metres.
            speed: share of full speed.
        """
        return self._skill("push", x=x, y=y, z=z, speed=speed)

    @action
    def grasp(self, force: Annotated[float, Ge(0.1), Le(1.0)] = 1.0) -> str:
        """Close the gripper.

        Args:
            force: share of full force.
        """
        return self._skill("grasp", force=force)

    @action
    def release(self) -> str:
        """Open the gripper."""
        return self._skill("release")

    @action
    def wait(self, steps: Annotated[int, Ge(1), Le(100)] = 10) -> str:
        """Hold still.

        Args:
            steps: control steps of 12.5 ms.
        """
        return self._skill("wait", steps=steps)

    # ---- solutions ---------------------------------------------------------------------------------------------

    def oracle(self) -> Iterator[Any]:
        """The package's scripted expert, or with skills a short plan of ours."""
        if self.control == "skills":
            yield from self._plan()
            return
        expert = self.world.expert()
        while expert is not None:
            yield expert.act(self.world.full_observation)

    def _plan(self) -> Iterator[str]:
        policy = SkillOracle(self._name)
        turn = 0
        while True:
            step = policy(self.world.full_observation, turn)
            yield Call(step.name, dict(step.arguments)).text
            turn += 1

    def near_miss(self) -> Iterator[Any]:
        """The first moves of the solution."""
        moves = self.oracle()
        for _ in range(1 if self.control == "skills" else 10):
            yield next(moves)

    def idle_action(self) -> Any:
        """Stay."""
        return "wait(1)" if self.control == "skills" else np.zeros(4, np.float32)


def _things(task: Any) -> tuple[str, ...]:
    """What an action can name: the objects of the task if it is fixed, else of all tasks, and the goal."""
    scenes = [skill_text.scene(task.split("/")[0])] if isinstance(task, str) else skill_text.SCENES.values()
    return (*dict.fromkeys(name for one in scenes for name in one.objects), "goal")
