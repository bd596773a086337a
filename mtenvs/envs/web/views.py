"""`View`: the page as an agent sees it on one turn, in one of the forms of the papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.backends.chromium import Session
from mtenvs.envs.web.compat_tree import tab_line, tree_text
from mtenvs.envs.web.marks import marked
from mtenvs.envs.web.outline_text import outline_lines

FORMS: Final = ("outline", "webarena", "marks", "html")


@dataclass(frozen=True)
class View:
    """What is shown of a page.

    Args:
        text: of the observation, empty if none is wanted.
        image: uint8 ``(H, W, 3)``, or None if none is wanted.
        ids: number that the agent sees -> number of the browser, where they differ (of the node, with the official tree).
    """

    text: str
    image: NDArray[np.uint8] | None
    ids: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def lost(cls, blank: NDArray[np.uint8]) -> View:
        """What is seen when there is no browser any more."""
        return cls("", blank)

    @classmethod
    def of(cls, session: Session, form: str, *, image: bool, text: bool, screen: tuple[int, int] | None) -> View:
        """Look at the active tab.

        Args:
            session: the episode's browser context.
            form: one of `FORMS`.
            image: whether a screenshot is wanted.
            text: whether words are.
            screen: width and height, to leave out what would have to be scrolled to; None shows all.

        Raises:
            BrowserError: it cannot be looked at.
        """
        tabs, active = session.tabs(), session.active
        top = tab_line([tab.title for tab in tabs], active)
        if form == "marks":
            shot, lines, ids = marked(session.screenshot(), session.outline())
            return cls("\n".join([top, "", *lines]) if text else "", shot if image else None, ids)
        shot_only = session.screenshot() if image else None
        if not text and form != "webarena":
            return cls("", shot_only)
        if form == "webarena":
            words, found = tree_text(session.axtree(boxed=screen is not None), screen)
            return cls(f"{top}\n\n{words}" if text else "", shot_only, {int(key): shown.backend for key, shown in found.items()})
        if form == "html":
            return cls(f"{top}\n\n{session.html()}", shot_only)
        return cls(
            "\n".join([_head(top, tabs[active].url, session), *outline_lines(session.outline(), viewport_only=screen is not None)]),
            shot_only,
        )


def _head(top: str, url: str, session: Session) -> str:
    waiting = session.dialog
    shown = f"\nA dialog waits for an answer ({waiting.kind}): {waiting.message}" if waiting is not None else ""
    return f"{top}\n{url}{shown}\n"
