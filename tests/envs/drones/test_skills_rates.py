"""What the scripted skills reach over 500 seeds: serve, receive, pass-set-attack, rallies, and rules against chance.

``pytest tests/envs/drones/test_skills_rates.py -m slow -s`` prints the rates.
"""

from __future__ import annotations

import numpy as np
import pytest

from mtenvs.envs.drones.bots import PowerBot, RandomBot, RuleBot
from mtenvs.envs.drones.hierarchy import Decision, HighLevelGame, Skills
from mtenvs.envs.drones.params import FORMATS, PRESETS
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.sight import PHASE
from mtenvs.envs.drones.skills import Role, Skill, SkillController
from mtenvs.envs.drones.skills.ballistics import fly, time_down
from mtenvs.envs.drones.tactics import Bot

GAMES = 500
CHAIN = (Role.FIRST_PASS, Role.SEC_PASS, Role.ATT)


def goes_over_and_in(state: State, team: np.ndarray) -> np.ndarray:
    """Whether the ball, if nobody touches it, clears the net by the rules and comes down in the court of the other team."""
    side = np.where(team == 0, 1.0, -1.0)
    pos, vel = (np.asarray(part, float) * np.stack([side, side, side * side]) for part in (state.ball_pos, state.ball_vel))
    over = vel[0] < -0.1
    for x in (0.3, -0.3):
        when = np.maximum((x - pos[0]) / np.where(over, vel[0], -1.0), 0.0)
        over &= fly(pos, vel, when)[0][2] > 2.43
    place, _ = fly(pos, vel, np.nan_to_num(time_down(pos, vel, 0.2)))
    good: np.ndarray = over & (place[0] < 0.0) & (place[0] > -6.0) & (np.abs(place[1]) < 3.0)
    return good


