from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import BadAction, DataError, UnknownOption
from mtenvs.envs.video.own.compose import compose
from mtenvs.envs.video.tools.webcorpus import WebCorpus, open_web, own_web, web_of

PAGES = [
    {
        "url": "https://www.piers.example/19/",
        "title": "Pier 19",
        "text": "Pier 19 was built in 1884 by Ada Lindqvist.",
        "image_caption": "A pier at dusk",
    },
    {"url": "https://piers.example/4", "title": "Pier 4", "text": "Pier 4 burned down in 1901. " + "Ships moor there. " * 50},
    {"url": "https://cafe.example/", "title": "Café Zürich", "text": "Serves lemon cake.", "image_caption": "A slice of lemon cake"},
]
WEB = WebCorpus(PAGES)


def test_the_page_that_fits_best_comes_first() -> None:
    first = WEB.search("who built Pier 19?")[0]
    assert (first.title, first.url) == ("Pier 19", "https://www.piers.example/19/")
    assert "Ada Lindqvist" in first.snippet


def test_accents_and_case_do_not_matter() -> None:
    assert WEB.search("CAFE zurich")[0].title == "Café Zürich"


def test_images_are_found_by_their_captions() -> None:
    assert WEB.search("lemon cake", kind="image")[0].snippet == "A slice of lemon cake"
    assert WEB.search("burned down", kind="image") == []
    assert [r.title for r in WEB.search("pier", kind="image")] == ["Pier 19"]  # the other one has no image


@pytest.mark.parametrize("n", [-5, 0, 1, 2, 10, 10**9], ids=str)
def test_the_number_of_results_is_clamped(n: int) -> None:
    many = WebCorpus({"url": f"u{i}", "title": "the same", "text": "page"} for i in range(30))
    assert len(many.search("same", n)) == max(1, min(10, n))


def test_an_unknown_kind_is_told_to_the_agent() -> None:
    with pytest.raises(BadAction, match="'web' or 'image'"):
        WEB.search("pier", 3, "video")


@pytest.mark.parametrize(
    "url",
    ["https://piers.example/4", "http://www.piers.example/4/", "piers.example/4#top", " PIERS.example/4 "],
    ids=["same", "www", "bare", "case"],
)
def test_a_page_is_found_however_its_address_is_written(url: str) -> None:
    assert WEB.page(url).startswith("Pier 4\n\nPier 4 burned down")


def test_a_long_page_is_cut_and_says_so() -> None:
    page = WEB.page("piers.example/4", 20)
    assert page.splitlines()[:3] == ["Pier 4", "", "Pier 4 burne"]
    assert page.endswith("[cut after 20 of 936 characters]")
    assert len(WEB.page("piers.example/4", -1)) < 50


def test_the_caption_of_an_image_is_on_its_page() -> None:
    assert WEB.page("cafe.example").endswith("[Image: A slice of lemon cake]")


def test_no_such_page_is_told_to_the_agent() -> None:
    with pytest.raises(BadAction, match="no page"):
        WEB.page("https://nowhere.example")


@given(st.text(max_size=200), st.sampled_from(["web", "image"]))
def test_whatever_an_agent_searches_for_is_only_words(query: str, kind: str) -> None:
    assert len(WEB.search(query, 10, kind)) <= 3


@pytest.mark.parametrize(
    "query", ['"', "NEAR(pier", "pier AND", "title:pier", "pier*", "'; DROP TABLE pages; --", "pier\0 19", "\ud800 pier"], ids=ascii
)
def test_operators_of_the_index_are_words(query: str) -> None:
    found = WEB.search(query)
    assert bool(found) == ("pier" in query.lower())
    assert len(WEB) == 3


@given(st.text(max_size=100))
def test_any_address_is_a_page_or_told(url: str) -> None:
    with suppress(BadAction):
        assert WEB.page(url)


def test_pages_of_a_user_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(json.dumps(p) for p in PAGES) + "\n\n", encoding="utf-8")
    web = web_of(str(path))
    assert len(web) == 3
    assert open_web(path) is web
    path.write_text(json.dumps(PAGES[0]), encoding="utf-8")
    assert len(open_web(path)) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "page 1: a page needs url, title and text"),
        ('{"url": "a", "title": "b", "text": "c"}\n[1]', "page 2"),
        ('{"url": "a", "title": "b", "text": 3}', "page 1"),
        ('{"url": "a", "title": "b", "text": "c"}\n{"url": "A/", "title": "d", "text": "e"}', "page 2: another page has the same url"),
        ("{broken", "line 1 is not JSON"),
    ],
    ids=["empty", "no-object", "no-string", "twice", "no-json"],
)
def test_a_file_that_is_wrong_is_named_with_its_row(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        open_web(path)


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        web_of(tmp_path / "none.jsonl")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="UTF-8"):
        web_of(tmp_path / "bytes.jsonl")
    with pytest.raises(UnknownOption, match="did you mean 'own'"):
        web_of("owm")


def test_whatever_a_sign_in_our_films_says_has_a_page_that_is_found_first() -> None:
    script = compose("short", 2)
    for sign in script.signs:
        first = own_web().search(sign.text)[0]
        assert f'"{sign.text}"' in own_web().page(first.url)
        assert sign.text in own_web().search(sign.text, 1, "image")[0].snippet


def test_everybody_shares_our_pages() -> None:
    assert web_of("own") is own_web()
    assert web_of(WEB) is WEB
