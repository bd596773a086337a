"""How some of the pages are solved: by reading the goal and the page, as an agent does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from mtenvs.envs.web.miniwob import oracles_click as clicks
from mtenvs.envs.web.miniwob import oracles_read as reads
from mtenvs.envs.web.miniwob import oracles_search as searches
from mtenvs.envs.web.miniwob import oracles_type as types
from mtenvs.envs.web.miniwob.hands import Hands

if TYPE_CHECKING:
    from mtenvs.envs.web.base import WebEnv

Oracle = Callable[[Hands], Iterator[str]]

_ORACLES: Final[Mapping[str, Oracle]] = {
    "click-test": clicks.only_button,
    "click-test-2": clicks.button_one,
    "click-test-transfer": clicks.button_one,
    "click-button": clicks.quoted_button,
    "click-button-sequence": clicks.one_then_two,
    "click-checkboxes": clicks.listed_boxes,
    "click-checkboxes-large": clicks.listed_boxes,
    "click-checkboxes-transfer": clicks.listed_boxes,
    "click-collapsible": clicks.section_and_submit,
    "click-collapsible-nodelay": clicks.section_and_submit,
    "click-collapsible-2": clicks.link_in_tabs,
    "click-collapsible-2-nodelay": clicks.link_in_tabs,
    "click-dialog": clicks.close_dialog,
    "click-dialog-2": clicks.dialog_button,
    "click-link": clicks.quoted_link,
    "click-option": clicks.radio_option,
    "click-tab": clicks.numbered_tab,
    "click-tab-2": clicks.link_in_tabs,
    "click-tab-2-easy": clicks.link_in_tabs,
    "click-tab-2-medium": clicks.link_in_tabs,
    "click-tab-2-hard": clicks.link_in_tabs,
    "click-widget": clicks.widget_of_kind,
    "focus-text": clicks.only_field,
    "focus-text-2": clicks.nth_field,
    "odd-or-even": clicks.odd_or_even,
    "unicode-test": clicks.quoted_button,
    "choose-list": types.choose_from_list,
    "click-scroll-list": types.choose_from_list,
    "copy-paste": types.copy_first,
    "copy-paste-2": types.copy_nth,
    "enter-date": types.date_field,
    "enter-password": types.both_fields,
    "enter-text": types.quoted_text,
    "enter-text-2": types.changed_case,
    "enter-text-dynamic": types.quoted_text,
    "enter-time": types.time_field,
    "form-sequence-2": types.radio_and_field,
    "login-user": types.log_in,
    "login-user-popup": types.log_in,
    "use-spinner": types.spinner,
    "buy-ticket": reads.best_ticket,
    "find-word": reads.nth_word,
    "guess-number": reads.halve,
    "read-table": reads.one_cell,
    "read-table-2": reads.labelled_cells,
    "simple-algebra": reads.solve_for_x,
    "simple-arithmetic": reads.calculate,
    "find-greatest": searches.greatest,
    "generate-number": searches.generated,
    "multi-layouts": searches.movie,
    "multi-orderings": searches.movie,
    "phone-book": searches.entry_of_person,
    "search-engine": searches.nth_result,
    "text-transform": searches.copy_shown,
    "use-autocomplete": searches.completed,
    "use-autocomplete-nodelay": searches.completed,
}
SOLVED: Final = tuple(_ORACLES)
"""The pages that have an oracle."""


def oracle_of(env: WebEnv, page: str) -> Iterator[str]:
    """The actions that solve a page.

    Raises:
        NotImplementedError: nobody has written them down.
    """
    if page not in _ORACLES:
        raise NotImplementedError(f"there is no oracle for {page}; there are: {', '.join(SOLVED)}")
    return _ORACLES[page](Hands(env))


def near_miss_of(env: WebEnv) -> Iterator[str]:
    """Press the last button at once, or another one than the goal names."""
    hands = Hands(env)
    quoted = [text.strip() for text in hands.quoted()]
    buttons = [node for node in hands.all("button") if node.name.strip() not in quoted]
    if not buttons:
        raise NotImplementedError(f"{env.task.id} has no other button to press")
    yield hands.click(buttons[-1])
