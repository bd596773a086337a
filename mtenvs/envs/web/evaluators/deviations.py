"""Where our verdicts are not upstream's, and what of upstream's oddities they keep; the docs print both tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DEVIATIONS: Final[Mapping[str, str]] = {
    "the page of a check does not load, or the shop's REST interface refuses": (
        "upstream ends with an exception and the episode has no score; here that check scores 0"
    ),
    "a helper's or lambda's value is a number where the check compares texts": "upstream's type checks raise; here its text is compared",
    "the address of the agent's tab holds a quote": "upstream pastes it into Python code and evaluates that; here it stays data",
    "a CSS selector or an account's name holds a quote": "upstream pastes it into a script, which then fails; here it is quoted",
    "pictures are smaller than 7 x 7 pixels": "upstream ends with an exception; here they are not alike",
    "one of several reference pictures cannot be read": "upstream ends with an exception; here the others count",
    "a judge's answer cannot be read, or no judge is set": (
        "upstream ends with an exception; here all is undecided (needs='judge') but an answer equal to the reference"
    ),
    "something has decided already that the score is 0": "upstream still asks the model; here pictures are no longer shown to the judge",
    "Verified: the agent's answer is itself a regular expression, such as ^.*$": (
        "upstream lets it match what is expected, so that it scores; here only the task's own expressions are any"
    ),
    "Verified: a distance is more than a number and a unit, such as $2km or 1 km + 5 m": (
        "upstream hands it to a unit library, which calculates; here it is no distance"
    ),
    "Verified: the network log is empty": "upstream ends with an error, which scores 0; here the answer alone can be right",
    "Verified: the answer holds error_details, and so does the file (the hard subset)": (
        "upstream then wants null there to be a text and fails; here that field does not count"
    ),
}
"""Situation: what upstream does and what we do. No official task changes its verdict by these, unless upstream has none."""

KEPT: Final[Mapping[str, str]] = {
    "N/A, second chance": "after another approach failed, agreement on the reason replaces that failure",
    "picture queries": "only the last of several counts, unless one finds no picture at all",
    "fuzzy contents": "alternatives of a fuzzy content must all be found equivalent",
    "null": "the value null of a locator reads 'None'",
    "query parameters": "in WebArena, a parameter's values are those of all alternatives together, whichever address matched",
    "whole words": "WebArena looks a single character up among whole words, VisualWebArena every single word",
    "Verified: evaluators that end with an error": "score 0, as where the task's own data has a list of one (tasks 699, 700 and 811)",
    "Verified: task 319": "expects no data without saying so, and no answer fits",
    "Verified: tasks 429, 567 to 570, 742, 743, 745 and 746": (
        "expect two different last requests of one kind, so that no episode solves them"
    ),
    "Verified: addresses in Markdown (tasks 562 to 566)": (
        "are compared as the file's placeholders, while a browser sends real addresses, so that no episode solves them"
    ),
    "inequalities": "'< 5' holds for 5, since the tolerance widens strict signs too",
}
"""Kept while ``compat=True``. The first three are repaired with ``compat=False``."""
