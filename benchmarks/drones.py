"""How fast drones play volleyball here, against MuJoCo's batched rollout and pybullet on the same 20 ms of a 3v3 game.

Ours includes rules, rewards, observations and restarts; the peers only move six quadrotors and a ball. Rates are in wall time on all cores;
ratios to peers and between sizes are in CPU seconds of this process, so that a busy machine counts for both alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from _table import Row, arguments, show

from mtenvs.envs.drones.engine import VolleyEngine
from mtenvs.envs.drones.game import advance
from mtenvs.envs.drones.params import PRESETS

GAMES = 4096
DRONE = PRESETS["volleybots"].drone
SUBSTEPS = 4
"""Steps of 5 ms that the peers take for 20 ms of game."""

Timed = Callable[[], int]
"""Does some work and says how many env-steps it was."""


def numpy_steps(games: int, steps: int) -> Timed:
    """Steps of the numpy engine with noise around the trim as commands."""
    engine = VolleyEngine(teams="3v3", games=games, autoreset=True)
    engine.reset(seed=0)
    commands = _commands(engine)

    def work() -> int:
        for i in range(steps):
            engine.step(commands[i % len(commands)])
        return games * steps

    return work


def jax_steps(games: int, steps: int) -> Timed:
    """The same under JAX: the whole loop compiled, all observations and rewards computed and summed."""
    import jax  # noqa: PLC0415  # optional: only this row needs it

    engine = VolleyEngine(teams="3v3", games=games, autoreset=True, xp="jax")
    engine.reset(seed=0)
    commands = jax.numpy.asarray(np.stack([part.transpose(1, 2, 0) for part in _commands(engine)]))

    def turn(world: Any, i: Any) -> Any:
        world, out = advance(world, commands[i % len(commands)], engine.setup)
        return world, (out.obs.sum(), out.reward.sum())

    run = jax.jit(lambda world: jax.lax.scan(turn, world, jax.numpy.arange(steps)))

    def work() -> int:
        jax.block_until_ready(run(engine.world))  # type: ignore[no-untyped-call,unused-ignore]  # typed in no version yet
        return games * steps

    return work


def _commands(engine: VolleyEngine) -> list[Any]:
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


def pybullet_steps(steps: int) -> Timed:
    """Six bodies, each pushed by four rotors and turned by their drag from Python, a ball and a floor in pybullet's direct mode."""
    import pybullet as bullet  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  # a peer, without types

    client = bullet.connect(bullet.DIRECT)
    bullet.setGravity(0, 0, -9.81, physicsClientId=client)
    bullet.setTimeStep(0.005, physicsClientId=client)
    plane = bullet.createCollisionShape(bullet.GEOM_PLANE, physicsClientId=client)
    disc = bullet.createCollisionShape(bullet.GEOM_CYLINDER, radius=0.2, height=0.02, physicsClientId=client)
    sphere = bullet.createCollisionShape(bullet.GEOM_SPHERE, radius=0.1, physicsClientId=client)
    bullet.createMultiBody(0, plane, physicsClientId=client)
    bullet.createMultiBody(0.005, sphere, basePosition=[0, 0, 5], physicsClientId=client)
    places = [[3 * (i % 3) - 4, 3 * (i // 3), 2] for i in range(6)]
    drones = [bullet.createMultiBody(DRONE.mass, disc, basePosition=place, physicsClientId=client) for place in places]
    push, twist = [0, 0, DRONE.mass * 9.81 / 4], [0, 0, 0.001]
    rotors = [[x, y, 0] for x, y in zip(DRONE.rotor_x, DRONE.rotor_y, strict=True)]

    def work() -> int:
        for _ in range(steps * SUBSTEPS):
            for drone in drones:
                for rotor in rotors:
                    bullet.applyExternalForce(drone, -1, push, rotor, bullet.LINK_FRAME, physicsClientId=client)
                bullet.applyExternalTorque(drone, -1, twist, bullet.LINK_FRAME, physicsClientId=client)
            bullet.stepSimulation(physicsClientId=client)
        return steps

    return work


def measure(work: dict[str, Timed], rounds: int) -> dict[str, tuple[float, float]]:
    """Median env-steps per wall second and per CPU second of each, in turns, after one round to warm up."""
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for lap in range(rounds + 1):
        for name, run in work.items():
            wall, cpu = time.perf_counter(), time.process_time()
            done = run()
            taken = time.perf_counter() - wall, time.process_time() - cpu
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
    rate = measure({"gpu": jax_steps(65536, 200)}, 3)["gpu"][0]
    return Row.rate(name, "env-steps/s", rate, None, "", target=10e6)


def rows(*, quick: bool) -> list[Row]:
    """All rows."""
    rounds = 3 if quick else 7
    work = {
        "numpy": numpy_steps(GAMES, 8 if quick else 20),
        "numpy 64": numpy_steps(64, 40 if quick else 200),
        "numpy 16384": numpy_steps(4 * GAMES, 2 if quick else 5),
    }
    missing: dict[str, str] = {}
    peers: dict[str, Callable[[], Timed]] = {
        "jax": lambda: jax_steps(GAMES, 20 if quick else 100),
        "jax 64": lambda: jax_steps(64, 1000),
        "jax 16384": lambda: jax_steps(4 * GAMES, 5 if quick else 25),
        "mujoco": lambda: mujoco_steps(64, 20 if quick else 50),
        "pybullet": lambda: pybullet_steps(100 if quick else 500),
    }
    for name, make in peers.items():
        if find_spec(name.partition(" ")[0]):
            work[name] = make()
        else:
            missing[name] = f"{name.partition(' ')[0]} is not installed"
    rate = measure(work, rounds)
    wall = {name: pair[0] for name, pair in rate.items()}
    cpu = {name: pair[1] for name, pair in rate.items()}
    table = [
        Row.rate(
            "3v3, 4096 games, numpy", "env-steps/s", wall["numpy"], wall.get("mujoco"), "mujoco.rollout, one thread, no rules", target=150e3
        ),
        Row.rate("same, per CPU second", "env-steps/s", cpu["numpy"], cpu.get("mujoco"), "mujoco.rollout, no rules"),
        Row.cost("cost of a step at 16,384 games, numpy", "us", 1e6 / cpu["numpy 16384"], 1e6 / cpu["numpy 64"], "64 games", target=1.1),
    ]
    if "jax" in missing:
        return [*table, skipped("3v3, 4096 games, JAX", missing["jax"]), gpu_row()]
    table += [
        Row.rate("3v3, 4096 games, JAX", "env-steps/s", wall["jax"], wall["numpy"], "numpy", target=600e3),
        Row.rate("same, per CPU second", "env-steps/s", cpu["jax"], cpu["numpy"], "numpy"),
        Row.cost("cost of a step at 16,384 games, JAX", "us", 1e6 / cpu["jax 16384"], 1e6 / cpu["jax 64"], "64 games", target=1.1),
    ]
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
