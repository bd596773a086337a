"""Mechanisms of the multi-turn papers, one small file each: wrappers, message views and reward functions."""

from __future__ import annotations

from mtenvs.wrappers.base import MultiTurnWrapper
from mtenvs.wrappers.confirm import ConfirmIrreversible
from mtenvs.wrappers.constant_memory import constant_memory, constant_memory_samples
from mtenvs.wrappers.gated_reward import GatedReward, OutcomeLadder
from mtenvs.wrappers.goal_reminder import GoalReminder
from mtenvs.wrappers.horizon import HorizonSchedule
from mtenvs.wrappers.information_gain import InformationGain
from mtenvs.wrappers.messages import Sample
from mtenvs.wrappers.over_turn import OverTurn, loss_weight, masked_advantages
from mtenvs.wrappers.python_runtime import PythonRuntime
from mtenvs.wrappers.scratchpad import Scratchpad
from mtenvs.wrappers.tool_window import ToolWindow
from mtenvs.wrappers.tools import ToolWrapper
from mtenvs.wrappers.turn_budget import TurnBudget, percentile_limit
from mtenvs.wrappers.turn_matching import calls_of, hard_turn_rewards, similarity, soft_turn_rewards
from mtenvs.wrappers.turn_request import TurnRequest

__all__ = [
    "ConfirmIrreversible",
    "GatedReward",
    "GoalReminder",
    "HorizonSchedule",
    "InformationGain",
    "MultiTurnWrapper",
    "OutcomeLadder",
    "OverTurn",
    "PythonRuntime",
    "Sample",
    "Scratchpad",
    "ToolWindow",
    "ToolWrapper",
    "TurnBudget",
    "TurnRequest",
    "calls_of",
    "constant_memory",
    "constant_memory_samples",
    "hard_turn_rewards",
    "loss_weight",
    "masked_advantages",
    "percentile_limit",
    "similarity",
    "soft_turn_rewards",
]
