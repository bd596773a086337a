"""`mtenvs/Search-v0`: questions about a library that must be searched and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Ge, Le, MaxLen, action
from mtenvs.core.env import MultiTurnEnv, text_space
from mtenvs.core.errors import BadAction, UnknownOption, did_you_mean
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.words.search.corpus import Corpus, open_corpus, own_corpus
from mtenvs.envs.words.search.matching import Judge
from mtenvs.envs.words.search.official import official_tasks
from mtenvs.envs.words.search.oracle import Solver
from mtenvs.envs.words.search.reading import parts_of, read_fenced_table, read_tags, results, shown
from mtenvs.envs.words.search.tasks import own_tasks
from mtenvs.envs.words.search.verify import truth_of, verdict_of
from mtenvs.envs.words.search.world import world_of

_SHORTEST_PART, _LONGEST_PART = 200, 15_000


class SearchEnv(MultiTurnEnv):
    """Find answers in a library of pages by searching and opening them.

    ## Description
    A question names a thing; its answer stands on other pages, one or several links away. The agent searches by words (BM25 over a
    SQLite full-text index), opens pages and answers once. The library is a fictional world of about 2 500 pages, so nothing can be known
    beforehand. Single and multi-hop questions, comparisons, counts, several objectives in one episode (MEM1) and tables (WideSearch).

    ## Observation
    `goal` (text): the questions and the form of the answer. `text` (text): results, or a part of a page; links stand in double square
    brackets, and a page that is longer than a part says how to go on.

    ## Actions
    `search(query, k)`: the best k pages, each with its number, title and the words around the match. `open(page, part)`: a page by its
    title or number. `answer(text)`: ends the episode. Also as `<search>..</search>`, `<access>..</access>`, `<open>..</open>`,
    `<answer>..</answer>`, and a table in a `markdown` fence as an answer. Several answers are separated by semicolons.

    ## Rewards
    The score at the end (component `score`): the share of questions answered exactly (SQuAD normalisation, by position), or F1 by item of a
    table. The verdict's metrics also have word F1, or precision, recall and F1 by row and by item; and searches and pages opened.

    ## Start
    The questions. The library is the same for all episodes of a world; `world_seed` of `reset` changes nothing, the world is the task's.

    ## End
    Terminated by the answer: `goal_reached` if all is right, `goal_failed` if not, `agent_stopped` where only a judge could tell. Truncated
    after `max_turns` (default: 10 and 3 for each page that holds evidence; official questions 20 each, tables and judged ones 200).

    ## Arguments
    `world`: the seed of the world whose tasks are listed. `corpus`: a SQLite or JSONL file of pages in place of ours, see
    `open_corpus`. `data_dir`: question files of others. `objectives`: how many of their questions make an episode. `part_chars`:
    characters of a page on one turn. `reveal_ground_truth`: put the right answer into every info as `ground_truth`, for trainers that
    reward information gain (IGPO). `judge`: a function of criterion, answer and truth that decides what an exact comparison cannot.

    ## Tasks and splits
    `<kind>/<seed>`, kinds `single`, `hop2`, `hop3`, `hop4`, `compare`, `count`, `objectives<2..16>`, `table`; `w<world>/<kind>/<seed>` in
    another world. 100 seeds of each kind are listed, any other id of the form works too. Splits by a stable hash. With
    `data_dir`: `official/<file>/<id>` from rows with `id, question, golden_answers` (FlashRAG's NQ, HotpotQA and others), VeriGUI's
    rows, and WideSearch's rows with their gold tables.

    ## Differences from the original
    Own pages and questions; official questions are played over the library that you bring. The search ranks by words (BM25), there are
    no embeddings. WideSearch maps columns and judges some cells by a model: here columns must be named as asked, and a judged cell
    that is not equal to the truth leaves the score open (`needs="judge"`) unless a `judge` is set.

    ## Source and licence
    Rules from MEM1 (2025), ASearcher (2025) and WideSearch (2025); own code and pages, Apache-2.0.

    ## Version history
    v0: first version.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 4}
    dialects = (read_tags, read_fenced_table)
    has_snapshots = True

    def __init__(
        self,
        *,
        world: int = 0,
        corpus: str | Path | None = None,
        data_dir: str | Path | None = None,
        objectives: int = 1,
        part_chars: int = 1500,
        reveal_ground_truth: bool = False,
        judge: Judge | None = None,
        **options: Any,
    ) -> None:
        if isinstance(part_chars, bool) or not isinstance(part_chars, int) or not _SHORTEST_PART <= part_chars <= _LONGEST_PART:
            raise UnknownOption(f"part_chars={part_chars!r} is a whole number in {_SHORTEST_PART}..{_LONGEST_PART}")
        self.part_chars, self.reveal_ground_truth, self.judge, self._world = part_chars, reveal_ground_truth, judge, world
        self._own_library = open_corpus(Path(corpus)) if corpus is not None else None
        super().__init__(tasks=self.task_set(data_dir, world=world, objectives=objectives), observations=text_space(), **options)

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None, *, world: int = 0, objectives: int = 1) -> TaskSet:
        """Our own tasks of a world, or those of official files.

        Raises:
            DataError: the files are missing or in no known schema.
            UnknownOption: the world is not a whole number in 0..999999, or ``objectives`` is below 1.
        """
        if isinstance(world, bool) or not isinstance(world, int) or not 0 <= world < 10**6:
            raise UnknownOption(f"world={world!r} is a whole number in 0..999999")
        return official_tasks(Path(data_dir), objectives) if data_dir is not None else own_tasks(world)

    def _task_limit(self, task: Task) -> int:
        given: int | None = task.setup.get("turns")
        parts = 2 + 1200 // self.part_chars  # what a page of ours takes: a search and its parts
        return given if given is not None else 10 + (1 + parts) * len(task.checks[0].get("evidence", ()))

    def _begin(self, task: Task) -> str:
        self.check: Mapping[str, Any] = task.checks[0]
        self.plans: list[Mapping[str, Any]] = list(task.setup.get("plans", ()))
        self.task_world = int(task.setup.get("world", self._world))
        self.corpus: Corpus = self._own_library or own_corpus(self.task_world)
        self.given: str | None = None
        self._found: Verdict | None = None  # on the answer, so that a judge is asked once
        self.opened: list[str] = []  # titles, each once
        self.searches = 0
        self._said = ""  # the last action's feedback; the oracle reads it
        return f"The library has {len(self.corpus):,} pages."

    @action
    def search(self, query: Annotated[str, MaxLen(2000)], k: Annotated[int, Ge(1), Le(20)] = 5) -> str:
        """Search the library by words; the best pages come first.

        Args:
            query: words to look for; any other signs are ignored.
            k: how many pages to list.
        """
        if not query.strip():
            raise BadAction("the query is empty", kind="arguments", legal='search(query="words to look for")')
        self._said = results(query, self.corpus.search(query, k))
        self.searches += 1
        return self._said

    @action(name="open")
    def open_page(self, page: Annotated[str, MaxLen(500)], part: Annotated[int, Ge(1), Le(100_000)] = 1) -> str:
        """Read a page of the library, or the next part of a long one.

        Args:
            page: its title as in the results or in a link, or its number such as "#12".
            part: which part of a long page.
        """
        found = self.corpus.page(page)
        if found is None:
            near = [hit.title for hit in self.corpus.search(page, 3)]
            raise BadAction(f"there is no page {page[:80]!r}", legal=did_you_mean(page, near) if near else "search for its title")
        number, found_page = found
        parts = parts_of(found_page.text, self.part_chars)
        if part > len(parts):
            raise BadAction(
                f"{found_page.title} has {len(parts)} part{'s' * (len(parts) > 1)}, so there is no part {part}", kind="arguments"
            )
        if found_page.title not in self.opened:
            self.opened.append(found_page.title)
        self._said = shown(number, found_page, parts, part)
        return self._said

    @action
    def answer(self, text: Annotated[str, MaxLen(MAX_ACTION_CHARS)]) -> str:
        """Give the final answer, which ends the episode.

        Args:
            text: the bare answer; several answers in order, separated by semicolons; or a Markdown table where one is asked for.
        """
        self.given = text
        self._found = verdict = self._verdict()
        self.stop("agent_stopped" if verdict.needs else "goal_reached" if verdict.success else "goal_failed")
        return "Noted."

    def _verdict(self) -> Verdict:
        if self._found is not None:
            return self._found
        opened = set(self.opened)
        read = {f"read:{title}": title in opened for title in self.check.get("evidence", ())}
        return verdict_of(
            self.check, self.given, read, {"searches": float(self.searches), "pages_opened": float(len(opened))}, judge=self.judge
        )

    def _extra_info(self) -> dict[str, Any]:
        return {"ground_truth": truth_of(self.check)} if self.reveal_ground_truth else {}

    def _save(self) -> Any:
        return {"given": self.given, "opened": list(self.opened), "searches": self.searches}

    def _load(self, data: Any) -> None:
        self.given, self.opened, self.searches = data["given"], list(data["opened"]), int(data["searches"])

    def oracle(self) -> Iterator[str]:
        """Search, open, follow links and read; then answer what the pages said. Official tasks have none."""
        answer = yield from self._solved()
        yield Call("answer", {"text": answer}).text

    def near_miss(self) -> Iterator[str]:
        """The oracle's reading, and an answer that is right but for its last word."""
        answer = yield from self._solved()
        body, bar, end = answer.rpartition(" |") if "rows" in self.check else (answer, "", "")
        yield Call("answer", {"text": f"{body}9{bar}{end}"}).text

    def _solved(self) -> Any:
        if not self.plans:
            raise NotImplementedError("official questions have no oracle; play one of our own tasks")
        return Solver(world_of(self.task_world), lambda: self._said).play(self.plans)

    def idle_action(self) -> str:
        """Search for nothing of interest."""
        return 'search(query="anything at all")'
