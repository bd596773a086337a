"""How fast drones play volleyball here, against MuJoCo's batched rollout and pybullet on the same 20 ms of a 3v3 game.

Ours includes rules, rewards, observations and restarts; the peers only move six quadrotors and a ball. Rates are in wall time on all cores;
ratios to peers and between sizes are in CPU seconds of this process, so that a busy machine counts for both alike.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from _table import Row, arguments, show

from mtenvs.envs.drones.engine import VolleyEngine
from mtenvs.envs.drones.params import PRESETS
from mtenvs.envs.drones.practice import ExerciseEngine
from mtenvs.envs.drones.single import SoloBump

PEER = Path(__file__).resolve().parents[1] / ".venv-peers" / "pybullet" / "bin" / "python"
GAMES = 4096
DRONE = PRESETS["volleybots"].drone
SUBSTEPS = 4
"""Steps of 5 ms that the peers take for 20 ms of game."""

Timed = Callable[[], int]
"""Does some work and says how many env-steps it was."""


def match(games: int, xp: str = "numpy") -> VolleyEngine:
    """Games of 3v3."""
    return VolleyEngine(teams="3v3", games=games, autoreset=True, xp=xp)


def drill(games: int, xp: str = "numpy") -> ExerciseEngine:
    """Games of Solo-Bump."""
    return ExerciseEngine(SoloBump(autoreset=True), games, xp=xp)


def numpy_steps(engine: Any, steps: int) -> Timed:
    """Steps of a numpy engine with noise around the trim as commands."""
    engine.reset(seed=0)
    commands = _commands(engine)

    def work() -> int:
        for i in range(steps):
            engine.step(commands[i % len(commands)])
        return int(engine.games * steps)

    return work


def jax_steps(engine: Any, steps: int) -> Timed:
    """The same under JAX: the whole loop compiled, all observations and rewards computed and summed."""
    import jax  # noqa: PLC0415  # optional: only this row needs it

    engine.reset(seed=0)
    commands = jax.numpy.asarray(np.stack([part.transpose(1, 2, 0) for part in _commands(engine)]))

    def turn(world: Any, i: Any) -> Any:
        world, out = engine.setup.advance(world, commands[i % len(commands)])
        rewards = out.reward if hasattr(out, "reward") else sum(out.rewards.values())
        return world, (out.obs.sum(), rewards.sum())

    run = jax.jit(lambda world: jax.lax.scan(turn, world, jax.numpy.arange(steps)))

    def work() -> int:
        jax.block_until_ready(run(engine.world))  # type: ignore[no-untyped-call,unused-ignore]  # typed in no version yet
        return int(engine.games * steps)

    return work


def _commands(engine: Any) -> list[Any]:
    rng = np.random.default_rng(0)
    shape = (engine.games, engine.drones, 4)
    neutral = np.array(engine.setup.neutral)
    return [(neutral + rng.uniform(-0.3, 0.3, shape)).astype(np.float32) for _ in range(4)]


def mujoco_steps(batch: int, steps: int) -> Timed:
    """``mujoco.rollout`` of six quadrotors with 24 motors, their rackets, a ball and a floor."""
    import mujoco  # noqa: PLC0415  # a peer
    from mujoco import rollout  # noqa: PLC0415  # same

    bodies, motors = "", ""
    for i in range(6):
        places = enumerate(zip(DRONE.rotor_x, DRONE.rotor_y, strict=True))
        sites = "".join(f'<site name="r{i}{k}" pos="{x} {y} 0"/>' for k, (x, y) in places)
        mass = f'<inertial pos="0 0 0" mass="{DRONE.mass}" diaginertia="0.0347563 0.0458929 0.080"/>'
        place = f"{3 * (i % 3) - 4} {3 * (i // 3)} 2"
        bodies += f'<body pos="{place}"><freejoint/>{mass}<geom type="cylinder" size="0.2 0.01"/>{sites}</body>'
        turns = enumerate(DRONE.directions)
        motors += "".join(f'<motor site="r{i}{k}" gear="0 0 {DRONE.max_thrust} 0 0 {-s * DRONE.max_moment}"/>' for k, s in turns)
    model = mujoco.MjModel.from_xml_string(
        '<mujoco><option timestep="0.005"/><worldbody><geom type="plane" size="20 20 1"/>'
        '<body pos="0 0 5"><freejoint/><geom type="sphere" size="0.1" mass="0.005"/></body>'
        f"{bodies}</worldbody><actuator>{motors}</actuator></mujoco>"
    )
    data = mujoco.MjData(model)
    size = mujoco.mj_stateSize(model, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    state = np.zeros(size)
    mujoco.mj_getState(model, data, state, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    control = np.random.default_rng(0).uniform(0.55, 0.69, (batch, steps * SUBSTEPS, 24))
    start = np.tile(state, (batch, 1))

    def work() -> int:
        rollout.rollout(model, data, start, control)
        return batch * steps

    return work


class Bullet:
    """pybullet in its own environment, told over a pipe how many env-steps to take, see `_drones_peer.py`."""

    def __init__(self, steps: int) -> None:
        rotors = json.dumps({"mass": DRONE.mass, "x": DRONE.rotor_x, "y": DRONE.rotor_y, "substeps": SUBSTEPS})
        command = [str(PEER), str(Path(__file__).with_name("_drones_peer.py")), rotors]
        self._steps, self.cpu = steps, 0.0
        self._peer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def __call__(self) -> int:
        """Take the steps; their CPU seconds, which are the peer's, are added to ``cpu``."""
        if self._peer.stdin is None or self._peer.stdout is None:
            raise RuntimeError("the peer has no pipes")
        self._peer.stdin.write(f"{self._steps}\n")
        self._peer.stdin.flush()
        said = next((line.split() for line in self._peer.stdout if line.startswith("cpu ")), None)
        if said is None:
            raise RuntimeError("pybullet has ended; make its environment anew: scripts/peers pybullet")
        self.cpu += float(said[1])
        return self._steps

    def close(self) -> None:
        """End the peer."""
        self._peer.communicate()


