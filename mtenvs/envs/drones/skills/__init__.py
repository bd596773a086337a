"""Scripted low-level skills of the 3v3 hierarchy: geometric controllers from the state of many games to rotor commands."""

from mtenvs.envs.drones.skills.controller import SkillController
from mtenvs.envs.drones.skills.learned import LearnedSkills
from mtenvs.envs.drones.skills.playbook import Aim, Role, Skill

__all__ = ["Aim", "LearnedSkills", "Role", "Skill", "SkillController"]
