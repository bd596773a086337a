"""3v3 volleyball by orders: the world stands still until the team has decided, and then runs to the next event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.actions import Call, Tool
from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.drones.bots import PowerBot, RuleBot
from mtenvs.envs.drones.drills import Drill, Floats, Played
from mtenvs.envs.drones.hierarchy import HighLevelGame
from mtenvs.envs.drones.orders import HEADS, HOVER, NVEC, parse_orders
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.scene import Scene

KEEP: Final = "keep"
"""What stands for a drone whose order goes on."""


class Bot(Protocol):
    """Gives orders for a team."""

    def act(self, obs: NDArray[np.floating[Any]]) -> NDArray[np.integer[Any]]:
        """Orders (n, 3) for observations (n, 100)."""


class Still:
    """Everybody hovers."""

    @staticmethod
    def act(obs: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
        """Orders (n, 3)."""
        return np.tile(np.array(HOVER, np.int64), (len(obs), 1))


BOTS: Final[Mapping[str, Callable[[], Bot | None]]] = {"random": lambda: None, "hover": Still, "rule": RuleBot, "power": PowerBot}
"""Those that have a name."""


def bot_of(given: Any) -> Bot | None:
    """The opponent that was asked for; None stands for orders at random, which are drawn from the game's seed.

    Raises:
        UnknownOption: neither a name of `BOTS` nor something with ``act``.
    """
    if isinstance(given, str) and given in BOTS:
        return BOTS[given]()
    if hasattr(given, "act"):
        bot: Bot = given
        return bot
    raise UnknownOption(f"opponent={given!r} gives no orders; pass something with act(obs), or: {did_you_mean(str(given), BOTS)}")


class Tactics(Drill):
    """One game of HCSP's high level for one team.

    Args:
        preset: of the physics.
        opponent: see `bot_of`.
        random_serve: a coin decides who serves, else team 0 does.
    """

    drones = 1
    obs_size = HighLevelGame.obs_size
    components = ("game",)
    checkpoints = ("won",)
    format_name = "3v3"
    max_steps = 100
    """Decisions; the game itself is cut off after 30 s."""

    def __init__(self, preset: str | Preset = "volleybots", opponent: Any = "rule", *, random_serve: bool = True) -> None:
        super().__init__(1, preset)
        self.game = HighLevelGame(1, preset, random_serve=random_serve)
        self.params = self.game.engine.params
        self.bot = bot_of(opponent)
        self.held: tuple[int, ...] = HOVER
        self.given: list[tuple[int, ...]] = []
        self.late = False
        self._last = self.game.reset(0)

    def decide(self, orders: tuple[int, ...]) -> Played:
        """Give orders, one for each head, and let the game run to the next event."""
        theirs = self._theirs()
        self.held = orders
        self.given.append(orders)
        self._last = self.game.step(np.stack([np.array([orders]), theirs], 1))
        self.steps = self.steps + 1
        self.late = bool(self._last.truncated[0])
        self.over = np.array(self._last.terminated)
        reward = self._last.reward[:, :1].astype(np.float32)
        return Played({"game": reward}, np.array(self._last.terminated), np.zeros((1, 1), bool))

    def observe(self) -> Floats:
        """(1, 1, 100) what the team sees."""
        return np.array(self._last.obs[:, :1])

    def seen(self) -> NDArray[np.float32]:
        """(1, 100) for a bot that plays this team."""
        return np.array(self._last.obs[:, 0])

    def score(self) -> NDArray[np.float64]:
        """1 for a game that was won."""
        return np.asarray(self._last.result == 1, np.float64)

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """Result, and changes of sides."""
        return {"result": self._last.result.astype(np.float64), "crossings": self._last.crossings.astype(np.float64)}

    def reached(self) -> dict[str, NDArray[np.bool_]]:
        """Sub-goals by name."""
        return {"won": self._last.result == 1}

    def scene(self, game: int = 0) -> Scene:
        """The game as it is drawn, with the orders that hold for the near team."""
        state, rules = self.game.state, self.game.engine.rules
        passer, setter, attacker = (choices[i] for choices, i in zip(HEADS.values(), self.held, strict=True))
        won, over = int(self._last.result[game]), bool(self.game.done[game])
        return Scene(
            state.pos[:, :, game],
            state.quat[:, :, game],
            state.ball_pos[:, game],
            state.ball_vel[:, game],
            time=float(state.t[game]),
            score=(int(won == 1), int(won == -1)),
            turn=-1 if over else int(rules.side[game]),
            phase="over" if over else "serve" if self.game.serve_phase[game] else "rally",
            actions=(setter, attacker, passer, "", "", ""),
            may_hit=tuple(not flag for flag in rules.blocked[:, game].tolist()),
        )

    def start(self, seeds: Any, index: Any = None) -> None:  # noqa: ARG002 - one game
        """Start the game from its seed."""
        self.seeds, self.steps, self.over = np.array([int(seeds[0])], np.int64), np.zeros(1, np.int64), np.zeros(1, bool)
        self.held, self.given, self.late = HOVER, [], False
        self._last = self.game.reset([int(seeds[0])])

    def save(self) -> dict[str, Any]:
        """Seed and orders: the game is deterministic, so they are the whole of it."""
        return {"seed": int(self.seeds[0]), "orders": [list(orders) for orders in self.given]}

    def load(self, data: dict[str, Any]) -> None:
        """Play the orders again."""
        self.start([data["seed"]])
        for orders in data["orders"]:
            self.decide(tuple(orders))

    def _theirs(self) -> NDArray[np.int64]:
        if self.bot is None:
            rng = np.random.default_rng((int(self.seeds[0]), int(self.steps[0])))
            return rng.integers(0, NVEC, (1, len(NVEC)))
        return np.asarray(self.bot.act(np.array(self._last.obs[:, 1])), np.int64)


def chosen(held: tuple[int, ...], *names: str) -> tuple[int, ...]:
    """The numbers of orders by name; `KEEP` stands for what is held."""
    heads = zip(HEADS.values(), held, names, strict=True)
    return tuple(old if name == KEEP else choices.index(name) for choices, old, name in heads)


def read_orders(text: str, tools: Any) -> Call | None:
    """The dialect of HCSP's text form, such as ``passer: pass_left; setter: set``; who is not named keeps on.

    Raises:
        BadAction: it is of this form, and wrong.
    """
    tool: Tool | None = tools.get("order")
    lines = text.strip().replace("\n", ";").split(";")
    if tool is None or "(" in text or "{" in text or not any(line.partition(":")[0].strip().lower() in HEADS for line in lines):
        return None
    parse_orders(text)
    named = {line.partition(":")[0].strip().lower(): line.partition(":")[2].strip().lower() for line in lines if line.strip()}
    return tool.bind((), {head: named.get(head, KEEP) for head in HEADS})
