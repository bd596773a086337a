"""The process in which decord decodes: a script of its own, so that it can be killed and imports nothing else.

One request is a line of JSON, ``{"path", "numbers", "size"}``. The answer is a line of JSON, ``{"count", "times", "shape"}`` or
``{"error"}``, and after the former as many bytes as the shape says.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

THREADS = 1
"""More cost CPU time and gain little: the frames of a request lie far apart."""


def answer(request: dict[str, Any], readers: dict[tuple[Any, ...], Any]) -> tuple[dict[str, Any], bytes]:
    """Read what is asked for; readers are kept, two at most, since decord does not give back all memory of a closed one."""
    import decord  # noqa: PLC0415 - only this process pays for it

    key = request["path"], *request["size"]
    if key not in readers:
        while len(readers) > 1:
            del readers[next(iter(readers))]
        width, height = request["size"]
        readers[key] = decord.VideoReader(request["path"], ctx=decord.cpu(0), width=width, height=height, num_threads=THREADS)
    reader, numbers = readers[key], request["numbers"]
    if max(numbers) >= len(reader):
        return {"error": f"decord counts {len(reader)} frames"}, b""
    frames = reader.get_batch(numbers).asnumpy()
    times = [float(t) for t in reader.get_frame_timestamp([0, *numbers])[:, 0]]
    return {"count": len(reader), "times": times, "shape": frames.shape}, frames.tobytes()


def main() -> None:
    """Serve until the pipe closes."""
    sys.path.pop(0)  # the folder of this script, whose neighbours have names like those of other packages
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    readers: dict[tuple[Any, ...], Any] = {}
    for line in sys.stdin.buffer:
        try:
            head, body = answer(json.loads(line), readers)
        except Exception as error:  # noqa: BLE001 - whatever decord raises is told to the parent
            head, body = {"error": f"{type(error).__name__}: {error}"[:400]}, b""
        out.write(json.dumps(head).encode() + b"\n")
        out.write(body)
        out.flush()


if __name__ == "__main__":
    main()
