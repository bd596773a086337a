"""The one table of all environments. It holds strings, so that reading it imports no simulator and no browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

NAMESPACE: Final = "mtenvs"


@dataclass(frozen=True, slots=True)
class EnvCard:
    """What a user sees of an environment before making it.

    Args:
        id: what `gymnasium.make` takes.
        family: the folder under ``mtenvs/envs`` and the name of the extra.
        tags: for filtering.
        requires: the extra that it needs, such as ``"robot"``; empty when the base install is enough.
        summary: one line.
    """

    id: str
    family: str
    tags: tuple[str, ...]
    requires: str
    summary: str


@dataclass(frozen=True, slots=True)
class Entry(EnvCard):
    """A row of the table: the card, and what registration needs.

    Args:
        entry_point: ``module:Class`` of one environment.
        vector_entry_point: ``module:function`` of its own batched engine; empty for `mtenvs.vector.make_vec`.
        backend: the vector backend that suits it when none is named.
        nondeterministic: a real program is in the loop.
        demo: keywords of the task that `mtenvs demo` and the conformance suite play.
        oracle_rate: the share of starts that the oracle wins, as measured; below 1 only for scripted controllers of control families.
    """

    entry_point: str
    vector_entry_point: str = ""
    backend: str = "sync"
    nondeterministic: bool = False
    demo: dict[str, Any] = field(default_factory=dict)
    oracle_rate: float = 1.0

    @property
    def card(self) -> EnvCard:
        """The public part."""
        return EnvCard(self.id, self.family, self.tags, self.requires, self.summary)


CATALOG: Final[tuple[Entry, ...]] = (
    Entry(
        id="mtenvs/LongExecution-v0",
        family="words",
        tags=("text", "horizon"),
        requires="",
        summary="Keep a running total over tens or thousands of easy turns (The Illusion of Diminishing Returns).",
        entry_point="mtenvs.envs.words.long_execution:LongExecutionEnv",
        demo={"task": "k2-t10/0"},
    ),
    Entry(
        id="mtenvs/Search-v0",
        family="words",
        tags=("text", "search", "own-and-official"),
        requires="",
        summary="Search and read a library to answer multi-hop questions, several at once, or to fill a table (MEM1, WideSearch).",
        entry_point="mtenvs.envs.words.search.env:SearchEnv",
        demo={"task": "hop3/0"},
    ),
    Entry(
        id="mtenvs/HeroBench-v0",
        family="rpg",
        tags=("text", "image", "planning", "own-and-official"),
        requires="",
        summary="Plan tens to hundreds of moves in an RPG: gather, craft, equip, fight (HeroBench).",
        entry_point="mtenvs.envs.rpg.env:HeroBenchEnv",
        demo={"task": "own/3/0"},
    ),
    Entry(
        id="mtenvs/MetaWorld-v0",
        family="robot",
        tags=("state", "image", "control", "skills"),
        requires="robot",
        summary="Move a robot arm in 50 manipulation tasks, by control or by text skills (Meta-World).",
        entry_point="mtenvs.envs.robot.env:MetaWorldEnv",
        backend="process",
        demo={"task": "pick-place-v3"},
    ),
    Entry(
        id="mtenvs/FrameThinker-v0",
        family="video",
        tags=("text", "video", "own-and-official"),
        requires="video",
        summary="Spotlight a few frames of a long video over a few turns, then answer (FrameThinker).",
        entry_point="mtenvs.envs.video.framethinker.env:FrameThinkerEnv",
        demo={"task": "clip-0/event/0", "tiers": ["clip"]},
    ),
    Entry(
        id="mtenvs/SAGE-v0",
        family="video",
        tags=("text", "video", "tools", "own-and-official"),
        requires="video",
        summary="Answer about a video of any length, at once or with six tools: transcript, grounding, frames, analysis, web (SAGE).",
        entry_point="mtenvs.envs.video.sage.env:SageEnv",
        demo={"task": "clip-0/twohop/0", "tiers": ["clip"], "context_frames": 12},
    ),
    Entry(
        id="mtenvs/LongShOT-v0",
        family="video",
        tags=("text", "video", "tools", "dialogue", "own-and-official"),
        requires="video",
        summary="Answer two or three questions of a conversation about a long video; rubrics score the answers (LongShOT).",
        entry_point="mtenvs.envs.video.longshot.env:LongShotEnv",
        demo={"task": "clip-0/dialogue/0", "tiers": ["clip"]},
    ),
    Entry(
        id="mtenvs/VisualSearch-v0",
        family="video",
        tags=("image", "search", "own-and-official"),
        requires="",
        summary="Zoom into large pictures until something tiny can be read, then answer (Mini-o3, VisualProbe).",
        entry_point="mtenvs.envs.video.visual.env:VisualSearchEnv",
        demo={"task": "easy/0", "view": (640, 480)},
    ),
    Entry(
        id="mtenvs/DroneBackAndForth-v0",
        family="drones",
        tags=("state", "image", "control", "batched"),
        requires="",
        summary="Fly a quadrotor back and forth between two places (VolleyBots).",
        entry_point="mtenvs.envs.drones.single_envs:BackAndForthEnv",
        vector_entry_point="mtenvs.envs.drones.vector_entries:back_and_forth",
    ),
    Entry(
        id="mtenvs/DroneHitTheBall-v0",
        family="drones",
        tags=("state", "image", "control", "batched"),
        requires="",
        summary="Hit a falling ball once with a quadrotor, as far as possible (VolleyBots).",
        entry_point="mtenvs.envs.drones.single_envs:HitTheBallEnv",
        vector_entry_point="mtenvs.envs.drones.vector_entries:hit_the_ball",
    ),
    Entry(
        id="mtenvs/DroneSoloBump-v0",
        family="drones",
        tags=("state", "image", "control", "batched"),
        requires="",
        summary="Keep a ball in the air with a quadrotor, each bump above 3.5 m (VolleyBots).",
        entry_point="mtenvs.envs.drones.single_envs:SoloBumpEnv",
        vector_entry_point="mtenvs.envs.drones.vector_entries:solo_bump",
    ),
    Entry(
        id="mtenvs/DroneBumpAndPass-v0",
        family="drones",
        tags=("state", "image", "control", "cooperative", "batched"),
        requires="",
        summary="Two quadrotors bump a ball to each other (VolleyBots).",
        entry_point="mtenvs.envs.drones.coop_envs:BumpAndPassEnv",
        vector_entry_point="mtenvs.envs.drones.vector_entries:bump_and_pass",
        oracle_rate=0.85,
    ),
    Entry(
        id="mtenvs/DroneSetAndSpike-v0",
        family="drones",
        tags=("state", "image", "control", "cooperative", "batched"),
        requires="",
        summary="One quadrotor sets the ball, another sends it over the net into a target or past a defender (VolleyBots).",
        entry_point="mtenvs.envs.drones.coop_envs:SetAndSpikeEnv",
        vector_entry_point="mtenvs.envs.drones.vector_entries:set_and_spike",
    ),
    Entry(
        id="mtenvs/Volleyball-v0",
        family="drones",
        tags=("state", "image", "text", "control", "skills", "multi-agent", "batched"),
        requires="",
        summary="A team of drones plays volleyball against a chosen opponent, by control or by text orders (VolleyBots, HCSP).",
        entry_point="mtenvs.envs.drones.volleyball:VolleyballEnv",
        vector_entry_point="mtenvs.envs.drones.vector_entries:volleyball",
        demo={"opponent": "hover", "random_serve": False},
    ),
    Entry(
        id="mtenvs/WebArena-v0",
        family="web",
        tags=("text", "image", "browser", "own-and-official"),
        requires="web",
        summary="Shop, manage a shop and take part in a forum, in a real browser (WebArena).",
        entry_point="mtenvs.envs.web.webarena:WebArenaEnv",
        backend="thread",
        nondeterministic=True,
        demo={"task": "shop/wish/0"},
    ),
    Entry(
        id="mtenvs/VisualWebArena-v0",
        family="web",
        tags=("text", "image", "browser", "own-and-official"),
        requires="web",
        summary="Find, buy and discuss what only pictures tell, in a real browser (VisualWebArena).",
        entry_point="mtenvs.envs.web.visualwebarena:VisualWebArenaEnv",
        backend="thread",
        nondeterministic=True,
        demo={"task": "visual/vote/0"},
    ),
    Entry(
        id="mtenvs/MiniWoB-v0",
        family="web",
        tags=("text", "image", "browser"),
        requires="web",
        summary="Do what small web pages ask: click, type, choose, drag, read (MiniWoB++).",
        entry_point="mtenvs.envs.web.miniwob.env:MiniWobEnv",
        backend="thread",
        nondeterministic=True,
        demo={"task": "enter-text"},
    ),
)
