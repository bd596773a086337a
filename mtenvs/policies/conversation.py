"""An episode as chat messages: what was seen and said, and how much of it the model is shown again."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.errors import UnknownOption, did_you_mean

Message = dict[str, Any]
LEFT_OUT_TURNS = "[{} earlier turns left out]"
LEFT_OUT_IMAGE = "[picture left out]"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One observation and what the model said to it.

    Args:
        text: of the observation.
        images: PNG pictures as data URLs.
        reply: the assistant's message as it is sent back to the endpoint; None while there is none.
        images_left_out: how many pictures a window has taken away.
    """

    text: str
    images: tuple[str, ...] = ()
    reply: Message | None = None
    images_left_out: int = 0


Window = Callable[[Sequence[Exchange]], Sequence[Exchange]]


def keep_all(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Everything, until the endpoint refuses it."""
    return exchanges


def last_turns(n: int) -> Window:
    """Only the last ``n`` turns, this one included; goal and opening text stay.

    Raises:
        UnknownOption: ``n`` below 1.
    """
    if n < 1:
        raise UnknownOption(f"last_turns({n}): the turn that is asked about is always kept, so n is at least 1")
    return lambda exchanges: exchanges[-n:]


def last_images(n: int) -> Window:
    """All the words, but pictures only in the last ``n`` turns.

    Raises:
        UnknownOption: ``n`` below 0.
    """
    if n < 0:
        raise UnknownOption(f"last_images({n}): n is at least 0")

    def window(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
        old = max(0, len(exchanges) - n)
        bare = [replace(e, images=(), images_left_out=e.images_left_out + len(e.images)) for e in exchanges[:old]]
        return [*bare, *exchanges[old:]]

    return window


_WINDOWS: Final[Mapping[str, Callable[[int], Window]]] = {"last_turns": last_turns, "last_images": last_images}


def windows_of(given: Sequence[Window] | Mapping[str, int]) -> tuple[Window, ...]:
    """Windows, or their names and numbers, such as ``{"last_turns": 8, "last_images": 1}``, as a tuple of windows.

    Raises:
        UnknownOption: no such window, or a number that it does not take.
    """
    if not isinstance(given, Mapping):
        return tuple(given)
    for name, n in given.items():
        if name not in _WINDOWS or isinstance(n, bool) or not isinstance(n, int):
            raise UnknownOption(f"there is no window {name!r} with the number {n!r}: {did_you_mean(str(name), _WINDOWS)}")
    return tuple(_WINDOWS[name](n) for name, n in given.items())


@dataclass(slots=True)
class Conversation:
    """The messages of one episode.

    Args:
        preface: what the first message begins with: the goal, and the actions where they are not given as tools.
        system: the system prompt; empty for none.
    """

    preface: str
    system: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    def see(self, text: str, images: Sequence[str] = ()) -> None:
        """Add an observation; one that was never answered is joined with it, so that roles keep alternating."""
        text = whole_unicode(text)
        if self.exchanges and self.exchanges[-1].reply is None:
            before = self.exchanges.pop()
            text, images = f"{before.text}\n\n{text}", (*before.images, *images)
        self.exchanges.append(Exchange(text, tuple(images)))

    def answer(self, reply: Message) -> None:
        """Note what the model said to the last observation."""
        self.exchanges[-1] = replace(self.exchanges[-1], reply=reply)

    def messages(self, windows: Sequence[Window] = ()) -> list[Message]:
        """What the endpoint is sent, through these windows, one after the other."""
        shown: Sequence[Exchange] = self.exchanges
        for window in windows:
            shown = window(shown)
        out: list[Message] = [{"role": "system", "content": self.system}] if self.system else []
        head = whole_unicode(self.preface)
        missing = len(self.exchanges) - len(shown)
        if missing:
            head = "\n\n".join([head, self.exchanges[0].text, LEFT_OUT_TURNS.format(missing)])
        call_id = ""
        for exchange in shown:
            text = "\n\n".join(part for part in (head, exchange.text, *[LEFT_OUT_IMAGE] * exchange.images_left_out) if part)
            out += _observation(text, exchange.images, call_id)
            head, call_id = "", _call_id(exchange.reply)
            if exchange.reply is not None:
                out.append(exchange.reply)
        return out


def _observation(text: str, images: Sequence[str], call_id: str) -> list[Message]:
    """An observation as messages: the result of a tool call where one was made, pictures always as a user's parts."""
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in images]
    if call_id:
        result = {"role": "tool", "tool_call_id": call_id, "content": text}
        return [result, {"role": "user", "content": parts}] if parts else [result]
    return [{"role": "user", "content": [{"type": "text", "text": text}, *parts] if parts else text}]


def _call_id(reply: Message | None) -> str:
    calls = (reply or {}).get("tool_calls")
    return str(calls[0]["id"]) if calls else ""


def png_url(image: NDArray[np.uint8]) -> str:
    """A picture, uint8 ``(H, W, 3)``, as a data URL of a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(buffer, format="PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def pictures(obs: Mapping[str, Any], row: int) -> list[NDArray[np.uint8]]:
    """The pictures in one row of a batch: ``image``, then those of ``frames`` that are there."""
    out = [obs["image"][row]] if "image" in obs else []
    if "frames" in obs:
        out += list(obs["frames"][row][: int(obs["num_frames"][row])])
    return out


def whole_unicode(text: str) -> str:
    """``text`` with halves of surrogate pairs replaced: endpoints refuse to decode them."""
    return text.encode("utf-8", "replace").decode("utf-8")
