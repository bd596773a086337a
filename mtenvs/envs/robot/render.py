"""Pictures of a robot world: any camera at any size, fast or as metaworld draws them, upright."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, cast
from weakref import WeakValueDictionary, finalize

import numpy as np
import numpy.typing as npt

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.robot.gl import Drawer, drawer
from mtenvs.envs.robot.upstream import mujoco

Quality = Literal["fast", "official"]
Image = npt.NDArray[np.uint8]
_MAX_GEOMS: Final = 1000
_MAX_SIDE: Final = 4096


@dataclass(frozen=True)
class Camera:
    """A view.

    Args:
        name: of the camera in metaworld's models.
        turned: whether the picture is turned by 180 degrees; the corner cameras hang upside-down in the models.
        position: where to put it instead, xyz in metres; its direction stays.
    """

    name: str
    turned: bool = False
    position: tuple[float, float, float] | None = None


CAMERAS: Final[dict[str, Camera]] = {
    name: Camera(name, turned=name.startswith("corner"))
    for name in ("topview", "corner", "corner2", "corner3", "corner4", "behindGripper", "gripperPOV")
}
LEROBOT: Final = Camera("corner2", turned=True, position=(0.75, 0.075, 0.7))
"""The view of LeRobot's Meta-World policies and data sets (lerobot/envs/metaworld.py)."""
LEROBOT_SIZE: Final = (480, 480)
"""Width and height that go with it."""
LEROBOT_FPS: Final = 80


def lerobot_observation(image: Image, observation: npt.NDArray[np.float64]) -> dict[str, Any]:
    """LeRobot's ``pixels_agent_pos`` observation of one moment.

    Args:
        image: `Pictures.take` with `LEROBOT` at `LEROBOT_SIZE` in ``"official"`` quality, uint8 ``(480, 480, 3)``.
        observation: float64 ``(39,)``.

    Returns:
        ``pixels`` (the image) and ``agent_pos``, float64 ``(4,)``: hand xyz and gripper opening.
    """
    return {"pixels": image, "agent_pos": observation[:4].copy()}


class Stage:
    """What OpenGL needs to draw one model in one quality: shared by all worlds of that model.

    Args:
        drawer: the thread that draws.
        model: a `mujoco.MjModel`; meshes and textures go to OpenGL once.
        quality: see `Pictures.take`.
    """

    def __init__(self, drawer: Drawer, model: Any, quality: Quality) -> None:
        self._quality, self._size = quality, (0, 0)
        self._context = drawer(lambda: self._make_context(model))
        self._scene = mujoco.MjvScene(model, maxgeom=_MAX_GEOMS)
        if quality == "fast":
            self._scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = 0
            self._scene.flags[mujoco.mjtRndFlag.mjRND_REFLECTION] = 0
        self._view, self._option, self._perturb = mujoco.MjvCamera(), mujoco.MjvOption(), mujoco.MjvPerturb()
        self._view.type = mujoco.mjtCamera.mjCAMERA_FIXED
        finalize(self, drawer.later, self._context.free)

    def _make_context(self, model: Any) -> Any:
        """MuJoCo reads shadow size and samples from the model, when the context is made and only then."""
        quality = model.vis.quality
        own = quality.shadowsize, quality.offsamples
        if self._quality == "fast":
            quality.shadowsize, quality.offsamples = 0, 0
        try:
            context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_150)
        finally:
            quality.shadowsize, quality.offsamples = own
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, context)
        self._size = context.offWidth, context.offHeight
        return context

    def draw(self, model: Any, data: Any, camera: int, width: int, height: int) -> Image:
        """A picture as OpenGL has it, bottom row first; to be called in the drawer's thread."""
        if width > self._size[0] or height > self._size[1]:
            self._size = max(width, self._size[0]), max(height, self._size[1])
            mujoco.mjr_resizeOffscreen(*self._size, self._context)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._view.fixedcamid = camera
        mujoco.mjv_updateScene(model, data, self._option, self._perturb, self._view, mujoco.mjtCatBit.mjCAT_ALL, self._scene)
        area = mujoco.MjrRect(0, 0, width, height)
        image = np.empty((height, width, 3), np.uint8)
        mujoco.mjr_render(area, self._scene, self._context)
        mujoco.mjr_readPixels(image, None, area, self._context)
        return image


_stages: WeakValueDictionary[tuple[Drawer, str, Quality], Stage] = WeakValueDictionary()
_lock = threading.Lock()


def _forget() -> None:
    global _lock  # noqa: PLW0603 - locks do not survive a fork
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_forget)


class Pictures:
    """Takes the pictures of one world.

    Args:
        path: of the model's file: worlds of equal paths share a stage.
        model: the world's `mujoco.MjModel`.
        data: the world's `mujoco.MjData`.
    """

    def __init__(self, path: str, model: Any, data: Any) -> None:
        self._path, self._model, self._data = path, model, data
        self._held: dict[tuple[Drawer, str, Quality], Stage] = {}

    def take(self, camera: str | Camera, width: int, height: int, quality: Quality) -> Image:
        """A picture of now, uint8 ``(height, width, 3)``, top row first and upright.

        Args:
            camera: a name in `CAMERAS` or a `Camera`.
            width: pixels, 1 to 4096.
            height: pixels, 1 to 4096.
            quality: ``"fast"`` (no shadows, reflections, multi-sampling) or ``"official"`` (metaworld's look).

        Raises:
            UnknownOption: no such camera, size or quality.
            MissingRequirement: no OpenGL library for drawing without a display.
        """
        if isinstance(camera, str):
            if camera not in CAMERAS:
                raise UnknownOption(f"camera={camera!r} does not exist; {did_you_mean(camera, CAMERAS)}")
            camera = CAMERAS[camera]
        if quality not in ("fast", "official"):
            raise UnknownOption(f"render quality {quality!r} does not exist; choose 'fast' or 'official'")
        if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
            raise UnknownOption(f"a picture of {width} x {height} is not possible; sides go from 1 to {_MAX_SIDE}")
        number = mujoco.mj_name2id(self._model, mujoco.mjtObj.mjOBJ_CAMERA, camera.name)
        if number < 0:
            raise UnknownOption(f"this task's model has no camera {camera.name!r}")
        thread = drawer()
        stage, place = self._stage(thread, quality), camera.position
        raw = thread(lambda: self._draw(stage, number, place, width, height))
        # OpenGL's first row is the bottom one: turning the picture by 180 degrees leaves only a mirror of the columns.
        return np.ascontiguousarray(raw[:, ::-1] if camera.turned else raw[::-1])

    def close(self) -> None:
        """Let go of the stages; the last world of a model frees them."""
        self._held.clear()

    def _stage(self, thread: Drawer, quality: Quality) -> Stage:
        key = (thread, self._path, quality)
        if key not in self._held:
            with _lock:
                stage = _stages.get(key)
                if stage is None:
                    stage = _stages[key] = Stage(thread, self._model, quality)
                self._held[key] = stage
        return self._held[key]

    def _draw(self, stage: Stage, number: int, place: tuple[float, float, float] | None, width: int, height: int) -> Image:
        model, data = self._model, self._data
        for update in _UPDATES:
            update(model, data)
        if place is not None:
            data.cam_xpos[number] = place
        try:
            return stage.draw(model, data, number, width, height)
        finally:
            if place is not None:
                mujoco.mj_camlight(model, data)


_UPDATES: Final = cast("tuple[Callable[[Any, Any], None], ...]", (mujoco.mj_kinematics, mujoco.mj_comPos, mujoco.mj_camlight))
"""Puts bodies, cameras and lights where the joints say; changes nothing that a later step starts from."""
