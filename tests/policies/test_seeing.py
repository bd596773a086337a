from __future__ import annotations

import sys

import pytest

import mtenvs
from mtenvs.core.errors import UnknownOption
from mtenvs.policies import named_policy

pytest.importorskip("av", reason="the extra `video` is not installed")


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the extra `ocr` has no release for this Python")
def test_frames_alone_are_enough_for_some_questions() -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
    venv = mtenvs.make_vec("FrameThinker", num_envs=1, backend="sync", tiers=["clip"])
    try:
        tasks = ["clip-0/event/0", "clip-0/sign/0", "clip-0/absence/0"]
        episodes = mtenvs.rollout(venv, named_policy("seeing", venv), len(tasks), tasks=tasks)
    finally:
        venv.close()
    assert sum(bool(e.success) for e in episodes) >= 2


def test_it_says_where_it_belongs() -> None:
    venv = mtenvs.make_vec("LongExecution", num_envs=1, backend="sync")
    try:
        with pytest.raises(UnknownOption, match="frames"):
            named_policy("seeing", venv)
    finally:
        venv.close()
