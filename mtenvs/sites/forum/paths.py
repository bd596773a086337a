"""Parts of addresses: what a path may hold in the place of a number, an order or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.convertors import Convertor, register_url_convertor

from mtenvs.sites.forum import text

if TYPE_CHECKING:
    import sqlite3


class _Number(Convertor[int]):
    """A whole number that a database can hold."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


class _Word(Convertor[str]):
    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Sort(_Word):
    regex = "hot|new|active|top|controversial|most_commented"


class _Feed(_Word):
    regex = "all|featured|subscribed|moderated"


def register() -> None:
    """Make ``{n:forum_id}``, ``{sort:forum_sort}`` and ``{feed:forum_feed}`` known; once, before the first page is declared."""
    register_url_convertor("forum_id", _Number())
    register_url_convertor("forum_sort", _Sort())
    register_url_convertor("forum_feed", _Feed())


def submission(row: sqlite3.Row, forum: str) -> str:
    """Where a submission is read."""
    return f"/f/{forum}/{row['id']}/{text.slug(row['title'])}"


def comment(number: int, submission_id: int, forum: str) -> str:
    """Where a comment is read by itself."""
    return f"/f/{forum}/{submission_id}/-/comment/{number}"
