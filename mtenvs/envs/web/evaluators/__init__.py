"""The official verdicts of web benchmarks, without a browser of their own: plain Python over a few small protocols."""

from __future__ import annotations

from mtenvs.envs.web.evaluators.pages import Judge, JudgeError, Page, PageError, Pages
from mtenvs.envs.web.evaluators.verdict import judge_task

__all__ = ["Judge", "JudgeError", "Page", "PageError", "Pages", "judge_task"]
