"""Models behind OpenAI-compatible addresses: speech to text, and pictures to text."""

from __future__ import annotations

import base64
import io
import json
import os
import uuid
import wave
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.video.tools.address import Address, Patience

SPEECH_VARIABLE: Final = "MTENVS_SPEECH_URL"
VISION_VARIABLE: Final = "MTENVS_VISION_URL"
_JPEG_QUALITY: Final = 92


class Segment(NamedTuple):
    """Words and when they are said, in seconds from the beginning of the sound."""

    start: float
    end: float
    text: str


class SpeechEndpoint:
    """Speech to text over ``POST {base}/audio/transcriptions``.

    Args:
        base_url: up to and including the version, such as ``"http://127.0.0.1:8000/v1"``; None for ``$MTENVS_SPEECH_URL``.
        model: its name there; None for ``$MTENVS_SPEECH_MODEL``, else ``"whisper-1"``.
        api_key: sent as a bearer token; None for ``$MTENVS_SPEECH_KEY``, else none.
        patience: timeouts and retries.

    Raises:
        UnknownOption: no address is given, or it is none.
        MissingRequirement: httpx is not installed.
    """

    def __init__(
        self, base_url: str | None = None, model: str | None = None, *, api_key: str | None = None, patience: Patience | None = None
    ) -> None:
        base, key = _base(base_url, SPEECH_VARIABLE), api_key or os.environ.get("MTENVS_SPEECH_KEY")
        self.model = model or os.environ.get("MTENVS_SPEECH_MODEL") or "whisper-1"
        self._address = Address(base, "/audio/transcriptions", key, patience or Patience())

    def transcribe(self, samples: NDArray[np.float32], rate: int = 16000) -> list[Segment]:
        """What is said in a sound.

        Args:
            samples: float32 ``(n,)``, mono, -1 to 1.
            rate: samples per second.

        Raises:
            EndpointError: the address gave no answer that can be used.
        """
        seconds = len(samples) / rate
        if seconds == 0:
            return []
        boundary = uuid.uuid4().hex
        fields = {"model": self.model, "response_format": "verbose_json", "timestamp_granularities[]": "segment", "temperature": "0"}
        parts = [f'--{boundary}\r\ncontent-disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
        head = f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="sound.wav"\r\ncontent-type: audio/wav\r\n\r\n'
        content = b"".join([*parts, head.encode(), wav_bytes(samples, rate), f"\r\n--{boundary}--\r\n".encode()])
        data = self._address.post(content, f"multipart/form-data; boundary={boundary}")
        segments = data.get("segments")
        if segments is None and isinstance(data.get("text"), str):  # a server that gives no times
            return [Segment(0.0, seconds, data["text"].strip())] if data["text"].strip() else []
        try:
            found = [Segment(float(s["start"]), float(s["end"]), str(s["text"]).strip()) for s in segments or ()]
        except (TypeError, KeyError, ValueError) as e:
            raise self._address.strange("segments without start, end and text", data) from e
        if segments is None:
            raise self._address.strange("neither segments nor text", data)
        # Some models go on after the end of the sound, or give a time that is not a number.
        return [Segment(max(0.0, s.start), min(s.end, seconds), s.text) for s in found if s.text and 0 <= s.start < min(s.end, seconds)]

    def close(self) -> None:
        """Close the connections."""
        self._address.close()


class VisionEndpoint:
    """Pictures to text over ``POST {base}/chat/completions`` with image parts.

    Args:
        base_url: as of `SpeechEndpoint`; None for ``$MTENVS_VISION_URL``.
        model: its name there; None for ``$MTENVS_VISION_MODEL``.
        api_key: sent as a bearer token; None for ``$MTENVS_VISION_KEY``, else none.
        max_tokens: of an answer.
        patience: timeouts and retries.

    Raises:
        UnknownOption: no address or no model is given.
        MissingRequirement: httpx is not installed.
    """

    def __init__(
        self,
        base_url: str | None = None,
        model: str | None = None,
        *,
        api_key: str | None = None,
        max_tokens: int = 512,
        patience: Patience | None = None,
    ) -> None:
        base, key = _base(base_url, VISION_VARIABLE), api_key or os.environ.get("MTENVS_VISION_KEY")
        self.model = model or os.environ.get("MTENVS_VISION_MODEL") or ""
        if not self.model:
            raise UnknownOption("a vision endpoint needs the name of its model: model=... or $MTENVS_VISION_MODEL")
        self._max_tokens = max_tokens
        self._address = Address(base, "/chat/completions", key, patience or Patience())

    def ask(self, prompt: str, images: Sequence[NDArray[np.uint8]], labels: Sequence[str] = ()) -> str:
        """What the model says about pictures.

        Args:
            prompt: stands after the pictures.
            images: uint8 ``(h, w, 3)`` each, RGB.
            labels: a line before each picture, such as its time.

        Raises:
            EndpointError: the address gave no answer that can be used.
        """
        content: list[dict[str, Any]] = []
        for i, image in enumerate(images):
            if i < len(labels):
                content.append({"type": "text", "text": labels[i]})
            content.append({"type": "image_url", "image_url": {"url": jpeg_url(image)}})
        content.append({"type": "text", "text": prompt})
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": content}],
            "max_tokens": self._max_tokens,
            "temperature": 0,
        }
        data = self._address.post(json.dumps(body).encode(), "application/json")
        try:
            said = data["choices"][0]["message"]["content"]
        except (LookupError, TypeError) as e:
            raise self._address.strange("no choices[0].message.content", data) from e
        if isinstance(said, list):  # parts, as some servers answer
            said = "".join(str(part.get("text", "")) for part in said if isinstance(part, Mapping))
        if not isinstance(said, str) or not said.strip():
            raise self._address.strange("an empty message", data)
        return said.strip()

    def ask_json(self, prompt: str, images: Sequence[NDArray[np.uint8]], labels: Sequence[str] = ()) -> Any:
        """Like `ask`, for a prompt that asks for JSON: the first JSON object or list in the answer.

        Raises:
            EndpointError: as of `ask`, or there is no JSON in the answer.
        """
        said = self.ask(prompt, images, labels)
        found = first_json(said)
        if found is None:
            raise self._address.strange("no JSON in the message", said)
        return found

    def close(self) -> None:
        """Close the connections."""
        self._address.close()


def wav_bytes(samples: NDArray[np.float32], rate: int) -> bytes:
    """A mono sound of -1 to 1 as a WAV file of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(np.nan_to_num(samples), -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def jpeg_url(image: NDArray[np.uint8]) -> str:
    """A picture as a data URL; colours at full resolution, as small letters need it."""
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def first_json(text: str) -> Any:
    """The first JSON object or list in a text, such as one in a code fence; None when there is none."""
    decoder, starts = json.JSONDecoder(), (i for i, c in enumerate(text) if c in "{[")
    for tries, start in enumerate(starts):
        if tries == 100:  # a long text of brackets is no answer
            break
        try:
            return decoder.raw_decode(text, start)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _base(given: str | None, variable: str) -> str:
    base = given or os.environ.get(variable)
    if not base:
        raise UnknownOption(f"no address: pass base_url='http://127.0.0.1:8000/v1', or set {variable}")
    return base
