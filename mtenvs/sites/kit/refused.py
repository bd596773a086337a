"""`Refused`: what a visit ends with where it is not served."""

from __future__ import annotations


class Refused(Exception):
    """Ends a visit with an error page.

    Args:
        status: of HTTP.
        message: what the visitor reads.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
