"""A small CNN + MLP policy in plain torch: it looks at the picture and the numbers, and learns from the oracle's actions.

Run: python examples/cnn_policy.py [--episodes 24] [--epochs 20] [--device cuda] [--quick]
Behaviour cloning on Meta-World's reach-v3: the oracle plays some episodes, the network is fitted to its actions, then plays fresh ones.
"""
# ruff: noqa: INP001, T201 - a script, and it prints what it finds

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from mtenvs.policies import named_policy
from mtenvs.policies.torch import TorchPolicy
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec
from mtenvs.vector.hand_off import to_torch

ID = "mtenvs/MetaWorld-v0"
KWARGS: dict[str, Any] = {"task": "reach-v3", "obs_mode": "all", "image_size": 64, "max_turns": 60}


class CnnMlp(nn.Module):
    """Picture and state to an action.

    Args:
        state_size: length of the state.
        action_size: length of the action.
    """

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, state_size: int, action_size: int) -> None:
        super().__init__()
        self.eye = nn.Sequential(
            nn.Conv2d(3, 16, 5, stride=2), nn.ReLU(), nn.Conv2d(16, 32, 3, stride=2), nn.ReLU(),
            nn.Conv2d(32, 32, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.LazyLinear(64), nn.ReLU(),
        )  # fmt: skip
        self.head = nn.Sequential(nn.Linear(64 + state_size, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, action_size))
        self.register_buffer("mean", torch.zeros(state_size))
        self.register_buffer("scale", torch.ones(state_size))

    def forward(self, obs: dict[str, Any]) -> torch.Tensor:
        """Actions, float32 ``(n, action_size)`` in [-1, 1].

        Args:
            obs: ``image`` uint8 ``(n, H, W, 3)`` and ``state`` ``(n, state_size)``, as `to_torch` gives them.
        """
        seen = self.eye(obs["image"].permute(0, 3, 1, 2).float() / 255 - 0.5)
        known = (obs["state"].float() - self.mean) / self.scale
        return torch.tanh(self.head(torch.cat([seen, known], dim=1)))


class Recorder:
    """A policy that plays like another one and keeps what it saw and did."""

    def __init__(self, policy: Any) -> None:
        self.name, self._policy = policy.name, policy
        self.images: list[Any] = []
        self.states: list[Any] = []
        self.actions: list[Any] = []

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Any]:
        """The other policy's actions."""
        actions = list(self._policy(obs, env_ids=env_ids))
        self.images += list(obs["image"].copy())
        self.states += list(obs["state"].copy())
        self.actions += [np.clip(a, -1, 1) for a in actions]
        return actions


def fit(net: CnnMlp, data: dict[str, Any], actions: torch.Tensor, epochs: int, batch: int = 128) -> list[float]:
    """Fit the network to the actions; returns the mean squared error of each epoch."""
    net.mean.copy_(data["state"].float().mean(dim=0))
    net.scale.copy_(data["state"].float().std(dim=0) + 1e-3)
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    curve = []
    for epoch in range(epochs):
        losses = []
        order = torch.randperm(len(actions))
        for begin in range(0, len(actions), batch):
            rows = order[begin : begin + batch]
            loss = nn.functional.mse_loss(net({key: value[rows] for key, value in data.items()}), actions[rows])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            losses.append(float(loss.detach()))
        curve.append(float(np.mean(losses)))
        if epoch % max(1, epochs // 6) == 0 or epoch == epochs - 1:
            print(f"epoch {epoch + 1:3d}   mean squared error {curve[-1]:.4f}", flush=True)
    return curve


def main(argv: Sequence[str] | None = None) -> int:
    """Record, fit, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--num-envs", type=int, default=4)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--quick", action="store_true", help="a few episodes: shows that it runs, not that it learns")
    args = parser.parse_args(argv)
    episodes, epochs = (4, 3) if args.quick else (args.episodes, args.epochs)
    torch.manual_seed(0)
    venv = make_vec(ID, args.num_envs, backend="sync", **KWARGS)
    teacher = Recorder(named_policy("oracle", venv))
    shown = rollout(venv, teacher, episodes, seed=0)
    print(f"oracle: success {np.mean([e.success for e in shown]):.0%}, {len(teacher.actions)} turns recorded")
    recorded = {"image": np.stack(teacher.images), "state": np.stack(teacher.states)}
    data = to_torch(recorded, args.device)
    actions = to_torch(np.stack(teacher.actions).astype(np.float32), args.device)
    net = CnnMlp(data["state"].shape[1], actions.shape[1]).to(args.device)
    net({key: value[:1] for key, value in data.items()})  # the lazy layer takes its size from the first picture
    policy = TorchPolicy(net, to_torch, args.device)
    before = np.mean([e.success for e in rollout(venv, policy, episodes, seed=10_000)])
    fit(net, data, actions, epochs)
    after = np.mean([e.success for e in rollout(venv, policy, episodes, seed=10_000)])
    venv.close()
    print(f"{policy.name} on {episodes} fresh episodes: success {before:.0%} before, {after:.0%} after")
    return 0


if __name__ == "__main__":
    sys.exit(main())
