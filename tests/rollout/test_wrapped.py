"""Episodes that are played through wrappers replay through them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from gymnasium.wrappers import ClipReward, RecordEpisodeStatistics, TimeLimit, TransformReward

import mtenvs
from mtenvs.cli import main
from mtenvs.core.tasks import Task
from mtenvs.core.trajectory import Trajectory
from mtenvs.core.wrapping import wrappers_of
from mtenvs.rollout import TrajectoryStore, WrapperNeeded, replay, rollout
from mtenvs.rollout.plan import already_played, plan
from mtenvs.wrappers import (
    ConfirmIrreversible,
    GatedReward,
    GoalReminder,
    HorizonSchedule,
    InformationGain,
    OutcomeLadder,
    OverTurn,
    PythonRuntime,
    Scratchpad,
    TurnBudget,
    TurnRequest,
)
from mtenvs.wrappers.python_process import namespaces

HERO, SEARCH = "mtenvs/HeroBench-v0", "mtenvs/Search-v0"
Env = gym.Env[Any, Any]


class Script:
    """Plays these actions in every episode, then the last one until it ends."""

    name = "script"

    def __init__(self, actions: Sequence[Any], last: Any = "fight()") -> None:
        self._actions, self._last, self._turn = actions, last, 0

    def reset(self, env_ids: Sequence[int]) -> None:  # noqa: ARG002 - a policy's signature
        self._turn = 0

    def __call__(self, obs: Any) -> list[Any]:
        action = self._actions[self._turn] if self._turn < len(self._actions) else self._last
        self._turn += 1
        return [action] * len(obs["text"])


def made(env_id: str, wrap: Callable[[Env], Env], **kwargs: Any) -> Env:
    return wrap(gym.make(env_id, disable_env_checker=True, **kwargs))


def recorded(
    wrap: Callable[[Any], Any], actions: Sequence[Any] = ("move(0, 1)", "nonsense"), env_id: str = HERO, **kwargs: Any
) -> Trajectory:
    options = {"task": "own/1/0", "max_turns": 6, **kwargs} if env_id == HERO else kwargs
    with closing(mtenvs.make_vec(partial(made, env_id, wrap, **options), 1, backend="sync")) as venv:
        (episode,) = rollout(venv, Script(actions), 1, seed=3)
    return stored(episode)


def stored(episode: Trajectory) -> Trajectory:
    """As it comes back from a file."""
    return Trajectory.from_dict(json.loads(json.dumps(episode.to_dict())))


GATES = {"outcome": 0.6, "progress": 0.0}
OURS: dict[str, tuple[Callable[[Any], Any], tuple[str, ...]]] = {
    "confirm": (partial(ConfirmIrreversible, also=("buy",)), ("buy('wood_sword')", "confirm()", "confirm()")),
    "gated": (partial(GatedReward, gates=GATES, outcome=OutcomeLadder(not_submitted=0.25)), ("move(0, 1)",)),
    "gated-direct": (partial(GatedReward, gates=GATES, outcome={"not_submitted": 0.1}, mode="direct"), ("move(0, 1)",)),
    "reminder": (partial(GoalReminder, every=2), ("move(0, 1)",)),
    "horizon": (partial(HorizonSchedule, rounds=(3, 5), steps_per_stage=10), ("move(0, 1)",)),
    "over-turn": (OverTurn, ("move(0, 1)",)),
    "scratchpad": (partial(Scratchpad, max_chars=9), ("remember('ab')", "recall()", "remember('12345678')")),
    "budget": (partial(TurnBudget, limit=3, extended_limit=5), ("move(0, 1)",)),
    "request": (partial(TurnRequest, more=2), ("request_turns()", "request_turns()")),
}


@pytest.mark.parametrize("name", OURS)
def test_a_recording_through_our_wrappers_replays(name: str) -> None:
    wrap, actions = OURS[name]
    episode = recorded(wrap, actions)
    (entry,) = episode.wrappers
    assert entry["name"].startswith("mtenvs.wrappers.")
    found = replay(episode, episode.chain())
    assert (found.same, found.what) == (True, "")
    assert found.turns == len(episode.turns) > 0


@pytest.mark.parametrize("name", sorted(OURS.keys() - {"over-turn", "confirm"}))
def test_without_its_wrapper_it_would_differ(name: str) -> None:
    wrap, actions = OURS[name]
    assert not replay(recorded(wrap, actions), wrappers=[]).same


def test_wrappers_are_put_on_in_their_order() -> None:
    episode = recorded(lambda env: OverTurn(GoalReminder(Scratchpad(TurnBudget(env, 4)), 2)), ("remember('x')", "recall()"))
    assert [w["name"].partition(":")[2] for w in episode.wrappers] == ["TurnBudget", "Scratchpad", "GoalReminder", "OverTurn"]
    assert len(episode.turns) == 4
    assert replay(episode, episode.chain()).same
    episode.wrappers[0], episode.wrappers[2] = episode.wrappers[2], episode.wrappers[0]
    assert not replay(episode).same  # the notes stand in another order


def test_a_question_that_is_searched_through_wrappers_replays() -> None:
    episode = recorded(lambda env: TurnBudget(Scratchpad(env), 4), ("search('bridge')", "remember('bridge')"), SEARCH)
    assert "[Turn budget" in episode.turns[1].text
    assert replay(episode, episode.chain()).same


def test_the_stage_of_training_is_recorded() -> None:
    env = HorizonSchedule(gym.make(HERO), (3, 5), 10)
    env.set_global_step(10)
    (entry,) = wrappers_of(env)
    assert entry["kwargs"] == {"rounds": [3, 5], "steps_per_stage": 10, "global_step": 10}
    again = HorizonSchedule(gym.make(HERO), **entry["kwargs"])
    assert again.reset(seed=0)[1]["turns_left"] == 5


def test_wrappers_of_gymnasium_replay_when_their_arguments_are_plain() -> None:
    episode = recorded(lambda env: ClipReward(TimeLimit(env, 3), 0.01, 0.02))
    assert [w["name"] for w in episode.wrappers] == [
        "gymnasium.wrappers.common:TimeLimit",
        "gymnasium.wrappers.transform_reward:ClipReward",
    ]
    assert (len(episode.turns), episode.stop_reason) == (3, "")
    assert replay(episode, episode.chain()).same
    assert replay(episode, wrappers=[]).what == "the reward: 0.0, recorded 0.01"


def test_a_wrapper_that_json_cannot_carry_is_named_and_can_be_passed() -> None:
    episode = recorded(lambda env: TransformReward(env, lambda r: float(r) - 0.25))
    (entry,) = episode.wrappers
    assert entry["kwargs"] is None
    with pytest.raises(WrapperNeeded, match=r"TransformReward.*'func', a function.*wrappers=\[\.\.\.\]"):
        replay(episode)
    assert replay(episode, episode.chain(), wrappers=[lambda env: TransformReward(env, lambda r: float(r) - 0.25)]).same
    found = replay(episode, wrappers=[lambda env: TransformReward(env, lambda r: float(r) - 0.5)])
    assert (found.differs_at, found.what) == (1, "the reward: -0.5, recorded -0.25")


class Silent(gym.Wrapper[Any, Any, Any, Any]):
    """Records no arguments."""


class Half(gym.RewardWrapper[Any, Any], gym.utils.RecordConstructorArgs):
    """A wrapper of somebody's own."""

    def __init__(self, env: Env, by: float) -> None:
        gym.utils.RecordConstructorArgs.__init__(self, by=by)
        gym.RewardWrapper.__init__(self, env)
        self.by = by

    def reward(self, reward: Any) -> Any:
        return float(reward) * self.by - 1.0


