"""WebArena-Verified: an answer in JSON against a schema, and what the browser asked of the servers; no model judges, no page is opened."""

from __future__ import annotations

from mtenvs.envs.web.evaluators.verified.verdict import judge_verified

__all__ = ["judge_verified"]
