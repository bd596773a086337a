"""Pictures: every camera upright, equal to metaworld's in official quality, safe among threads and forks, freed when closed."""

from __future__ import annotations

import ctypes
import gc
import importlib
import multiprocessing
import os
import signal
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("metaworld", reason="the robot extra is not installed")

from mtenvs.core.errors import MissingRequirement, UnknownOption
from mtenvs.envs.robot import gl, render
from mtenvs.envs.robot.render import CAMERAS, LEROBOT, LEROBOT_SIZE, Camera, lerobot_observation
from mtenvs.envs.robot.upstream import ALL_V3_ENVIRONMENTS, mujoco
from mtenvs.envs.robot.world import RobotWorld


@pytest.fixture(scope="module")
def world() -> Iterator[RobotWorld]:
    made = RobotWorld("pick-place-v3")
    made.reset(0)
    try:
        made.render("corner", 32, 32)
    except MissingRequirement as error:
        pytest.skip(str(error))
    yield made
    made.close()


def background(rows: np.ndarray) -> float:
    """Share of pixels in the even grey behind the scene."""
    return float((np.abs(rows.astype(int) - [127, 125, 121]).max(axis=2) < 6).mean())


@pytest.mark.parametrize("quality", ["fast", "official"])
@pytest.mark.parametrize("camera", CAMERAS)
def test_every_camera_shows_the_scene(world: RobotWorld, camera: str, quality: Any) -> None:
    image = world.render(camera, 96, 64, quality=quality)
    assert image.shape == (64, 96, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert image.std() > 20


@pytest.mark.parametrize("camera", ["corner", "corner2", "corner4", "behindGripper", LEROBOT])
def test_pictures_are_upright(world: RobotWorld, camera: str | Camera) -> None:
    image = world.render(camera, 120, 120)
    assert background(image[:15]) > 0.5
    assert background(image[-15:]) < 0.1


def test_the_arm_moves_down_in_the_picture_when_it_moves_down() -> None:
    world, fingers = RobotWorld("reach-v3"), []
    world.reset(0)
    for _ in range(2):
        image = world.render("corner2", 200, 200).astype(int)
        cyan = (image[..., 2] > 150) & (image[..., 0] < 60)  # one finger is cyan
        fingers.append(float(np.argwhere(cyan)[:, 0].mean()))
        for _ in range(40):
            world.step(np.array([0, 0, -1, 0], np.float32))
    assert fingers[1] > fingers[0] + 3
    world.close()


@pytest.mark.parametrize("size", [(1, 1), (84, 84), (224, 100), (640, 700), (1300, 40)])
def test_any_size(world: RobotWorld, size: tuple[int, int]) -> None:
    assert world.render("topview", *size).shape == (size[1], size[0], 3)


def test_the_official_quality_is_metaworlds_to_the_pixel(world: RobotWorld) -> None:
    if tuple(map(int, mujoco.__version__.split(".")[:2])) >= (3, 17):
        pytest.skip("metaworld's own envs do not start with this mujoco")
    vector = world.goal_vector
    world.render("corner", 8, 8)  # chooses the OpenGL backend for metaworld too
    peer: Any = ALL_V3_ENVIRONMENTS["pick-place-v3"](render_mode="rgb_array", camera_name="corner", width=160, height=160)
    peer._set_task_called, peer._last_rand_vec, peer._partially_observable = True, vector, False
    del peer.sawyer_observation_space
    peer.reset()
    world.reset(0, goal=vector)
    for action in np.random.default_rng(0).uniform(-1, 1, (15, 4)).astype(np.float32):
        peer.step(action)
        world.step(action)
    theirs, ours = peer.render(), world.render("corner", 160, 160, quality="official")
    peer.close()
    assert np.array_equal(ours, theirs[::-1, ::-1])
    assert np.array_equal(world.render("corner", 160, 160, quality="official"), ours)  # metaworld's context did not harm ours
    fast = world.render("corner", 160, 160)
    assert not np.array_equal(fast, ours)
    assert np.abs(fast.astype(int) - ours).mean() < 15


def test_fast_pictures_cost_a_sixth_of_official_ones(world: RobotWorld) -> None:
    def cost(quality: Any) -> float:
        world.render("corner2", 224, 224, quality=quality)
        began = time.process_time()
        for _ in range(3):
            world.render("corner2", 224, 224, quality=quality)
        return time.process_time() - began

    if "llvmpipe" not in renderer():
        pytest.skip("the ratio is promised for Mesa's software renderer; this machine draws with something else")
    assert cost("fast") < cost("official") / 6


def renderer() -> str:
    def ask() -> str:
        from OpenGL import GL  # noqa: PLC0415 - only after the backend is chosen

        return str(GL.glGetString(GL.GL_RENDERER))

    return gl.drawer()(ask)


def test_lerobots_preset_moves_the_camera_and_nothing_else(world: RobotWorld) -> None:
    world.reset(0)
    plain = world.render("corner2", 64, 64)
    snapshot = world.snapshot()
    image = world.render(LEROBOT, *LEROBOT_SIZE, quality="official")
    seen = lerobot_observation(image, world.observation)
    assert seen["pixels"].shape == (480, 480, 3)
    assert np.array_equal(seen["agent_pos"], world.observation[:4])
    assert np.array_equal(world.render("corner2", 64, 64), plain)
    assert world.snapshot() == snapshot


def test_pictures_change_nothing_that_is_played() -> None:
    seen, unseen = RobotWorld("window-close-v3"), RobotWorld("window-close-v3")
    seen.reset(0)
    unseen.reset(0)
    for action in np.random.default_rng(0).uniform(-1, 1, (20, 4)).astype(np.float32):
        seen.render("gripperPOV", 32, 32)
        ours, theirs = seen.step(action), unseen.step(action)
        assert np.array_equal(ours[0], theirs[0])
        assert ours[1:] == theirs[1:]
    seen.close()


def test_worlds_in_threads_do_not_disturb_each_other() -> None:
    worlds = [RobotWorld(task) for task in ("pick-place-v3", "soccer-v3", "pick-place-v3", "door-open-v3")]
    alone = []
    for seed, one in enumerate(worlds):
        one.reset(seed)
        alone.append([one.render(camera, 48 + 16 * seed, 64) for camera in ("corner2", "gripperPOV")])
    wrong: list[int] = []

    def draw(i: int) -> None:
        for _ in range(5):
            again = [worlds[i].render(camera, 48 + 16 * i, 64) for camera in ("corner2", "gripperPOV")]
            wrong.extend(i for a, b in zip(again, alone[i], strict=True) if not np.array_equal(a, b))

    threads = [threading.Thread(target=draw, args=(i,)) for i in range(len(worlds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sum(thread.name == "mtenvs-gl" for thread in threading.enumerate()) == 1
    for one in worlds:
        one.close()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system does not fork")
def test_a_forked_child_draws_too(world: RobotWorld) -> None:
    world.reset(0)
    expected = world.render("corner2", 64, 64)
    if "llvmpipe" not in renderer():
        pytest.skip("a GPU driver's context does not survive a fork; Mesa's software renderer is needed")
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(world.render("corner2", 64, 64), expected) else 1)
    ends: list[int] = []
    waiter = threading.Thread(target=lambda: ends.append(os.waitpid(child, 0)[1]))
    waiter.start()
    waiter.join(timeout=60)
    if waiter.is_alive():
        os.kill(child, signal.SIGKILL)
        waiter.join()
    assert ends == [0]


def test_a_closed_world_leaves_nothing_and_draws_again() -> None:
    world = RobotWorld("hammer-v3")
    world.reset(0)
    first = world.render("corner2", 40, 40)
    stage = weakref.ref(next(iter(world._pictures._held.values())))
    world.close()
    gc.collect()
    assert stage() is None
    assert np.array_equal(world.render("corner2", 40, 40), first)
    model = weakref.ref(world._sim.model)
    world.close()
    del world
    gc.collect()
    assert model() is None


def test_worlds_of_one_model_share_what_opengl_holds() -> None:
    a, b = RobotWorld("soccer-v3"), RobotWorld("soccer-v3")
    for one in (a, b):
        one.reset(0)
        one.render("corner", 20, 20)
    assert next(iter(a._pictures._held.values())) is next(iter(b._pictures._held.values()))
    assert np.array_equal(a.render("corner", 60, 60), b.render("corner", 60, 60))
    a.close()
    b.render("corner", 20, 20)
    b.close()


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda w: w.render("corner5"), "corner"),
        (lambda w: w.render(Camera("nowhere")), "nowhere"),
        (lambda w: w.render("corner", 0, 5), "1 to 4096"),
        (lambda w: w.render("corner", 5, 10**12), "1 to 4096"),
        (lambda w: w.render("corner", quality="best"), "fast"),
    ],
)
def test_misuse_says_what_there_is(world: RobotWorld, ask: Callable[[RobotWorld], Any], says: str) -> None:
    with pytest.raises(UnknownOption, match=says):
        ask(world)


