"""Official tasks, played in the browser on sites that run at addresses: ours, each served by itself on one host."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from chat_server import ChatServer, says
from web_official_cases import CASES, FORUM, ORDER, SHOP, Case
from web_tasks import disc, task

import mtenvs
from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.envs.web.addressed import ACCOUNTS, Account
from mtenvs.envs.web.official import SUITES, fill
from mtenvs.envs.web.oracle import actions_of
from mtenvs.envs.web.own.template import Step
from mtenvs.envs.web.visualwebarena import VisualWebArenaEnv
from mtenvs.envs.web.webarena import WebArenaEnv
from mtenvs.sites.standalone import Standalone

QUICK = ("an answer", "from the open tabs", "the latest order", "the latest review", "a post", "across sites, logged in on both")


@pytest.fixture(scope="module")
def sites() -> Iterator[Standalone]:
    with Standalone({"shop": 0, "admin": 0, "forum": 0}) as running:
        yield running


@pytest.fixture(scope="module")
def addresses(sites: Standalone) -> dict[str, str]:
    names = {"shopping": ("shop", ""), "shopping_admin": ("admin", "/admin"), "reddit": ("forum", "")}
    return {name: f"http://127.0.0.1:{sites.ports[ours]}{path}" for name, (ours, path) in names.items()}


def row(number: int, case: Case) -> dict[str, Any]:
    given = task(number, **case.checks)
    return {**given, "sites": list(case.sites), "start_url": case.start, "intent": case.intent, "storage_state": None}


def written(folder: Path, *rows: Any, name: str = "test.raw.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(list(rows)))
    return path


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory, addresses: dict[str, str]) -> Iterator[WebArenaEnv]:
    path = written(tmp_path_factory.mktemp("official"), *(row(number, case) for number, case in enumerate(CASES)))
    with WebArenaEnv(data_dir=path, addresses=addresses) as made:
        yield made


def play(env: WebArenaEnv, task_id: str, steps: Sequence[Step], addresses: dict[str, str]) -> dict[str, Any]:
    env.reset(seed=0, options={"task": task_id})
    info: dict[str, Any] = {}
    for action in actions_of([fill(asdict(step), addresses) for step in steps], env):
        info = env.step(action)[4]
        assert info["action_error"] is None, (action, info["action_error"])
    return info


def check_case(env: WebArenaEnv, sites: Standalone, addresses: dict[str, str], number: int) -> None:
    case = CASES[number]
    for steps, score, reason in ((case.wrong, 0.0, "goal_failed"), (case.right, 1.0, "goal_reached")):
        sites.reset()
        info = play(env, f"webarena/{number}", steps, addresses)
        assert (info["verdict"].score, info["stop_reason"]) == (score, reason), (case.name, info["verdict"], env.session.url)


@pytest.mark.parametrize("number", [i for i, case in enumerate(CASES) if case.name in QUICK])
def test_right_scores_and_wrong_does_not(env: WebArenaEnv, sites: Standalone, addresses: dict[str, str], number: int) -> None:
    check_case(env, sites, addresses, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", [i for i, case in enumerate(CASES) if case.name not in QUICK])
def test_more_of_them(env: WebArenaEnv, sites: Standalone, addresses: dict[str, str], number: int) -> None:
    check_case(env, sites, addresses, number)


def test_the_start_and_the_end(env: WebArenaEnv, sites: Standalone, addresses: dict[str, str]) -> None:
    sites.reset()
    tabs = next(i for i, case in enumerate(CASES) if case.name == "across sites, logged in on both")
    _, info = env.reset(seed=0, options={"task": f"webarena/{tabs}"})
    assert info["turns_left"] == 30
    assert [tab.url.rstrip("/") for tab in env.session.tabs()] == [addresses["shopping"], addresses["reddit"]]
    assert env.session.url.rstrip("/") == addresses["shopping"]
    before = [tab.url for tab in env.session.tabs()]
    verdict = env.step("stop [nothing]")[4]["verdict"]
    assert verdict.checkpoints == {"program_html 1": True, "program_html 2": True, "program_html 3": False}
    assert [tab.url for tab in env.session.tabs()] == before  # the verifier looks in a page of its own
    with pytest.raises(NotImplementedError, match="oracle"):
        env.oracle()


def test_out_of_turns_it_is_judged_as_it_stands(env: WebArenaEnv, addresses: dict[str, str]) -> None:
    place = next(i for i, case in enumerate(CASES) if case.name == "one of two addresses")
    for where, score in (("/wishlist/", 1.0), ("/checkout/cart/", 0.0)):
        env.reset(seed=0, options={"task": f"webarena/{place}", "max_turns": 1})
        _, reward, terminated, truncated, info = env.step(f"goto [{addresses['shopping']}{where}]")
        assert (reward, terminated, truncated, info["verdict"].score) == (score, False, True, score)


def test_a_judge_is_asked_and_without_one_nothing_is_guessed(tmp_path: Path, addresses: dict[str, str]) -> None:
    checks = {"eval_types": ["string_match"], "reference_answers": {"fuzzy_match": ["two kilometres"]}}
    path = written(tmp_path, row(0, Case("", checks, (), (), intent="How far is it?")))
    with WebArenaEnv(data_dir=path, addresses=addresses) as env:
        info = play(env, "webarena/0", (Step("stop", "2 km"),), addresses)
        assert (info["verdict"].score, info["verdict"].needs, info["stop_reason"]) == (None, "judge", "agent_stopped")
    server = ChatServer()
    with WebArenaEnv(data_dir=path, addresses=addresses, judge={"base_url": server.url, "model": "m"}, verdict_every_turn=True) as env:
        for said, score in (("correct", 1.0), ("wrong", 0.0)):
            server.answer = lambda _, said=said: says(said)  # type: ignore[misc]  # a lambda with a default
            info = play(env, "webarena/0", (Step("stop", "2 km"),), addresses)
            assert (info["verdict"].score, info["verdict"].needs) == (score, "")
    assert len(server.requests) == 2  # not at reset, though there is a verdict on every turn
    assert "How far is it?" in server.requests[0]["messages"][1]["content"]
    server.close()


def test_verified_tasks_are_judged_by_answer_and_network(tmp_path: Path, sites: Standalone, addresses: dict[str, str]) -> None:
    found = {"task_type": "retrieve", "status": "SUCCESS", "retrieved_data": [ORDER["increment_id"]]}
    schema = {"type": "array", "items": {"type": "string"}}
    told = {"evaluator": "AgentResponseEvaluator", "results_schema": schema, "expected": found}
    went = {**told, "results_schema": {"type": "null"}, "expected": {"task_type": "navigate", "status": "SUCCESS"}}
    asked = {"evaluator": "NetworkEventEvaluator", "expected": {"url": "__SHOPPING__/wishlist/"}}
    rows = [
        {"sites": ["shopping"], "task_id": number, "start_urls": [SHOP], "intent": "Do it", "eval": evals}
        for number, evals in enumerate(([told], [went, asked]))
    ]
    moved = '{"task_type": "navigate", "status": "SUCCESS", "retrieved_data": null}'
    plays = (
        (0, (Step("stop", json.dumps(found)),), 1.0),
        (0, (Step("stop", json.dumps({**found, "retrieved_data": ["1"]})),), 0.0),
        (0, (Step("stop", ORDER["increment_id"]),), 0.0),
        (1, (Step("goto", f"{SHOP}/wishlist/"), Step("stop", moved)), 1.0),
        (1, (Step("goto", f"{SHOP}/checkout/cart/"), Step("stop", moved)), 0.0),
        (1, (Step("goto", f"{SHOP}/wishlist/"), Step("stop", "done")), 0.0),
    )
    sites.reset()
    with WebArenaEnv(data_dir=written(tmp_path, *rows), suite="verified", addresses=addresses) as env:
        assert "JSON" in env.reset(seed=0)[0]["text"]  # the agent is told what form the answer has
        for number, steps, score in plays:
            assert play(env, f"verified/{number}", steps, addresses)["verdict"].score == score, (number, steps)


def test_log_ins_that_fail_say_so(tmp_path: Path, addresses: dict[str, str]) -> None:
    path = written(tmp_path, row(0, CASES[0]))
    refused = {"shopping": Account("/customer/account/login/", {**ACCOUNTS["shopping"].fields, "login[password]": "wrong"})}
    for accounts, what in ((refused, "the account is refused"), ({"shopping": Account("/contact/", {"login": ""})}, "no log-in form")):
        with (
            WebArenaEnv(data_dir=path, addresses=addresses, accounts=accounts) as env,
            pytest.raises(DataError, match=rf"shopping at http.*{what}"),
        ):
            env.reset(seed=0)
    with (
        WebArenaEnv(data_dir=path, addresses={"shopping": "http://127.0.0.1:9"}) as env,
        pytest.raises(DataError, match=r"shopping at http://127\.0\.0\.1:9 cannot be"),
    ):
        env.reset(seed=0)


def test_a_missing_address_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: dict[str, str]) -> None:
    for variable in ("SHOPPING", "REDDIT"):
        for prefix in ("MTENVS_", "", "WA_", "VWA_"):
            monkeypatch.delenv(prefix + variable, raising=False)
    path = written(tmp_path, row(0, CASES[0]), row(1, Case("", CASES[0].checks, (), (), f"{SHOP} |AND| {FORUM}", ("shopping",))))
    tasks = mtenvs.tasks("WebArena", source="official", data_dir=path)
    assert tasks[0].setup["start_urls"] == [SHOP]
    with WebArenaEnv(data_dir=path) as env, pytest.raises(UnknownOption, match=r"needs the address of shopping.*MTENVS_SHOPPING"):
        env.reset(seed=0, options={"task": "webarena/0"})
    monkeypatch.setenv("WA_SHOPPING", addresses["shopping"])
    with WebArenaEnv(data_dir=path) as env:
        env.reset(seed=0, options={"task": "webarena/0"})
        with pytest.raises(UnknownOption, match=r"'webarena/1' needs the address of reddit: .*MTENVS_REDDIT"):
            env.reset(seed=0, options={"task": "webarena/1"})
    without_files: list[dict[str, Any]] = [{"addresses": addresses}, {"judge": {}}, {"suite": "verified"}]
    for options in without_files:
        with pytest.raises(UnknownOption, match="data_dir"):
            WebArenaEnv(**options)
    wrong: list[dict[str, Any]] = [{"suite": "visualwebarena"}, {"judge": {"url": "x"}}, {"storage_states": tmp_path / "none"}]
    for options in wrong:
        with pytest.raises(UnknownOption, match=r"suite|judge|storage_states"):
            WebArenaEnv(data_dir=path, **options)


def test_a_storage_state_takes_the_place_of_logging_in(tmp_path: Path, addresses: dict[str, str], env: WebArenaEnv) -> None:
    env.reset(seed=0, options={"task": "webarena/0"})
    (tmp_path / "shopping_state.json").write_text(json.dumps(env.session.storage_state()))
    path = written(tmp_path, {**row(0, CASES[0]), "storage_state": "./.auth/shopping_state.json", "start_url": f"{SHOP}/customer/account/"})
    nobody = {"shopping": Account("/no-such-page/", {})}
    with WebArenaEnv(data_dir=path, addresses=addresses, storage_states=tmp_path, accounts=nobody) as other:
        obs, _ = other.reset(seed=0)
    assert "emma.lopez@gmail.com" in obs["text"]


def test_pictures_of_goals(tmp_path: Path, addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOMEPAGE", raising=False)
    folder = tmp_path / "input_images" / "shopping"
    folder.mkdir(parents=True)
    (folder / "in.png").write_bytes(disc("red"))
    given = {
        **row(0, CASES[0]),
        "image": "__HOMEPAGE__/static/input_images/shopping/in.png",
        "viewport_size": {"width": 800, "height": 600},
    }
    outside = {**row(1, CASES[0]), "image": ["__HOMEPAGE__/../secret.png"]}
    path = written(tmp_path, given, outside, name="test_raw.json")
    (tmp_path.parent / "secret.png").write_bytes(disc("red"))
    with VisualWebArenaEnv(data_dir=path, addresses=addresses) as env:
        obs, _ = env.reset(seed=0, options={"task": "visualwebarena/0"})
        assert obs["num_frames"] == 1
        assert tuple(obs["frames"][0, 32, 32]) == (255, 0, 0)
        assert env.session.evaluate("[innerWidth, innerHeight]") == [800, 600]
        with pytest.raises(DataError, match="secret"):
            env.reset(seed=0, options={"task": "visualwebarena/1"})


@pytest.mark.parametrize(
    ("env_id", "suite", "variant", "count", "judged"),
    [("WebArena", "webarena", "all", 812, 118), ("WebArena", "verified", "all", 812, 0), ("WebArena", "verified", "hard", 258, 0),
     ("VisualWebArena", "visualwebarena", "all", 910, 71)],
)  # fmt: skip
def test_the_published_files_load(env_id: str, suite: str, variant: str, count: int, judged: int) -> None:
    if find_spec(SUITES[suite].module) is None:  # not importorskip: its imports are none of ours
        pytest.skip(f"{SUITES[suite].distribution} is not installed")
    tasks = mtenvs.tasks(env_id, source="official", data_dir="package", suite=suite, variant=variant)
    assert (len(tasks), sum("judge" in one.tags for one in tasks)) == (count, judged)
