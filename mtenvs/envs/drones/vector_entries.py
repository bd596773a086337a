"""The batched engines of the catalogue's ids, as `gymnasium.make_vec` and `mtenvs.make_vec` call them: with ``num_envs`` and keywords."""

from __future__ import annotations

from functools import partial
from typing import Final

from mtenvs.envs.drones.coop_envs import BumpAndPassEnv, SetAndSpikeEnv
from mtenvs.envs.drones.single_envs import BackAndForthEnv, HitTheBallEnv, SoloBumpEnv
from mtenvs.envs.drones.vector import DroneVectorEnv
from mtenvs.envs.drones.volleyball import VolleyballEnv

back_and_forth: Final = partial(DroneVectorEnv, BackAndForthEnv, env_id="mtenvs/DroneBackAndForth-v0")
hit_the_ball: Final = partial(DroneVectorEnv, HitTheBallEnv, env_id="mtenvs/DroneHitTheBall-v0")
solo_bump: Final = partial(DroneVectorEnv, SoloBumpEnv, env_id="mtenvs/DroneSoloBump-v0")
bump_and_pass: Final = partial(DroneVectorEnv, BumpAndPassEnv, env_id="mtenvs/DroneBumpAndPass-v0")
set_and_spike: Final = partial(DroneVectorEnv, SetAndSpikeEnv, env_id="mtenvs/DroneSetAndSpike-v0")
volleyball: Final = partial(DroneVectorEnv, VolleyballEnv, env_id="mtenvs/Volleyball-v0")
