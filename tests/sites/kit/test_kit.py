"""The kit under real HTTP: episodes apart from each other, sessions, tokens, transactions, limits and bad requests."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from guestbook import SITE
from PIL import Image as Pictures

from mtenvs.sites.kit import Episode, SiteServer


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("MTENVS_CACHE", str(folder))
        yield folder


def browser(server: SiteServer, episode: Episode, **cookies: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{server.port}",
        headers={**server.headers(episode), "host": SITE.host},
        cookies=cookies,
        trust_env=False,
    )


def test_nobody_without_the_episodes_header_gets_in(server: SiteServer, episode: Episode) -> None:
    for headers in ({}, {"x-mtenvs-episode": "guess"}, {"x-mtenvs-episode": episode.token[:-1]}):
        answer = httpx.get(f"http://127.0.0.1:{server.port}/", headers={"host": SITE.host, **headers}, trust_env=False)
        assert answer.status_code == 403


def test_a_strange_host_is_no_site(server: SiteServer, episode: Episode) -> None:
    with browser(server, episode) as visitor:
        assert visitor.get("/", headers={"host": "elsewhere.localhost"}).status_code == 404


def test_two_episodes_share_nothing(server: SiteServer) -> None:
    ours, theirs = server.begin([SITE], seed=1), server.begin([SITE], seed=1)
    with browser(server, ours) as one, browser(server, theirs) as two:
        token = one.get("/").json()["token"]
        assert one.post("/sign", data={"form_key": token, "text": "hello"}).status_code == 302
        assert len(one.get("/").json()["entries"]) == 2
        assert len(two.get("/").json()["entries"]) == 1
    server.end(ours)
    server.end(theirs)


def test_a_cookie_of_one_episode_is_worth_nothing_in_another(server: SiteServer) -> None:
    ours, theirs = server.begin([SITE], seed=1), server.begin([SITE], seed=2)
    cookie = ours.log_in("book", "ann")["value"]
    with browser(server, ours, PHPSESSID=cookie) as one, browser(server, theirs, PHPSESSID=cookie) as two:
        assert one.get("/").json()["user"] == "Ann"
        assert two.get("/").json()["user"] is None
    server.end(ours)
    server.end(theirs)


def test_the_same_seed_gives_the_same_pages(server: SiteServer) -> None:
    pages = []
    for _ in range(2):
        episode = server.begin([SITE], seed=9)
        with browser(server, episode) as visitor:
            pages.append((visitor.get("/").text, visitor.get("/").text))
        server.end(episode)
    assert pages[0] == pages[1]


def test_forms_need_the_visitors_own_token(server: SiteServer, episode: Episode) -> None:
    with browser(server, episode) as ann, browser(server, episode) as bob:
        stolen = bob.get("/").json()["token"]
        own = ann.get("/").json()["token"]
        for token in ("", "x", stolen):
            assert ann.post("/sign", data={"form_key": token, "text": "t"}).status_code == 403
        assert len(ann.get("/").json()["entries"]) == 1
        assert ann.post("/sign", data={"form_key": own, "text": "t"}).status_code == 302


def test_a_refused_form_changes_nothing_and_the_clock_stands(server: SiteServer, episode: Episode) -> None:
    with browser(server, episode) as visitor:
        before = visitor.get("/").json()
        assert visitor.post("/sign", data={"form_key": before["token"], "text": "rude"}).status_code == 422
        assert visitor.get("/").json() == before
        visitor.post("/sign", data={"form_key": before["token"], "text": "kind"})
        after = visitor.get("/").json()
        assert after["now"] > before["now"]
        assert after["messages"] == [["success", "Thank you"]]
        assert visitor.get("/").json()["messages"] == []


def test_what_no_database_can_hold_is_an_error_page(server: SiteServer, episode: Episode) -> None:
    with browser(server, episode) as visitor:
        token = visitor.get("/").json()["token"]
        for body in (
            f"form_key={token}&text=%ff%fe",
            f"form_key={token}&text=a%00b",
            "%%%===&&&",
            f"form_key={token}&text=" + "x" * 300_000,
        ):
            answer = visitor.post("/sign", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
            assert answer.status_code in (302, 400, 403, 422)
        assert visitor.get("/").status_code == 200


def test_too_large_a_body_is_refused(server: SiteServer, episode: Episode) -> None:
    with browser(server, episode) as visitor:
        token = visitor.get("/").json()["token"]
        files = {"photo": ("a.png", b"x" * (6 * 2**20))}
        assert visitor.post("/photo", data={"form_key": token}, files=files).status_code == 413
        assert visitor.post("/photo", content=b"x" * (21 * 2**20)).status_code == 413


def test_an_upload_is_judged_by_its_content(server: SiteServer, episode: Episode) -> None:
    file = io.BytesIO()
    Pictures.new("RGB", (8, 8), "red").save(file, "PNG")
    bomb = io.BytesIO()
    Pictures.new("1", (30_000, 20_000)).save(bomb, "PNG")  # small as a file, not in memory
    with browser(server, episode) as visitor:
        token = visitor.get("/").json()["token"]
        good = visitor.post("/photo", data={"form_key": token}, files={"photo": ("../../x.html", file.getvalue(), "text/html")})
        assert good.json()["name"].endswith(".png")
        assert "/" not in good.json()["name"]
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
        for bad in (b"<script>alert(1)</script>", b"", b"\x89PNG\r\n\x1a\n", svg, b"PK\x03\x04" + bytes(500), bomb.getvalue()):
            assert visitor.post("/photo", data={"form_key": token}, files={"photo": ("x.png", bad, "image/png")}).status_code == 422


def test_log_out_makes_the_old_cookie_worthless(server: SiteServer, episode: Episode) -> None:
    cookie = episode.log_in("book", "bob")["value"]
    with browser(server, episode, PHPSESSID=cookie) as visitor:
        visitor.post("/logout", data={"form_key": visitor.get("/").json()["token"]})
    with browser(server, episode, PHPSESSID=cookie) as visitor:
        assert visitor.get("/").json()["user"] is None


def test_a_fault_of_the_site_is_a_page_and_changes_nothing(server: SiteServer, episode: Episode) -> None:
    with browser(server, episode) as visitor:
        token = visitor.get("/").json()["token"]
        assert visitor.post("/sign", data={"form_key": token, "text": "welcome 0"}).status_code == 500  # it is unique there
        assert len(visitor.get("/").json()["entries"]) == 1


def test_a_statement_for_ever_is_stopped_and_others_go_on(server: SiteServer, episode: Episode) -> None:
    with browser(server, episode) as visitor:
        assert visitor.get("/slow").status_code == 503
        assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "http://evil.example/", "evil"])
def test_redirects_stay_on_the_site(server: SiteServer, episode: Episode, to: str) -> None:
    with browser(server, episode) as visitor:
        assert visitor.get("/away", params={"to": to}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/static/../kit.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/nowhere", "/sign", "/%00", "/static/"]
)
def test_paths_that_are_not_there(server: SiteServer, episode: Episode, path: str) -> None:
    with browser(server, episode) as visitor:
        assert visitor.get(path).status_code in (404, 405)


def test_an_ended_episode_is_gone(server: SiteServer) -> None:
    episode = server.begin([SITE])
    with browser(server, episode) as visitor:
        assert visitor.get("/").status_code == 200
        server.end(episode)
        assert visitor.get("/").status_code == 403


def test_many_episodes_at_once_do_not_mix(server: SiteServer) -> None:
    def play(number: int) -> list[str]:
        episode = server.begin([SITE], seed=number)
        with browser(server, episode) as visitor:
            token = visitor.get("/").json()["token"]
            for turn in range(10):
                visitor.post("/sign", data={"form_key": token, "text": f"{number} {turn}"})
            entries = [text for _, text in visitor.get("/").json()["entries"]]
        server.end(episode)
        return entries

    with ThreadPoolExecutor(8) as pool:
        for number, entries in enumerate(pool.map(play, range(16))):
            assert entries == ["welcome 0", *(f"{number} {turn}" for turn in range(10))]


def test_a_read_only_cache_only_costs_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    monkeypatch.setenv("MTENVS_CACHE", str(file))
    assert SITE.image.copy(77).execute("SELECT text FROM entry").fetchone()["text"] == "welcome 77"
