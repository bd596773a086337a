"""The search environment as an agent and a trainer meet it: results, pages in parts, answers in every form, options, snapshots."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mtenvs
from mtenvs.core.actions import Call
from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.envs.words.search.corpus import write_corpus
from mtenvs.envs.words.search.env import SearchEnv
from mtenvs.envs.words.search.pages import Page, pages_of
from mtenvs.envs.words.search.reading import body_of, parts_of, read_fenced_table, read_tags
from mtenvs.envs.words.search.verify import truth_of
from mtenvs.envs.words.search.world import world_of

CITY = world_of(0).of("city")[3].title
COUNTRY = world_of(0).of("country")[0].title


def begun(task: str = "hop2/0", **options: Any) -> SearchEnv:
    env = SearchEnv(task=task, **options)
    env.reset(seed=0)
    return env


def text_of(env: SearchEnv, action: Any) -> str:
    text: str = env.step(action)[0]["text"]
    return text


# ---- searching and reading -----------------------------------------------------------------------------------------


def test_an_episode_by_hand() -> None:
    env = SearchEnv(task="hop2/0")
    obs, info = env.reset(seed=0)
    assert obs["text"] == f"The library has {len(env.corpus):,} pages."
    assert obs["goal"].splitlines()[0].endswith("?")
    first, second = env.check["evidence"]
    results = text_of(env, {"name": "search", "arguments": {"query": first, "k": 3}}).splitlines()
    assert len(results) == 3
    assert re.fullmatch(rf"#\d+ {re.escape(first)}: .+", results[0])
    assert f"[[{second}]]" in text_of(env, f'open("{first}")')
    number = results[0].split()[0]
    assert text_of(env, f'open("{number}")') == text_of(env, f'open(page="[[{first}]]", part=1)')
    assert text_of(env, f'open("{second}")').startswith(f"{second} (#")
    obs, reward, terminated, truncated, info = env.step({"name": "answer", "arguments": {"text": truth_of(env.check)}})
    assert (reward, terminated, truncated, info["success"]) == (1.0, True, False, True)
    assert info["stop_reason"] == "goal_reached"
    assert info["verdict"].metrics == {"em": 1.0, "f1": 1.0, "searches": 1.0, "pages_opened": 2.0}
    assert info["verdict"].checkpoints == {f"read:{first}": True, f"read:{second}": True, "answer1": True}


def test_a_wrong_answer_ends_the_episode() -> None:
    env = begun()
    _, reward, terminated, _, info = env.step('answer("I do not know")')
    assert (reward, terminated, info["stop_reason"], info["verdict"].score) == (0.0, True, "goal_failed", 0.0)


def test_a_long_page_is_cut_visibly_and_goes_on() -> None:
    env = begun(part_chars=300)
    whole = pages_of(0)[COUNTRY].text
    text, part = "", 1
    while True:
        shown = text_of(env, f'open(page="{COUNTRY}", part={part})')
        piece, more = body_of(shown)
        assert len(piece) <= 300
        text += piece
        if not more:
            break
        part += 1
        assert shown.endswith(f'open(page="{COUNTRY}", part={part})]')
        assert f"part {part - 1} of " in shown.splitlines()[0]
    assert part > 2
    assert text == whole


@given(st.text(max_size=3000), st.integers(10, 400))
def test_parts_are_the_whole(text: str, size: int) -> None:
    parts = parts_of(text, size)
    assert "".join(parts) == text
    assert all(0 < len(p) <= size for p in parts) or not text


def test_most_pages_fit_into_one_turn() -> None:
    lengths = [len(p.text) for p in pages_of(0).values()]
    assert sum(n <= 1500 for n in lengths) > 0.95 * len(lengths)
    assert max(lengths) < 15_000


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ('open("No such page at all")', "there is no page"),
        (f'open("{CITY} ", 99)', "so there is no part 99"),
        (f'open("{CITY}", 0)', "part"),
        ("open(12)", "page"),
        ('search("")', "empty"),
        ('search("  ")', "empty"),
        ('search("a", 0)', "k"),
        ('search("a", 21)', "k"),
        ('search("a", k=2.5)', "k"),
        ({"name": "search", "arguments": {"query": "a" * 1_000_000}}, "query"),
        ({"name": "open", "arguments": {"page": None}}, "page"),
        ({"name": "answer", "arguments": {"text": ["a"]}}, "text"),
        ("<search></search>", "empty"),
        ("just thinking", "not a call"),
    ],
    ids=range(14),
)
def test_bad_actions_spend_a_turn_and_change_nothing(action: Any, message: str) -> None:
    env = begun()
    before = env._save()
    obs, reward, terminated, truncated, info = env.step(action)
    assert message in obs["text"]
    assert message in info["action_error"].message or message in info["action_error"].legal
    assert (reward, terminated, truncated, info["turn"]) == (0.0, False, False, 1)
    assert env._save() == before


def test_an_unknown_page_names_near_ones() -> None:
    env = begun()
    assert f"'{CITY}'" in text_of(env, f'open("{CITY} city")')


@pytest.mark.parametrize(
    "query", ['"', "NEAR(", "a\0b", "\ud800", "🙂", "title:", "*", "-" * 1999, "' OR 1=1 --", "AND OR NOT"], ids=range(10)
)
def test_garbage_is_looked_for_like_anything_else(query: str) -> None:
    env = begun()
    for name, key in (("search", "query"), ("open", "page")):
        obs, *_, info = env.step({"name": name, "arguments": {key: query}})
        assert obs in env.observation_space
        assert name == "open" or info["action_error"] is None


@given(st.text(st.characters(), max_size=200))
def test_any_reply_leaves_a_sound_observation(reply: str) -> None:
    env = begun(max_invalid=100)
    for text in (reply, f"<search>{reply}</search>", f"<open>{reply}</open>", {"name": "answer", "arguments": {"text": reply}}):
        if env.running:
            assert env.step(text)[0] in env.observation_space


# ---- forms of an action --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "canonical"),
    [
        ("<think>I need\nthe gate.</think>\n<search>amber gate</search>", 'search(query="amber gate", k=5)'),
        ("<search>\n amber gate \n</search> ", 'search(query="amber gate", k=5)'),
        (f"<access>{CITY}</access>", f'open(page="{CITY}", part=1)'),
        (f"<open>{CITY}</open>", f'open(page="{CITY}", part=1)'),
        ("<search>amber</search> no, <answer>Rome; 12</answer>", 'answer(text="Rome; 12")'),
        ("<answer>Rome</answer> or rather <search>amber</search>", 'search(query="amber", k=5)'),
        ("search 'amber gate' 3", 'search(query="amber gate", k=3)'),
        ('<tool_call>{"name": "search", "arguments": {"query": "amber"}}</tool_call>', 'search(query="amber", k=5)'),
        ('```\nsearch("amber")\n```', 'search(query="amber", k=5)'),
    ],
)
def test_forms_of_an_action(reply: str, canonical: str) -> None:
    assert begun().step(reply)[4]["action"] == canonical


def test_a_fenced_table_is_an_answer() -> None:
    env = begun("table/0")
    *_, info = env.step(f"Here it is.\n```markdown\n{truth_of(env.check)}\n```\nDone.")
    assert info["success"]
    env = begun("table/0")
    assert env.step(f"<answer>{truth_of(env.check)}</answer>")[4]["success"]


@given(
    st.sampled_from([("search", "query"), ("open", "page"), ("answer", "text")]),
    st.lists(
        st.sampled_from(["<open>", "</open>", "</answer>", "```markdown", "| a |", "|---|", "\n", '"', "(", ")", "}", "Rome"]), max_size=12
    ),
)
def test_a_call_means_the_same_in_all_its_forms(action: tuple[str, str], pieces: list[str]) -> None:
    env = begun()
    call = Call(action[0], {action[1]: "".join(pieces)})
    canonical = env._read(call.to_dict())[1]
    assert env._read(canonical)[1] == env._read(json.dumps(call.to_dict()))[1] == canonical


def test_tags_without_a_partner_are_no_action() -> None:
    tools = begun()._tools
    for text in ("<search>a", "a</search>", "</search><search>", "<answer>", "", "<search>" * 2000, "</answer>" * 2000):
        assert read_tags(text, tools) is None
    assert read_fenced_table("```markdown\nno table\n```", tools) is None
    assert read_tags("<answer>a</answer>", {}) is None


# ---- options -------------------------------------------------------------------------------------------------------


def test_the_ground_truth_is_shown_only_when_asked_for() -> None:
    env = SearchEnv(task="objectives2/0")
    assert "ground_truth" not in env.reset(seed=0)[1]
    told = SearchEnv(task="objectives2/0", reveal_ground_truth=True)
    truth = told.reset(seed=0)[1]["ground_truth"]
    assert truth == truth_of(told.check)
    *_, info = told.step(told.idle_action())
    assert info["ground_truth"] == truth
    assert told.step({"name": "answer", "arguments": {"text": truth}})[4]["success"]


@pytest.mark.parametrize("kind", ["hop2", "hop3", "hop4"])
def test_nothing_shows_the_answer_before_it_is_found(kind: str) -> None:
    env = SearchEnv(verdict_every_turn=True)
    for seed in range(20):
        obs, info = env.reset(seed=0, options={"task": f"{kind}/{seed}"})
        seen = json.dumps([obs, {key: str(value) for key, value in info.items() if key != "verdict"}])
        assert env.check["golden"][0][0] not in seen


def test_turns_suit_the_task() -> None:
    limits = {kind: begun(f"{kind}/0").turn_limit or 0 for kind in ("single", "hop2", "hop4", "objectives8", "table")}
    assert limits["single"] < limits["hop2"] < limits["hop4"] < limits["objectives8"]
    assert limits["table"] > 20
    assert (begun("hop4/0", part_chars=200).turn_limit or 0) > limits["hop4"]
    assert begun("single/0", max_turns=3).turn_limit == 3


def test_another_world_has_other_pages_and_tasks() -> None:
    env = SearchEnv(world=4, split=None)
    assert env.tasks.ids[0] == "w4/single/0"
    _, info = env.reset(seed=0)
    assert info["task_id"].startswith("w4/")
    assert env.corpus.page(CITY) is None
    _, info = env.reset(seed=0, options={"task": "single/0"})
    assert env.corpus.page(CITY) is not None


@pytest.mark.parametrize("size", [0, 199, 15_001, "many", True, 300.0])
def test_parts_have_bounds(size: Any) -> None:
    with pytest.raises(UnknownOption, match="part_chars"):
        SearchEnv(part_chars=size)


def test_tasks_of_core_compose_too() -> None:
    env = SearchEnv(task=["single/0", "w4/single/1"])
    _, info = env.reset(seed=0)
    while env.running:
        *_, info = env.step(env.next_oracle_action())
    assert info["success"]
    assert info["verdict"].score == 1


def test_a_start_at_a_page_that_is_read() -> None:
    env = SearchEnv(task="hop3/0", verdict_every_turn=True)
    _, info = env.reset(seed=0, options={"start_at": 2})
    assert list(info["verdict"].checkpoints.values()) == [True, True, False, False]
    assert info["turn"] == 0
    while env.running:
        *_, info = env.step(env.next_oracle_action())
    assert info["success"]


def test_a_snapshot_keeps_what_was_read() -> None:
    env = begun("hop3/4")
    for _ in range(3):
        env.step(env.next_oracle_action())
    saved = env.snapshot()
    other = SearchEnv()
    other.restore(saved)
    for one in (env, other):
        *_, info = one.step({"name": "answer", "arguments": {"text": truth_of(one.check)}})
        assert info["verdict"].metrics["pages_opened"] == 2
        assert info["success"]


def test_a_library_of_ones_own(tmp_path: Path) -> None:
    write_corpus(tmp_path / "mine.sqlite", [Page("Lamp", "A lamp gives light."), Page("Oil", "Oil burns.")])
    env = SearchEnv(corpus=tmp_path / "mine.sqlite", task="single/0")
    assert env.reset(seed=0)[0]["text"] == "The library has 2 pages."
    assert "A lamp gives light." in text_of(env, 'open("lamp")')
    with pytest.raises(DataError):
        SearchEnv(corpus=tmp_path / "none.sqlite")


def test_a_batch_plays_in_one_library() -> None:
    with closing(mtenvs.make_vec("mtenvs/Search-v0", num_envs=3, task="hop2/0")) as venv:
        obs, _ = venv.reset(seed=0)
        assert len(set(obs["text"])) == 1
        obs, *_ = venv.step([f'open("{CITY}")', 'search("river")', "nonsense"])
        assert len(set(obs["text"])) == 3
