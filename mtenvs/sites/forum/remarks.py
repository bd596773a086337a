"""What is wrong with a form."""

from __future__ import annotations


class Remarks(dict[str, str]):
    """Field -> what is wrong with it; fields without a remark have an empty one."""

    def __missing__(self, key: str) -> str:
        return ""
