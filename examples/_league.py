"""What a league of 1v1 drone volleyball needs: games against a mixture of players, matches, an equilibrium and Elo ratings."""
# ruff: noqa: INP001 - scripts lie side by side here

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from _actor_critic import ActorCritic, Floats
from _ppo import Turn
from numpy.typing import NDArray

from mtenvs.envs.drones.engine import Outcome, VolleyEngine
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import State

Matrix = NDArray[np.float64]


class LeagueGames:
    """1v1 games of a learner, team 0, against a mixture of opponents; each sees the court from its own side, so one side is enough."""

    def __init__(self, games: int, opponents: Sequence[ActorCritic], weights: Matrix, seed: int) -> None:
        self.engine = VolleyEngine(teams="1v1", games=games, control="ctbr")
        self.opponents, self.weights = opponents, weights
        self.rng = np.random.default_rng(seed)
        self.seen: Floats = self.engine.reset(int(self.rng.integers(2**31)))
        self.who = self.rng.choice(len(opponents), games, p=weights)

    @property
    def obs(self) -> Floats:
        """Of the learner."""
        return self.seen[:, 0]

    def play(self, actions: Floats) -> Outcome:
        """One step in which the opponents do what they do."""
        theirs = np.zeros_like(actions)
        for i in np.unique(self.who):
            mine = self.who == i
            theirs[mine] = self.opponents[i].act(self.seen[mine, 1])
        return self.engine.step(np.stack([actions, theirs], axis=1))

    def step(self, actions: Floats) -> Turn:
        """One step with the source's rewards and our `aim`; games that are over start again with an opponent drawn anew."""
        out = self.play(actions)
        reward = out.reward[:, 0] + np.where(out.events.legal[0], aim(self.engine.state, self.engine.params), 0.0)
        over = out.terminated | out.truncated
        self.seen = out.obs
        last = self.obs
        if over.any():
            self.seen = self.engine.reset(mask=over)
            self.who[over] = self.rng.choice(len(self.opponents), int(over.sum()), p=self.weights)
        return Turn(self.obs, reward.astype(np.float32), out.terminated, out.truncated, last)


def aim(state: State, params: Preset) -> Matrix:
    """Ours, -10 to 40, for each hit of team 0: 10 a metre that the ball will fly towards the far court, up to 2 m, and 20 if over the net.

    Without it hardly any early serve crosses the net, and there is nothing to learn from.
    """
    (x, _, z), (vx, _, vz) = state.ball_pos.astype(float), state.ball_vel.astype(float)
    lands = x + vx * (vz + np.sqrt(vz * vz + 2.0 * params.gravity * np.maximum(z, 0.0))) / params.gravity
    there = x / np.maximum(-vx, 1e-3)
    height = z + vz * there - 0.5 * params.gravity * there * there
    over = np.clip((height - 1.5) / (params.court.net_height + 0.3 - 1.5), 0.0, 1.0) * (vx < 0.0)
    return np.asarray(10.0 * np.clip(x - lands, -1.0, 2.0) + 20.0 * over)


def matches(one: ActorCritic, rivals: Sequence[ActorCritic], games: int, seed: int) -> tuple[Matrix, Matrix]:
    """Points of a player per game against each rival (1 won, half a point where nobody wins), and how often the ball crossed the net."""
    table = LeagueGames(games * len(rivals), rivals, np.full(len(rivals), 1.0 / len(rivals)), seed)
    table.who = np.repeat(np.arange(len(rivals)), games)
    points = np.full(len(table.who), 0.5)
    while not table.engine.rules.done.all():
        out = table.play(one.act(table.obs))
        points += 0.5 * out.result
        table.seen = out.obs
    crossings = np.asarray(table.engine.rules.crossings, float)
    return points.reshape(-1, games).mean(1), crossings.reshape(-1, games).mean(1)


def equilibrium(rates: Matrix, rounds: int = 20_000) -> Matrix:
    """A Nash equilibrium of the symmetric game with these win rates, by fictitious play."""
    played = np.ones(len(rates))
    for _ in range(rounds):
        played[np.argmax(rates @ played)] += 1.0
    return np.asarray(played / played.sum())


def elo(rates: Matrix, games: int) -> Matrix:
    """Ratings with mean 1000 under which these win rates are likeliest; a drawn game more in each pair keeps them finite."""
    rates = (rates * games + 0.5) / (games + 1)
    ratings = np.full(len(rates), 1000.0)
    for _ in range(3000):
        expected = 1.0 / (1.0 + 10.0 ** ((ratings[None] - ratings[:, None]) / 400.0))
        ratings += 200.0 / len(rates) * (rates - expected).sum(1)
    return np.asarray(ratings - ratings.mean() + 1000.0)
