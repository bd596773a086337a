"""Questions: pure functions of their ids, answerable from the pages alone, and not from the first results of the bare question."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import pytest

import mtenvs
from mtenvs.core.errors import UnknownOption, UnknownTask
from mtenvs.core.tasks import SPLITS, Task
from mtenvs.envs.words.search.corpus import Corpus, own_corpus
from mtenvs.envs.words.search.env import SearchEnv
from mtenvs.envs.words.search.pages import Page, pages_of
from mtenvs.envs.words.search.reading import results
from mtenvs.envs.words.search.tasks import KINDS, SEEDS, own_tasks
from mtenvs.envs.words.search.verify import truth_of
from mtenvs.envs.words.search.world import world_of

HOPS = ("hop2", "hop3", "hop4")


def golden(task: Task) -> list[list[str]]:
    found: list[list[str]] = task.checks[0]["golden"]
    return found


def question(task: Task) -> str:
    return task.goal.splitlines()[0]


def says(text: str, answers: list[str]) -> bool:
    plain = text.replace(",", "")
    return any(re.search(rf"\b{re.escape(a.replace(',', ''))}\b", plain) for a in answers)


# ---- ids -----------------------------------------------------------------------------------------------------------


def test_every_kind_is_listed_and_split() -> None:
    tasks = mtenvs.tasks("mtenvs/Search-v0")
    assert len(tasks) == len(KINDS) * SEEDS
    assert all(len(tasks.split(s)) > 50 for s in SPLITS)
    assert {i.split("/")[0] for i in tasks.split("test").ids} == set(KINDS)


@pytest.mark.parametrize("task_id", ["hop2/5", "objectives7/12345", "table/999999999", "w3/count/0", "w12/objectives16/1"])
def test_a_task_is_a_pure_function_of_its_id(task_id: str) -> None:
    task = own_tasks().get(task_id)
    assert task == own_tasks(9).get(task_id) == own_tasks().get(task_id)
    assert task.id == task_id


def test_another_process_asks_the_same() -> None:
    code = "from mtenvs.envs.words.search.tasks import own_tasks as t; print([t().get(i) for i in ('hop4/3', 'table/1', 'objectives4/0')])"
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours
    assert there.strip() == str([own_tasks().get(i) for i in ("hop4/3", "table/1", "objectives4/0")])


@pytest.mark.parametrize(
    "task_id", ["hop5/0", "hop2/", "hop2/01", "hop2/-1", "objectives1/0", "objectives17/0", "w0/hop2/0", "hop2/1\n", "x"]
)
def test_other_ids_do_not_exist(task_id: str) -> None:
    with pytest.raises(UnknownTask):
        own_tasks().get(task_id)


@pytest.mark.parametrize("world", [-1, 10**6, True, "0", 1.0])
def test_worlds_have_whole_numbers(world: object) -> None:
    with pytest.raises(UnknownOption, match="world="):
        SearchEnv(world=world)  # type: ignore[arg-type]  # on purpose


def test_seeds_ask_different_questions() -> None:
    for kind in KINDS:
        goals = {own_tasks().get(f"{kind}/{seed}").goal for seed in range(SEEDS)}
        assert len(goals) >= 0.9 * SEEDS, kind


def test_answers_do_not_repeat_too_often() -> None:
    answers = Counter(truth_of(own_tasks().get(f"hop3/{seed}").checks[0]) for seed in range(SEEDS))
    assert answers.most_common(1)[0][1] <= 0.1 * SEEDS


# ---- answers -------------------------------------------------------------------------------------------------------


def test_chains_by_hand() -> None:
    """The plan, walked in the world without any page, gives the golden answer."""
    world = world_of(0)
    for hops, kind in enumerate(("single", *HOPS), 1):
        for seed in range(25):
            task = own_tasks().get(f"{kind}/{seed}")
            plan = task.setup["plans"][0]
            assert len(plan["path"]) == hops
            here = plan["start"]
            assert len(set(task.checks[0]["evidence"])) == hops
            for step in plan["path"]:
                (here,) = world[here].facts[step.split(".")[1]]
            assert here in golden(task)[0]


def test_counts_and_comparisons_by_hand() -> None:
    world = world_of(0)
    for kind in ("compare", "count"):
        for seed in range(40):
            task = own_tasks().get(f"{kind}/{seed}")
            plan = task.setup["plans"][0]
            items = plan.get("items") or world[plan["start"]].facts[plan["list"].split(".")[1]]
            values = [int(world[i].facts[plan["order"].split(".")[1]][0]) for i in items]
            if kind == "count":
                count = sum(v > plan["above"] for v in values)
                assert golden(task) == [[str(count)]]
                assert 0 < count < len(values)
            else:
                assert items[values.index(max(values))] in golden(task)[0]
                assert values.count(max(values)) == 1


def test_a_table_by_hand() -> None:
    world = world_of(0)
    for seed in range(20):
        task = own_tasks().get(f"table/{seed}")
        plan, check = task.setup["plans"][0], task.checks[0]
        names = world[plan["start"]].facts[plan["list"].split(".")[1]]
        assert [row["name"] for row in check["rows"]] == names
        assert 3 <= len(names) <= 12
        assert all(len(row) == len(check["required"]) >= 3 for row in check["rows"])
        assert all(head in task.goal for head in check["required"])


def test_the_plan_names_no_answer() -> None:
    for kind in (*HOPS, "count"):
        for seed in range(SEEDS):
            task = own_tasks().get(f"{kind}/{seed}")
            assert not (set(golden(task)[0]) & {v for v in task.setup["plans"][0].values() if isinstance(v, str)})


# ---- how hard they are ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOPS)
def test_the_first_results_of_the_bare_question_do_not_answer_it(kind: str) -> None:
    corpus = own_corpus(0)
    listed = opened = 0
    for seed in range(SEEDS):
        task = own_tasks().get(f"{kind}/{seed}")
        hits = corpus.search(question(task), 5)
        first = corpus.page(f"#{hits[0].number}")
        assert first is not None
        listed += says(results(question(task), hits), golden(task)[0])
        opened += says(first[1].text, golden(task)[0])
    assert listed <= 0.05 * SEEDS
    assert opened <= 0.05 * SEEDS


@pytest.mark.parametrize("kind", HOPS)
def test_the_page_that_the_question_names_does_not_answer_it(kind: str) -> None:
    pages = pages_of(0)
    for seed in range(SEEDS):
        task = own_tasks().get(f"{kind}/{seed}")
        assert not says(pages[task.setup["plans"][0]["start"]].text, golden(task)[0])


# ---- the oracle ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("world", "part_chars"), [(0, 1500), (5, 200)])
def test_the_oracle_answers_every_kind_from_the_pages(kind: str, world: int, part_chars: int) -> None:
    env = SearchEnv(part_chars=part_chars)
    prefix = f"w{world}/" if world else ""
    for seed in range(3):
        _, info = env.reset(seed=0, options={"task": f"{prefix}{kind}/{seed}"})
        while env.running:
            *_, info = env.step(env.next_oracle_action())
            assert info["action_error"] is None
        assert info["success"], (info["task_id"], env.given, info["verdict"])
        assert all(info["verdict"].checkpoints.values())
        assert info["verdict"].metrics["searches"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_oracle_answers_every_listed_task(kind: str) -> None:
    env = SearchEnv()
    for seed in range(SEEDS):
        _, info = env.reset(seed=0, options={"task": f"{kind}/{seed}"})
        while env.running:
            *_, info = env.step(env.next_oracle_action())
        assert info["verdict"].score == 1.0, info["task_id"]


def test_the_oracle_knows_only_what_the_pages_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the answering page changed, it answers what now stands there."""
    task = own_tasks().get("hop3/0")
    last = task.checks[0]["evidence"][-1]
    right = golden(task)[0][0]
    whole = Corpus.page

    def changed(self: Corpus, name: str) -> tuple[int, Page] | None:
        found = whole(self, name)
        return (found[0], Page(found[1].title, found[1].text.replace(right, "Nowhere"))) if found and found[1].title == last else found

    monkeypatch.setattr(Corpus, "page", changed)
    env = SearchEnv(task="hop3/0")
    _, info = env.reset(seed=0)
    while env.running:
        *_, info = env.step(env.next_oracle_action())
    assert env.given in ("Nowhere", "unknown")
    assert not info["success"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_near_miss_is_none(kind: str) -> None:
    env = SearchEnv(task=f"{kind}/1")
    _, info = env.reset(seed=0)
    for action in env.near_miss():
        *_, info = env.step(action)
    assert info["stop_reason"] == "goal_failed"
    assert info["verdict"].score < 1
    if kind.startswith("objectives"):
        n = int(kind.removeprefix("objectives"))
        assert info["verdict"].score == pytest.approx((n - 1) / n)
