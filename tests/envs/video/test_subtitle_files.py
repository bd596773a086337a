from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mtenvs.backends.video import Subtitle
from mtenvs.core.errors import DataError
from mtenvs.envs.video.subtitle_files import read_subtitles

HELLO = [Subtitle(1.0, 2.5, "hello there")]
SRT = "1\n00:00:01,000 --> 00:00:02,500\nhello there\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.500\nhello there\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", SRT),
        ("b.srt", "\ufeff" + SRT),
        ("c.vtt", VTT),
        ("d.json", json.dumps([{"timestamp": [1, 2.5], "text": "hello there"}])),
        ("e.json", json.dumps([{"start": "00:00:01", "end": "00:00:02.5", "line": "hello there"}])),
    ],
)
def test_every_form_gives_the_same_lines(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert read_subtitles(path) == HELLO


@pytest.mark.parametrize(
    "data", [{"a": 1}, [1], [{"text": "no time"}], [{"timestamp": [1], "text": "x"}], [{"timestamp": ["nan", 2], "text": "x"}], 7, None]
)
def test_other_json_is_refused_by_name(data: Any, tmp_path: Path) -> None:
    path = tmp_path / "subs.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(DataError, match=r"subs\.json"):
        read_subtitles(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.srt"):
        read_subtitles(tmp_path / "gone.srt")
