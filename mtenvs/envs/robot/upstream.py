"""The one place that imports metaworld and mujoco; without them it says what to install.

metaworld 3.1.1 pins mujoco 3.3.0. Newer ones (tried up to 4.0) work too, since `fast.py` writes the weld constraints itself.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final

from mtenvs.core.errors import MissingRequirement

INSTALL: Final = "pip install 'mtenvs[robot]'"

try:
    import mujoco
    from metaworld import env_dict
    from metaworld.env_dict import ALL_V3_ENVIRONMENTS
    from metaworld.policies import ENV_POLICY_MAP
    from metaworld.sawyer_xyz_env import SawyerXYZEnv
    from metaworld.utils import reward_utils
except ModuleNotFoundError as error:
    raise MissingRequirement("robot", error.name or "metaworld", INSTALL) from error

__all__ = ["ALL_V3_ENVIRONMENTS", "ENV_POLICY_MAP", "VERSIONS", "SawyerXYZEnv", "env_dict", "mujoco", "reward_utils"]


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


VERSIONS: Final[dict[str, str]] = {"metaworld": _version_of("metaworld"), "mujoco": mujoco.__version__}
"""Physics and rewards drift with both, so results name them."""