def test_wrappers_of_ones_own_replay_where_their_module_is_imported() -> None:
    episode = recorded(partial(Half, by=0.5))
    assert replay(episode, episode.chain()).same
    episode.wrappers[0]["name"] = "nowhere.wrappers:Half"
    with pytest.raises(WrapperNeeded, match=r"'nowhere\.wrappers' is not imported"):
        replay(episode)
    with pytest.raises(WrapperNeeded, match=r"Silent.*RecordConstructorArgs"):
        replay(recorded(Silent))


def score(messages: list[dict[str, Any]], answer: str) -> float:  # noqa: ARG001 - a scorer's signature
    return -1.0 / len(messages)


def goal_of(task: Task) -> str:
    return task.goal


def test_a_scorer_has_to_be_passed() -> None:
    wrap = partial(InformationGain, scorer=score, ground_truth=goal_of)
    episode = recorded(wrap)
    with pytest.raises(WrapperNeeded, match=r"InformationGain.*'scorer', a function"):
        replay(episode)
    assert replay(episode, episode.chain(), wrappers=[wrap]).same


@pytest.mark.skipif(not namespaces(), reason="this system allows no unprivileged user namespaces (unshare)")
def test_a_recording_does_not_run_code_unasked() -> None:
    wrap = partial(PythonRuntime, allow_code=True, timeout=20.0)
    episode = recorded(wrap, ("python('x = 20 + 1')", "python('print(x * 2)')"))
    assert "42" in episode.turns[2].text
    with pytest.raises(WrapperNeeded, match=r"PythonRuntime.*runs code"):
        replay(episode)
    assert replay(episode, episode.chain(), wrappers=[wrap]).same


