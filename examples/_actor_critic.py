"""A small actor-critic in plain torch, what `train_drones.py` and `drone_league.py` train."""
# ruff: noqa: INP001 - scripts lie side by side here

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Floats = NDArray[np.float32]


class ActorCritic(nn.Module):
    """Two small networks over observations scaled by their running mean and spread; actions are Gaussian around the actor's answer."""

    def __init__(self, seen: int, actions: int = 4, width: int = 128) -> None:
        super().__init__()
        self.actor, self.critic = _mlp(seen, width, actions, 0.01), _mlp(seen, width, 1, 1.0)
        self.log_std = nn.Parameter(torch.full((actions,), -0.7))
        for name, value in (("mean", torch.zeros(seen)), ("square", torch.ones(seen)), ("count", torch.tensor(1e-3))):
            self.register_buffer(name, value)

    def scaled(self, obs: torch.Tensor) -> torch.Tensor:
        """Observations with mean 0 and spread 1, at most 8 from 0."""
        return ((obs - self.mean) / (self.square - self.mean**2).clamp_min(1e-6).sqrt()).clamp(-8.0, 8.0)

    @torch.no_grad()
    def look(self, obs: torch.Tensor) -> None:
        """Take observations (any, n) into the running mean and spread."""
        self.count += len(obs)
        share = len(obs) / self.count
        self.mean += share * (obs.mean(0) - self.mean)
        self.square += share * ((obs**2).mean(0) - self.square)

    @torch.no_grad()
    def act(self, obs: Floats) -> Floats:
        """Actions (games, m) without noise."""
        answer: Floats = self.actor(self.scaled(torch.as_tensor(obs))).clamp(-1.0, 1.0).numpy()
        return answer


def _mlp(inputs: int, width: int, outputs: int, gain: float) -> nn.Sequential:
    layers = [nn.Linear(inputs, width), nn.Linear(width, width), nn.Linear(width, outputs)]
    for layer, size in zip(layers, (2**0.5, 2**0.5, gain), strict=True):
        nn.init.orthogonal_(layer.weight, size)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])
