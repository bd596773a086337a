"""Torch modules as policies: a batch of observations becomes tensors, a module turns them into actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from mtenvs.core.errors import MissingRequirement

try:
    import torch
except ImportError as e:
    raise MissingRequirement("torch", "torch", 'pip install "mtenvs[torch]"') from e


class ActsOnTensors(Protocol):
    """What `TorchPolicy` drives; an `nn.Module` whose `forward` does this is one."""

    def __call__(self, tensors: Any, /) -> Any:
        """Actions for a batch.

        Args:
            tensors: the observations, a dictionary of tensors ``(n, ...)`` and of tuples of ``n`` strings.

        Returns:
            A tensor ``(n,)`` of whole numbers for `Discrete`, ``(n, ...)`` for `Box`, or a sequence of ``n`` actions or
            `mtenvs.core.trajectory.Reply`.
        """
        ...


class TorchPolicy:
    """A module as a policy, without gradients.

    Args:
        act: the module; it is on ``device`` already.
        hand_off: how observations become tensors on a device: `mtenvs.vector.hand_off.to_torch`.
        device: where the module is.
        name: for tables; by default the class of the module.
    """

    def __init__(self, act: ActsOnTensors, hand_off: Callable[[Any, Any], Any], device: Any = "cpu", name: str = "") -> None:
        self.name = name or f"torch:{type(act).__name__}"
        self._act, self._hand_off, self._device = act, hand_off, torch.device(device)

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Any]:  # noqa: ARG002 - a module without memory
        """One action for each row of the observations."""
        with torch.inference_mode():
            actions = self._act(self._hand_off(obs, self._device))
        if isinstance(actions, torch.Tensor):
            actions = actions.cpu().numpy()  # one copy for all, and it waits for the device
        return list(actions)
