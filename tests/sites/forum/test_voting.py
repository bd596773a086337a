"""Votes: any sequence of them gives the right score and the right state."""

from __future__ import annotations

import pytest
from forum_visitor import Visitor
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.sites.forum import SITE
from mtenvs.sites.forum.voting import cast


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["submission", "comment"]), st.sampled_from([5, 9, 30]), st.sampled_from([1, -1, 0])), max_size=25)
)
def test_any_sequence_of_votes_adds_up(votes: list[tuple[str, int, int]]) -> None:
    db = SITE.image.copy()
    for what in ("submission", "comment"):
        db.execute(f"DELETE FROM {what}_vote WHERE {what}_id = 77 AND user_id IN (5, 9, 30)")
    before = {what: tuple(db.execute(f"SELECT ups, downs FROM {what} WHERE id = 77").fetchone()) for what in ("submission", "comment")}
    now: dict[tuple[str, int], int] = {}
    for what, user, choice in votes:
        now[what, user] = choice
        score = cast(db, what, 77, user, choice)
        ups = before[what][0] + sum(c == 1 for (w, _), c in now.items() if w == what)
        downs = before[what][1] + sum(c == -1 for (w, _), c in now.items() if w == what)
        assert score == ups - downs
        assert tuple(db.execute(f"SELECT ups, downs FROM {what} WHERE id = 77").fetchone()) == (ups, downs)
    for (what, user), choice in now.items():
        row = db.execute(f"SELECT choice FROM {what}_vote WHERE user_id = ? AND {what}_id = 77", (user,)).fetchone()
        assert (row["choice"] if row else 0) == choice
    db.close()


@pytest.mark.parametrize(("what", "path"), [("submission", "sv"), ("comment", "cv")])
def test_a_vote_by_form_shows_in_the_forms_class_and_the_buttons(me: Visitor, what: str, path: str) -> None:
    row = me.rows(f"SELECT * FROM {what} w WHERE user_id != 1 AND id NOT IN (SELECT {what}_id FROM {what}_vote WHERE user_id = 1) LIMIT 1")[
        0
    ]
    place = f"/f/{_forum(me, row.get('submission_id', row['id']))}/{row.get('submission_id', row['id'])}"
    for choice, shown, title in (
        (1, "vote vote--user-upvoted", "Retract upvote"),
        (-1, "vote vote--user-downvoted", "Upvote"),
        (0, "vote", "Upvote"),
    ):
        assert me.send(f"/{path}/{row['id']}", {"choice": choice}).status_code == 302
        form = me.page(place).one("form", action=f"/{path}/{row['id']}")
        assert form.attributes["class"] == shown
        assert form.one(css="vote__up").attributes["title"] == title
        assert form.one(css="vote__net-score").text == str(row["net"] + choice)


def _forum(visitor: Visitor, submission: int) -> str:
    return str(visitor.value("SELECT f.name FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.id = ?", submission))


def test_voting_twice_the_same_way_counts_once(me: Visitor) -> None:
    before = me.value("SELECT net FROM submission WHERE id = 12 AND user_id != 1")
    had = sum(row["choice"] for row in me.rows("SELECT choice FROM submission_vote WHERE submission_id = 12 AND user_id = 1"))
    for _ in range(3):
        assert me.send("/sv/12.json", {"choice": 1}).json() == {"netScore": before - had + 1}


def test_the_author_may_take_the_own_vote_back(me: Visitor) -> None:
    number = me.value("SELECT min(id) FROM submission WHERE user_id = 1")
    before = me.value("SELECT net FROM submission WHERE id = ?", number)
    assert me.send(f"/sv/{number}.json", {"choice": 0}).json() == {"netScore": before - 1}


@pytest.mark.parametrize("choice", ["2", "-2", "", "1e3", "up", "1; DROP TABLE user", "\U0001f44d"])
def test_other_choices_are_refused(me: Visitor, choice: str) -> None:
    before = me.value("SELECT net FROM submission WHERE id = 12")
    assert me.send("/sv/12", {"choice": choice}).status_code == 400
    assert me.value("SELECT net FROM submission WHERE id = 12") == before


def test_strangers_are_sent_to_log_in(stranger: Visitor) -> None:
    before = stranger.value("SELECT net FROM submission WHERE id = 12")
    assert stranger.send("/sv/12", {"choice": 1}).headers["location"] == "/login"
    assert stranger.send("/sv/12.json", {"choice": 1}).status_code == 401
    assert stranger.value("SELECT net FROM submission WHERE id = 12") == before


@pytest.mark.parametrize("path", ["/sv/999999999", "/cv/999999999999999999", "/sv/0", "/cv/-1", "/sv/x", "/cv/99999999999999999999999"])
def test_what_is_not_there_can_not_be_voted_for(me: Visitor, path: str) -> None:
    assert me.send(path, {"choice": 1}).status_code in (404, 405)
