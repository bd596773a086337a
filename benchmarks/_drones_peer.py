"""Six bodies, each pushed by four rotors and turned by their drag from Python, a ball and a floor in pybullet's direct mode.

Runs in an environment of its own, made from peers/pybullet.txt. Reads numbers of env-steps, a line each; answers with lines
``cpu <seconds>``, among others that pybullet itself writes.
"""

from __future__ import annotations

import json
import sys
import time

import pybullet as bullet  # type: ignore[import-not-found,unused-ignore]  # a peer, without types


def main() -> None:
    """Play as told."""
    told = json.loads(sys.argv[1])
    bullet.connect(bullet.DIRECT)
    bullet.setGravity(0, 0, -9.81)
    bullet.setTimeStep(0.02 / told["substeps"])
    plane = bullet.createCollisionShape(bullet.GEOM_PLANE)
    disc = bullet.createCollisionShape(bullet.GEOM_CYLINDER, radius=0.2, height=0.02)
    sphere = bullet.createCollisionShape(bullet.GEOM_SPHERE, radius=0.1)
    bullet.createMultiBody(0, plane)
    bullet.createMultiBody(0.005, sphere, basePosition=[0, 0, 5])
    places = [[3 * (i % 3) - 4, 3 * (i // 3), 2] for i in range(6)]
    drones = [bullet.createMultiBody(told["mass"], disc, basePosition=place) for place in places]
    push, twist = [0, 0, told["mass"] * 9.81 / 4], [0, 0, 0.001]
    rotors = [[x, y, 0] for x, y in zip(told["x"], told["y"], strict=True)]
    for line in sys.stdin:
        began = time.process_time()
        for _ in range(int(line) * told["substeps"]):
            for drone in drones:
                for rotor in rotors:
                    bullet.applyExternalForce(drone, -1, push, rotor, bullet.LINK_FRAME)
                bullet.applyExternalTorque(drone, -1, twist, bullet.LINK_FRAME)
            bullet.stepSimulation()
        print("cpu", time.process_time() - began, flush=True)


if __name__ == "__main__":
    main()
