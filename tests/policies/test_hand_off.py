"""Observations to tensors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'mtenvs[torch]'")

from mtenvs.policies.torch import TorchPolicy  # noqa: E402 - only where torch is
from mtenvs.vector import hand_off  # noqa: E402 - same
from mtenvs.vector.hand_off import to_torch  # noqa: E402 - same


def batch() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "goal": ("find it", "漢字"),
        "text": ("a", "b"),
        "image": rng.integers(0, 256, (2, 8, 9, 3), dtype=np.uint8),
        "state": rng.standard_normal((2, 5)),
        "action_mask": np.ones((2, 4), np.int8),
        "num_frames": np.array([1, 2]),
    }


def test_arrays_become_tensors_of_their_dtype_and_text_stays() -> None:
    obs = batch()
    out = to_torch(obs)
    assert out["goal"] == obs["goal"]
    assert {k: v.dtype for k, v in out.items() if k not in ("goal", "text")} == {
        "image": torch.uint8,
        "state": torch.float64,
        "action_mask": torch.int8,
        "num_frames": torch.int64,
    }
    for key in ("image", "state", "action_mask", "num_frames"):
        assert np.array_equal(out[key].numpy(), obs[key])


def test_on_the_cpu_writable_memory_is_shared_and_read_only_memory_is_copied_without_a_warning() -> None:
    array = np.zeros((2, 3), np.float32)
    shared = to_torch({"state": array})["state"]
    view = array.view()
    view.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        copied = to_torch({"state": view})["state"]
    array[:] = 1
    assert float(shared.sum()) == 6
    assert float(copied.sum()) == 0


@pytest.mark.parametrize(
    "array", [np.arange(12, dtype=np.int16)[::-2], np.arange(4, dtype=">f4"), np.float32(2), np.zeros((0, 3)), np.array(True)]
)
def test_odd_arrays_keep_their_values(array: Any) -> None:
    out = to_torch((array,))[0]
    assert out.shape == np.shape(array)
    assert np.array_equal(out.numpy(), array)


def test_what_has_no_numbers_is_left_alone() -> None:
    objects = np.array([None, {}], object)
    assert to_torch({"x": objects, "y": None, "z": "text"}) == {"x": objects, "y": None, "z": "text"}


@pytest.mark.parametrize("chunk", [1, 7, 64, 10_000])
def test_parts_join_up(chunk: int) -> None:
    source = torch.arange(500, dtype=torch.int32)
    target = torch.zeros_like(source)
    hand_off._in_parts(source, target, chunk, pin=False)
    assert torch.equal(source, target)


def test_a_read_only_array_is_seen_without_a_copy_on_its_way_to_a_device() -> None:
    array = np.arange(6.0)
    array.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tensor = hand_off._tensor(array)
    assert tensor.data_ptr() == array.ctypes.data


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
def test_a_cuda_device_gets_the_same_numbers() -> None:
    obs = batch()
    obs["image"] = np.random.default_rng(1).integers(0, 256, (64, 224, 224, 3), dtype=np.uint8)
    out = to_torch(obs, "cuda")
    assert out["image"].is_cuda
    assert np.array_equal(out["image"].cpu().numpy(), obs["image"])
    assert np.array_equal(out["state"].cpu().numpy(), obs["state"])


def test_a_module_is_a_policy() -> None:
    def act(tensors: Any) -> Any:
        assert not torch.is_grad_enabled()
        return tensors["state"].argmax(dim=1)

    obs = batch()
    policy = TorchPolicy(act, to_torch, name="argmax")
    assert policy(obs) == list(obs["state"].argmax(axis=1))
    assert policy(obs, env_ids=[3, 9]) == policy(obs)
    assert policy.name == "argmax"
    assert TorchPolicy(lambda tensors: list(tensors["text"]), to_torch)(obs) == ["a", "b"]
