"""The scripts that read what the suites' helper functions report from Magento, Postmill and GitLab pages; each is one expression."""

from __future__ import annotations

import json
from typing import Any, Final

# Each order line is a <tbody>; the second class of a cell names its column. Null where there is no such table.
ORDER_LINES: Final = """(() => {
  const table = document.querySelector("#my-orders-table");
  if (!table) return null;
  return Array.from(table.getElementsByTagName("tbody"), body => {
    const line = {};
    for (const cell of body.getElementsByTagName("td")) {
      const column = cell.className.split(" ")[1];
      line[column] = cell.outerText;
      const list = column === "name" ? cell.querySelector("dl") : null;
      if (!list) continue;
      line.options = {};
      for (let at = 0; at + 1 < list.children.length; at += 2) line.options[list.children[at].outerText] = list.children[at + 1].outerText;
    }
    return line;
  });
})()"""

PRICE: Final = """(() => {
  const shown = document.querySelector("#maincontent > div.columns > div > div.product-info-main > div.product-info-price"
    + " > div.price-box.price-final_price > span > span");
  return parseFloat(shown.outerText.substr(1)) || 0;
})()"""

REVIEW_COUNT: Final = """(() => parseInt(document.querySelector("#tab-label-reviews-title").outerText.split(" ")[1]) || 0)()"""

RATING: Final = """(() => parseFloat(document.querySelector(".rating-result").title.replace("%", "")) || 0)()"""

# The page itself counts as the root: its first author, score, text and time are those of the submission or of what comes first.
COMMENTS: Final = """(() => {
  const read = (node, level) => ({
    username: node.querySelector(".fg-inherit").outerText,
    net_score: parseInt(node.querySelector(".vote__net-score").outerText),
    content: node.querySelector(".comment__content").outerText,
    time: new Date(node.querySelector(".comment__main > header > h1 > span > time").dateTime).getTime(),
    children: Array.from(node.querySelectorAll(".comment"))
      .filter(child => parseInt(child.getAttribute("data-level")) === level + 1)
      .map(child => read(child, level + 1)),
  });
  return read(document.querySelector("#main"), 0);
})()"""


def text_of(selector: str) -> str:
    """The text content of the first element that a CSS selector finds, empty if none."""
    return f'(() => {{ const found = document.querySelector({_js(selector)}); return found ? found.textContent : ""; }})()'


def details(names: str) -> str:
    """The values of a product's detail rows whose label holds one of ``"a |OR| b"``, joined by ``", "``."""
    return f"""(() => {{
  const terms = {_js(names)}.toLowerCase().split(" |or| ");
  const body = document.querySelector("#productDetails_detailBullets_sections1 > tbody");
  if (!body) return "";
  return Array.from(body.children).filter(row => terms.some(term => row.children[0].outerText.toLowerCase().includes(term)))
    .map(row => row.children[1].outerText).join(", ");
}})()"""


def role_of(account: str) -> str:
    """The role of a GitLab project's member."""
    return f"""(() => {{
  const names = Array.from(document.querySelectorAll("td[data-label='Account'] span.gl-avatar-labeled-sublabel"), e => e.outerText);
  return document.querySelectorAll("td.col-max-role span")[names.indexOf({_js("@" + account)})].outerText;
}})()"""


def _js(value: Any) -> str:
    return json.dumps(value)
