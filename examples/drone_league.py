"""A league of 1v1 drone volleyball: who beats whom, how strong each is, and how well a fresh rival exploits them all.

Run: python examples/drone_league.py [--generations 3] [--iterations 20] [--meta nash] [--seed 0] [--quick]
Each generation is a copy of the last, trained with PPO against a mixture of all before it: evenly (`--meta uniform`, fictitious
self-play) or as a Nash equilibrium of the games between them (`--meta nash`, PSRO). Then it prints the matrix of points, the Elo table
and a lower bound of the equilibrium's exploitability: twice what the best answer to it wins beyond half, be that a member of the league
or a best response, which is the member that does best, trained on with PPO against the equilibrium alone. No training finds the very best
answer, so the true figure is higher, and longer training (`--response-iterations`) comes nearer to it. Of ratings only the differences
mean anything. The same seed gives the same tables on the same machine.
"""
# ruff: noqa: INP001, T201 - a script, and it prints what it finds

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from _actor_critic import ActorCritic
from _league import LeagueGames, Matrix, elo, equilibrium, matches
from _ppo import Settings, train

from mtenvs.envs.drones.engine import VolleyEngine


def learn(
    start: ActorCritic, opponents: Sequence[ActorCritic], weights: Matrix, args: argparse.Namespace, seed: int, iterations: int
) -> ActorCritic:
    """A copy of a player, trained against a mixture."""
    net = deepcopy(start)
    games = LeagueGames(args.games, opponents, weights, seed)
    settings = Settings(horizon=args.horizon)
    for i, told in enumerate(train(net, games, iterations, settings, seed), start=1):
        if i % 5 == 0 or i == iterations:
            print(f"    {told['steps']:8.0f} steps   return {told['return']:7.1f}   length {told['length']:4.0f}", flush=True)
    return net


def main(argv: Sequence[str] | None = None) -> int:
    """Train the league, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generations", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=20, help="of PPO in each generation")
    parser.add_argument("--response-iterations", type=int, help="of the best response; as many as of a generation if not given")
    parser.add_argument("--games", type=int, default=512, help="trained at once")
    parser.add_argument("--horizon", type=int, default=64)
    parser.add_argument("--test-games", type=int, default=200, help="of each pair")
    parser.add_argument("--meta", choices=("uniform", "nash"), default="nash")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="tiny budgets: shows that it runs, not that it learns")
    args = parser.parse_args(argv)
    if args.quick:
        args.generations, args.iterations, args.games, args.horizon, args.test_games = 2, 2, 32, 32, 20
    response = args.response_iterations or args.iterations
    torch.set_num_threads(1)  # the networks are so small that handing them to more threads costs more than it saves
    torch.manual_seed(args.seed)
    began, cpu = time.monotonic(), time.process_time()
    players = [ActorCritic(37, width=64)]
    with torch.no_grad():
        players[0].actor[-1].bias[3] = VolleyEngine(teams="1v1", control="ctbr").setup.neutral[3]  # g0 hovers, nothing more
    rates = np.full((1, 1), 0.5)
    for generation in range(1, args.generations + 1):
        weights = equilibrium(rates) if args.meta == "nash" else np.full(len(players), 1.0 / len(players))
        print(f"generation {generation}, against " + ", ".join(f"{share:.0%} g{i}" for i, share in enumerate(weights) if share > 0.005))
        players.append(learn(players[-1], players, weights, args, args.seed + generation, args.iterations))
        row, crossings = matches(players[-1], players, args.test_games, args.seed)
        row[-1] = 0.5
        rates = np.block([[rates, 1.0 - row[:-1, None]], [row[None]]])
        seconds, itself = time.monotonic() - began, crossings[-1]
        print(
            f"    {seconds:4.0f} s: {row[:-1].mean():.0%} of the points against all before; {itself:.1f} crossings a game with itself",
            flush=True,
        )
    weights = equilibrium(rates)
    start = int(np.argmax(rates @ weights))
    print(f"best response, from g{start}, against " + ", ".join(f"{share:.0%} g{i}" for i, share in enumerate(weights) if share > 0.005))
    rival = learn(players[start], players, weights, args, args.seed + 1000, response)
    beats, _ = matches(rival, players, args.test_games, args.seed)
    best = max(float(beats @ weights), float((rates @ weights).max()))
    print(
        f"\npoints of the row against the column, a game (+-{0.5 / args.test_games**0.5:.2f}); half a point where nobody wins\n      "
        + "".join(f"{'g' + str(i):>6s}" for i in range(len(players)))
    )
    for i, row in enumerate(rates):
        print(f"  g{i:<3d} " + "".join(f"{rate:6.2f}" for rate in row))
    print("\nplayer    Elo   share of the equilibrium")
    for i, rating in sorted(enumerate(elo(rates, args.test_games)), key=lambda pair: -pair[1]):
        print(f"  g{i:<3d} {rating:6.0f}   {weights[i]:.2f}")
    found = f"best response: {beats @ weights:.2f} of the points against the equilibrium"
    print(f"\n{found}; exploitability at least {2 * best - 1:.2f} (0: nobody found beats it; 1: loses every game)")
    print(f"{time.monotonic() - began:.0f} s, {time.process_time() - cpu:.0f} CPU seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
