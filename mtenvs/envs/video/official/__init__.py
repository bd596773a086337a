"""Official question sets about videos, read unchanged from where the user has them."""

from __future__ import annotations

from mtenvs.envs.video.official.loading import SETS, OfficialSet, official_tasks

__all__ = ["SETS", "OfficialSet", "official_tasks"]
