"""The script of a film: everything that is to be seen and heard in it, and when. What a script does not name is scenery.

Times are seconds from the start, on the grid of frames (multiples of ``1 / fps``); intervals hold their start and not their end.
Boxes are ``(x0, y0, x1, y1)`` from 0 to 1, of the picture. Ids are unique in a script over all kinds of entries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.checks import check, read
from mtenvs.envs.video.own.entries import Appearance, Beep, Box, Camera, Entry, Event, Line, Person, Scene, Sign
from mtenvs.envs.video.own.plot import Plot

__all__ = ["Appearance", "Beep", "Box", "Camera", "Entry", "Event", "Line", "Person", "Scene", "Script", "Sign"]

VERSION: Final = 1  # of the schema


@dataclass(frozen=True)
class Script(Plot):
    """A film as data and as JSON; see `Plot` for what it holds."""

    def to_dict(self) -> dict[str, Any]:
        """As plain data; `from_dict` reads it back."""
        return {"version": VERSION, **asdict(self)}

    def to_json(self) -> str:
        """As JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Script:
        """Read a script and check it.

        Raises:
            DataError: it is not in the schema, or contradicts itself; the message names the entry.
        """
        if data.get("version") != VERSION:
            raise DataError(f"the script is not of version {VERSION}; render the video again with this mtenvs")
        script = read(cls, {k: v for k, v in data.items() if k != "version"})
        check(script)
        return script

    @classmethod
    def from_json(cls, text: str, where: str = "the script") -> Script:
        """Read JSON text.

        Raises:
            DataError: not JSON, or not a script.
        """
        try:
            data = json.loads(text)
        except ValueError as e:
            raise DataError(f"{where} is not JSON: {e}") from e
        if not isinstance(data, dict):
            raise DataError(f"{where} is not a JSON object")
        return cls.from_dict(data)