def test_without_opengl_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.delenv("MUJOCO_GL", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(MissingRequirement, match=r"apt-get install .*libosmesa6"):
        gl.Drawer()(lambda: None)


def test_the_users_backend_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUJOCO_GL", "off")
    with pytest.raises(MissingRequirement, match="unset MUJOCO_GL"):
        gl.Drawer()(lambda: None)
    asked = []

    class Context:
        def __init__(self, width: int, height: int) -> None:
            asked.append((width, height))

        def make_current(self) -> None:
            pass

        def free(self) -> None:
            asked.clear()

    monkeypatch.setenv("MUJOCO_GL", "osmesa")
    monkeypatch.setattr(importlib, "import_module", lambda name: type("module", (), {"GLContext": Context, "name": name}))
    one = gl.Drawer()
    assert one(lambda: len(asked)) == 1
    assert (one.backend, os.environ["MUJOCO_GL"]) == ("osmesa", "osmesa")
    one.stop()
    assert not asked


def test_an_error_in_the_drawing_thread_reaches_the_caller(world: RobotWorld) -> None:
    with pytest.raises(ZeroDivisionError):
        gl.drawer()(lambda: 1 // 0)
    assert world.render("corner", 16, 16).any()


def test_the_models_cameras_are_the_ones_offered(world: RobotWorld) -> None:
    model = world._sim.model
    assert {mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_CAMERA, i) for i in range(model.ncam)} == set(render.CAMERAS)
