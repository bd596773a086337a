"""Dialogues about one of our own films, made of its script."""

from __future__ import annotations

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.dialogues_model import MOST_CRITERIA, ROLES, Criterion, Dialogue, DialogueTurn
from mtenvs.envs.video.own.dialogues_themes import THEMES
from mtenvs.envs.video.own.questions_words import Words
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.question import TIERS

__all__ = ["MOST_CRITERIA", "ROLES", "Criterion", "Dialogue", "DialogueTurn", "dialogues_of"]


def dialogues_of(script: Script) -> list[Dialogue]:
    """The dialogues about a film: 1 about a clip, 2 about a short, 4 about longer films, of as many themes as possible.

    Args:
        script: of the film, named ``<tier>-<seed>``.

    Raises:
        DataError: too little happens in the film.
    """
    words, n = Words(script), TIERS.get(script.name.partition("-")[0], 1)
    rng = words.rng("dialogues")
    rounds: list[tuple[int, float, str, tuple[DialogueTurn, ...]]] = []
    for theme, make in THEMES.items():
        made = list(make(words))
        rounds += [(k, rng.random(), theme, turns) for k, turns in enumerate(rng.sample(made, len(made)))]
    chosen = sorted(rounds, key=lambda r: r[:2])[:n]  # one of each theme comes before a second of any
    if len(chosen) < n:
        raise DataError(f"the film {script.name} has matter for {len(chosen)} of {n} dialogues")
    return [Dialogue(f"{script.name}/dialogue/{k}", theme, turns) for k, (_, _, theme, turns) in enumerate(chosen)]
