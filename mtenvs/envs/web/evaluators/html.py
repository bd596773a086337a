"""``program_html``: what the pages hold in the end, at addresses and places that the task names."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.answers import equivalent
from mtenvs.envs.web.evaluators.helpers import PREFIX, address_by, value_by
from mtenvs.envs.web.evaluators.magento import Magento
from mtenvs.envs.web.evaluators.pages import Judge, Page, PageError, Pages
from mtenvs.envs.web.evaluators.score import Score, Suite, any_of, product
from mtenvs.envs.web.evaluators.strings import OR, all_hold, equal, includes, whole_number

LAST: Final = "last"
LAMBDA: Final = "lambda:"
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "webarena": ("exact_match", "must_include"),
    "visualwebarena": ("exact_match", "must_include", "must_exclude", "required_values", "fuzzy_match"),
}


@dataclass(frozen=True, slots=True)
class Looking:
    """Everything that a look at pages needs.

    Args:
        pages: what is left of the episode.
        suite: whose rules.
        shop: for helpers that ask a shop; None where there is none.
        judge: for contents that only a judge can compare.
        compat: keep upstream's mistakes, see `mtenvs.envs.web.evaluators.deviations`.
    """

    pages: Pages
    suite: Suite
    shop: Magento | None = None
    judge: Judge | None = None
    compat: bool = True

    def page_at(self, url: str) -> Page:
        """The agent's tab for ``"last"``, else the verifier's own page, gone to an address or to where a helper points.

        Raises:
            DataError: no such helper.
            PageError: it does not load.
        """
        if url == LAST:
            return self.pages.last()
        if url.startswith(PREFIX):
            url = address_by(url, self.pages.last_url, self.shop)
        page = self.pages.fresh()
        page.goto(url)
        return page


def program_html(target: Mapping[str, Any], looking: Looking) -> Score:
    """The score of one entry of ``program_html``; upstream multiplies them.

    Args:
        target: ``url``, ``locator``, ``required_contents`` and perhaps ``prep_actions``.
        looking: at what.

    Returns:
        1 or 0; None where a judge is needed and there is none.

    Raises:
        DataError: a form that the suite does not have.
    """
    try:
        found = _found(target, looking)
    except PageError:  # upstream ends with an exception here; a page that is not there holds nothing
        return 0.0
    return 0.0 if found is None else _compare(found, target["required_contents"], looking)


def _found(target: Mapping[str, Any], looking: Looking) -> str | float | None:
    page, locator = looking.page_at(target["url"]), target["locator"]
    found: Any
    if not locator.strip():
        found = page.content()
    elif locator.startswith(("document.", "[...document.")):
        _prepare(page, target.get("prep_actions") or ())
        found = _text(page, locator)
    elif locator.startswith(LAMBDA) and looking.suite == "visualwebarena":
        found = _value(page, locator.removeprefix(LAMBDA)) or None
    elif locator.startswith(PREFIX):
        found = value_by(locator, page, looking.pages.last_url, looking.shop)
    else:
        raise DataError(f"a locator of {looking.suite} does not begin like {locator[:40]!r}")
    return html.unescape(found) if looking.suite == "webarena" and isinstance(found, str) else found


def _prepare(page: Page, scripts: Any) -> None:
    try:
        for script in scripts:
            page.evaluate(f"(() => {script})()")
    except PageError:
        return  # as upstream: what cannot be prepared is looked at as it is


def _text(page: Page, script: str) -> str:
    """Python's text of the value, so that null is ``"None"``: the suites compare that."""
    try:
        return str(page.evaluate(f"(() => {script})()"))
    except PageError:
        return ""


def _value(page: Page, script: str) -> Any:
    try:
        return page.evaluate(script)
    except PageError:
        return None


def _compare(found: str | float, wanted: Mapping[str, Any], looking: Looking) -> Score:
    kind = next((k for k in KINDS[looking.suite] if k in wanted), None)
    if kind is None:
        raise DataError(f"required_contents of {looking.suite} are {' or '.join(KINDS[looking.suite])}, not {', '.join(wanted)}")
    return _COMPARISONS[kind](found, wanted[kind], looking)


def _exact(found: str | float, wanted: Any, looking: Looking) -> Score:
    return float(equal(str(wanted), str(found), looking.suite))


def _include(found: str | float, wanted: Any, looking: Looking) -> Score:
    return float(all(any(includes(one, str(found), looking.suite) for one in each.split(OR)) for each in wanted))


def _exclude(found: str | float, wanted: Any, looking: Looking) -> Score:
    return float(not any(includes(one, str(found), looking.suite) for one in wanted))


def _values(found: str | float, wanted: Any, _: Looking) -> Score:
    return float(all_hold(whole_number(found) if isinstance(found, str) else found, wanted))


def _fuzzy(found: str | float, wanted: Any, looking: Looking) -> Score:
    """Upstream multiplies what it calls alternatives, so that a judge has to find every one of them equivalent."""
    scores = [equivalent(looking.judge, "", one, str(found), looking.suite) for one in str(wanted).split(OR)]
    return product(scores) if looking.compat else any_of(scores)


_COMPARISONS: Final[Mapping[str, Callable[[str | float, Any, Looking], Score]]] = {
    "exact_match": _exact,
    "must_include": _include,
    "must_exclude": _exclude,
    "required_values": _values,
    "fuzzy_match": _fuzzy,
}
