"""Where files are: assets that come with mtenvs, and official data that the user has."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from mtenvs.core.errors import DataError

_PACKAGE: Final = Path(__file__).resolve().parents[1]
ASSETS_VARIABLE: Final = "MTENVS_ASSETS"
OFFICIAL_VARIABLE: Final = "MTENVS_OFFICIAL_DATA"
CACHE_VARIABLE: Final = "MTENVS_CACHE"


def asset(name: str) -> Path:
    """The path of a file or folder of ours, such as ``"rpg"``.

    Looked for in ``$MTENVS_ASSETS``, then in the installed wheel, then in the checkout.

    Raises:
        DataError: it is in none of them.
    """
    roots = [Path(os.environ[ASSETS_VARIABLE])] if os.environ.get(ASSETS_VARIABLE) else []
    roots += [_PACKAGE / "_assets", _PACKAGE.parent / "assets"]
    for root in roots:
        if (root / name).exists():
            return root / name
    tried = ", ".join(str(r) for r in roots)
    raise DataError(f"the asset {name!r} is in none of: {tried}. Reinstall mtenvs, or point {ASSETS_VARIABLE} at its assets folder")


def cache_dir() -> Path:
    """Where generated files of mtenvs are kept: ``$MTENVS_CACHE``, else ``mtenvs`` under the user's cache folder."""
    given = os.environ.get(CACHE_VARIABLE)
    return Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mtenvs"


def official_root() -> Path:
    """The folder with official data: ``$MTENVS_OFFICIAL_DATA``, else ``shared/data`` beside the checkout."""
    set_by_user = os.environ.get(OFFICIAL_VARIABLE)
    return Path(set_by_user) if set_by_user else _PACKAGE.parent.parent / "shared" / "data"


def official_dir(env_id: str) -> Path:
    """The official data of one environment: the folder named like it, in lower case, such as ``herobench``.

    Raises:
        DataError: there is no such folder.
    """
    name = re.sub(r"-v\d+$", "", env_id.rsplit("/", 1)[-1]).lower()
    folder = official_root() / name
    if not folder.is_dir():
        raise DataError(f"no official data for {env_id}: {folder} is not a folder. Set {OFFICIAL_VARIABLE}, or pass data_dir=")
    return folder
