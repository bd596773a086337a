"""A short film with one of everything, rendered once for all tests that look at its file."""

import shutil
from pathlib import Path

import pytest

from mtenvs.envs.video.own.render import render
from mtenvs.envs.video.own.script import Appearance, Beep, Camera, Event, Line, Person, Scene, Script, Sign

STILL, PAN, ZOOM = Camera(0.5, 0.5), Camera(0.2, 0.5), Camera(0.3, 0.3, 1.0, 1.25)


def tiny() -> Script:
    """22 s, with filler that is seen twice, and with every kind of sight and sound."""
    film = Script(
        name="tiny-0",
        seed=0,
        seconds=22.0,
        fps=25,
        width=640,
        height=360,
        gop=50,
        style="gouache",
        hidden_from=(2,),
        scenes=(
            Scene("s1", 0.0, 2.0, "harbour", "day", PAN, "f1", 5),
            Scene("s2", 2.0, 5.0, "park", "day", PAN, "", 1),
            Scene("s3", 5.0, 8.0, "street", "golden", ZOOM, "", 2),
            Scene("s4", 8.0, 11.0, "market", "rain", STILL, "", 3),
            Scene("s5", 11.0, 14.0, "station", "dusk", STILL, "", 4),
            Scene("s6", 14.0, 17.0, "mill", "night", STILL, "", 5),
            Scene("s7", 17.0, 20.0, "castle", "mist", STILL, "", 6),
            Scene("s8", 20.0, 22.0, "harbour", "day", PAN, "f1", 5),
        ),
        people=(Person("p1", "red", "yellow"), Person("p2", "green")),
        appearances=(
            Appearance("a1", "p1", "s3", 5.4, 7.6, "visit", -1),
            Appearance("a2", "p2", "s5", 11.0, 14.0, "cross", 1),
            Appearance("a3", "p1", "s7", 17.0, 20.0, "stand", 1),
        ),
        events=(
            Event("e1", "pass", "balloon", "red", "s2", 2.2, 4.8, -1, 0.3),
            Event("e2", "drop", "parcel", "blue", "s5", 12.36, 14.0, 1, 0.0, "p2", "a2"),
            Event("e3", "pass", "van", "yellow", "s6", 14.4, 16.8, 1),
        ),
        signs=(
            Sign("w1", "board", "FRESH BREAD", "s4", 8.0, 11.0, 14),
            Sign("w2", "caption", "TODAY: MARKET", "s3", 5.2, 7.8, 16, "place", "market"),
            Sign("w3", "banner", "PIER 7", "s7", 17.2, 19.8, 16, "number", "7", 1, 0.2),
        ),
        lines=(
            Line("l1", "Anna", 0, "Did somebody order lemonade?", 8.4, 10.8, "cue", beside="w1"),
            Line("l2", "Ben", 1, "The code of the gate is 4 7 1 9.", 17.2, 20.4, "code", "gate", "4719"),
        ),
        beeps=(Beep("b1", 2.4, 3, 988, beside="e1"), Beep("b2", 14.4, 4, 523, beside="e3")),
    )
    return Script.from_dict(film.to_dict())


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Script, Path]:
    pytest.importorskip("av")
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng speaks the lines: apt-get install espeak-ng")
    script, path = tiny(), tmp_path_factory.mktemp("film") / "tiny.mp4"
    render(script, path)
    return script, path
