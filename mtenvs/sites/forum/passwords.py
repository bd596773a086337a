"""Passwords are kept as salted hashes. Few rounds: they guard a world of make-believe, and log-ins should be quick."""

from __future__ import annotations

import hashlib
from hmac import compare_digest
from typing import Final

_ROUNDS: Final = 1_000


def hashed(password: str, salt: str) -> str:
    """What is stored: the salt and the hash."""
    digest = hashlib.pbkdf2_hmac("sha256", password.encode("utf-8", "surrogatepass"), salt.encode(), _ROUNDS)
    return f"{salt}${digest.hex()}"


def fits(password: str, stored: str) -> bool:
    """Whether it is this password; nothing fits an empty entry."""
    salt, dollar, _ = stored.partition("$")
    return bool(dollar) and compare_digest(hashed(password, salt), stored)