class Scorer:
    """Counts what each game's possessions came to, from the decisions."""

    def __init__(self, games: int) -> None:
        self.served = np.zeros(games, bool)
        self.received = np.zeros(games, bool)
        self.reached_setter = np.zeros(games, bool)
        self.stage = np.zeros(games, int)
        self.started = np.zeros(games, int)
        self.landed = np.zeros(games, int)
        self.first_chain = np.zeros(games, bool)
        self.events = 0

    def note(self, game: HighLevelGame, decision: Decision) -> None:
        struck = decision.hit.any(1)
        who = decision.hit.argmax(1)
        good = goes_over_and_in(game.state, who // 3)
        if self.events == 0:
            self.served = struck & good
        self.events += 1
        # a chain starts when a served or attacked ball is on its way into the other court, and goes on hit by hit
        expected = np.array([*CHAIN, Role.FIRST_PASS])[np.minimum(self.stage, 3)]
        step = struck & (self.stage < 3) & (who % 3 == expected) & (self.started > 0)
        self.received |= step & (self.stage == 0) & (self.started == 1)
        self.reached_setter |= step & (self.stage == 1) & (self.started == 1)
        done = step & (self.stage == 2) & good
        self.landed += done
        self.first_chain |= done & (self.started == 1)
        self.stage = np.where(step, self.stage + 1, self.stage)
        new = (struck & good & (self.started == 0)) | done
        self.started += new
        self.stage = np.where(new, 0, self.stage)


class Thrashing(SkillController):
    """Skills of which one team has none: its rotors get commands at random."""

    def __init__(self, games: int, team: int) -> None:
        super().__init__(PRESETS["volleybots"].on(FORMATS["3v3"].court), games)
        self._drones, self._rng = slice(3 * team, 3 * team + 3), np.random.default_rng(team)

    def command(self, state: State, games: np.ndarray | None = None) -> np.ndarray:
        commands = super().command(state, games)
        commands[self._drones] = self._rng.uniform(-1.0, 1.0, commands[self._drones].shape)
        return commands


def play(preset: str, bots: tuple[Bot, Bot], seed: int, games: int, skills: Skills | None = None) -> tuple[Decision, Scorer]:
    game, score = HighLevelGame(games, preset, skills=skills), Scorer(games)
    decision = game.reset(seed=seed)
    while not game.done.all():
        decision = game.step(np.stack([bots[0].act(decision.obs[:, 0]), bots[1].act(decision.obs[:, 1])], 1))
        score.note(game, decision)
    return decision, score


class Anywhere:
    """The rule bot, but serves and attacks go to sides drawn at random."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def act(self, obs: np.ndarray) -> np.ndarray:
        orders = RuleBot.act(obs)
        serving, attacking = (obs[:, PHASE] > 0.5) & (orders[:, 0] < 3), (orders[:, 2] == 1) | (orders[:, 2] == 2)
        orders[:, 0] = np.where(serving, self._rng.integers(0, 3, len(obs)), orders[:, 0])
        orders[:, 2] = np.where(attacking, self._rng.integers(1, 3, len(obs)), orders[:, 2])
        return orders


@pytest.mark.slow
@pytest.mark.parametrize("sides", ["as ruled", "at random"])
@pytest.mark.parametrize("preset", ["volleybots", "realistic"])
def test_rates_of_skills_and_rallies(preset: str, sides: str) -> None:
    bots: tuple[Bot, Bot] = (RuleBot(), RuleBot()) if sides == "as ruled" else (Anywhere(1), Anywhere(2))
    end, score = play(preset, bots, 0, GAMES)
    # chains that were still going on when time ran out are not counted against
    open_at_end = (end.truncated & (score.started > 0)).sum()
    rates = {
        "legal serve": score.served.mean(),
        "receive": score.received.sum() / score.served.sum(),
        "receive that the setter hits": score.reached_setter.sum() / score.served.sum(),
        "first chain that lands": score.first_chain.sum() / score.served.sum(),
        "all chains that land": score.landed.sum() / (score.started.sum() - open_at_end),
        "net crossings": end.crossings.mean(),
        "least net crossings": end.crossings.min(),
        "full 30 s": end.truncated.mean(),
    }
    print(preset, sides, {name: round(float(rate), 3) for name, rate in rates.items()})  # noqa: T201  # asked for by -s
    assert rates["legal serve"] >= 0.9
    assert rates["receive"] >= 0.8
    assert rates["all chains that land"] >= 0.6
    assert rates["net crossings"] >= 4.0


def shares(near: Decision, far: Decision) -> dict[str, float]:
    """What became of games in which the rule bot played team 0, and of others in which it played team 1; shares of all."""
    result = np.concatenate([near.result, -far.result])
    own = np.concatenate([(near.crashed | near.too_close)[:, :3].any(1), (far.crashed | far.too_close)[:, 3:].any(1)])
    other = np.concatenate([(near.crashed | near.too_close)[:, 3:].any(1), (far.crashed | far.too_close)[:, :3].any(1)])
    nobody = result == 0
    parts = {
        "won": result == 1,
        "lost": result == -1,
        "nobody": nobody,
        "nobody, own crash": nobody & own,
        "nobody, their crash": nobody & other,
    }
    return {name: round(float(part.mean()), 3) for name, part in parts.items()}


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["volleybots", "realistic"])
def test_spikes_go_down_and_are_blocked(preset: str) -> None:
    """The first spike and block of each game; then it is cut off."""
    game = HighLevelGame(GAMES, preset, max_steps=350)
    decision = game.reset(seed=0)
    spiked, down, over, blocked, returned = np.zeros((5, GAMES), bool)
    lands: list[float] = []
    while not game.done.all():
        decision = game.step(np.stack([PowerBot.act(decision.obs[:, 0]), PowerBot.act(decision.obs[:, 1])], 1))
        who, each = decision.hit.argmax(1), np.arange(GAMES)
        done, good, state = decision.hit.any(1), goes_over_and_in(game.state, who // 3), game.state
        skill = game.skills.memory.skill[who, each]
        spike, block = done & (skill == Skill.SPIKE) & ~spiked, done & (skill == Skill.BLOCK) & spiked & ~blocked
        spiked, down, over = spiked | spike, down | (spike & (state.ball_vel[2] < 0.0)), over | (spike & good)
        blocked, returned = blocked | block, returned | (block & good)
        lands += time_down(np.asarray(state.ball_pos, float), np.asarray(state.ball_vel, float), 0.2)[spike].tolist()
    rates = {"spikes": spiked.mean(), "down": down.sum() / spiked.sum(), "over and in": over.sum() / spiked.sum()}
    rates |= {"blocked": blocked.sum() / spiked.sum(), "back over and in": returned.sum() / spiked.sum(), "seconds": np.mean(lands)}
    print(preset, {name: round(float(rate), 3) for name, rate in rates.items()})  # noqa: T201  # asked for by -s
    assert rates["spikes"] >= 0.9
    assert rates["down"] >= 0.9
    assert rates["over and in"] >= 0.9
    assert rates["blocked"] >= 0.8
    assert rates["back over and in"] >= 0.8
    assert rates["seconds"] < 1.0


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["volleybots", "realistic"])
def test_spikes_beat_who_does_not_block(preset: str) -> None:
    near, _ = play(preset, (PowerBot(), RuleBot()), 0, GAMES // 2)
    far, _ = play(preset, (RuleBot(), PowerBot()), GAMES // 2, GAMES // 2)
    rates = shares(near, far)
    print(preset, "the rule bot", rates)  # noqa: T201  # asked for by -s
    assert rates["won"] >= 0.9


@pytest.mark.slow
def test_rules_beat_random_orders_over_many_seeds() -> None:
    """Both teams fly with the same skills; one gets orders at random."""
    near, _ = play("volleybots", (RuleBot(), RandomBot(1)), 0, GAMES // 2)
    far, _ = play("volleybots", (RandomBot(2), RuleBot()), GAMES // 2, GAMES // 2)
    rates = shares(near, far)
    print("random orders", rates)  # noqa: T201  # asked for by -s
    assert rates["won"] >= 0.95


@pytest.mark.slow
def test_drones_with_random_rotors_crash_before_anybody_can_win() -> None:
    """By the source's rules, which leave a crash without a winner."""
    near, _ = play("volleybots", (RuleBot(), RuleBot()), 0, GAMES // 2, Thrashing(GAMES // 2, 1))
    far, _ = play("volleybots", (RuleBot(), RuleBot()), GAMES // 2, GAMES // 2, Thrashing(GAMES // 2, 0))
    rates = shares(near, far)
    print("random rotors", rates)  # noqa: T201  # asked for by -s
    assert rates["lost"] == 0.0
    assert rates["nobody, own crash"] == 0.0
    assert rates["nobody, their crash"] >= 0.9
