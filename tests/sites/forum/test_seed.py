"""The generated data: enough of it, the same each time, in order, and true to itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest

from mtenvs.sites.forum import SITE, draw, seed
from mtenvs.sites.forum.seed.times import NOW
from mtenvs.sites.kit.image import Database


@pytest.fixture(scope="module")
def db() -> Iterator[Database]:
    made = SITE.image.copy()
    yield made
    made.close()


def one(db: sqlite3.Connection, sql: str) -> int:
    found: int = db.execute(sql).fetchone()[0]
    return found


def test_there_is_enough_of_everything(db: Database) -> None:
    assert one(db, "SELECT count(*) FROM forum") >= 40
    assert one(db, "SELECT count(*) FROM user") == 400
    assert one(db, "SELECT count(*) FROM submission") >= 3_000
    assert one(db, "SELECT count(*) FROM comment") >= 15_000
    assert one(db, "SELECT count(*) FROM submission WHERE image IS NOT NULL") >= 500
    assert one(db, "SELECT count(*) FROM submission WHERE url LIKE 'https://%'") >= 500
    assert one(db, "SELECT count(*) FROM submission WHERE user_id = 1") >= 20
    assert one(db, "SELECT min(n) FROM (SELECT count(*) n FROM submission GROUP BY forum_id)") >= 40


def test_the_image_is_small_enough_to_copy_for_each_episode() -> None:
    assert len(SITE.image.content()) < 12 * 2**20


@pytest.mark.slow
def test_the_same_seed_builds_the_same_and_another_one_another() -> None:
    def dump(number: int) -> list[str]:
        made = sqlite3.connect(":memory:", isolation_level=None)
        made.execute("BEGIN")
        seed.build(made, number)
        return list(made.iterdump())

    assert dump(0) == dump(0)
    assert dump(0) != dump(1)


def test_every_answer_is_younger_than_what_it_answers_and_in_the_same_place(db: Database) -> None:
    joined = "FROM comment c JOIN comment p ON p.id = c.parent_id WHERE"
    assert one(db, f"SELECT count(*) {joined} c.created <= p.created OR c.id <= p.id OR c.submission_id != p.submission_id") == 0
    assert one(db, "SELECT count(*) FROM comment c JOIN submission s ON s.id = c.submission_id WHERE c.created <= s.created") == 0
    for table in ("submission", "comment", "message"):
        assert one(db, f"SELECT max(created) FROM {table}") < NOW
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_ids_are_in_order_of_time(db: Database) -> None:
    for table in ("submission", "comment"):
        times = [row["created"] for row in db.execute(f"SELECT created FROM {table} ORDER BY id")]
        assert times == sorted(times)


def test_counts_agree_with_what_is_counted(db: Database) -> None:
    counts = "(SELECT submission_id AS id, count(*) AS n FROM comment GROUP BY submission_id)"
    assert one(db, f"SELECT count(*) FROM submission s LEFT JOIN {counts} c USING (id) WHERE s.comments != coalesce(n, 0)") == 0
    for what in ("submission", "comment"):
        known = f"(SELECT {what}_id AS id, sum(choice = 1) AS up, sum(choice = -1) AS down FROM {what}_vote GROUP BY 1)"
        assert one(db, f"SELECT count(*) FROM {what} JOIN {known} USING (id) WHERE ups < up OR downs < down") == 0


def test_authors_have_voted_for_what_they_wrote(db: Database) -> None:
    for what in ("submission", "comment"):
        voted = f"SELECT count(*) FROM {what} w JOIN {what}_vote v ON v.user_id = w.user_id AND v.{what}_id = w.id AND choice = 1"
        assert one(db, voted) == one(db, f"SELECT count(*) FROM {what}")


def test_no_template_is_left_open(db: Database) -> None:
    for table, columns in (("submission", ("title", "body")), ("comment", ("body",)), ("user", ("bio",))):
        for column in columns:
            assert (
                one(db, f"SELECT count(*) FROM {table} WHERE {column} GLOB '*[{{}}|]*' OR {column} LIKE '% // %' OR {column} LIKE '%  %'")
                == 0
            )


def test_titles_are_different_within_a_forum(db: Database) -> None:
    assert one(db, "SELECT count(*) FROM (SELECT 1 FROM submission GROUP BY forum_id, title HAVING count(*) > 1)") == 0


def test_a_theme_is_said_in_its_own_words_and_its_own_forum() -> None:
    """Who says X has one answer: no sentence belongs to two themes of a forum."""
    for topic in seed.TOPICS:
        sentences = [sentence for said in topic.themes.values() for sentence in said]
        assert len(sentences) == len(set(sentences)), topic.name
        assert all(topic.themes.values()), topic.name


def test_comments_speak_of_what_their_submission_asks(db: Database) -> None:
    topics = {topic.name: topic for topic in seed.TOPICS}
    for row in db.execute(
        "SELECT DISTINCT f.name, c.theme FROM comment c JOIN submission s ON s.id = c.submission_id JOIN forum f ON f.id = s.forum_id"
    ):
        assert row["theme"] == "" or row["theme"] in topics[row["name"]].themes


def test_every_picture_can_be_drawn_and_boats_are_on_water(db: Database) -> None:
    scenes = [json.loads(row["scene"]) for row in db.execute("SELECT DISTINCT scene FROM picture")]
    assert {scene["kind"] for scene in scenes} == set(draw.KINDS)
    assert all(scene["place"] in ("lake", "beach") for scene in scenes if scene.get("extra") == "boat")
    kinds = {scene["kind"]: scene for scene in scenes}
    pictures = {kind: draw.scene(scene, "x") for kind, scene in kinds.items()}
    assert {picture.size for picture in pictures.values()} == {(640, 480)}
    assert len({picture.tobytes() for picture in pictures.values()}) == len(pictures)


def test_a_picture_is_the_same_each_time_and_differs_with_its_scene() -> None:
    orange = {"kind": "animal", "animal": "cat", "color": "orange", "place": "sofa"}
    assert draw.scene(orange, "a").tobytes() == draw.scene(orange, "a").tobytes()
    assert draw.scene(orange, "a").tobytes() != draw.scene({**orange, "color": "black"}, "a").tobytes()
