"""Policies: whatever turns a batch of observations into actions.

`mtenvs.policies.chat` (any OpenAI-compatible endpoint), `mtenvs.policies.human` and `mtenvs.policies.torch` are imported by
name, because they need more than Gymnasium and numpy.
"""

from __future__ import annotations

from mtenvs.policies.basic import IdlePolicy, NearMissPolicy, OraclePolicy, Policy, RandomPolicy, ReplayPolicy, named_policy

__all__ = ["IdlePolicy", "NearMissPolicy", "OraclePolicy", "Policy", "RandomPolicy", "ReplayPolicy", "named_policy"]
