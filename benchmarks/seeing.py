"""The baseline that only sees, on films that nobody looked at while it was made: how many questions it answers, with motion and without.

Each film is watched through `mtenvs/FrameThinker-v0` by its own actions: all frames are those that the environment shows. First the
tasks as they are listed, each an episode of its own, against chance. Then one sweep over each film, after which all questions that can be
asked about what is seen in it are put, counts apart from the others and those left out that name a time, which would have been looked at;
the peer is the same policy without motion, which makes no difference between shots and only guesses how many. The films are rendered
when they are first needed (five minutes on two idle cores); ``--quick`` plays two clips.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from _table import Row, arguments, show
from tqdm import tqdm

import mtenvs
from mtenvs.envs.video.framethinker.env import SEEN_SKILLS
from mtenvs.envs.video.own.library import script_of
from mtenvs.envs.video.own.questions import drafts_of, finish, questions_of
from mtenvs.envs.video.own.questions_words import Words
from mtenvs.envs.video.question import LETTERS, Question
from mtenvs.envs.video.tools.seeing import SeeingPolicy

CLIPS, SHORTS = (103, 111, 119, 127, 135, 143, 151, 159, 167, 175), (103, 111, 119, 127)
"""Seeds of the test split; the tables of shapes were measured, and the numbers of motion tuned, on films of the train split."""
FEW, MANY = 5, 30
TIMED = ("timed", "parcel_timed")
COUNT = "count"
CHANCE, NO_MOTION = "chance, five options", "the same without motion"
ANYTHING = "Which sign?"  # a question without options, so that a sweep goes on to its end, reading what it sees


def tasks_about(film: str) -> list[str]:
    """The tasks that the environment would list, were the film one of those that are."""
    made = (
        (skill, k, question)
        for skill in SEEN_SKILLS
        for k, question in enumerate(q for q in questions_of(script_of(film)) if q.skill == skill)
    )
    return [f"{film}/{skill}/{k}" for skill, k, question in made if _seen(question)]


def _seen(question: Question) -> bool:
    return all(e.channel == "picture" for e in question.evidence)


def listed(tasks: Sequence[str], progress: Any) -> float:
    """The share of some tasks that are solved, in per cent."""
    venv = mtenvs.make_vec("FrameThinker", num_envs=1, backend="sync")
    right = 0
    for task in tasks:
        (episode,) = mtenvs.rollout(venv, SeeingPolicy(FEW), 1, tasks=[task])
        right += bool(episode.success)
        progress.update()
    venv.close()
    return 100 * right / len(tasks)


def swept(films: Sequence[str], turns: int, progress: Any) -> dict[str, list[tuple[bool, bool]]]:
    """Of all questions, counts and others, whether they are answered after one sweep with motion, and without."""
    right: dict[str, list[tuple[bool, bool]]] = {"questions": [], "counts": []}
    for film in films:
        with mtenvs.make("FrameThinker", task=f"{film}/event/0", max_turns=turns) as env:
            policies = SeeingPolicy(turns), SeeingPolicy(turns, motion=False)
            obs, _ = env.reset(seed=0)
            for turn in range(turns):
                batch: Mapping[str, Any] = {**{key: [value] for key, value in obs.items()}, "goal": [ANYTHING]}
                (action,), _ = (policy(batch) for policy in policies)
                if turn < turns - 1:
                    obs, *_ = env.step(action)
        for question in questions_about(film):
            moving, plain = (LETTERS[policy.choice(question.asked).option] == question.answer for policy in policies)
            right["counts" if question.skill == COUNT else "questions"].append((moving, plain))
        progress.update()
    return right


def questions_about(film: str) -> Iterator[Question]:
    """All that can be asked about what is seen in a film, without a time in the question."""
    words = Words(script_of(film))
    for skill in SEEN_SKILLS:
        for draft in drafts_of(words, skill):
            question = finish(draft, skill, words.rng(skill, draft.text))
            if draft.kind not in TIMED and _seen(question):
                yield question


def main() -> None:
    """Print the rows."""
    args = arguments(__doc__)
    clips = [f"clip-{seed}" for seed in CLIPS[: 2 if args.quick else None]]
    shorts = [] if args.quick else [f"short-{seed}" for seed in SHORTS]
    rows = []
    with tqdm(desc="questions and sweeps", disable=args.json) as progress:
        for name, films, most in (("clips of 90 s", clips, FEW), ("films of 10 min", shorts, MANY)):
            if films:
                tasks = [task for film in films for task in tasks_about(film)]
                rows.append(Row.rate(f"{len(tasks)} tasks about {name}, {FEW} turns", "% right", listed(tasks, progress), 20, CHANCE))
                for kind, right in swept(films, most, progress).items():
                    moving, plain = (100 * sum(column) / len(right) for column in zip(*right, strict=True))
                    rows.append(Row.rate(f"{len(right)} {kind} about {name}, {most} turns", "% right", moving, plain, NO_MOTION))
    show(rows, args)


if __name__ == "__main__":
    main()