@pytest.mark.parametrize(
    ("name", "kwargs", "why"),
    [
        ("subprocess:Popen", {"args": ["true"]}, "no wrapper of Gymnasium"),
        ("gymnasium.wrappers:Nothing", {}, "no attribute"),
        ("gymnasium.nothing:Wrapper", {}, "No module"),
        ("mtenvs.wrappers", {}, "Pass replay"),
        ("mtenvs.wrappers:TurnBudget", {"limits": 3}, "does not take the recorded arguments"),
        ("mtenvs.wrappers:TurnBudget", None, "has no arguments for it"),
    ],
    ids=["program", "class", "module", "form", "keyword", "none"],
)
def test_a_recording_names_wrappers_and_nothing_else(name: str, kwargs: Any, why: str) -> None:
    episode = recorded(OverTurn)
    episode.wrappers = [{"name": name, "kwargs": kwargs}]
    with pytest.raises(WrapperNeeded, match=why):
        replay(episode)
    episode.wrappers = [name]  # type: ignore[list-item]  # a file may hold anything
    with pytest.raises(WrapperNeeded, match="not in their form"):
        replay(episode)


def test_a_recording_makes_no_videos(tmp_path: Path) -> None:
    episode = recorded(RecordEpisodeStatistics)
    assert episode.wrappers == []
    folder = tmp_path / "videos"
    episode.wrappers = [{"name": "gymnasium.wrappers:RecordVideo", "kwargs": {"video_folder": str(folder)}}]
    assert replay(episode, episode.chain()).same
    assert not folder.exists()


def test_a_recording_without_the_field_replays_as_before() -> None:
    data = recorded(lambda env: env).to_dict()
    assert data.pop("wrappers") == []
    old = Trajectory.from_dict(data)
    assert replay(old, data["chain"]).same
    assert old.group == recorded(lambda env: env).group != recorded(partial(TurnBudget, limit=3)).group


def test_resume_does_not_take_an_episode_for_one_through_a_wrapper(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    store.append(recorded(lambda env: env))
    (bare,) = list(store)
    description = {"env_id": HERO, "make_kwargs": bare.make_kwargs, "wrappers": list[Any]()}
    assert already_played(plan(1, seed=3), store, [description], "script") == {0: bare}
    wrapped = {**description, "wrappers": wrappers_of(TurnBudget(gym.make(HERO), 3))}
    assert already_played(plan(1, seed=3), store, [wrapped], "script") == {}


def test_the_command_says_which_wrapper_is_missing_and_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "600")
    store = TrajectoryStore(tmp_path)
    store.append(recorded(partial(TurnBudget, limit=3)))
    assert main(["replay", str(tmp_path)]) == 0
    store.append(recorded(lambda env: TransformReward(env, lambda r: float(r) - 0.25)))
    capsys.readouterr()
    assert main(["replay", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "the same" in out
    assert "cannot be played: the recording was made through gymnasium.wrappers.transform_reward:TransformReward" in out


@pytest.mark.parametrize(
    ("gates", "kwargs"), [({"progress": 1}, {"progress": 1}), ({3: 1.0}, None), ({"progress": {1, 2}}, None)], ids=["plain", "keys", "set"]
)
def test_arguments_that_json_would_change_are_not_recorded(gates: Any, kwargs: Any) -> None:
    (entry,) = wrappers_of(GatedReward(gym.make(HERO), gates))
    assert entry["kwargs"] == (None if kwargs is None else {"gates": kwargs, "outcome": None, "mode": "gated"})
    assert kwargs is not None or "'gates'" in entry["why"]
