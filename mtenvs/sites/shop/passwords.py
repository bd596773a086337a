"""Passwords of customers and administrators, as the database keeps them."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

# The accounts are imaginary and their passwords are in this repository; a real shop would take a hundred times as many.
_ROUNDS: Final = 2_000


def hashed(password: str, salt: str) -> str:
    """The text to store: ``hash:salt``.

    Args:
        password: as typed.
        salt: different for each account, such as its e-mail address.
    """
    digest = hashlib.pbkdf2_hmac("sha256", password.encode("utf-8", "surrogatepass"), salt.encode("utf-8", "surrogatepass"), _ROUNDS)
    return f"{digest.hex()}:{salt}"


def matches(password: str, stored: str) -> bool:
    """Whether it is the password that was stored."""
    salt = stored.partition(":")[2]
    return hmac.compare_digest(hashed(password, salt), stored)
