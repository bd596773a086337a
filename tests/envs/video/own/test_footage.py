"""Filmed clips that a package brings, in place of what was drawn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import mtenvs
from mtenvs.envs.video.own.library import RealClip, real_clips

av = pytest.importorskip("av", reason="the extra `video` is not installed")
CLIPS = real_clips()
pytestmark = pytest.mark.skipif(not CLIPS, reason="the extra `footage` is not installed")


@pytest.mark.parametrize("clip", CLIPS, ids=lambda c: c.path.name)
def test_frames_of_real_footage_are_those_of_a_plain_decoder(clip: RealClip) -> None:
    from mtenvs.backends.video import VideoStore  # noqa: PLC0415 - needs the extra

    with av.open(str(clip.path)) as container:
        plain = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    with VideoStore.open(clip.path, sidecar=False) as store:
        assert store.info.num_frames == len(plain)
        for number in (len(plain) - 1, 0, len(plain) // 2, 7, len(plain) // 2 + 1):
            (got,) = store.frames([number])
            apart = [np.abs(got.astype(int) - plain[n]).mean() for n in {number, max(0, number - 3), min(number + 3, len(plain) - 1)}]
            assert np.abs(got.astype(int) - plain[number]).mean() < 2
            assert min(apart) == np.abs(got.astype(int) - plain[number]).mean(), "no other frame is nearer"


def test_a_question_of_ones_own_about_real_footage_can_be_played(tmp_path: Path) -> None:
    rows = [{"problem_id": 1, "problem": "What is it?\nA. a film\nB. a song", "videos": str(CLIPS[0].path), "answer": "<answer>A</answer>"}]
    (tmp_path / "test.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with mtenvs.make("FrameThinker", data_dir=tmp_path, split="test") as env:
        obs, _ = env.reset(seed=0)
        assert obs["num_frames"] == 8
        assert obs["frames"][:8].any(axis=(1, 2, 3)).all()
        _, reward, terminated, _, info = env.step("<action>output answer: A</action>")
    assert (reward, terminated, info["stop_reason"]) == (1.0, True, "goal_reached")
