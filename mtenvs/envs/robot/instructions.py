"""One sentence for each Meta-World task, in mtenvs's own words: what a language policy is told.

Each says what is seen and done in the simulation, which is not always what the task's name suggests (the plate of `plate-slide`
is a hockey puck). Left and right are the arm's own, looking out over the table.
"""

from __future__ import annotations

from typing import Final

INSTRUCTIONS: Final[dict[str, str]] = {
    "assembly-v3": "Take the ring wrench by its green handle and drop its ring over the upright peg.",
    "basketball-v3": "Carry the orange ball up to the hoop and let it fall through.",
    "bin-picking-v3": "Move the green cube from the red bin into the blue bin beside it.",
    "box-close-v3": "Lift the lid by its black handle and lay it on the open box.",
    "button-press-topdown-v3": "Come from above and push the red button on top of the yellow box all the way down.",
    "button-press-topdown-wall-v3": "Reach over the low wall and push the red button on top of the box all the way down.",
    "button-press-v3": "Push the red button on the front of the yellow box until it is fully in.",
    "button-press-wall-v3": "Get past the wall and push the red button on the front of the box until it is fully in.",
    "coffee-button-v3": "Press the round button on the front of the coffee machine to start it.",
    "coffee-pull-v3": "Bring the mug away from the coffee machine to the marked spot in front of it.",
    "coffee-push-v3": "Slide the mug under the spout of the coffee machine.",
    "dial-turn-v3": "Turn the knob on the table half a turn by pushing its grip around.",
    "disassemble-v3": "Grip the wrench by its green handle and lift its ring off the peg it sits on.",
    "door-close-v3": "Swing the open door of the safe shut.",
    "door-lock-v3": "Turn the lock on the safe's door downward until it is locked.",
    "door-open-v3": "Hook the handle of the safe's door and swing the door wide open.",
    "door-unlock-v3": "Turn the lock on the safe's door sideways until it is unlocked.",
    "hand-insert-v3": "Carry the cube to the opening in the table and lower it to the marker inside.",
    "drawer-close-v3": "Push the open drawer of the green chest back in.",
    "drawer-open-v3": "Pull the drawer of the green chest out by its white handle.",
    "faucet-open-v3": "Push the red handle of the faucet round to the right to turn the water on.",
    "faucet-close-v3": "Push the red handle of the faucet round to the left to turn the water off.",
    "hammer-v3": "Pick up the hammer and drive the nail into the wooden block with it.",
    "handle-press-side-v3": "Press down the red handle that sticks out of the side of the box.",
    "handle-press-v3": "Press down the red handle on the front of the box.",
    "handle-pull-side-v3": "Raise the lowered red handle at the side of the box.",
    "handle-pull-v3": "Raise the lowered red handle on the front of the box.",
    "lever-pull-v3": "Swing the lever with the blue knob up until it points straight to the ceiling.",
    "pick-place-wall-v3": "Grasp the red puck, lift it over the wall and hold it at the floating marker behind.",
    "pick-out-of-hole-v3": "Fetch the red puck out of the hole in the table and raise it to the floating marker.",
    "pick-place-v3": "Grasp the red puck and carry it to the floating marker.",
    "plate-slide-v3": "Slide the hockey puck forward across the table into the net.",
    "plate-slide-side-v3": "Slide the hockey puck to the left into the net standing at the side.",
    "plate-slide-back-v3": "Drag the hockey puck out of the net, back toward the arm, to the marker.",
    "plate-slide-back-side-v3": "Drag the hockey puck sideways out of the net at the left, to the marker.",
    "peg-insert-side-v3": "Take the long green peg and push its end into the hole in the side of the box.",
    "peg-unplug-side-v3": "Pull the plug out of its socket sideways, to the right.",
    "soccer-v3": "Roll the football into the goal.",
    "stick-push-v3": "Take the blue stick and use it to shove the thermos to the green marker.",
    "stick-pull-v3": "Put the blue stick through the handle of the thermos and draw the thermos to the green marker.",
    "push-v3": "Move the red puck along the table top to the green marker.",
    "push-wall-v3": "Move the red puck along the table, around the wall, to the green marker behind it.",
    "push-back-v3": "Bring the wooden cube along the table back toward the arm, to the green marker.",
    "reach-v3": "Move the gripper to the red marker in the air.",
    "reach-wall-v3": "Move the gripper over the wall to the red marker in the air.",
    "shelf-place-v3": "Grasp the blue cube and set it on the shelf of the bookcase.",
    "sweep-into-v3": "Sweep the wooden cube across the table into the hole.",
    "sweep-v3": "Sweep the wooden cube to the right, to the marker over the table's edge.",
    "window-open-v3": "Slide the window open by pushing its handle to the right.",
    "window-close-v3": "Slide the window shut by pushing its handle to the left.",
}
