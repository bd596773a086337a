"""Policies: whatever turns a batch of observations into actions."""

from __future__ import annotations

from mtenvs.policies.basic import IdlePolicy, NearMissPolicy, OraclePolicy, Policy, RandomPolicy, ReplayPolicy, named_policy

__all__ = ["IdlePolicy", "NearMissPolicy", "OraclePolicy", "Policy", "RandomPolicy", "ReplayPolicy", "named_policy"]
