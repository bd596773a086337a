"""A process that draws and encodes scenes. It reads a script's JSON and then names of segments, a line each; it ends with its input."""

from __future__ import annotations

import json
import sys
from typing import BinaryIO

from mtenvs.envs.video.own.codec import Encoded, encode_pictures, encode_sound
from mtenvs.envs.video.own.film import SceneFilm
from mtenvs.envs.video.own.geometry import HEIGHT, WIDTH, span
from mtenvs.envs.video.own.mux import segment
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.own.sound import track

SOUND = "sound"


def make(script: Script, name: str) -> Encoded:
    """Draw and encode one segment, or the sound of the film."""
    if name == SOUND:
        return encode_sound(track(script))
    scene = next(s for s in script.scenes if segment(s) == name)
    film = SceneFilm(script, scene)
    return encode_pictures((film.frame(k) for k in range(span(script, scene))), script.fps, script.gop, (WIDTH, HEIGHT))


def send(out: BinaryIO, encoded: Encoded) -> None:
    """Write packets: a line of JSON with all but the data, then the data."""
    head = {"extradata": encoded.extradata.hex(), "packets": [(*p[:4], len(p[4])) for p in encoded.packets]}
    out.write(json.dumps(head).encode() + b"\n")
    out.writelines(packet[4] for packet in encoded.packets)
    out.flush()


def receive(source: BinaryIO) -> Encoded:
    """Read what `send` wrote.

    Raises:
        EOFError: the other side has ended.
    """
    line = source.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head = json.loads(line)
    found = Encoded(bytes.fromhex(head["extradata"]))
    for pts, dts, duration, key, size in head["packets"]:
        data = source.read(size)
        if len(data) < size:
            raise EOFError
        found.packets.append((pts, dts, duration, key, data))
    return found


def main() -> None:
    """Serve until the input ends."""
    script = Script.from_json(sys.stdin.readline())
    for line in sys.stdin:
        send(sys.stdout.buffer, make(script, line.strip()))


if __name__ == "__main__":
    main()
