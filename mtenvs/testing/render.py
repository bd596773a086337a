"""Checks of rendering: each render mode gives what it says."""

from __future__ import annotations

from typing import Any, Final

import gymnasium as gym
import numpy as np

from mtenvs.testing.base import Factory, NotApplicable, idle_of, opened, require, start, take

_KNOWN: Final = ("rgb_array", "ansi", "human")
_SMALLEST: Final = 16  # pixels; nothing can be recognised in less


def check_render(factory: Factory) -> None:
    """``rgb_array`` gives fresh uint8 pictures that show something, ``ansi`` text, ``human`` and None give None."""
    with opened(factory) as env:
        modes = list(env.metadata.get("render_modes", ()))
        require("render_fps" in env.metadata, "put render_fps into the class's metadata")
        start(env)
        require(env.unwrapped.render() is None, "render() without a render mode must give None")
    strange = [m for m in modes if m not in _KNOWN]
    require(not strange, f"the render modes {strange} do not exist; use {', '.join(_KNOWN)}")
    for mode in modes:
        with opened(factory, render_mode=mode) as env:
            require(env.render_mode == mode, f"render_mode={mode!r} was not kept: hand it on to MultiTurnEnv.__init__")
            start(env)
            _look(env, mode)
            take(env, idle_of(env))
            _look(env, mode)
    if not modes:
        raise NotApplicable("there are no render modes")


def _look(env: gym.Env[Any, Any], mode: str) -> None:
    shown: Any = env.render()
    if mode == "human":
        require(shown is None, f"render() in mode 'human' must give None, not {type(shown).__name__}")
    elif mode == "ansi":
        require(isinstance(shown, str) and shown.strip(), f"render() in mode 'ansi' must give text to read, not {shown!r}")
    else:
        _picture(shown, env.render())


def _picture(shown: Any, again: Any) -> None:
    is_picture = isinstance(shown, np.ndarray) and shown.dtype == np.uint8 and shown.ndim == 3 and shown.shape[2] == 3
    about = f"{shown.dtype}{list(shown.shape)}" if isinstance(shown, np.ndarray) else type(shown).__name__
    require(is_picture, f"render() in mode 'rgb_array' must give uint8 (H, W, 3), not {about}")
    require(min(shown.shape[:2]) >= _SMALLEST, f"a picture of {shown.shape[1]} x {shown.shape[0]} pixels shows nothing")
    require(int(shown.max()) > int(shown.min()), "the picture has one colour only: nothing is drawn")
    require(np.array_equal(shown, again), "two calls of render() without a step between them must give the same picture")
    require(not np.shares_memory(shown, again), "two pictures share memory: return a copy from _image()")
