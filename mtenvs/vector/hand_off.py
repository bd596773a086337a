"""`to_torch`: a batch of observations from numpy to tensors on a device, by the shortest way."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import MissingRequirement

try:
    import torch
except ImportError as e:
    raise MissingRequirement("torch", "torch", 'pip install "mtenvs[torch]"') from e

_CHUNK_BYTES: Final = 2 * 2**20  # one part is copied into pinned memory while the one before is on its way to the device


def to_torch(obs: Any, device: Any = "cpu") -> Any:
    """Observations with every array as a tensor; what has no numbers in it stays as it is.

    To a CUDA device arrays go through pinned memory and are on their way when this returns: work that is queued on the same stream
    afterwards sees them whole, and the arrays may be changed at once (save those that lie in pinned memory already: they are sent
    from where they are, so leave them alone until the stream has got there). On the CPU a tensor shares the memory of its array,
    except for read-only arrays, such as views of a batch's own memory, which are copied.

    Args:
        obs: an array, or a dictionary, tuple or list of such, as `reset` and `step` of a batch give it. Text is a tuple of ``str``.
        device: a `torch.device` or its name.

    Returns:
        The same structure; each tensor has its array's shape and dtype. Arrays of objects or of text stay numpy.
    """
    target = torch.device(device)
    if isinstance(obs, dict):
        return {key: to_torch(value, target) for key, value in obs.items()}
    if isinstance(obs, (tuple, list)):
        return type(obs)(to_torch(value, target) for value in obs)
    if isinstance(obs, np.generic):
        obs = np.asarray(obs)
    if not isinstance(obs, np.ndarray) or obs.dtype.kind not in "biufc":
        return obs
    return _send(_tensor(obs), target) if target.type == "cuda" else _tensor(obs, own=not obs.flags.writeable).to(target)


class _SameMemory:
    """The memory of a read-only array, as numpy describes writable memory."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.__array_interface__["data"][0], False)}


def _tensor(array: NDArray[Any], *, own: bool = False) -> torch.Tensor:
    """The array as a CPU tensor: a copy when ``own``, else on the same memory, where torch can address it."""
    whole = array.astype(array.dtype.newbyteorder("="), order="C", copy=own)  # torch knows no negative strides
    if not whole.flags.writeable:
        whole = np.asarray(_SameMemory(whole))  # torch warns of read-only memory; here it is read at once and never written
    return torch.from_numpy(whole)


def _send(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """A CPU tensor on a CUDA device, part by part, so that filling pinned memory and the transfer overlap."""
    if tensor.is_pinned():
        return tensor.to(device, non_blocking=True)
    out = torch.empty(tensor.shape, dtype=tensor.dtype, device=device)
    _in_parts(tensor.reshape(-1), out.reshape(-1), _CHUNK_BYTES, pin=True)
    return out


def _in_parts(source: torch.Tensor, target: torch.Tensor, chunk_bytes: int, *, pin: bool) -> None:
    """Copy one flat tensor into another through staging memory.

    Torch's pinned allocator keeps a block until the copies that read it are done, so a block may be dropped at once.
    """
    step = max(1, chunk_bytes // max(1, source.element_size()))
    for begin in range(0, source.numel(), step):
        part = source[begin : begin + step]
        staged = torch.empty(part.shape, dtype=part.dtype, pin_memory=pin)
        staged.copy_(part)
        target[begin : begin + step].copy_(staged, non_blocking=True)
