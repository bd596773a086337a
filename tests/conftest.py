"""What all tests share: `toy.py` beside this file can be imported, and property tests are repeatable."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages, so nothing else finds toy.py

# Derandomised, so that a failure seen once is seen again; without a deadline, because shared machines stall.
settings.register_profile("mtenvs", derandomize=True, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mtenvs")

if "MTENVS_CACHE" not in os.environ:  # generated libraries belong to the run, not to the user's cache
    os.environ["MTENVS_CACHE"] = tempfile.mkdtemp(prefix="mtenvs-tests-")
    atexit.register(shutil.rmtree, os.environ["MTENVS_CACHE"], ignore_errors=True)
