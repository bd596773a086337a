from __future__ import annotations

import re
from collections import Counter

import pytest

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.compose import compose
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.own.webfacts import born, pages, topics, web_questions_of
from mtenvs.envs.video.own.wording import WORD_SIGNS
from mtenvs.envs.video.question import LETTERS, WEB
from mtenvs.envs.video.tools.webcorpus import own_web

TIERS = {"clip": 60, "short": 40, "long": 12, "epic": 6}
SCRIPTS = [compose(tier, seed) for tier, n in TIERS.items() for seed in range(n)]


def test_there_are_hundreds_of_pages_each_with_its_own_address_and_title() -> None:
    found = pages()
    assert len(found) >= 300
    assert len({p["url"] for p in found}) == len({p["title"] for p in found}) == len(found)
    assert all(set(p) == {"url", "title", "text", "image_caption"} and all(p.values()) for p in found)
    assert all(p["url"].startswith("https://www.vellmouth.example/") for p in found)


def test_every_sign_of_every_film_has_a_page() -> None:
    for script in SCRIPTS:
        assert all(s.text in topics() for s in script.signs), script.name


@pytest.mark.parametrize("text", [*WORD_SIGNS, "CABIN 12", "TRAM LINE 44", "SHOW AT: PARK", "PARADE: SHOPPING STREET", "BUS 2"])
def test_who_searches_the_words_of_a_sign_finds_its_page(text: str) -> None:
    assert topics()[text].title in [r.title for r in own_web().search(text, 3)]


def test_links_lead_to_pages_and_back() -> None:
    by_title = {p["title"]: p for p in pages()}
    links = {title: _links(p["text"]) for title, p in by_title.items()}
    assert all(to in by_title for found in links.values() for to in found)
    for topic in topics().values():
        assert topic.who in links[topic.title]
        assert topic.title in links[topic.who]
    assert "Show At: Park" in links["The Park"]
    assert "The Park" in links["Show At: Park"]


def test_pages_agree_with_each_other() -> None:
    by_title = {p["title"]: p["text"] for p in pages()}
    for topic in topics().values():
        text = by_title[topic.title]
        assert topic.who in text
        assert str(topic.year) in text
        assert topic.thing.casefold() in text.casefold()
        assert f"born in {born(topic.who)} " in by_title[topic.who]
        assert 18 <= topic.year - born(topic.who) <= 60


def test_a_question_is_answered_by_the_page_of_the_sign_that_it_speaks_of() -> None:
    by_title = {p["title"]: p["text"] for p in pages()}
    letters, facts = Counter[str](), Counter[str]()
    for script in SCRIPTS:
        (q,) = web_questions_of(script)
        sign = next(s for s in script.signs if (s.start, s.end) == (q.evidence[0].start, q.evidence[0].end))
        topic = topics()[sign.text]
        page = by_title[topic.who] if "was that person born" in q.text else by_title[topic.title]
        first = page.partition("In Vellmouth")[0].partition("\n")[0].casefold()
        assert [o for o in q.options if re.search(rf"\b{re.escape(o.casefold())}\b", first)] == [q.answer_text], (q, page)
        assert q.skill == WEB
        assert len(set(q.options)) == 5
        letters[q.answer] += 1
        facts[q.text.rpartition(".")[2]] += 1
    assert set(letters) == set(LETTERS[:5])
    assert len(facts) > 8


def test_a_question_names_neither_the_sign_nor_the_answer() -> None:
    for script in SCRIPTS:
        (q,) = web_questions_of(script)
        assert not any(s.text.casefold() in q.text.casefold() for s in script.signs)
        assert q.answer_text not in q.text


def test_films_do_not_hold_what_the_web_holds() -> None:
    people = {t.who for t in topics().values()}
    for script in SCRIPTS:
        words = " ".join([*(x.text for x in script.lines), *(s.text for s in script.signs)]).casefold()
        assert not any(who.casefold() in words for who in people)


def test_a_film_without_signs_has_no_such_question() -> None:
    script = compose("clip", 0)
    lines = [{**x, "about": "", "beside": ""} for x in script.to_dict()["lines"]]
    bare = Script.from_dict({**script.to_dict(), "signs": [], "lines": lines})
    with pytest.raises(DataError, match="no sign"):
        web_questions_of(bare)


def _links(text: str) -> list[str]:
    return text.rpartition("See also: ")[2].rstrip(".").split(", ")
