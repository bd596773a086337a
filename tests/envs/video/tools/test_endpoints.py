"""Against a real server in this process that answers as it is told: well, badly, late or never."""

from __future__ import annotations

import base64
import email
import email.policy
import io
import json
import pickle
import threading
import wave
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mtenvs.backends.video import Frames, Subtitle
from mtenvs.core.errors import UnknownOption
from mtenvs.envs.video.tools.address import EndpointError, Patience
from mtenvs.envs.video.tools.endpoints import SpeechEndpoint, VisionEndpoint, first_json, wav_bytes
from mtenvs.envs.video.tools.looker import EndpointLooker
from mtenvs.envs.video.tools.transcript import EndpointTranscript

pytest.importorskip("httpx")

KEY = "sk-not-a-real-key"
QUICK = Patience(timeout_s=0.3, deadline_s=0.6, retries=1, backoff_s=0.01, max_bytes=20_000)
TONE: NDArray[np.float32] = np.sin(np.arange(32000) / 10).astype(np.float32)
RED: NDArray[np.uint8] = np.full((40, 60, 3), (255, 0, 0), np.uint8)


class Asked(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Server:
    """Gives its answers in turn, the last one again and again; an answer is a status and a body, or how to misbehave."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes] | str] = []
        self.asked: list[Asked] = []
        self.over = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                owner.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                answer = owner.answers.pop(0) if len(owner.answers) > 1 else owner.answers[0]
                if answer == "hang":
                    owner.over.wait(20)
                elif answer == "drip":
                    self.send_response(200)
                    self.end_headers()
                    while not owner.over.wait(0.05):
                        self.wfile.write(b" ")
                        self.wfile.flush()
                elif isinstance(answer, tuple):
                    self.send_response(answer[0])
                    self.send_header("content-length", str(len(answer[1])))
                    self.end_headers()
                    self.wfile.write(answer[1])

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def said(text: str) -> tuple[int, bytes]:
    return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


def heard(*segments: tuple[float, float, str]) -> tuple[int, bytes]:
    rows = [{"id": i, "start": a, "end": b, "text": t} for i, (a, b, t) in enumerate(segments)]
    return 200, json.dumps({"text": " ".join(t for *_, t in segments), "segments": rows}).encode()


def vision(server: Server, patience: Patience = QUICK) -> VisionEndpoint:
    return VisionEndpoint(server.url, "eye", api_key=KEY, patience=patience)


def speech(server: Server) -> SpeechEndpoint:
    return SpeechEndpoint(server.url, "ear", api_key=KEY, patience=QUICK)


def test_pictures_and_words_reach_the_model(server: Server) -> None:
    server.answers = [said(" a red field ")]
    assert vision(server).ask("What is it?", [RED], ["12.0 s:"]) == "a red field"
    request = server.asked[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    body = json.loads(request.body)
    label, picture, prompt = body["messages"][0]["content"]
    assert (body["model"], label["text"], prompt["text"]) == ("eye", "12.0 s:", "What is it?")
    kind, _, data = picture["image_url"]["url"].partition(",")
    assert kind == "data:image/jpeg;base64"
    seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))
    assert seen.shape == RED.shape
    assert np.abs(seen.astype(int) - RED).max() < 8


def test_sound_reaches_the_model_as_a_wav_file(server: Server) -> None:
    server.answers = [heard((0.0, 1.5, " Hello."), (1.5, 2.5, " You there."))]
    assert speech(server).transcribe(TONE) == [(0.0, 1.5, "Hello."), (1.5, 2.0, "You there.")]  # two seconds of sound, and no more
    request = server.asked[0]
    assert request.path == "/v1/audio/transcriptions"
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = {p.get_param("name", header="content-disposition"): p for p in email.message_from_bytes(head + request.body).walk()}
    assert [parts[k].get_payload() for k in ("model", "response_format")] == ["ear", "verbose_json"]
    sound = parts["file"].get_payload(decode=True)
    assert isinstance(sound, bytes)
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (16000, 1, 32000)


def test_a_speech_server_without_times_gives_one_segment(server: Server) -> None:
    server.answers = [(200, b'{"text": " All of it. "}')]
    assert speech(server).transcribe(TONE) == [(0.0, 2.0, "All of it.")]


def test_silence_of_no_length_asks_nobody(server: Server) -> None:
    assert speech(server).transcribe(np.zeros(0, np.float32)) == []
    assert server.asked == []


BAD: list[tuple[str, tuple[int, bytes] | str, str, str]] = [
    ("html", (200, b"<html><body>Welcome to the proxy</body></html>"), "body", "Welcome to the proxy"),
    ("empty", (200, b""), "body", "(empty)"),
    ("other-json", (200, b'{"detail": "wrong door"}'), "body", "wrong door"),
    ("list", (200, b"[1, 2]"), "body", "[1, 2]"),
    ("server-error", (500, b"CUDA out of memory"), "http", "status 500: CUDA out of memory"),
    ("not-found", (404, b'{"error": "no such model"}'), "http", "no such model"),
    ("hang", "hang", "timeout", "0.3 s"),
    ("drip", "drip", "timeout", "0.6 s"),
    ("too-long", (200, b"x" * 30_000), "size", "20000 bytes"),
    ("closed", "close", "connection", ""),
]


@pytest.mark.parametrize(("answer", "kind", "shown"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
@pytest.mark.parametrize("which", ["speech", "vision"])
def test_a_bad_answer_is_a_typed_error_that_names_the_address(
    server: Server, which: str, answer: tuple[int, bytes] | str, kind: str, shown: str
) -> None:
    server.answers = [answer]
    with pytest.raises(EndpointError) as raised:
        speech(server).transcribe(TONE) if which == "speech" else vision(server).ask("?", [RED])
    assert raised.value.kind == kind
    assert shown in str(raised.value)
    assert server.url in str(raised.value)
    assert KEY not in str(raised.value)


def test_nobody_at_the_address_is_a_typed_error(server: Server) -> None:
    server.close()
    with pytest.raises(EndpointError, match="attempt 2"):
        vision(server).ask("?", [RED])


def test_what_may_pass_is_tried_again_and_what_may_not_is_not(server: Server) -> None:
    server.answers = [(503, b"busy"), said("yes")]
    assert vision(server).ask("?", []) == "yes"
    server.answers = [(401, b"who are you")]
    with pytest.raises(EndpointError, match="401"):
        vision(server).ask("?", [])
    assert len(server.asked) == 3


def test_a_server_that_repeats_the_key_does_not_give_it_away(server: Server) -> None:
    server.answers = [(403, b"x" * 190 + f"the key {KEY} is not known".encode())]
    with pytest.raises(EndpointError) as raised:
        vision(server).ask("?", [])
    assert KEY[:8] not in str(raised.value)


def test_a_password_in_the_address_is_not_shown(server: Server) -> None:
    server.answers = [(403, b"no")]
    url = server.url.replace("http://", "http://me:secret@")
    with pytest.raises(EndpointError) as raised:
        VisionEndpoint(url, "eye", patience=QUICK).ask("?", [])
    assert "secret" not in str(raised.value)
    assert "/v1/chat/completions" in str(raised.value)


def test_the_error_survives_a_process_border() -> None:
    error = EndpointError("http://a/v1", "http", "status 500: no")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(copy), copy.kind, copy.url) == (str(error), error.kind, error.url)


def test_address_and_model_come_from_the_environment_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers = [said("yes")]
    for name, value in (("URL", server.url), ("MODEL", "eye")):
        monkeypatch.setenv(f"MTENVS_VISION_{name}", value)
    assert VisionEndpoint().ask("?", []) == "yes"


@pytest.mark.parametrize("url", [None, "", "ftp://x/v1", "not an address", "http://", "http://[::1"], ids=str)
def test_no_address_is_told(url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MTENVS_SPEECH_URL", raising=False)
    with pytest.raises(UnknownOption):
        SpeechEndpoint(url)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Here: ```json\n{"a": [1]}\n``` done', {"a": [1]}),
        ("[1, 2] and [3]", [1, 2]),
        ("{broken [7]", [7]),
        ("nothing", None),
        ("[" * 5000, None),
    ],
    ids=["fence", "first", "after-broken", "none", "brackets"],
)
def test_json_is_found_in_what_a_model_says(text: str, found: Any) -> None:
    assert first_json(text) == found


def test_loud_and_broken_samples_make_a_sound_file() -> None:
    with wave.open(io.BytesIO(wav_bytes(np.array([2.0, -2.0, np.nan], np.float32), 8000))) as file:
        assert np.frombuffer(file.readframes(3), "<i2").tolist() == [32767, -32767, 0]


class Film:
    """As much of a video as these tools look at: 700 s of sound, grey frames."""

    info = SimpleNamespace(duration_s=700.0, has_audio=True, width=64, height=36)

    def audio(self, start: float, end: float, rate: int) -> NDArray[np.float32]:
        return np.zeros(int((end - start) * rate) // 100, np.float32)  # a hundredth is enough to send

    def window(self, start: float, end: float, n: int, size: tuple[int, int]) -> Frames:
        times = np.linspace(start, end, n)
        return Frames(np.arange(n), times, np.zeros((n, size[1], size[0], 3), np.uint8))


def test_a_transcript_asks_for_pieces_and_asks_once(server: Server) -> None:
    server.answers = [heard((1.0, 2.0, "one")), heard((1.0, 2.0, "two"))]
    transcript = EndpointTranscript(Film(), SpeechEndpoint(server.url, patience=Patience(retries=0)))
    lines = transcript.between(100, 9999)
    assert lines == [Subtitle(101, 102, "one"), Subtitle(401, 402, "two")]
    assert transcript.between(100, 9999) == lines
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "spans"),
    [
        ('[{"start": 12, "end": 14}, {"start": 90, "end": 130}]', [(12, 14), (90, 100)]),
        ('{"spans": [[20, 30], [25, 35]]}', [(20, 35)]),
        ('{"start": 5, "end": 20}', [(10, 20)]),
        ('[{"start": "x"}, 7, [3], {"start": 20, "end": NaN}, [30, 20]]', []),
        ("[]", []),
    ],
    ids=["list", "nested", "one", "rubbish", "none"],
)
def test_spans_of_a_model_are_read_and_cut(server: Server, answer: str, spans: list[tuple[float, float]]) -> None:
    server.answers = [said(answer)]
    assert EndpointLooker(Film(), vision(server)).find("a red kite", 10, 100) == spans


def test_a_model_describes_frames(server: Server) -> None:
    server.answers = [said("A grey wall.")]
    looker = EndpointLooker(Film(), vision(server))
    assert looker.describe([RED], [3.0], "what is it") == "By the vision-language model eye:\nA grey wall."
