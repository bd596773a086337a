"""The grammars of the papers as dialects of our actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from mtenvs.core.dialects import Dialect
from mtenvs.envs.web.grammar import ID_VERBS, VISUAL_VERBS, Form, Names, Spoken, dialect, read_ids, read_playwright, read_point

_AT: Final = {"click": "click_at", "hover": "hover_at", "type": "type_at", "scroll": "scroll_at"}
_LOCATED: Final = {"double_click": "dblclick", "select_option": "select", "fill": "fill"}
_NAMES: Final[Names] = {
    "click": ("click", {}),
    "hover": ("hover", {}),
    "type": ("type", {"enter": "press_enter"}),
    "clear": ("clear", {}),
    "upload": ("upload", {"path": "file"}),
    "press": ("press", {"keys": "key"}),
    "scroll": ("scroll", {}),
    "goto": ("goto", {}),
    "new_tab": ("new_tab", {}),
    "go_back": ("go_back", {}),
    "go_forward": ("go_forward", {}),
    "tab_focus": ("tab_focus", {}),
    "close_tab": ("close_tab", {}),
    "stop": ("stop", {}),
    "located": ("located", {}),
    **{tool: (tool, {"enter": "press_enter"}) for tool in _AT.values()},
}


def web_dialect(suite: Form) -> Dialect:
    """Reads WebArena's or VisualWebArena's ids, points, and Playwright's calls.

    In these grammars ``type`` adds to what stands in a field, as the originals do.
    """
    readers: tuple[Callable[[str], Spoken | None], ...] = (_point, _playwright, partial(_ids, suite=suite))
    return dialect(readers, _NAMES, (VISUAL_VERBS if suite == "visualwebarena" else ID_VERBS) | {"page", "await"})


def _ids(text: str, suite: Form) -> Spoken:
    spoken = read_ids(text, suite)
    return _with(spoken, clear=False) if spoken.name == "type" else spoken


def _point(text: str) -> Spoken | None:
    spoken = read_point(text)
    if spoken is None:
        return None
    at = {key: round(spoken.arguments[key]) for key in ("x", "y")}
    return Spoken(_AT[spoken.name], {**spoken.arguments, **at}) if spoken.name in _AT else spoken


def _playwright(text: str) -> Spoken | None:
    spoken = read_playwright(text)
    if spoken is None or "locator" not in spoken.arguments:
        return spoken
    given = {key: value for key, value in spoken.arguments.items() if key != "locator"}
    value = next(iter(given.values()), "")
    shown = " | ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return Spoken("located", {"locator": spoken.arguments["locator"], "do": _LOCATED.get(spoken.name, spoken.name), "value": shown})


def _with(spoken: Spoken, **more: Any) -> Spoken:
    return replace(spoken, arguments={**spoken.arguments, **more})
