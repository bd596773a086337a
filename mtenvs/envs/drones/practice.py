"""Games of an exercise: as an engine whose arrays stay where they are, and as the drill that the environments hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.arrays import Array, to_numpy
from mtenvs.envs.drones.batch import Batch
from mtenvs.envs.drones.control import RateState
from mtenvs.envs.drones.drills import Bools, Drill, Floats, Played
from mtenvs.envs.drones.exercise import Exercise, Own
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.trees import mapped


class Result(NamedTuple):
    """What one step of an `ExerciseEngine` gives; games first.

    Attributes:
        obs: (games, drones, numbers).
        reward: (games, drones), the sum of the components.
        components: name -> (games, drones).
        terminated: (games,) bool, over by the rules (or broken).
        truncated: (games,) bool, over by time.
        done: (games,) bool, over, in this step or before.
        bad_action: (games, drones) bool, commands with NaN or infinity; the neutral command was flown instead.
        broken: (games,) bool, games whose numbers exploded.
    """

    obs: Array
    reward: Array
    components: dict[str, Array]
    terminated: Array
    truncated: Array
    done: Array
    bad_action: Array
    broken: Array


class ExerciseEngine(Batch):
    """Games of one exercise, all stepped at once on arrays of numpy, torch or JAX.

    Args:
        exercise: such as `mtenvs.envs.drones.single.SoloBump(autoreset=True)`.
        games: how many.
        options: ``xp``, ``dtype``, ``device`` and ``threads``, see `Batch`.

    Raises:
        UnknownOption: a name that is not known.
        MissingRequirement: the array library is not installed.
    """

    def __init__(self, exercise: Exercise, games: int = 1, **options: Any) -> None:
        super().__init__(exercise, games, **options)
        self.exercise = exercise
        self.obs_size = exercise.obs_size

    def step(self, commands: Any) -> Result:
        """One step of ``params.dt`` seconds.

        Args:
            commands: (games, drones, 4), -1 to 1; values beyond are clipped. NaN and infinity count as no command: see ``bad_action``.

        Raises:
            ResetNeeded: before the first :meth:`reset`.
            UnknownOption: commands of another shape.
        """
        lap = self.turn(commands)
        parts = {name: lap.rewards[name].T for name in self.exercise.components}
        reward = sum(parts.values())
        return Result(self.games_first(lap.obs), reward, parts, lap.terminated, lap.truncated, lap.done, lap.bad_action.T, lap.broken)


class Practice(Drill):
    """Games of an exercise that the environments hold; numpy comes out of it, whatever library computes.

    Args:
        exercise: what is played.
        games: how many.
        xp: ``"numpy"``, ``"torch"`` or ``"jax"``.
        device: torch or JAX device; None for the default.

    Raises:
        UnknownOption: an option that does not exist.
        MissingRequirement: the array library is not installed.
    """

    def __init__(self, exercise: Exercise, games: int = 1, *, xp: str = "numpy", device: Any = None) -> None:
        super().__init__(games, exercise.preset, exercise.control)
        self.exercise, self.params = exercise, exercise.params
        for name in ("drones", "max_steps", "obs_size", "components", "checkpoints", "anchors"):
            setattr(self, name, getattr(exercise, name))
        # Whoever holds a drill counts its turns.
        self.engine = ExerciseEngine(replace(exercise, endless=True), games, xp=xp, device=device)
        self.engine.reset(0)
        self._seen: Array | None = None

    @property
    def state(self) -> State:
        """Drones and balls, games last; assign, or with numpy write into it, to place them elsewhere."""
        self._seen = None
        state: State = self._numpy(self.engine.state)
        return state

    @state.setter
    def state(self, state: State) -> None:
        self._seen = None
        self.engine.state = self._placed(state)

    @property
    def own(self) -> Own:
        """Further arrays of the exercise by name, games last."""
        own: Own = self._numpy(self.engine.world.own)
        return own

    def play(self, actions: Floats) -> Played:
        """One step; see `Drill.play`."""
        self.engine.world = self.engine.world._replace(done=self.engine.place(self.over.copy()))
        live = ~self.over
        result = self.engine.step(actions)
        self._seen = result.obs
        self.steps = self.steps + live
        terminated: Bools = to_numpy(result.terminated)
        self.over = self.over | terminated
        rewards = {name: to_numpy(part) for name, part in result.components.items()}
        return Played(rewards, terminated, to_numpy(result.bad_action))

    def observe(self) -> Floats:
        """(games, drones, numbers) float32 of how things are."""
        seen = self.engine.observe() if self._seen is None else self._seen
        return np.array(to_numpy(seen), np.float32, order="C")

    def score(self) -> NDArray[np.float64]:
        """(games,) progress from 0 to 1."""
        return self.exercise.score(self.own)

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """The source's own figures, each (games,)."""
        return self.exercise.metrics(self.own)

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name, each (games,)."""
        return self.exercise.reached(self.own)

    def scene(self, game: int = 0) -> Scene:
        """One game as it is drawn: its drones in the near half, nobody (or the exercise's device) in the far one."""
        world = mapped(lambda part: to_numpy(part[..., game]), self.engine.world)
        return self.exercise.scene(world)

    def save(self) -> dict[str, Any]:
        """All arrays, for `load`."""
        world = mapped(lambda part: np.array(to_numpy(part)), self.engine.world)
        whole = {name: getattr(world, name) for name in ("own", "key", "episode")}
        own = {name: getattr(self, name).copy() for name in ("over", "seeds", "steps")}
        return {**whole, **own, "own_names": list(world.own), "laps": world.steps, "state": list(world.state), "memory": list(world.memory)}

    def load(self, data: dict[str, Any]) -> None:
        """Go on from `save`."""
        for name in ("over", "seeds", "steps"):
            setattr(self, name, np.array(data[name]))
        parts = {
            "state": State(*data["state"]),
            "memory": RateState(*data["memory"]),
            "own": {name: data["own"][name] for name in data["own_names"]},
            "steps": data["laps"],
            "key": data["key"],
            "episode": data["episode"],
            "done": self.over,
        }
        self.engine.world = self.engine.world._replace(**{name: self._placed(part) for name, part in parts.items()})
        self._seen = None

    def _start(self, seeds: list[int], where: NDArray[np.integer[Any]]) -> None:
        self._seen = None
        self.engine.begin(seeds, where)

    def _numpy(self, tree: Any) -> Any:
        return tree if self.engine.xp_name == "numpy" else mapped(to_numpy, tree)

    def _placed(self, tree: Any) -> Any:
        """Numpy arrays as the engine's."""
        return mapped(lambda part: self.engine.place(np.array(part)), tree)
