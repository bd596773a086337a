"""``page_image_query``: whether a page shows a picture like a given one, or one on which a question has a given answer."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import numpy as np
from PIL import Image

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.html import Looking
from mtenvs.envs.web.evaluators.pages import JudgeError, Page, PageError, Pages
from mtenvs.envs.web.evaluators.score import Score, any_of, product
from mtenvs.envs.web.evaluators.strings import OR

THRESHOLD: Final = 0.8  # above which two pictures count as the same, where the task names none
WINDOW: Final = 7  # pixels; the side of the square in which structure is compared
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2  # Wang et al. 2004, K1 and K2, for 8-bit pictures
_WEB: Final = ("http://", "https://", "www.")


def structural_similarity(a: Image.Image, b: Image.Image) -> float:
    """The mean structural similarity (SSIM) of two pictures, 1 if they are the same.

    Both are scaled to the larger width and height, taken in grey, and compared in windows of 7 x 7 pixels with sample covariance
    (Wang, Bovik, Sheikh, Simoncelli, 2004).

    Args:
        a: a picture of any mode.
        b: another one.

    Raises:
        DataError: they are smaller than a window.
    """
    size = max(a.width, b.width), max(a.height, b.height)
    if min(size) < WINDOW:
        raise DataError(f"pictures of {size[0]} x {size[1]} pixels are smaller than the window of {WINDOW} in which they are compared")
    x, y = (np.asarray(each.resize(size, Image.Resampling.LANCZOS).convert("L"), dtype=np.float64) for each in (a, b))
    mean_x, mean_y = _mean(x), _mean(y)
    sample = WINDOW**2 / (WINDOW**2 - 1)
    var_x, var_y = sample * (_mean(x * x) - mean_x**2), sample * (_mean(y * y) - mean_y**2)
    covariance = sample * (_mean(x * y) - mean_x * mean_y)
    above = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    below = (mean_x**2 + mean_y**2 + _C1) * (var_x + var_y + _C2)
    return float((above / below).mean())


def _mean(values: np.ndarray) -> np.ndarray:
    """The mean in each whole window."""
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    total = sums[WINDOW:, WINDOW:] - sums[:-WINDOW, WINDOW:] - sums[WINDOW:, :-WINDOW] + sums[:-WINDOW, :-WINDOW]
    return np.asarray(total / WINDOW**2)


def picture_queries(queries: Sequence[Mapping[str, Any]], looking: Looking, *, folder: Path | None = None) -> tuple[Score, list[Score]]:
    """The score of all entries of ``page_image_query``, and of each.

    Upstream starts anew with each entry: only the last one counts, unless one finds no picture. Without ``looking.compat`` all count.

    Args:
        queries: each with ``eval_image_url``, ``eval_image_class``, and ``eval_vqa`` or ``eval_fuzzy_image_match`` with perhaps
            ``ssim_threshold``.
        looking: at what.
        folder: where reference pictures without an address lie; None for nowhere.

    Returns:
        Scores of 1 or 0; None where a judge is needed and there is none.

    Raises:
        DataError: a form that does not exist, or reference pictures none of which can be read.
    """
    shown = [_shown(query, looking) for query in queries]
    scores = [_query(query, pictures, looking, folder) for query, pictures in zip(queries, shown, strict=True)]
    counted = scores[-1:] if looking.compat and all(shown) else scores
    return product(counted), scores


def _shown(query: Mapping[str, Any], looking: Looking) -> list[Image.Image]:
    try:
        page = looking.page_at(query["eval_image_url"])
        return pictures_on(page, query["eval_image_class"], looking.pages)
    except PageError:
        return []


def _query(query: Mapping[str, Any], shown: Sequence[Image.Image], looking: Looking, folder: Path | None) -> Score:
    if not shown:
        return 0.0
    scores: list[Score] = []
    if "eval_fuzzy_image_match" in query:
        wanted = _references(query["eval_fuzzy_image_match"].split(OR), looking.pages, folder)
        limit = query.get("ssim_threshold", THRESHOLD)
        scores.append(float(any(_alike(a, b, limit) for b in wanted for a in shown)))
    if product(scores) != 0:
        questions = query.get("eval_vqa") or ()
        scores += [any_of(_answers(looking, picture, qa["question"], qa["answer"]) for picture in shown) for qa in questions]
    return product(scores)


def _alike(a: Image.Image, b: Image.Image, limit: float) -> bool:
    if min(max(a.width, b.width), max(a.height, b.height)) < WINDOW:
        return False
    return structural_similarity(a, b) > limit


def _answers(looking: Looking, picture: Image.Image, question: str, answer: str) -> Score:
    if looking.judge is None:
        return None
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    try:
        return float(answer.lower() in looking.judge.look(out.getvalue(), question).lower())
    except JudgeError:
        return None


def pictures_on(page: Page, selector: str, pages: Pages) -> list[Image.Image]:
    """The pictures that a page shows below a CSS selector (or all, if it is empty); those that do not load are left out.

    Raises:
        DataError: the selector is neither empty nor of a class.
        PageError: the page cannot be read.
    """
    if selector.strip() and not selector.startswith("."):
        raise DataError(f"eval_image_class is empty or begins with a dot, unlike {selector!r}")
    found = page.evaluate(_SOURCES % json.dumps(selector.strip()))
    return [opened for source in found if isinstance(source, str) and (opened := _open(source, page.url, pages)) is not None]


# With a selector: each match that is a picture, else all below it. Without: all that a reader would be told of as pictures.
_SOURCES: Final = """(() => {
  const selector = %s;
  const spoken = e => (e.getAttribute("role") || (e.getAttribute("alt") === "" ? "none" : "img")) === "img" && e.checkVisibility();
  if (!selector) return Array.from(document.querySelectorAll("img, [role=img]")).filter(spoken).map(e => e.getAttribute("src"));
  return Array.from(document.querySelectorAll(selector))
    .flatMap(e => e.tagName === "IMG" ? [e] : Array.from(e.querySelectorAll("img"))).map(e => e.getAttribute("src"));
})()"""


def _open(source: str, base: str, pages: Pages) -> Image.Image | None:
    address = source if source.startswith(_WEB) else urljoin(base, source)
    try:
        return _decoded(pages.download(address))
    except (PageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def _decoded(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def _references(names: Sequence[str], pages: Pages, folder: Path | None) -> list[Image.Image]:
    tried = [_reference(name, pages, folder) for name in names]
    found = [picture for picture in tried if isinstance(picture, Image.Image)]
    if not found:
        raise DataError(f"no reference picture can be read: {'; '.join(str(failure) for failure in tried)}")
    return found


def _reference(name: str, pages: Pages, folder: Path | None) -> Image.Image | str:
    """The picture, or why there is none."""
    try:
        return _decoded(pages.download(name) if name.startswith("http") else _bytes(name, folder))
    except (PageError, OSError, ValueError, Image.DecompressionBombError) as e:
        return f"{name}: {e}"


def _bytes(name: str, folder: Path | None) -> bytes:
    if folder is None:
        raise DataError("it is a file, and no folder is set in which it could lie")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError(f"it is outside of {folder}")
    return path.read_bytes()


def needs_eyes(queries: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a judge has to look at pictures."""
    return any(query.get("eval_vqa") for query in queries)
