"""Texts as the checks compare them: in plain letters, single spaces, lower case; patterns are left alone."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from unidecode import unidecode

from mtenvs.envs.web.evaluators.verified.addresses import Sites

_MARKS: Final = dict.fromkeys(map(ord, "™®℠©"))
_DASH: Final = "[-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad]"
_DASH_BY_LETTER: Final = re.compile(rf"(?<=[a-zA-Z]){_DASH}|{_DASH}(?=[a-zA-Z])")  # not in 123-4567
_AROUND: Final = "'\"`.,;:!?"


def is_pattern(value: Any) -> bool:
    """Whether a value is a regular expression: a text from ``^`` to ``$``."""
    return isinstance(value, str) and len(value) >= 2 and value.startswith("^") and value.endswith("$")


def plain(text: str, sites: Sites | None = None) -> str:
    """A text for comparing.

    Args:
        text: any. A pattern stays as it is.
        sites: whose addresses become placeholders first.
    """
    if not text or is_pattern(text):
        return text
    if sites is not None and "http" in text:
        text = sites.marked(text)
    text = unicodedata.normalize("NFKC", text.translate(_MARKS))
    text = _DASH_BY_LETTER.sub(" ", text)
    text = "".join(" " if c in "\t\n\r" else c for c in text if c in "\t\n\r" or not unicodedata.category(c).startswith("C"))
    text = unidecode(text).encode("ascii", "ignore").decode()
    return re.sub(r"\s+", " ", text.strip()).casefold()


def bare(text: str) -> str:
    """Without quotes and punctuation around it."""
    return text.strip(_AROUND)


def matches(pattern: str, text: str, flags: int = re.IGNORECASE) -> bool:
    """Whether a whole text fits a pattern; a broken pattern fits nothing."""
    try:
        return re.compile(pattern, flags).fullmatch(text) is not None
    except re.error:
        return False
