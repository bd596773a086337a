"""PPO for games that are stepped together as arrays, as small as it can be: what `train_drones.py` and `drone_league.py` share.

Trainers made for lists of environments handle them one by one; here a rollout is one array (steps, games) from the first line to the
last, so that hundreds of games cost little more than one.
"""
# ruff: noqa: INP001 - scripts lie side by side here

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from _actor_critic import ActorCritic, Floats
from numpy.typing import NDArray
from torch import nn


class Turn(NamedTuple):
    """What a step of all games gives: `obs` (games, n) after restarts, `last` before them, rewards and two kinds of ends, all (games,)."""

    obs: Floats
    reward: Floats
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    last: Floats


class Games(Protocol):
    """Games that restart by themselves."""

    @property
    def obs(self) -> Floats:
        """What is to be seen now, (games, n)."""

    def step(self, actions: Floats) -> Turn:
        """Play actions (games, m), each -1 to 1."""


@dataclass(frozen=True)
class Settings:
    """Of PPO, by their usual names."""

    horizon: int = 64
    epochs: int = 4
    minibatch: int = 1024
    gamma: float = 0.99
    lam: float = 0.95
    clip: float = 0.2
    lr: float = 1e-3
    target_kl: float = 0.03
    scale: float = 0.02  # of rewards, so that values are about 1


def train(net: ActorCritic, games: Games, iterations: int, settings: Settings, seed: int) -> Iterator[dict[str, float]]:
    """Improve a network in place; after each iteration: `steps` so far, `return` and `length` of the `episodes` that ended, and `kl`."""
    noise = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(net.parameters(), lr=settings.lr, eps=1e-5)
    count = len(games.obs)
    returns, lengths, steps = np.zeros(count), np.zeros(count, int), 0
    for iteration in range(iterations):
        optimizer.param_groups[0]["lr"] = settings.lr * max(0.1, 1.0 - iteration / iterations)
        rows: list[tuple[torch.Tensor, ...]] = []
        ended: list[tuple[float, int]] = []
        for _ in range(settings.horizon):
            obs = torch.as_tensor(games.obs.copy())
            with torch.no_grad():
                seen = net.scaled(obs)
                mean, value = net.actor(seen), net.critic(seen)[:, 0]
                action = mean + net.log_std.exp() * torch.randn(mean.shape, generator=noise)
                turn = games.step(action.clamp(-1.0, 1.0).numpy())
                reward = torch.as_tensor(turn.reward, dtype=torch.float32) * settings.scale
                cut = np.flatnonzero(turn.truncated)
                if len(cut):  # out of time, not over: what would have come is worth what the critic says
                    reward[cut] += settings.gamma * net.critic(net.scaled(torch.as_tensor(turn.last[cut])))[:, 0]
            done = turn.terminated | turn.truncated
            rows.append((obs, action, _log_prob(action, mean, net.log_std.detach()), value, reward, torch.as_tensor(done)))
            returns, lengths, steps = returns + turn.reward, lengths + 1, steps + count
            ended += zip(returns[done].tolist(), lengths[done].tolist(), strict=True)
            returns[done], lengths[done] = 0.0, 0
        kl = _update(net, optimizer, rows, torch.as_tensor(games.obs), settings, noise)
        means = np.mean(ended, axis=0) if ended else np.full(2, np.nan)
        yield {"steps": steps, "return": float(means[0]), "length": float(means[1]), "episodes": len(ended), "kl": kl}


def _log_prob(action: torch.Tensor, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    return (-0.5 * ((action - mean) / log_std.exp()) ** 2 - log_std).sum(-1)


def _update(
    net: ActorCritic, optimizer: Any, rows: list[tuple[torch.Tensor, ...]], last: torch.Tensor, settings: Settings, noise: torch.Generator
) -> float:
    """Learn from a rollout; the last mean divergence of the new policy from the old one, nats."""
    obs, action, old, value, reward, done = (torch.stack(part) for part in zip(*rows, strict=True))
    with torch.no_grad():
        after, gain = net.critic(net.scaled(last))[:, 0], torch.zeros(obs.shape[1])
        gains = torch.zeros_like(value)
        for t in reversed(range(len(rows))):  # generalised advantage estimation
            goes_on = 1.0 - done[t].float()
            gain = reward[t] + settings.gamma * goes_on * after - value[t] + settings.gamma * settings.lam * goes_on * gain
            gains[t], after = gain, value[t]
    flat = [part.flatten(0, 1) for part in (obs, action, old, gains, gains + value)]
    flat[3] = (flat[3] - flat[3].mean()) / (flat[3].std() + 1e-8)
    kl = 0.0
    for _ in range(settings.epochs):
        for batch in torch.randperm(len(flat[0]), generator=noise).split(settings.minibatch):
            seen, took, before, advantage, target = (part[batch] for part in flat)
            scaled = net.scaled(seen)
            log_ratio = _log_prob(took, net.actor(scaled), net.log_std) - before
            ratio = log_ratio.exp()
            gained = torch.minimum(ratio * advantage, ratio.clamp(1.0 - settings.clip, 1.0 + settings.clip) * advantage).mean()
            missed = (net.critic(scaled)[:, 0] - target).square().mean()
            optimizer.zero_grad()
            (0.5 * missed - gained).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 0.5)
            optimizer.step()
            kl = float((ratio - 1.0 - log_ratio).detach().mean())
        if kl > settings.target_kl:
            break
    net.look(flat[0])
    return kl
