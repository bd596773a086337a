"""The library as a file: what a search finds, that no text breaks it, and that it can be built by several processes at once."""

from __future__ import annotations

import json
import multiprocessing as mp
import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.assets import cache_dir
from mtenvs.core.errors import DataError, MissingRequirement
from mtenvs.envs.words.search import corpus as library
from mtenvs.envs.words.search.corpus import Corpus, cached_corpus, open_corpus, own_corpus, words_of, write_corpus
from mtenvs.envs.words.search.pages import Page

PAGES = [
    Page("Lamp", "A lamp gives light. It was invented by [[Ada]] in 1871."),
    Page("Ada", "Ada invented the lamp. She was born in Görz."),
    Page("Görz", "Görz is a city on a river. Ada was born here."),
    Page("lamp oil", "Oil that is burned for light, in whatever burns it: that is a lamp, as said above."),
    *(Page(f"Filler {i}", f"Page {i} says nothing of note.") for i in range(12)),
]
GARBAGE = [
    '"',
    '"" OR ""',
    "NEAR(a b)",
    "lamp AND NOT",
    "title : ",
    "{title text} : lamp",
    "lamp*",
    "^lamp",
    "(((",
    "a' OR 1=1 --",
    "lamp\0oil",
    "\0",
    "\ud800 lamp",
    "漢字 🙂",
    "-",
    "+",
    ";",
    "_",
    "٣",
    "lamp " * 200_000,
    "x" * 1_000_000,
    "".join(chr(c) for c in range(0x20, 0x3000, 7)),
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MTENVS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def small(tmp_path: Path) -> Corpus:
    write_corpus(tmp_path / "small.sqlite", PAGES)
    return open_corpus(tmp_path / "small.sqlite")


def titles(corpus: Corpus, query: str, k: int = 5) -> list[str]:
    return [hit.title for hit in corpus.search(query, k)]


# ---- what is found -------------------------------------------------------------------------------------------------


def test_the_best_page_comes_first(small: Corpus) -> None:
    assert titles(small, "lamp")[0] == "Lamp"
    assert set(titles(small, "lamp")) == {"Lamp", "Ada", "lamp oil"}
    assert titles(small, "lamp", 1) == ["Lamp"]
    assert titles(small, "Where is the river?") == ["Görz"]
    assert titles(small, "gorz")[0] == titles(small, "GÖRZ")[0] == "Görz"
    assert titles(small, "unheard-of") == []


def test_words_of_a_query() -> None:
    assert words_of("Who invented the lamp, the LAMP?") == ("invented", "lamp")
    assert words_of("who is it") == ("who", "is", "it")
    assert words_of('"(*^:-+{}') == ()


def test_pages_are_found_by_title_and_number(small: Corpus) -> None:
    for name in ("Görz", " Görz ", "[[Görz]]", "#3", "3"):
        found = small.page(name)
        assert found is not None
        assert (found[0], found[1].title) == (3, "Görz")
    upper = small.page("LAMP OIL")
    assert upper is not None
    assert upper[1] == PAGES[3]
    assert [small.page(n) for n in ("#0", "#17", "#-1", "", "Gorz", "lamp\0", "\ud800", "#" + "9" * 400, "²")] == [None] * 9


def test_every_title_of_ours_finds_its_page() -> None:
    corpus = own_corpus(0)
    assert len(corpus) >= 2000
    missed = 0
    for number in range(1, len(corpus) + 1, 23):
        found = corpus.page(f"#{number}")
        assert found is not None
        missed += found[1].title not in titles(corpus, found[1].title, 10)
    assert missed <= 1


# ---- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", GARBAGE, ids=range(len(GARBAGE)))
def test_no_query_raises(small: Corpus, query: str) -> None:
    began = time.process_time()
    assert len(small.search(query, 20)) <= len(PAGES)
    small.page(query)
    assert time.process_time() - began < 1.0


@given(st.text(st.characters(), max_size=60), st.integers(1, 20))
def test_no_text_raises(query: str, k: int) -> None:
    corpus = own_corpus(0)
    assert len(corpus.search(query, k)) <= k
    corpus.page(query)


def test_signs_do_not_change_what_is_found(small: Corpus) -> None:
    for query in ('"lamp" AND oil', "lamp NEAR oil", "lamp -oil", "lamp:oil", "(lamp) {oil}*"):
        assert titles(small, query)[0] == "lamp oil"


# ---- building ------------------------------------------------------------------------------------------------------


def test_a_library_is_built_once(cache: Path) -> None:
    first = cached_corpus("three", lambda: PAGES)

    def never() -> list[Page]:
        raise AssertionError("built again")

    assert len(cached_corpus("three", never)) == len(first) == len(PAGES)
    assert [p.suffix for p in cache.iterdir()] == [".sqlite"]


@pytest.mark.parametrize("keep", [0, 100, 5000, -1])
def test_a_damaged_library_is_built_again(cache: Path, keep: int) -> None:
    cached_corpus("three", lambda: PAGES)
    file = next(cache.iterdir())
    raw = file.read_bytes()
    file.write_bytes(raw[:keep] if keep >= 0 else raw[:16] + raw[16:32] + bytes(len(raw) - 32))
    assert titles(cached_corpus("three", lambda: PAGES), "lamp")[0] == "Lamp"


def test_without_a_cache_the_library_is_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MTENVS_CACHE", str(tmp_path / "file" / "cache"))
    assert titles(cached_corpus("three", lambda: PAGES), "lamp")[0] == "Lamp"


def test_a_sqlite_without_full_text_search_is_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_SCHEMA", library._SCHEMA.replace("fts5(", "fts0("))
    with pytest.raises(MissingRequirement, match="FTS5"):
        cached_corpus("three", lambda: PAGES)
    assert list(cache.iterdir()) == []


def test_a_failed_build_leaves_nothing_behind(cache: Path) -> None:
    cache.mkdir()

    def pages() -> list[Page]:
        raise DataError("the third page is missing")

    with pytest.raises(DataError, match="third page"):
        cached_corpus("broken", pages)
    with pytest.raises(DataError, match="later"):
        cached_corpus("broken", lambda: (p if p.title != "Görz" else _fail() for p in PAGES))
    assert list(cache.iterdir()) == []


def _fail() -> Page:
    raise DataError("later")


def _build(start: float, answers: mp.SimpleQueue[list[str]]) -> None:
    while time.time() < start:
        pass
    answers.put([hit.title for hit in own_corpus(3).search("Who was mayor of the city?", 3)])


def test_two_processes_may_build_at_once(cache: Path) -> None:
    context = mp.get_context("fork")
    answers: mp.SimpleQueue[list[str]] = context.SimpleQueue()
    builders = [context.Process(target=_build, args=(time.time() + 0.2, answers)) for _ in range(2)]
    for builder in builders:
        builder.start()
    first, second = answers.get(), answers.get()
    for builder in builders:
        builder.join()
    assert first == second != []
    assert [p.suffix for p in cache.iterdir()] == [".sqlite"]


def test_threads_and_forks_read_the_same_library(small: Corpus) -> None:
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.extend(titles(small, "lamp") for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [titles(small, "lamp")] * 80
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, json.dumps(titles(small, "lamp")).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert json.loads(os.read(reader, 10_000)) == found[0]
    os.close(reader)
    os.close(writer)


# ---- libraries of others -------------------------------------------------------------------------------------------


def test_jsonl_libraries(cache: Path, tmp_path: Path) -> None:
    rows = [{"id": "0", "contents": '"Lamp"\nA lamp gives light.'}, {"id": "1", "title": "Ada", "text": "Ada invented\0 the lamp."}]
    file = tmp_path / "corpus.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    corpus = open_corpus(file)
    assert len(corpus) == 2
    assert titles(corpus, "light") == ["Lamp"]
    found = corpus.page("ada")
    assert found is not None
    assert found[1].text == "Ada invented  the lamp."
    file.write_text(json.dumps({"title": "Oil", "text": "Other text, other file."}), encoding="utf-8")
    assert len(open_corpus(file)) == 1
    assert len(list(cache.iterdir())) == 2


def test_sqlite_libraries_without_an_index(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "pages.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE pages(title TEXT, text TEXT)")
        connection.executemany("INSERT INTO pages VALUES (?, ?)", ((p.title, p.text) for p in PAGES))
        connection.commit()
    assert titles(open_corpus(file), "lamp")[0] == "Lamp"
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no page"),
        (b"{", "cannot be read as JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"id": 1}', "no title and text"),
        (b'{"title": "", "text": "a"}', "no title and text"),
        (b'{"title": "a", "text": 3}', "no title and text"),
        (b"\xff\xfe\x00", "cannot be read as JSON"),
        (b"SQLite format 3\0 and no more", "cannot be read|not a SQLite file"),
    ],
    ids=["empty", "cut", "list", "keys", "title", "text", "bytes", "sqlite"],
)
def test_broken_libraries_are_named(cache: Path, tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "library.jsonl"
    file.write_bytes(content)
    with pytest.raises(DataError, match=message):
        open_corpus(file)
    assert not list(cache.glob("*.part*"))


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="point corpus at"):
        open_corpus(tmp_path / "none.jsonl")


def test_a_sqlite_file_with_other_tables_is_refused(cache: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE books(name TEXT)")
        connection.commit()
    with pytest.raises(DataError, match="pages"):
        open_corpus(tmp_path / "other.db")
    assert not list(cache.glob("*"))


def test_the_cache_follows_the_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MTENVS_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "mtenvs"
    monkeypatch.setenv("MTENVS_CACHE", str(tmp_path / "own"))
    assert cache_dir() == tmp_path / "own"