def measure(work: dict[str, Timed], rounds: int) -> dict[str, tuple[float, float]]:
    """Median env-steps per wall second and per CPU second of each, in turns, after one round to warm up."""
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for lap in range(rounds + 1):
        for name, run in work.items():
            wall, cpu = time.perf_counter(), time.process_time() + getattr(run, "cpu", 0.0)
            done = run()
            taken = time.perf_counter() - wall, time.process_time() + getattr(run, "cpu", 0.0) - cpu
            if lap:
                rates[name].append((done / taken[0], done / taken[1]))
    return {name: tuple(float(part) for part in np.median(laps, axis=0)) for name, laps in rates.items()}  # type: ignore[misc]  # two columns


def skipped(name: str, why: str) -> Row:
    """A row that could not be measured here."""
    return Row(name, "env-steps/s", 0.0, None, f"skipped: {why}", None, "", ok=True)


def gpu_row() -> Row:
    """65,536 games on a GPU under JAX."""
    name = "65,536 games on a GPU, JAX"
    if not find_spec("jax"):
        return skipped(name, "jax is not installed")
    import jax  # noqa: PLC0415  # optional: only this row needs it

    if jax.default_backend() != "gpu":
        return skipped(name, "JAX sees no GPU")
    rate = measure({"gpu": jax_steps(match(65536, "jax"), 200)}, 3)["gpu"][0]
    return Row.rate(name, "env-steps/s", rate, None, "", target=10e6)


def rows(*, quick: bool) -> list[Row]:
    """All rows."""
    rounds = 3 if quick else 7
    work: dict[str, Timed] = {
        "numpy": numpy_steps(match(GAMES), 8 if quick else 20),
        "numpy 64": numpy_steps(match(64), 40 if quick else 200),
        "numpy 16384": numpy_steps(match(4 * GAMES), 2 if quick else 5),
        "drill": numpy_steps(drill(GAMES), 20 if quick else 50),
    }
    missing: dict[str, str] = {}
    peers: dict[str, Callable[[], Timed]] = {
        "jax": lambda: jax_steps(match(GAMES, "jax"), 20 if quick else 100),
        "jax 64": lambda: jax_steps(match(64, "jax"), 1000),
        "jax 16384": lambda: jax_steps(match(4 * GAMES, "jax"), 5 if quick else 25),
        "jax drill": lambda: jax_steps(drill(GAMES, "jax"), 50 if quick else 200),
        "mujoco": lambda: mujoco_steps(64, 20 if quick else 50),
    }
    for name, make in peers.items():
        if find_spec(name.partition(" ")[0]):
            work[name] = make()
        else:
            missing[name] = f"{name.partition(' ')[0]} is not installed"
    if PEER.exists():
        work["pybullet"] = Bullet(100 if quick else 500)
    else:
        missing["pybullet"] = "not installed: scripts/peers pybullet"
    rate = measure(work, rounds)
    bullet = work.get("pybullet")
    if isinstance(bullet, Bullet):
        bullet.close()
    wall = {name: pair[0] for name, pair in rate.items()}
    cpu = {name: pair[1] for name, pair in rate.items()}
    table = [
        Row.rate(
            "3v3, 4096 games, numpy", "env-steps/s", wall["numpy"], wall.get("mujoco"), "mujoco.rollout, one thread, no rules", target=150e3
        ),
        Row.rate("same, per CPU second", "env-steps/s", cpu["numpy"], cpu.get("mujoco"), "mujoco.rollout, no rules"),
        Row.cost("cost of a step at 16,384 games, numpy", "us", 1e6 / cpu["numpy 16384"], 1e6 / cpu["numpy 64"], "64 games", target=1.1),
        Row.rate("Solo-Bump, 4096 games, numpy", "env-steps/s", wall["drill"], None, ""),
    ]
    if "jax" in missing:
        return [*table, skipped("3v3, 4096 games, JAX", missing["jax"]), gpu_row()]
    table += [
        Row.rate("3v3, 4096 games, JAX", "env-steps/s", wall["jax"], wall["numpy"], "numpy", target=600e3),
        Row.rate("same, per CPU second", "env-steps/s", cpu["jax"], cpu["numpy"], "numpy"),
        Row.cost("cost of a step at 16,384 games, JAX", "us", 1e6 / cpu["jax 16384"], 1e6 / cpu["jax 64"], "64 games", target=1.1),
    ]
    table.append(Row.rate("Solo-Bump, 4096 games, JAX", "env-steps/s", wall["jax drill"], wall["drill"], "numpy"))
    for peer, factor in (("mujoco", 20.0), ("pybullet", 100.0)):
        if peer in missing:
            table.append(skipped(f"JAX against {peer}", missing[peer]))
        else:
            what = f"{peer}: six quadrotors and a ball, no rules, no observations"
            table.append(Row.speedup(f"JAX against {peer}, per CPU second", "env-steps/s", cpu["jax"], cpu[peer], what, target=factor))
    return [*table, gpu_row()]


if __name__ == "__main__":
    options = arguments(__doc__)
    show(rows(quick=options.quick), options)
