"""Addresses of sites and their placeholders, such as ``__GITLAB__``: the checks compare addresses with the latter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites of a task.

    Args:
        addresses: by placeholder, in the order of the task's sites.
    """

    addresses: Mapping[str, str]

    @classmethod
    def of(cls, names: Sequence[str], addresses: Mapping[str, str]) -> Sites:
        """Those that a task names, such as ``["shopping"]``, out of all.

        Raises:
            KeyError: one has no address.
        """
        return cls({f"__{name.upper()}__": addresses[name] for name in names})

    def filled(self, text: str) -> str:
        """A text that begins with a placeholder, with the address in its place.

        Raises:
            ValueError: it begins with the placeholder of no site of the task.
        """
        for mark, address in self.addresses.items():
            if text.startswith(mark):
                return text.replace(mark, address)
        raise ValueError(f"{text!r} begins with the placeholder of no site of the task")

    def marked(self, text: str, *, strict: bool = False) -> str:
        """A text with the address of one site, wherever it stands, replaced by its placeholder; that of the longest address, if of several.

        Raises:
            ValueError: ``strict``, and it holds none.
        """
        for mark, address in sorted(self.addresses.items(), key=lambda item: len(item[1]), reverse=True):
            if address in text:
                return text.replace(address.rstrip("/"), mark)
        if strict:
            raise ValueError(f"{text!r} holds the address of no site of the task")
        return text
