"""Find a Chromium on this machine, without downloading anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable  # there is no public name for it

from mtenvs.core.errors import MissingRequirement

INSTALL = "apt-get install chromium-headless-shell (or: pip install 'mtenvs[web]' && playwright install chromium-headless-shell)"
DRIVER_INSTALL = "apt-get install libatomic1"
# The headless shell first: without the browser's own windows it takes half the memory and opens pages in half the time.
BINARIES = ("/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium")
"""Debian's own; the commands in /usr/bin are scripts around them that add flags for people at a desk."""
COMMANDS = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CACHED = ("chromium_headless_shell-*/chrome-*/*headless*shell", "chromium-*/chrome-*/chrome")


def find_chromium() -> str:
    """The path of a Chromium: ``$MTENVS_CHROMIUM``, Debian's, one on the PATH, or one that Playwright installed.

    Raises:
        MissingRequirement: there is none; the message holds the command that installs one.
    """
    named = os.environ.get("MTENVS_CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise MissingRequirement("web", f"the Chromium that MTENVS_CHROMIUM names ({named})", INSTALL)
        return path
    for binary in BINARIES:
        if os.access(binary, os.X_OK):
            return binary
    for command in COMMANDS:
        path = shutil.which(command)
        if path is not None:
            return path
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    for pattern in CACHED:
        found = sorted(cache.glob(pattern))
        if found:
            return str(found[-1])
    raise MissingRequirement("web", "a Chromium browser", INSTALL)


def driver_fault() -> str:
    """Why Playwright's own driver, a Node.js program in its wheel, does not run here; empty if it does."""
    program, *_ = compute_driver_executable()
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - Playwright's own
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it does not start"])[-1][-120:]
