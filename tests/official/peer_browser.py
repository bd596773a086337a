"""Runs in the peers' environment: WebArena's and VisualWebArena's own observations, action parsers and helper functions.

The observations and helpers look at the tabs of a running browser, to which this process connects; nothing of them is replaced but the
font of the marks, which is in the repository and not in the package.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")
SUITES = ("webarena", "visualwebarena")
WHAT = {"TYPE": ("id", "text"), "KEY_PRESS": ("keys",), "SCROLL": ("direction",), "GOTO_URL": ("url",), "PAGE_FOCUS": ("index",)}
KEYS = {"id": "element_id", "keys": "key_comb", "direction": "direction", "url": "url", "index": "page_number"}


def action(module: Any, text: str) -> Any:
    """Name and fields of an action as their parser reads it; None if it refuses."""
    try:
        made = module.create_id_based_action(text)
    except Exception:  # noqa: BLE001 - a refusal has many classes there, a missing check among them
        return None
    name = module.ActionTypes(made["action_type"]).name
    fields = {"CLICK": ("id",), "HOVER": ("id",), "CLEAR": ("id",), "STOP": (), **WHAT}.get(name, ())
    out: dict[str, Any] = {k: made[KEYS[k]] for k in fields if k != "text"}
    if name == "TYPE":
        out["text"] = "".join(module._id2key[i] for i in made["text"])
    if name == "STOP":
        out["answer"] = made["answer"]
    return [name, out]


def chain(module: Any, code: str) -> Any:
    """The calls of a chain as their parser reads them; None if it refuses."""
    try:
        return [[c["function_name"], c["arguments"], c["keywords"]] for c in module.parse_playwright_code(code)]
    except Exception:  # noqa: BLE001 - same
        return None


def tree(module: Any, suite: str, page: Any, message: dict[str, Any]) -> Any:
    processor = module.TextObervationProcessor("accessibility_tree", message["in_view"], message["size"])
    text = processor.process(page, page.context.new_cdp_session(page)) if suite == "webarena" else processor.process(page)
    return [text, processor.meta_data["obs_nodes_info"]]


def marks(module: Any, page: Any, message: dict[str, Any]) -> Any:
    processor = module.ImageObservationProcessor("image_som", message["size"])
    _, content = processor.process(page)
    return [content, processor.meta_data["obs_nodes_info"]]


def main() -> None:
    first = json.loads(sys.stdin.readline())
    out, sys.stdout = sys.stdout, sys.stderr
    names = ("REDDIT", "SHOPPING", "SHOPPING_ADMIN", "GITLAB", "WIKIPEDIA", "MAP", "HOMEPAGE", "CLASSIFIEDS", "CLASSIFIEDS_RESET_TOKEN")
    os.environ.update(
        {name: f"http://{name.lower()}.test" for name in (*names, "REDDIT_RESET_URL")}, DATASET="visualwebarena", OPENAI_API_KEY="none"
    )
    actions = {suite: importlib.import_module(f"{suite}.browser_env.actions") for suite in SUITES}
    processors = {suite: importlib.import_module(f"{suite}.browser_env.processors") for suite in SUITES}
    helpers = importlib.import_module("visualwebarena.evaluation_harness.helper_functions")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        _font(Path(folder) / "media")
        page = None
        if "browser" in first:
            from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed for texts

            page = sync_playwright().start().chromium.connect_over_cdp(first["browser"]).contexts[0].pages[0]
        out.write('"ready"\n')
        out.flush()
        for line in sys.stdin:
            message = json.loads(line)
            reply: Any
            suite = message.get("suite", "visualwebarena")
            if "actions" in message:
                reply = [action(actions[suite], text) for text in message["actions"]]
            elif "chains" in message:
                reply = [chain(actions[suite], code) for code in message["chains"]]
            elif "tree" in message:
                reply = tree(processors[suite], suite, page, message)
            elif "marks" in message:
                reply = marks(processors[suite], page, message)
            else:
                reply = getattr(helpers, message["helper"])(page, *message["arguments"])
            out.write(json.dumps(reply, default=str) + "\n")
            out.flush()


def _font(folder: Path) -> None:
    import matplotlib as mpl  # noqa: PLC0415 - slow, and only here

    folder.mkdir()
    (folder / "SourceCodePro-SemiBold.ttf").symlink_to(Path(mpl.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")


if __name__ == "__main__":
    main()
