"""Runs in the peers' environment: the real evaluators of WebArena or VisualWebArena over recorded pages, one JSON line in, one out.

Replaced are only: waiting (`time.sleep`), the chat completion, the captioning model, the browser's page, and addresses outside of this
machine (all are asked of the test's own server).
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
import tempfile
import urllib.parse
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
warnings.simplefilter("ignore")

from recorded import seen_in, value_for, verdict_of  # noqa: E402 - the path is set above

_FIELDS = {
    "equivalent": re.compile(
        r"reference answer: (?P<reference>.*?)\nall the string.*?\nstudent answer: (?P<answer>.*)\nConclude", re.DOTALL
    ),
    "same_reason": re.compile(
        r"actual unachievable reason: (?P<reference>.*?)\nreported unachievable reason: (?P<answer>.*)\nThe task described", re.DOTALL
    ),
}


def completion(messages: list[dict[str, str]], **_: Any) -> str:
    """The recorded judge behind their own prompt."""
    for kind, pattern in _FIELDS.items():
        found = pattern.search(messages[-1]["content"])
        if found:
            return verdict_of(kind, found["reference"], found["answer"])
    raise AssertionError(messages)


class Element:
    """An image or a container of images."""

    def __init__(self, sources: list[str], *, image: bool) -> None:
        self.sources, self.image = sources, image

    def evaluate(self, _: str) -> bool:
        return self.image

    def query_selector_all(self, _: str) -> list[Element]:
        return [Element([source], image=True) for source in self.sources]

    def get_attribute(self, _: str) -> str:
        return self.sources[0]


class Shown:
    """A recorded page with the methods that their evaluators call."""

    def __init__(self, case: dict[str, Any], make: Any) -> None:
        self.case, self.make = case, make
        self.at = case["last_url"]

    @property
    def record(self) -> dict[str, Any]:
        return self.case["pages"].get(self.at) or {"content": "", "values": {}}

    @property
    def context(self) -> Shown:
        return self

    def new_page(self) -> Any:
        return self.make(Shown(self.case, self.make))

    def goto(self, url: str) -> None:
        if url not in self.case["pages"]:
            raise RuntimeError(f"the recorded web has no {url}")
        self.at = url

    def evaluate(self, js: str) -> Any:
        return value_for(js, self.record, theirs=True, error=RuntimeError)

    def content(self) -> str:
        return str(self.record["content"])

    def query_selector_all(self, selector: str) -> list[Element]:
        return [Element(group, image=len(group) == 1) for group in self.record.get("pictures", {}).get(selector, [])]

    def close(self) -> None:
        pass


def loaded(suite: str, sites: dict[str, str]) -> Any:
    """Their evaluators, with what is replaced."""
    os.environ.update(sites, DATASET=suite, OPENAI_API_KEY="none", CLASSIFIEDS_RESET_TOKEN="none", REDDIT_RESET_URL="none")  # noqa: S106 - never sent
    evaluators: Any = importlib.import_module(f"{suite}.evaluation_harness.evaluators")
    helpers: Any = importlib.import_module(f"{suite}.evaluation_harness.helper_functions")
    evaluators.time.sleep = lambda _: None
    helpers.generate_from_openai_chat_completion = completion
    if suite == "visualwebarena":
        real = evaluators.requests.get

        def get(url: str, **options: Any) -> Any:
            if not url.startswith(sites["HOMEPAGE"].rsplit("/", 1)[0]):
                url = f"{sites['HOMEPAGE']}?from={urllib.parse.quote(url, safe='')}"
            return real(url, **options)

        evaluators.requests.get = get
    return evaluators


def captions(pictures: list[Any], prompts: list[str]) -> list[str]:
    return [
        seen_in(picture.convert("RGB").tobytes(), prompt.removeprefix("Q: ").removesuffix(" A:"))
        for picture, prompt in zip(pictures, prompts, strict=True)
    ]


def main() -> None:
    first = json.loads(sys.stdin.readline())
    out, sys.stdout = sys.stdout, sys.stderr
    _model(Path(sys.prefix) / "nltk_data/tokenizers/punkt_tab/english")
    suite = first["suite"]
    evaluators = loaded(suite, first["sites"])

    class Page(evaluators.PseudoPage):  # type: ignore[misc, name-defined] # theirs, so that their type checks pass
        def __init__(self, shown: Shown) -> None:
            super().__init__(shown, shown.at)

        def goto(self, url: str) -> None:
            self.original_page.goto(url)
            self.url = url

    out.write('"ready"\n')
    out.flush()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(first.get("folder") or folder)
        config = Path(folder) / "task.json"
        for line in sys.stdin:
            message = json.loads(line)
            if "words" in message:
                reply: Any = evaluators.word_tokenize(message["words"])
            else:
                config.write_text(json.dumps(message["config"]))
                page = Page(Shown(message["case"], Page))
                trajectory = [{}, {"answer": message["case"]["answer"]}]
                try:
                    if suite == "webarena":
                        reply = float(evaluators.evaluator_router(config)(trajectory, config, page, None))
                    else:
                        reply = float(evaluators.evaluator_router(config, captions)(trajectory, config, page))
                except Exception as e:  # noqa: BLE001 - whatever it is, it is their answer
                    reply = {"error": f"{type(e).__name__}: {e}"[:300]}
            out.write(json.dumps(reply) + "\n")
            out.flush()


def _model(folder: Path) -> None:
    """Punkt's English model where NLTK looks for it, in NLTK's own format."""
    if (folder / "ortho_context.tab").exists():
        return
    import punkt  # noqa: PLC0415
    from nltk.tokenize.punkt import PunktParameters, save_punkt_params  # noqa: PLC0415

    found, params = punkt.load_model("english"), PunktParameters()
    params.abbrev_types, params.collocations = set(found.abbrev_types), set(found.collocations)
    params.sent_starters = set(found.sent_starters)
    for word, context in found.ortho_context.items():
        params.ortho_context[word] = int(context)
    folder.mkdir(parents=True)
    save_punkt_params(params, str(folder))


if __name__ == "__main__":
    main()
